"""Opens and clicks as they come in: each once, and of persons only where that may be known."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, case, select

from newsletter.ledger.bulk import delete_some, insert_new, rows_for, to_be_listed, write_rows
from newsletter.ledger.tables import batches, deliveries, metadata, subscribers
from newsletter.model import Hit, Judgement, Source, State, Tracking

hits, marks = metadata.tables["hits"], metadata.tables["marks"]
_COLUMNS = (
    *("send_id", "kind", "link", "hour", "verdict", "reason"),
    *("rules", "delivery_id", "source", "hides", "count"),
)
_Row = tuple[int, str, int | None, str, str, str, str, int | None, str, bool]  # all but the count
# After it happened: what is told later is known no more to be new, as marks are forgotten.
LATEST = dt.timedelta(days=30)
_DAY = 10  # characters of a day


class _Copy(NamedTuple):
    """A delivery of somebody who is known."""

    consent: str  # to be counted, a Tracking
    begun: (
        dt.datetime | None
    )  # when its provider accepted it; it is called, if that is not noted yet


def add_hits(connection: Connection, seen: Iterable[Hit]) -> None:
    """Keep what was seen and was not told before.

    What the public service saw of a person is kept only while they allow it; what a provider told,
    until they are erased.
    """
    new = list(_not_told_before(connection, seen))
    counts = Counter(_rows(new, _find_copies(connection, {hit.delivery for hit in new} - {0})))
    if counts:
        write_rows(connection, hits, _COLUMNS, [(*row, n) for row, n in counts.items()])


def judged_at_last(connection: Connection, seen: Sequence[Hit]) -> Iterator[Hit]:
    """Yield what was seen as it is judged once it is known how soon after the mail it was."""
    whose = _find_copies(connection, {hit.delivery for hit in seen} - {0})
    for hit in seen:
        yield replace(hit, **_judged(hit, whose.get((hit.delivery, hit.send))).thought)


def mark_of(secret: str, *told: str) -> int:
    """Return what tells a thing from all others, of which nothing can be read back."""
    key = hashlib.sha256(secret.encode()).digest()
    words = "\0".join(told).encode("utf-8", "replace")
    return int.from_bytes(
        hashlib.blake2b(words, digest_size=8, key=key).digest(), "big", signed=True
    )


def keep_marks(connection: Connection, days: Mapping[int, str]) -> set[int]:
    """Keep the marks of what was told, with the days on which it happened; return the new ones.

    Of two who keep the same one at once, it is new to one.
    """
    # In one order, so that no two transactions wait for each other.
    return set(insert_new(connection, marks, sorted(days.items()))) if days else set()


def forget_marks(connection: Connection, *, before: str) -> int:
    """Forget what providers told of before a day; return how much, a few thousand at most."""
    return delete_some(connection, marks, marks.c.day < before)


def _not_told_before(connection: Connection, seen: Iterable[Hit]) -> Iterator[Hit]:
    """Yield what was seen, but for that of which a provider told before, here or elsewhere."""
    told: dict[int, Hit] = {}
    for hit in seen:
        if hit.mark is None:
            yield hit
        else:
            told.setdefault(hit.mark, hit)
    new = keep_marks(connection, {mark: hit.hour[:_DAY] for mark, hit in told.items()})
    yield from (hit for mark, hit in told.items() if mark in new)


def _rows(new: Iterable[Hit], whose: Mapping[tuple[int, int], _Copy]) -> Iterator[_Row]:
    """Yield what is kept of what was seen, of those of whom it may be."""
    for hit in new:
        copy = whose.get((hit.delivery, hit.send)) if hit.delivery else None
        if hit.delivery and not _may_be_kept(hit, copy):
            continue
        judged = _judged(hit, copy)
        yield (
            hit.send,
            str(hit.kind),
            hit.link,
            hit.hour,
            str(judged.visitor),
            judged.reason,
            judged.rules,
            hit.delivery or None,
            str(hit.source),
            judged.hides,
        )


def _judged(hit: Hit, copy: _Copy | None) -> Judgement:
    """Return who it likely was, now that it is known how soon it was."""
    begun = copy.begun if copy else None
    if begun is None or hit.at is None or not hit.by_time:
        return hit
    return hit.after((hit.at - begun).total_seconds())


def _may_be_kept(hit: Hit, copy: _Copy | None) -> bool:
    """Return whether an open or click of a copy may be kept, of which nothing may be known."""
    if copy is None:
        return False
    return hit.source is not Source.SERVICE or copy.consent == Tracking.GRANTED


def _find_copies(connection: Connection, ids: set[int]) -> dict[tuple[int, int], _Copy]:
    """Return deliveries, with their sends, of people who were not erased."""
    if not ids:
        return {}
    dialect = connection.dialect.name
    given = rows_for(dialect, ("id",), zip(sorted(ids)))
    rows = connection.execute(_query_of_copies(dialect), given)
    return {(id, send): _Copy(consent, at or called) for id, send, consent, at, called in rows}


@lru_cache
def _query_of_copies(dialect: str) -> Select[Any]:
    asked = to_be_listed(dialect, {"id": Integer()})
    at = case((deliveries.c.state == State.ACCEPTED, deliveries.c.changed_at))
    return (
        select(
            deliveries.c.id, deliveries.c.send_id, subscribers.c.tracking, at, batches.c.called_at
        )
        .join(asked, asked.c.id == deliveries.c.id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(batches, batches.c.id == deliveries.c.batch_id)
    )
