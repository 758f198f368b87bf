"""What comes back about mails, in whatever order: whose it is, and what follows from it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from newsletter.consent import returning
from newsletter.ledger import Ledger, history, notices, people, queue, returns
from newsletter.ledger.frozen import ANSWERS
from newsletter.ledger.people_tables import returns as returns_table
from newsletter.ledger.people_tables import tallies
from newsletter.ledger.tables import deliveries, subscribers
from newsletter.links import UnsubscribeLinks
from newsletter.model import By, Happened, Record, Return, Standing, State
from newsletter.model import ReturnKind as K
from tests.consent.mailed import (
    FIRST,
    MONTH,
    NOW,
    RULES,
    back,
    beginning,
    delivery_of,
    hear,
    mail,
    plan_issue,
    standing_of,
)
from tests.ledger.blank import put_blank
from tests.ledger.examples import FI, NEW, edition

DAY = 24 * 60 * 60.0


def by_of(connection: Connection) -> str:
    """Return how the only thing that came back was found to be somebody's."""
    [detail] = connection.execute(select(returns_table.c.detail)).scalars()
    return str(detail.get("by", ""))


# --- what follows -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "standing"),
    [
        (K.DELIVERED, Standing.ACTIVE),
        (K.HARD, Standing.BOUNCED),
        (K.SOFT, Standing.ACTIVE),
        (K.ABOUT_US, Standing.ACTIVE),
        (K.COMPLAINED, Standing.COMPLAINED),
        (K.UNSUBSCRIBED, Standing.UNSUBSCRIBED),
        (K.SUPPRESSED, Standing.BOUNCED),
        (K.UNKNOWN, Standing.ACTIVE),
    ],
)
def test_what_a_kind_does_to_a_standing(
    connection: Connection, kind: K, standing: Standing
) -> None:
    mail(connection, ["aino", "bo"])

    taken = hear(connection, back(kind, text="550 5.1.1 no such user"))

    assert standing_of(connection) is standing
    assert standing_of(connection, "bo") is Standing.ACTIVE
    assert taken.new == {kind: 1}
    changed = [(change.address, change.standing) for change in taken.changes]
    assert changed == ([] if standing is Standing.ACTIVE else [("aino@example.org", standing)])


def test_the_words_of_the_server_are_kept_and_the_editor_brings_back_in_one_step(
    connection: Connection,
) -> None:
    mail(connection, ["aino"])
    hear(connection, back(K.HARD, text="550 5.1.1 mailbox being moved", status="5.1.1"))
    [_, bounced] = history.find_records(connection, ["key-aino"])["key-aino"]
    assert (bounced.what, bounced.reason) == (Happened.BOUNCED, "550 5.1.1 mailbox being moved")
    assert bounced.by is By.PROVIDER

    lifted = Record(key="key-aino", what=Happened.RETURNED, at=NOW, by=By.EDITOR)
    history.note(connection, [lifted], NOW)
    hear(connection, back(K.HARD), back(K.HARD, after=61))

    assert standing_of(connection) is Standing.ACTIVE


def test_a_bounce_of_any_mail_counts_not_of_issues_alone(connection: Connection) -> None:
    mail(connection, ["aino"])
    answer = replace(NEW, key="a" * 32, scope=f"{ANSWERS}links-1", now=FIRST)
    send = notices.plan_notice(connection, answer, edition(FI), ["aino@example.org"], batch_size=1)
    these = update(deliveries).where(deliveries.c.send_id == send.id)
    connection.execute(these.values(state=State.ACCEPTED, message_id="of-the-answer"))

    told = back(K.HARD, tag="", message_id="of-the-answer")
    hear(connection, told, now=FIRST + MONTH)

    assert standing_of(connection) is Standing.BOUNCED
    assert by_of(connection) == "message"


def test_a_refusal_because_of_us_is_told_to_the_editor_once_a_day(connection: Connection) -> None:
    mail(connection, ["aino", "bo"])

    hear(connection, back(K.ABOUT_US, text="550 5.7.1 blocked (S3150)"))
    hear(connection, back(K.ABOUT_US, "bo", text="550 5.7.1 blocked (S3150)"))

    [trouble] = queue.list_untold(connection)
    assert trouble.name == "refused"
    assert "S3150" in trouble.reason


