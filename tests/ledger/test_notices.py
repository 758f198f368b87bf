"""A notice that is asked for again: who is added to it, by which words, and who never is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, event

from newsletter.errors import UsageError
from newsletter.ledger import Ledger, Send, batches, doubts, events, people, sends
from newsletter.ledger.notices import plan_notice
from newsletter.ledger.orphans import orphan
from newsletter.ledger.tables import subscribers
from newsletter.model import Departure, Enclosure, SendState, Standing, State
from newsletter.model.enclosures import CALENDAR
from tests.ledger.examples import FI, LATER, NEW, NOW, add, claim, edition, outcomes, person
from tests.ledger.test_races import begun

AINO, EINO, ELSA = "aino@example.org", "eino@example.org", "elsa@example.org"
REMINDER = replace(NEW, scope="notice:reminder:meeting")
WORDS = edition(FI)


def ask(connection: Connection, *addresses: str, key: str = "meeting", account: str = "") -> Send:
    """Ask for a reminder, as whoever wants it mailed does."""
    new = replace(REMINDER, key=key.ljust(32, "0"), scope=f"notice:reminder:{key}")
    if account:
        new = replace(new, provider="brevo", place="api.brevo.com", account=account)
    return plan_notice(connection, new, WORDS, addresses, batch_size=10)


def decide(connection: Connection, send: Send) -> None:
    """Let the provider take what is queued of a send."""
    claimed = claim(connection, send.id)
    batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)


def fates(connection: Connection, send: Send) -> list[tuple[str, State, str]]:
    """Return who has a delivery of a send, and what became of it."""
    found = sends.list_deliveries(connection, send.id)
    return [(address, state, reason) for address, state, _, reason in found]


def state_of(ledger: Ledger) -> SendState:
    """Return how far the reminder has come."""
    with ledger.read() as connection:
        send = sends.find_send(connection, REMINDER.scope)
    assert send
    return send.state


def test_what_a_notice_encloses_is_frozen_with_it(connection: Connection) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Työpäivä\r\nEND:VCALENDAR\r\n"
    enclosed = (
        Enclosure(filename="paiva.ics", media_type=CALENDAR, data=calendar.encode()),
        Enclosure(filename="ohjelma.pdf", media_type="application/pdf", data=b"%PDF\xff\x00"),
    )
    words = replace(WORDS, enclosures=enclosed)

    send = plan_notice(connection, REMINDER, words, [AINO], batch_size=10)

    [edition_id] = sends.list_editions(connection, send.id).values()
    assert sends.load_edition(connection, edition_id).enclosures == enclosed


# --- two at once --------------------------------------------------------------------------


def test_a_notice_is_not_noted_as_done_to_which_another_process_just_adds_somebody(
    ledger: Ledger,
) -> None:
    with ledger.write() as connection:
        send = ask(connection, AINO)
        decide(connection, send)

    def note() -> object:
        with ledger.write() as connection:
            return sends.set_send_state(connection, send.id, SendState.DONE, done_at=NOW)

    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            ask(connection, EINO)
            noting = begun(pool, ledger, note)
        assert noting.result() is False

    assert state_of(ledger) is SendState.SENDING


def test_a_notice_begins_anew_that_another_process_has_just_noted_as_done(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send = ask(connection, AINO)
        decide(connection, send)

    def ask_more() -> object:
        with ledger.write() as connection:
            return ask(connection, EINO)

    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            assert sends.set_send_state(connection, send.id, SendState.DONE, done_at=NOW)
            asking = begun(pool, ledger, ask_more)
        asking.result()

    assert state_of(ledger) is SendState.SENDING


# --- who is added -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (SendState.SENDING, SendState.SENDING),
        (SendState.PLANNED, SendState.SENDING),
        (SendState.PAUSED, SendState.PAUSED),
        (SendState.STOPPED, SendState.STOPPED),
    ],
)
def test_a_notice_that_gets_more_addresses_begins_unless_it_was_halted(
    connection: Connection, state: SendState, kept: SendState
) -> None:
    send = ask(connection, AINO)
    sends.set_send_state(connection, send.id, state)

    assert ask(connection, EINO).state is kept


def test_nobody_is_added_to_a_notice_that_was_cancelled(connection: Connection) -> None:
    send = ask(connection, AINO)
    decide(connection, send)
    sends.set_send_state(connection, send.id, SendState.CANCELLED, done_at=NOW)

    again = ask(connection, EINO)

    assert again.state is SendState.CANCELLED
    assert fates(connection, send) == [(AINO, State.ACCEPTED, "")]


def test_other_words_under_the_same_key_go_to_nobody_else(ledger: Ledger) -> None:
    with ledger.write() as connection:
        send = ask(connection, AINO)
    others = replace(WORDS, text="another link", digest="e" * 64)

    with pytest.raises(UsageError, match="other words"), ledger.write() as connection:
        plan_notice(connection, REMINDER, others, [AINO, EINO], batch_size=10)
    with ledger.write() as connection:
        plan_notice(connection, REMINDER, others, [AINO.upper()], batch_size=10)  # who has it

    with ledger.read() as connection:
        assert fates(connection, send) == [(AINO, State.QUEUED, "")]


def test_a_notice_that_has_ended_goes_on_through_the_account_of_today(
    connection: Connection,
) -> None:
    send = ask(connection, AINO)
    decide(connection, send)

    moved = ask(connection, EINO, account="new")

    assert (moved.provider, moved.place, moved.account) == ("brevo", "api.brevo.com", "new")


# --- who complained -----------------------------------------------------------------------


def complain(connection: Connection, send: Send, address: str) -> None:
    """Let a provider tell that somebody marked a mail as spam."""
    events.note_departures(connection, send.id, [Departure(address, Standing.COMPLAINED, "")], NOW)


def take_back(connection: Connection, address: str) -> None:
    """Take the import back that brought somebody."""
    orphan(connection, subscribers.c.address == address)
    connection.execute(delete(subscribers).where(subscribers.c.address == address))


def rename(connection: Connection, address: str) -> None:
    """Give somebody another address."""
    found = people.find_subscriber(connection, address)
    assert found
    people.rename_subscriber(connection, found, "new@example.org", LATER)


@pytest.mark.parametrize("change", [take_back, rename])
def test_who_complained_gets_no_notice_though_no_row_of_theirs_has_the_address(
    connection: Connection, change: Callable[[Connection, str], None]
) -> None:
    add(connection, person("aino"), person("eino"))
    first = ask(connection, AINO, EINO)
    decide(connection, first)
    complain(connection, first, AINO)
    change(connection, AINO)

    second = ask(connection, AINO.upper(), EINO, ELSA, key="another")

    assert fates(connection, second) == [
        (AINO.upper(), State.SKIPPED, Standing.COMPLAINED),
        (EINO, State.QUEUED, ""),
        (ELSA, State.QUEUED, ""),
    ]
    assert doubts.count_open(connection, second.id) == 2


def test_many_strangers_cost_no_more_queries_than_two(connection: Connection) -> None:
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda _, __, sql, *___: asked.append(sql))

    events.find_complained(connection, [AINO, EINO])
    for_two = len(asked)
    events.find_complained(connection, [f"p{n}@example.org" for n in range(400)])

    assert len(asked) == 2 * for_two


@pytest.mark.parametrize("change", [take_back, rename])
def test_who_left_and_has_no_row_still_gets_a_notice(
    connection: Connection, change: Callable[[Connection, str], None]
) -> None:
    add(connection, person("aino"))
    first = ask(connection, AINO)
    decide(connection, first)
    events.note_departures(connection, first.id, [Departure(AINO, Standing.UNSUBSCRIBED, "")], NOW)
    change(connection, AINO)

    assert fates(connection, ask(connection, AINO, key="another")) == [(AINO, State.QUEUED, "")]
