"""Answers that come to the mailbox count for their issue, each once, and nobody's name is kept."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import Connection, select, update

from newsletter.ledger import Ledger, correspondence, hits
from newsletter.ledger.figure_tables import marks
from newsletter.ledger.people_tables import visits
from newsletter.ledger.tables import deliveries, sends
from newsletter.model import Return, ReturnKind
from newsletter.stats import update_figures
from newsletter.stats.reporting import read_report
from tests.ledger.test_races import begun
from tests.stats.sent import BEGUN, DAY, FRAME, HOUR, copies_of, issue_goes_out, people_join

OURS = "of this ledger"
SOON, LATE = BEGUN + 2 * DAY, BEGUN + 40 * DAY


def answer(key: str, id: str, at: dt.datetime = BEGUN + HOUR, **other: str) -> Return:
    """Return an answer to the first copy of the issue whose send has this key."""
    told = Return(kind=ReturnKind.UNKNOWN, source="mailbox", at=at, event_id=id, is_proven=True)
    return replace(told, **{"reference": f"{key[:8]}-1", **other})  # type: ignore[arg-type]


def counted(connection: Connection) -> dict[tuple[int, str], int]:
    query = select(visits.c.send_id, visits.c.hour, visits.c.count)
    return {(send, hour): count for send, hour, count in connection.execute(query)}


def an_issue(connection: Connection) -> str:
    """Send an issue to twelve people; return the key of its send."""
    people_join(connection, 12)
    send = issue_goes_out(connection)
    first = copies_of(connection, send)[0]
    this = update(deliveries).where(deliveries.c.id == first)
    connection.execute(this.values(message_id="id-of-the-provider"))
    return str(connection.execute(select(sends.c.key)).scalar_one())


def test_an_answer_counts_once_however_often_the_mailbox_is_read(connection: Connection) -> None:
    key = an_issue(connection)
    by_id = answer(key, "second", reference="", message_id="id-of-the-provider")

    for _ in range(2):
        correspondence.add_answers(
            connection, [answer(key, "first"), by_id, by_id], SOON, secret=OURS
        )

    assert counted(connection) == {(1, BEGUN.isoformat()[:11] + "09"): 2}


def test_an_answer_counts_once_though_its_mark_is_forgotten_before_it_is_read_again(
    connection: Connection,
) -> None:
    """The editor and a worker read the same mailbox, each at their own pace."""
    told = [answer(an_issue(connection), "first")]
    correspondence.add_answers(connection, told, SOON, secret=OURS)
    for days in (29, 31, 36):
        now = BEGUN + days * DAY
        hits.forget_marks(connection, before=(now - 35 * DAY).date().isoformat())
        correspondence.add_answers(connection, told, now, secret=OURS)

    assert list(counted(connection).values()) == [1]


def test_an_answer_that_two_read_at_once_counts_once(ledger: Ledger) -> None:
    with ledger.write() as connection:
        told = [answer(an_issue(connection), "first")]

    def read() -> None:
        with ledger.write() as connection:
            correspondence.add_answers(connection, told, SOON, secret=OURS)

    with ThreadPoolExecutor(1) as pool:
        with ledger.write() as connection:
            correspondence.add_answers(connection, told, SOON, secret=OURS)
            reading = begun(pool, ledger, read)
        reading.result()

    with ledger.read() as connection:
        assert list(counted(connection).values()) == [1]


def test_nobody_without_the_secret_can_tell_which_mail_was_an_answer(
    connection: Connection,
) -> None:
    told = [answer(an_issue(connection), "first")]

    for secret in ("one", "other"):
        correspondence.add_answers(connection, told, SOON, secret=secret)

    assert len(connection.execute(select(marks.c.mark)).all()) == 2


def test_what_answers_no_issue_does_not_count(connection: Connection) -> None:
    key = an_issue(connection)
    nobodys = answer("f" * 8, "first")
    test = answer(key, "second")
    connection.execute(update(sends).values(scope=f"test:{key}"))

    correspondence.add_answers(connection, [nobodys, test], SOON, secret=OURS)

    assert counted(connection) == {}


def test_answers_are_known_once_any_came(ledger: Ledger) -> None:
    with ledger.write() as connection:
        key = an_issue(connection)
        issue_goes_out(connection, "2027-01", begun=BEGUN + 31 * DAY)
    update_figures(ledger, now=SOON)
    [first, _] = read_report(ledger, FRAME, now=BEGUN + 32 * DAY).issues
    assert first.delivered.replied is None

    with ledger.write() as connection:
        correspondence.add_answers(
            connection,
            [answer(key, "a"), answer(key, "b", SOON + 9 * DAY)],
            BEGUN + 12 * DAY,
            secret=OURS,
        )
    first, second = read_report(ledger, FRAME, now=LATE).issues

    assert (first.delivered.replied, first.delivered_whole.replied) == (1, 2)
    assert second.delivered.replied == 0
    assert [change.changes for change in first.revisions] == [{"replied": [None, 1]}]