def test_a_bounce_of_an_address_that_was_given_up_is_no_fault_of_the_new_one(
    connection: Connection,
) -> None:
    mail(connection, ["aino"])
    aino = people.find_subscriber(connection, "aino@example.org")
    assert aino
    people.rename_subscriber(connection, aino, "aino@example.com", NOW)

    hear(connection, back(K.HARD), back(K.COMPLAINED, after=-1))

    found = people.find_subscriber(connection, "aino@example.com")
    assert found
    assert found.standing is Standing.COMPLAINED  # a word of the person's own follows them
    states = connection.execute(select(returns_table.c.kind, returns_table.c.state))
    assert {kind: state for kind, state in states} == {
        "hard": returns.IDLE,
        "complained": returns.TAKEN,
    }


# --- whose it is --------------------------------------------------------------------------


def test_our_reference_names_the_delivery(connection: Connection) -> None:
    mail(connection, ["aino", "bo"])
    reference = f"{beginning(0)}-{delivery_of(connection)}"

    hear(connection, back(K.HARD, reference=reference, tag="", address=""))

    assert standing_of(connection) is Standing.BOUNCED
    assert by_of(connection) == "reference"


@pytest.mark.parametrize("reference", ["ffffffff-1", "00000001-999", "x", "00000001-", "-1"])
def test_a_reference_of_another_ledger_names_nobody(connection: Connection, reference: str) -> None:
    mail(connection, ["aino"])

    taken = hear(connection, back(K.HARD, reference=reference, tag="", address=""))

    assert taken.unassigned == 1
    assert standing_of(connection) is Standing.ACTIVE


def test_the_batch_and_the_address_name_it(connection: Connection) -> None:
    mail(connection, ["aino"])

    hear(connection, back(K.HARD, address="Aino@EXAMPLE.org"))

    assert standing_of(connection) is Standing.BOUNCED
    assert by_of(connection) == "batch"


def test_a_message_id_that_several_share_needs_the_address(connection: Connection) -> None:
    mail(connection, ["aino", "bo"])
    connection.execute(
        update(deliveries).where(deliveries.c.address == "bo@example.org").values(message_id="own")
    )
    alike = {"tag": "", "now": FIRST}
    one = back(K.HARD, message_id="own", address="", tag="")
    other = back(K.HARD, message_id="missue-0", tag="", after=61)

    hear(connection, one, now=alike["now"])  # type: ignore[arg-type]
    hear(connection, other, now=FIRST)

    assert standing_of(connection, "bo") is Standing.BOUNCED
    assert standing_of(connection) is Standing.BOUNCED


@pytest.mark.parametrize(("days", "is_found"), [(1, True), (4.9, True), (5.1, False)])
def test_an_address_alone_names_the_mail_of_the_last_days(
    connection: Connection, days: float, *, is_found: bool
) -> None:
    mail(connection, ["aino"])

    hear(connection, back(K.HARD, tag="", after=days * DAY))

    assert (standing_of(connection) is Standing.BOUNCED) is is_found
    assert by_of(connection) == "address"


@pytest.mark.parametrize("kind", [K.COMPLAINED, K.UNSUBSCRIBED, K.SUPPRESSED])
def test_a_persons_own_word_needs_no_mail_to_be_about(connection: Connection, kind: K) -> None:
    mail(connection, ["aino"])

    hear(connection, back(kind, tag="", after=400 * DAY), now=NOW + 12 * MONTH)

    assert standing_of(connection) is not Standing.ACTIVE


def test_a_signed_token_says_who_leaves_whatever_address_they_answer_from(
    connection: Connection,
) -> None:
    mail(connection, ["aino", "bo"])
    link = UnsubscribeLinks("https://example.org", RULES.secret).link_for("key-aino")
    answer = Return(kind=K.UNSUBSCRIBED, source="mailbox", address="bo@example.org", at=NOW)

    hear(connection, replace(answer, token=link.rpartition("/")[2]))
    hear(connection, replace(answer, address="", token="key-bo.x"))  # noqa: S106 - invented

    assert standing_of(connection) is Standing.UNSUBSCRIBED
    assert standing_of(connection, "bo") is Standing.ACTIVE


