"""Answers of readers that came to the mailbox: how many to each issue, and nothing of whom."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, select

from newsletter.ledger import addressees, figures
from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.tables import metadata, sends
from newsletter.model import Return

marks, visits = (metadata.tables[name] for name in ("marks", "visits"))
SOURCE, KIND = "mailbox", "replied"


def add_answers(connection: Connection, told: Sequence[Return], now: dt.datetime) -> None:
    """Count those that answer an issue, each once, whoever reads the mailbox, and how often."""
    known = {_mark(one): one for one in told if one.event_id}
    for some in in_chunks(known):
        query = select(marks.c.mark).where(marks.c.mark.in_(some))
        for mark in connection.execute(query).scalars():
            del known[mark]
    new = list(known.values())
    whose = addressees.find_addressees(connection, new, window=dt.timedelta(), keys={}, now=now)
    issues = _issues_among(connection, {one.send for one in whose if one.send})
    counts: Counter[tuple[int, str]] = Counter()
    for one, addressee in zip(new, whose, strict=True):
        if addressee.send in issues:
            moment = min(one.at or now, now)
            counts[addressee.send, moment.astimezone(dt.UTC).isoformat()[:13]] += 1
    day = now.astimezone(dt.UTC).date().isoformat()
    if known:
        rows = [{"mark": mark, "day": day} for mark in sorted(known)]
        connection.execute(insert_of(connection)(marks).on_conflict_do_nothing(), rows)
    if counts:
        _add_visits(connection, counts)
        figures.note_news(connection, {send for send, _ in counts})


def are_read(connection: Connection) -> bool:
    """Did an answer to any issue ever come to the mailbox?"""
    theirs = (visits.c.send_id == sends.c.id) & (visits.c.source == SOURCE)
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


def _mark(one: Return) -> int:
    """Return what tells an answer from all others, of which nothing can be read back."""
    told = hashlib.blake2b(f"answer\0{one.event_id}".encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(told.digest(), "big", signed=True)
