"""An issue that stopped on its way has final figures too, and may go on later."""

import datetime as dt

import pytest
from sqlalchemy import update

from newsletter.ledger import Ledger, sends
from newsletter.ledger.tables import deliveries
from newsletter.model import SendState, State
from newsletter.stats import update_figures
from tests.stats.sent import (
    BEGUN,
    DAY,
    HUMAN,
    copies_of,
    is_seen,
    issue_goes_out,
    people_join,
    report,
)

HALTED = [SendState.STOPPED, SendState.PAUSED]


def goes_out_in_part(ledger: Ledger, state: SendState) -> int:
    """Let an issue halt before the last five readers have it."""
    with ledger.write() as connection:
        people_join(connection, 30, "fi")
        people_join(connection, 25, "sv")
        send = issue_goes_out(connection)
        ids = copies_of(connection, send)
        last = update(deliveries).where(deliveries.c.id.in_(ids[-5:]))
        connection.execute(last.values(state=State.REJECTED, transient=True))
        sends.set_send_state(connection, send, state)
        is_seen(connection, send, dict.fromkeys([ids[0], ids[30]], HUMAN))
    return send


def goes_on(ledger: Ledger, send: int) -> None:
    """Let the last five readers get it, too."""
    with ledger.write() as connection:
        sends.set_send_state(connection, send, SendState.SENDING)
        assert sends.begin_sending(connection, send)
        theirs = update(deliveries).where(deliveries.c.send_id == send)
        connection.execute(theirs.values(state=State.ACCEPTED))
        assert sends.set_send_state(connection, send, SendState.DONE, done_at=BEGUN + 11 * DAY)


def computed_at(ledger: Ledger, moment: dt.datetime) -> list[int]:
    return update_figures(ledger, now=moment)


@pytest.mark.parametrize("state", HALTED)
def test_what_halted_is_final_once_its_window_is_over(ledger: Ledger, state: SendState) -> None:
    send = goes_out_in_part(ledger, state)
    assert computed_at(ledger, BEGUN + 7 * DAY) == computed_at(ledger, BEGUN + 7 * DAY) == [send]

    [issue] = report(ledger, BEGUN + 8 * DAY).issues

    assert issue.is_final
    assert [group.delivered.sent for group in issue.groups["language"]] == [30, 20]
    assert computed_at(ledger, BEGUN + 9 * DAY) == []


@pytest.mark.parametrize("state", HALTED)
def test_what_goes_on_is_computed_anew_and_stays_final(ledger: Ledger, state: SendState) -> None:
    """Groups too: what two reports told of them would tell of those in between."""
    send = goes_out_in_part(ledger, state)
    [before] = report(ledger, BEGUN + 10 * DAY).issues

    goes_on(ledger, send)
    [after] = report(ledger, BEGUN + 12 * DAY).issues

    assert (before.is_final, after.is_final) == (True, True)
    assert after.groups == before.groups != {}
    assert (before.delivered.sent, after.delivered.sent) == (50, 55)
    assert [change.changes["sent"] for change in after.revisions if not change.source] == [[50, 55]]
    assert computed_at(ledger, BEGUN + 13 * DAY) == []


def test_while_it_goes_on_figures_stay_final(ledger: Ledger) -> None:
    send = goes_out_in_part(ledger, SendState.STOPPED)
    [before] = report(ledger, BEGUN + 10 * DAY).issues
    with ledger.write() as connection:
        assert sends.begin_sending(connection, send)

    [during] = report(ledger, BEGUN + 11 * DAY).issues
    goes_on(ledger, send)
    [after] = report(ledger, BEGUN + 12 * DAY).issues

    assert during.is_final
    assert before.groups == during.groups == after.groups
    assert after.delivered.sent == 55