def test_a_complaint_by_mail_is_believed_only_with_what_our_mail_carried(
    connection: Connection,
) -> None:
    mail(connection, ["aino", "bo", "cecilia"])
    key = f"{beginning(0)}-{delivery_of(connection, 'bo')}"
    known = back(K.COMPLAINED, "bo", reference=key, is_proven=True, tag="", source="mailbox")

    forged = hear(connection, back(K.COMPLAINED, tag="", source="mailbox"))
    hear(connection, known)
    hear(connection, back(K.COMPLAINED, "cecilia", tag=""))  # by a provider, who proved itself

    assert forged.unassigned == 1
    assert standing_of(connection) is Standing.ACTIVE
    assert standing_of(connection, "bo") is Standing.COMPLAINED
    assert standing_of(connection, "cecilia") is Standing.COMPLAINED


def test_a_guessed_reference_in_a_mail_names_nobody_else(connection: Connection) -> None:
    """References count up, and anybody can write to the mailbox of bounces."""
    mail(connection, ["aino", "bo"])
    guessed = f"{beginning(0)}-{delivery_of(connection, 'bo')}"
    forged = back(K.HARD, source="mailbox", reference=guessed, tag="", address="")

    hear(connection, forged, replace(forged, message_id="invented", address="ann@example.org"))
    assert standing_of(connection, "bo") is Standing.ACTIVE

    hear(connection, replace(forged, address="bo@example.org"))
    assert standing_of(connection, "bo") is Standing.BOUNCED


def test_what_is_about_nobody_is_kept_and_listed(connection: Connection) -> None:
    mail(connection, ["aino"])

    taken = hear(connection, back(K.HARD, "stranger", tag="", text="550"), back(K.UNKNOWN, "x"))

    assert taken.unassigned == 2
    listed = returns.list_in(connection, returns.UNASSIGNED)
    assert [one.address for one in listed] == ["x@example.org", "stranger@example.org"]


def test_something_is_kept_once_though_it_is_told_often(connection: Connection) -> None:
    mail(connection, ["aino"])
    told = back(K.SOFT)

    first = hear(connection, told, replace(told, event_id="again"), replace(told, text="other"))
    second = hear(connection, told)

    assert first.new == {K.SOFT: 1}
    assert second.new == {}


def test_what_would_follow_is_seen_without_following(connection: Connection) -> None:
    mail(connection, ["aino"])

    foreseen = returning.foresee(connection, [back(K.HARD)], RULES, NOW)

    assert [change.standing for change in foreseen.changes] == [Standing.BOUNCED]
    assert standing_of(connection) is Standing.ACTIVE
    assert hear(connection, back(K.HARD)).new == {K.HARD: 1}


# --- mailboxes that take no mail ----------------------------------------------------------


def softly(*issues: int) -> list[Return]:
    """Return that issues were not delivered, each told thrice."""
    return [back(K.SOFT, issue=n, after=s) for n in issues for s in (10, 20, 30)]


def test_three_issues_in_a_row_pause_the_mail_and_suppress_nobody(connection: Connection) -> None:
    mail(connection, ["aino"], issues=3)

    hear(connection, *softly(0, 1))
    assert standing_of(connection) is Standing.ACTIVE
    hear(connection, *softly(2))

    assert standing_of(connection) is Standing.PAUSED


def test_any_delivery_between_them_begins_anew(connection: Connection) -> None:
    mail(connection, ["aino"], issues=3)
    hear(connection, *softly(0, 1, 2))
    assert standing_of(connection) is Standing.PAUSED

    hear(connection, back(K.DELIVERED, issue=1, after=DAY))  # told late, though it happened before

    assert standing_of(connection) is Standing.ACTIVE
    plan_issue(connection, 3)
    hear(connection, *softly(3))
    assert standing_of(connection) is Standing.ACTIVE


def test_a_pause_that_was_taken_back_comes_again_when_its_reason_does(
    connection: Connection,
) -> None:
    mail(connection, ["aino"], issues=4)
    hear(connection, *softly(1, 2, 3))
    hear(connection, *softly(0))  # told late: the pause began an issue earlier
    assert standing_of(connection) is Standing.PAUSED

    hear(connection, back(K.DELIVERED, issue=0, after=DAY))  # and later still

    assert standing_of(connection) is Standing.PAUSED


def test_an_issue_of_which_nothing_is_told_arrived(connection: Connection) -> None:
    mail(connection, ["aino"], issues=4)

    hear(connection, *softly(0, 1, 3))

    assert standing_of(connection) is Standing.ACTIVE


