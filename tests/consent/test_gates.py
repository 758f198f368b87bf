"""What tells a form of a person from one of a program, and that no proof of work counts twice."""

import base64
import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest
from altcha import Challenge, Payload, solve_challenge
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from newsletter.consent import (
    Filled,
    Gate,
    Limits,
    Step,
    Ticket,
    neighbourhood_of,
    network_of,
    stamp_form,
)
from newsletter.consent.gates import DEAREST, pass_gate
from newsletter.consent.spellings import folded
from newsletter.consent.work_proofs import Bound, challenge_for, take_proof
from newsletter.ledger import Ledger
from tests.consent.people import AINO, MINUTE, NOW, SECRET, fill_in

HERE = Bound(form="form", language="fi")
HOUR = dt.timedelta(hours=1)
TIGHT = Limits(network_hour=0)


def gate_of(ledger: Ledger, stamp: str, trap: str = "") -> Gate:
    """Return what becomes of a form with this stamp."""
    filled = Filled(stamp=stamp, trap=trap, address=AINO, network="n")
    with ledger.write() as connection:
        return pass_gate(connection, filled, Limits(), secret=SECRET, now=NOW).gate


@pytest.mark.parametrize(
    ("step", "age", "trap", "gate"),
    [
        pytest.param(Step.FIRST, MINUTE, "", Gate.OPEN, id="a person"),
        pytest.param(Step.FIRST, dt.timedelta(seconds=1), "", Gate.SECOND_STEP, id="too quick"),
        pytest.param(Step.FIRST, dt.timedelta(days=2), "", Gate.SECOND_STEP, id="left open"),
        pytest.param(Step.FIRST, -MINUTE, "", Gate.SECOND_STEP, id="from the future"),
        pytest.param(Step.FIRST, MINUTE, "x", Gate.SECOND_STEP, id="autofill fell into the trap"),
        pytest.param(Step.SECOND, dt.timedelta(0), "x", Gate.OPEN, id="who pressed again"),
        pytest.param(Step.SECOND, dt.timedelta(days=2), "", Gate.SECOND_STEP, id="an old one"),
        pytest.param(Step.EMBEDDED, dt.timedelta(days=900), "", Gate.OPEN, id="on a web site"),
        pytest.param(Step.EMBEDDED, MINUTE, "x", Gate.SECOND_STEP, id="a trap there"),
    ],
)
def test_a_form_is_judged_by_its_age_and_its_trap(
    ledger: Ledger, step: Step, age: dt.timedelta, trap: str, gate: Gate
) -> None:
    assert gate_of(ledger, stamp_form(SECRET, step, NOW - age), trap) is gate


@given(stamp=st.text(max_size=80) | st.just(stamp_form("another secret", Step.SECOND, NOW)))
def test_a_stamp_of_others_is_worth_a_second_step(sqlite: Ledger, stamp: str) -> None:
    assert gate_of(sqlite, stamp) is Gate.SECOND_STEP


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_what_one_household_has(host: str, network: str) -> None:
    assert network_of(host) == network


@pytest.mark.parametrize(
    ("host", "neighbourhood"),
    [
        ("192.0.2.77", "192.0.0.0/16"),
        ("2001:db8:1:2ff::1", "2001:db8::/32"),
        ("testclient", "unknown"),
    ],
)
def test_a_neighbourhood_is_what_one_company_has(host: str, neighbourhood: str) -> None:
    assert neighbourhood_of(host) == neighbourhood


# --- floods -------------------------------------------------------------------------------


def fill_many(connection: Connection, count: int, limits: Limits, **alike: Any) -> list[Ticket]:
    """Return what becomes of so many forms, each with an address of its own."""
    stamp = stamp_form(SECRET, Step.FIRST, NOW - MINUTE)
    known = {"stamp": stamp, "network": "n", **alike}
    filled = [Filled(address=f"{uuid4().hex}@example.org", **known) for _ in range(count)]
    return [pass_gate(connection, one, limits, secret=SECRET, now=NOW) for one in filled]


def test_a_flood_makes_proofs_dearer_and_shuts_nobody_out(connection: Connection) -> None:
    limits = Limits(site_hour=2, site_day=4)
    prices = []
    for number in range(20):
        alike = {"network": f"{number}", "neighbourhood": "them"}
        prices += [one.price for one in fill_many(connection, 1, limits, **alike)]
        fill_many(connection, 2, limits, **alike, is_proved=True)

    [asked] = fill_many(connection, 1, limits, network="home")
    [person] = fill_many(connection, 1, limits, network="home", is_proved=True)

    assert prices == sorted(prices)
    assert set(prices) == set(range(DEAREST + 1))
    assert (asked.gate, asked.price) == (Gate.PROOF, DEAREST)
    assert (person.gate, person.due, person.turn) == (Gate.OPEN, NOW, 0)


