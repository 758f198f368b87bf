"""What is sent in is kept once and within limits, and nobody is mailed for it."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from PIL import Image

from newsletter.consent import Step, stamp_form
from newsletter.contributions import Admission, Quotas, ask_for_work, photographs
from newsletter.language import Wording
from newsletter.ledger import Ledger, contributions, queue, sends, wishes
from newsletter.model import ContributionKind, ContributionState
from tests.consent.test_gates import solve
from tests.contributions.offers import (
    MINUTE,
    NOW,
    SECRET,
    SVG,
    WORDING,
    kept,
    offer,
    only,
    photograph,
    send_in,
    taken,
)


def small() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


def test_what_is_sent_in_is_kept_as_it_was_typed_and_nobody_is_mailed(ledger: Ledger) -> None:
    assert taken(ledger, offer("Ensin.\n\nSitten."))

    found = only(ledger)
    assert (found.text, found.state) == ("Ensin.\n\nSitten.", ContributionState.NEW)
    with ledger.read() as connection:
        assert wishes.list_wordings(connection, [found.wording]) == [WORDING]
        assert queue.list_keys(connection, due_by=NOW + dt.timedelta(days=99)) == set()
        assert sends.list_running(connection) == []


def test_who_presses_twice_sends_once(ledger: Ledger) -> None:
    twice = offer(picture=small())

    assert taken(ledger, twice)
    assert taken(ledger, twice)

    assert only(ledger).picture_bytes


def test_a_picture_that_cannot_be_shown_keeps_nothing(ledger: Ledger) -> None:
    receipt = send_in(ledger, offer(picture=SVG))

    assert receipt.fault
    assert "SVG" in receipt.fault
    assert kept(ledger) == []


@pytest.mark.parametrize(
    ("age", "trap", "admission"),
    [
        pytest.param(MINUTE, "", Admission.TAKEN, id="a person"),
        pytest.param(MINUTE, "x", Admission.SECOND_STEP, id="fell into the trap"),
        pytest.param(dt.timedelta(seconds=1), "", Admission.SECOND_STEP, id="too quick"),
        pytest.param(dt.timedelta(days=2), "", Admission.SECOND_STEP, id="left open"),
    ],
)
def test_what_a_program_filled_in_needs_one_more_press(
    ledger: Ledger, age: dt.timedelta, trap: str, admission: Admission
) -> None:
    sent = offer()
    stamp = stamp_form(SECRET, Step.FIRST, NOW - age)
    sent = replace(sent, filled=replace(sent.filled, stamp=stamp, trap=trap))

    assert send_in(ledger, sent).admission is admission


def test_a_thousand_in_an_hour_fill_nothing_and_hide_nobody(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come from a hundred networks, half with pictures, half of those who would wait."""
    decoded: list[int] = []
    read = photographs.read_photograph

    def counting(data: bytes) -> photographs.Photograph | Wording:
        decoded.append(len(data))
        return read(data)

    monkeypatch.setattr("newsletter.contributions.receiving.read_photograph", counting)
    now, picture = dt.datetime.now(dt.UTC), small()  # as a proof is checked by the real clock

    for n in range(1000):
        shown = picture if n % 2 else b""
        sent = offer(f"{n}", network=f"10.{n % 100}.0.0/24", title="Win", now=now, picture=shown)
        waits = replace(sent, filled=replace(sent.filled, is_patient=n % 2 == 0))
        send_in(ledger, waits, now=now)
    hindered = send_in(ledger, offer(now=now), now=now)
    proof = solve(ask_for_work(SECRET, "fi", now, price=0))
    real = send_in(ledger, offer(proof=proof, now=now), now=now)

    found = kept(ledger)
    quotas = Quotas()
    assert hindered.admission is Admission.PROOF
    assert real.admission is Admission.TAKEN
    assert len(found) <= quotas.site_hour + quotas.slow_hour + 1
    assert len(decoded) <= quotas.site_hour
    quick = [one for one in found if not one.is_slow]
    assert "Työpajan kuulumiset" in [one.title for one in quick]
    assert found[: len(quick)] == quick  # those who only waited stand last
    with ledger.read() as connection:
        assert contributions.count_waiting(connection).picture_bytes < 1_000_000


def test_one_network_has_its_day_whatever_work_it_proves(ledger: Ledger) -> None:
    quotas = Quotas(network_day=2)

    admissions = [send_in(ledger, offer(str(n)), quotas).admission for n in range(3)]
    elsewhere = send_in(ledger, offer("x", network="198.51.100.0/24"), quotas).admission

    assert admissions == [Admission.TAKEN, Admission.TAKEN, Admission.TOMORROW]
    assert elsewhere is Admission.TAKEN


def test_the_line_of_those_who_wait_is_short_and_has_no_pictures(ledger: Ledger) -> None:
    quotas = Quotas(network_hour=0, slow_hour=1)

    pictured = offer("p", picture=small(), is_patient=True)
    assert send_in(ledger, offer(), quotas).admission is Admission.PROOF
    assert send_in(ledger, pictured, quotas).admission is Admission.NO_PICTURES
    assert send_in(ledger, offer("a", is_patient=True), quotas).admission is Admission.TAKEN
    assert send_in(ledger, offer("b", is_patient=True), quotas).admission is Admission.LINE_FULL


def test_no_more_is_taken_in_than_the_editor_will_read(ledger: Ledger) -> None:
    quotas = Quotas(waiting=1)

    assert taken(ledger, offer("a"), quotas)
    assert send_in(ledger, offer("b"), quotas).admission is Admission.FULL


def test_pictures_have_a_room_that_is_never_passed(ledger: Ledger) -> None:
    large = photograph(1200, 800)
    quotas = Quotas(picture_bytes=len(large) // 2)

    assert send_in(ledger, offer("a", picture=large), quotas).admission is Admission.NO_PICTURES
    assert taken(ledger, offer("a"), quotas)
    assert only(ledger).picture_type == ""


def test_a_request_is_kept_as_one(ledger: Ledger) -> None:
    asked = offer(kind=ContributionKind.REQUEST, dates="keväällä", place="Rovaniemi", wording="")

    assert taken(ledger, asked)

    assert (only(ledger).dates, only(ledger).place) == ("keväällä", "Rovaniemi")