def test_who_confirms_again_is_counted_anew(connection: Connection) -> None:
    mail(connection, ["aino"], issues=3)
    hear(connection, *softly(0, 1, 2))
    at = FIRST + 2 * MONTH + dt.timedelta(days=3)
    history.note(connection, [Record(key="key-aino", what=Happened.CONFIRMED, at=at)], at)
    assert standing_of(connection) is Standing.ACTIVE

    plan_issue(connection, 3)
    plan_issue(connection, 4)
    hear(connection, *softly(3, 4))

    assert standing_of(connection) is Standing.ACTIVE


def test_many_issues_in_a_short_time_are_no_month(connection: Connection) -> None:
    mail(connection, ["aino"], issues=3)
    weekly = replace(RULES, soft=replace(RULES.soft, span=dt.timedelta(days=61)))

    returning.take_in(connection, softly(0, 1, 2), weekly, NOW)

    assert standing_of(connection) is Standing.ACTIVE


# --- breakers -----------------------------------------------------------------------------


def crowd(count: int, domain: str = "example.org") -> list[str]:
    return [f"p{n}" for n in range(count)]


def burst(count: int, *, every: float = 60) -> list[Return]:
    """Return that so many addresses bounced for good, one after the other."""
    return [back(K.HARD, f"p{n}", after=n * every) for n in range(count)]


def test_a_burst_at_one_domain_is_held_and_the_editor_asked(connection: Connection) -> None:
    mail(connection, crowd(400))

    assert hear(connection, *burst(5)).held == 0
    assert standing_of(connection, "p0") is Standing.BOUNCED
    taken = hear(connection, *burst(6))

    assert taken.held == 6
    assert {standing_of(connection, f"p{n}") for n in range(6)} == {Standing.ACTIVE}
    assert [trouble.name for trouble in queue.list_untold(connection)] == ["bounces-held"]


def test_a_providers_own_list_makes_a_burst_no_truer(connection: Connection) -> None:
    """A provider puts whoever bounced on its list at once."""
    mail(connection, crowd(400))
    bounced = burst(6)

    taken = hear(connection, *bounced, *(replace(one, kind=K.SUPPRESSED) for one in bounced))

    assert taken.held == 12
    assert taken.changes == []


def test_bounces_over_a_day_are_no_burst(connection: Connection) -> None:
    mail(connection, crowd(400))

    assert hear(connection, *burst(12, every=721)).held == 0
    assert standing_of(connection, "p11") is Standing.BOUNCED


def test_too_large_a_share_of_an_issue_is_held(connection: Connection) -> None:
    mail(connection, crowd(100))
    spread = [replace(one, at=FIRST + n * dt.timedelta(hours=2)) for n, one in enumerate(burst(6))]

    assert hear(connection, *spread[:5]).held == 0
    assert hear(connection, spread[5]).held == 6


@pytest.mark.parametrize("are_gone", [True, False])
def test_the_editor_decides_about_what_is_held(connection: Connection, *, are_gone: bool) -> None:
    mail(connection, crowd(400))
    hear(connection, *burst(8))
    held = returns.list_in(connection, returns.HELD)

    changed = returning.decide(connection, [h.id for h in held], are_gone=are_gone, now=NOW)

    assert len(held) == 8
    assert len(changed) == (8 if are_gone else 0)
    hear(connection, *burst(8))
    expected = Standing.BOUNCED if are_gone else Standing.ACTIVE
    assert {standing_of(connection, f"p{n}") for n in range(8)} == {expected}
    assert queue.list_untold(connection) == []
    assert returning.decide(connection, [h.id for h in held], are_gone=True, now=NOW) == {}


# --- any order ----------------------------------------------------------------------------

NAMES = [f"p{n}" for n in range(8)]
KINDS = [K.DELIVERED, K.HARD, K.SOFT, K.SOFT, K.SOFT, K.ABOUT_US, K.COMPLAINED, K.UNSUBSCRIBED]
KINDS += [K.SUPPRESSED, K.UNKNOWN]
TOLD = st.builds(
    back,
    st.sampled_from(KINDS),
    st.sampled_from(NAMES),
    issue=st.integers(0, 2),
    after=st.sampled_from([0, 1, 600, 3500, 3700]),
    source=st.sampled_from(["brevo", "mailbox"]),
)


