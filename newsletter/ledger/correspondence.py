"""Answers of readers that came to the mailbox: how many to each issue, and nothing of whom."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, select

from newsletter.ledger import addressees, figures, hits
from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.tables import metadata, sends
from newsletter.model import Return

visits = metadata.tables["visits"]
SOURCE, KIND = "mailbox", "replied"
_DAY = 10  # characters of a day


def add_answers(
    connection: Connection, told: Sequence[Return], now: dt.datetime, *, secret: str
) -> None:
    """Count those that answer an issue, each once, whoever reads the mailbox, and how often.

    Those that came more than a month ago are left out: they are known no more to be new.
    """
    recent = {
        hits.mark_of(secret, "answer", one.event_id): (one, _hour(min(one.at, now)))
        for one in told
        if one.event_id and one.at and one.at > now - hits.LATEST
    }
    marks = hits.keep_marks(connection, {mark: hour[:_DAY] for mark, (_, hour) in recent.items()})
    new = [answer for mark, answer in recent.items() if mark in marks]
    whose = addressees.find_addressees(
        connection, [one for one, _ in new], window=dt.timedelta(), keys={}, now=now
    )
    issues = _issues_among(connection, {one.send for one in whose if one.send})
    counts = Counter(
        (addressee.send, hour)
        for (_, hour), addressee in zip(new, whose, strict=True)
        if addressee.send in issues
    )
    if counts:
        _add_visits(connection, counts)
        figures.note_news(connection, {send for send, _ in counts})


def are_read(connection: Connection, before: str | None) -> bool:
    """Did an answer to any issue come to the mailbox before an hour, or ever?"""
    theirs = (visits.c.send_id == sends.c.id) & (visits.c.source == SOURCE)
    if before:
        theirs &= visits.c.hour < before
    query = select(sends.c.id).where(select(visits.c.send_id).where(theirs).exists()).limit(1)
    return connection.execute(query).first() is not None


def _add_visits(connection: Connection, counts: Counter[tuple[int, str]]) -> None:
    fixed = {"source": SOURCE, "kind": KIND, "link": 0, "verdict": "human", "reason": "answer"}
    new = insert_of(connection)(visits)
    more = {"count": visits.c.count + new.excluded.count}
    statement = new.on_conflict_do_update(index_elements=list(visits.primary_key), set_=more)
    rows = [
        {**fixed, "send_id": send, "hour": hour, "rules": "", "hides": False, "count": number}
        for (send, hour), number in sorted(counts.items())
    ]
    connection.execute(statement, rows)


def _issues_among(connection: Connection, send_ids: set[int]) -> set[int]:
    found: set[int] = set()
    for some in in_chunks(send_ids):
        query = select(sends.c.id).where(sends.c.id.in_(some), sends.c.scope == sends.c.issue_id)
        found |= set(connection.execute(query).scalars())
    return found


def _hour(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()[:13]