def test_a_network_that_proves_much_is_mailed_one_by_one(connection: Connection) -> None:
    tickets = fill_many(connection, 5, Limits(network_day=3), is_proved=True)

    assert [(one.due - NOW) / HOUR for one in tickets] == [0, 0, 0, 8, 16]
    assert [one.gate for one in tickets] == [Gate.OPEN] * 3 + [Gate.SLOW] * 2


def test_the_neighbours_of_a_flood_go_before_it(connection: Connection) -> None:
    them = {"neighbourhood": "same", "is_proved": True}
    flood = fill_many(connection, 30, Limits(), network="theirs", **them)
    [neighbour] = fill_many(connection, 1, Limits(), network="a home", **them)
    [stranger] = fill_many(connection, 1, Limits(), network="far away", is_proved=True)

    assert stranger.turn < neighbour.turn < flood[10].turn


def test_a_long_line_of_those_who_only_wait_still_takes_in_newcomers(
    connection: Connection,
) -> None:
    limits = Limits(network_hour=0, slow_hour=1)
    line = fill_many(connection, 30, limits, is_patient=True)
    [newcomer] = fill_many(connection, 1, limits, network="home", is_patient=True)

    assert [one.gate for one in line] == [Gate.SLOW] * 24 + [Gate.PROOF] * 6
    assert (newcomer.gate, newcomer.due) == (Gate.SLOW, NOW + HOUR / 2)


@given(st.emails())
def test_folding_is_for_counting_and_stays_so(address: str) -> None:
    assert folded(folded(address)) == folded(address)


# --- proofs of work -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def proof() -> str:
    """A challenge that was solved."""
    return solve(challenge_for(SECRET, HERE, dt.datetime.now(dt.UTC)))


def solve(challenge: str) -> str:
    """Return a proof of the work that a challenge asks for."""
    asked = Challenge.from_dict(json.loads(challenge))
    solved = solve_challenge(asked)
    assert solved
    return Payload(asked, solved).to_base64()


def test_who_proves_work_is_let_in_once(ledger: Ledger, proof: str) -> None:
    now = dt.datetime.now(dt.UTC)

    gates = [
        fill_in(ledger, f"a{n}@example.org", limits=TIGHT, proof=proof, now=now) for n in range(2)
    ]

    assert gates == [Gate.OPEN, Gate.PROOF]


def test_each_price_of_a_proof_is_twice_the_one_before(ledger: Ledger) -> None:
    now = dt.datetime.now(dt.UTC)
    asked = [challenge_for(SECRET, HERE, now, price=price) for price in range(DEAREST + 1)]
    parameters = [json.loads(one)["parameters"] for one in asked]
    work = [its["cost"] * 16 ** len(its["keyPrefix"]) for its in parameters]

    assert [each // work[0] for each in work] == [1, 2, 4, 8, 16]
    with ledger.write() as connection:
        assert take_proof(connection, SECRET, solve(asked[1]), HERE, now)


def test_a_proof_for_another_page_or_of_another_time_is_none(ledger: Ledger, proof: str) -> None:
    now = dt.datetime.now(dt.UTC)

    with ledger.write() as connection:
        for bound in (Bound(form="form", language="sv"), Bound(form="other", language="fi")):
            assert not take_proof(connection, SECRET, proof, bound, now)
        assert not take_proof(connection, "another secret", proof, HERE, now)
        assert not take_proof(connection, SECRET, proof, HERE, now + dt.timedelta(hours=1))
        assert take_proof(connection, SECRET, proof, HERE, now)


@pytest.mark.parametrize("key", ["cost", "keyPrefix", "expiresAt", "data", "salt", "algorithm"])
def test_a_challenge_that_was_made_easier_is_refused(ledger: Ledger, proof: str, key: str) -> None:
    easier: dict[str, Any] = {"cost": 1, "keyPrefix": "", "expiresAt": 2**40, "data": None}
    told = json.loads(base64.b64decode(proof))
    told["challenge"]["parameters"][key] = easier.get(key, "00")

    with ledger.write() as connection:
        given = base64.b64encode(json.dumps(told).encode()).decode()
        assert not take_proof(connection, SECRET, given, HERE, dt.datetime.now(dt.UTC))


@given(
    given=st.text(max_size=200)
    | st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode())
)
def test_nothing_else_is_a_proof(sqlite: Ledger, given: str) -> None:
    with sqlite.write() as connection:
        assert not take_proof(connection, SECRET, given, HERE, NOW)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.dictionaries(
            st.sampled_from(
                ["challenge", "solution", "parameters", "signature", "data", "counter"]
            ),
            inner,
            max_size=6,
        ),
        max_leaves=12,
    )
)
def test_no_json_of_whatever_shape_is_a_proof(sqlite: Ledger, shape: Any) -> None:
    given = base64.b64encode(json.dumps(shape).encode()).decode()

    with sqlite.write() as connection:
        assert not take_proof(connection, SECRET, given, HERE, NOW)