@pytest.fixture
def mailed(sqlite: Ledger) -> Ledger:
    """Three issues to eight people, and nothing has come back."""
    sqlite.close()
    put_blank(Path(sqlite.place))
    with sqlite.write() as connection:
        mail(connection, NAMES, issues=3)
    return sqlite


def outcome(connection: Connection) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Return how everybody stands, and what waits for the editor."""
    rows = connection.execute(select(subscribers.c.address, subscribers.c.standing))
    held = returns.list_in(connection, returns.HELD)
    return {str(a): str(s) for a, s in rows}, {(one.address, one.source) for one in held}


@pytest.mark.long
@settings(max_examples=40)
@given(told=st.lists(TOLD, max_size=14), data=st.data())
def test_any_order_and_any_repetition_end_the_same(
    mailed: Ledger, told: list[Return], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(told + told[: data.draw(st.integers(0, len(told)))]))
    size = data.draw(st.integers(1, 5))
    portions = [shuffled[n : n + size] for n in range(0, len(shuffled), size)]

    with mailed.write() as connection:
        with connection.begin_nested() as trial:
            hear(connection, *told)
            at_once = outcome(connection)
            trial.rollback()
        with connection.begin_nested() as trial:
            for portion in portions:
                hear(connection, *portion)
            bit_by_bit = outcome(connection)
            trial.rollback()

    assert bit_by_bit == at_once


# --- whatever their number ----------------------------------------------------------------

BY_DOMAIN = replace(RULES, breakers=replace(RULES.breakers, issue_share=1.0))


def hear_by_domain(connection: Connection, one: Return) -> None:
    returning.take_in(connection, [one], BY_DOMAIN, NOW)


@pytest.fixture
def flood(sqlite: Ledger) -> Ledger:
    """600 addresses of a domain bounced within a minute, and are held."""
    sqlite.close()
    put_blank(Path(sqlite.place))
    names = [f"gone{n}" for n in range(600)]
    with sqlite.write() as connection:
        mail(connection, [*names, *NAMES])
        told = [back(K.HARD, name, after=n / 10) for n, name in enumerate(names)]
        for n in range(0, 600, 200):
            returning.take_in(connection, told[n : n + 200], BY_DOMAIN, NOW)
    return sqlite


def test_of_many_bounces_only_those_are_read_that_tell_what_new_ones_mean(flood: Ledger) -> None:
    with flood.write() as connection:
        bounced = returns.list_in(connection, returns.HELD)
        some = bounced[100:120]
        near = returns.list_near(connection, some, dt.timedelta(hours=1), 5)
        [tally] = connection.execute(select(tallies.c.gone, tallies.c.mailed))

    assert len(bounced) == 600
    assert len(near) <= len(some) + 2 * 6
    assert tally == (600, 600 + len(NAMES))


def test_what_is_told_late_of_a_long_burst_is_held_with_all_near_it(flood: Ledger) -> None:
    """Those of the same second are near, and so is whoever was believed at first."""
    believed = [back(K.HARD, name, after=3670 + n) for n, name in enumerate(NAMES[:5])]
    late, alone = back(K.HARD, NAMES[5], after=3605), back(K.HARD, NAMES[6], after=9000)
    with flood.write() as connection:
        for one in (*believed, alone):
            hear_by_domain(connection, one)
        assert standing_of(connection, NAMES[0]) is Standing.BOUNCED
        hear_by_domain(connection, late)
        standings = [standing_of(connection, name) for name in NAMES[:6]]

        assert standings == [Standing.ACTIVE] * 6
        assert standing_of(connection, NAMES[6]) is Standing.BOUNCED


def test_a_message_id_names_a_mail_that_was_read_elsewhere_and_what_a_provider_tells_needs_none(
    connection: Connection,
) -> None:
    mail(connection, ["aino", "bo"])
    own = update(deliveries).where(deliveries.c.address == "bo@example.org")
    connection.execute(own.values(message_id="own"))
    elsewhere = back(K.HARD, message_id="own", tag="", address="bo@example.com")

    told = hear(connection, elsewhere, now=FIRST)  # another program's mail
    assert (told.unassigned, standing_of(connection, "bo")) == (1, Standing.ACTIVE)
    hear(connection, replace(elsewhere, source="mailbox"), now=FIRST)

    assert standing_of(connection, "bo") is Standing.BOUNCED
