"""What was seen of a send in sums: how often, by the hour, and of how many copies at their best."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from newsletter.ledger.summing import ANY
from newsletter.ledger.tables import batches, deliveries, metadata
from newsletter.model import HitKind

links, readers, visits = (metadata.tables[name] for name in ("links", "readers", "visits"))
_GRAIN = ("source", "kind", "link", "hour", "verdict", "hides", "rules")


class Times(NamedTuple):
    """How often something was seen in an hour, or on a day."""

    source: str
    kind: str  # a HitKind
    link: int  # its number; 0: none
    hour: str  # UTC; a day if it has no hour
    verdict: str  # a Visitor
    hides: bool
    rules: str
    number: int


class Ranks(NamedTuple):
    """How many copies were seen to be opened and clicked at best like this; None: not at all."""

    opened: int | None  # 3 human, 2 unknown, 1 hidden, 0 machine
    clicked: int | None
    number: int


class Linked(NamedTuple):
    """Of how many copies a link, or any of a section, was followed at best like this."""

    link: int  # its number; 0: any of a section
    language: str
    section: str
    rank: int
    number: int


class LinkRow(NamedTuple):
    """A link of a send."""

    number: int
    url: str
    words: str
    section: str
    language: str


def list_times(connection: Connection, send_id: int) -> list[Times]:
    """How often was an issue opened, and which links were followed, by the hour, by whom?"""
    columns = [visits.c[name] for name in _GRAIN]
    query = select(*columns, func.sum(visits.c.count).label("number"))
    rows = connection.execute(query.where(visits.c.send_id == send_id).group_by(*columns))
    return [Times(**{**row._mapping, "hides": bool(row.hides)}) for row in rows]


def list_links(connection: Connection, send_id: int) -> list[LinkRow]:
    """Which links has a send, in their order?"""
    query = select(*(links.c[name] for name in LinkRow._fields)).where(links.c.send_id == send_id)
    return [LinkRow(*row) for row in connection.execute(query.order_by(links.c.number))]


def rank_copies(
    connection: Connection,
    send_id: int,
    source: str,
    *,
    is_early: bool,
    without: Collection[int] = (),
) -> list[Ranks]:
    """Of how many copies were opens and clicks seen, at their best, within the window or ever?

    Those of the readers of some editions can be left out.
    """
    copies = of_copies(send_id, source, is_early=is_early)
    each = copies.where(*_are_not_of(send_id, without)).subquery()
    query = select(each.c.opened, each.c.clicked, func.count())
    rows = connection.execute(query.group_by(each.c.opened, each.c.clicked))
    return [Ranks(row[0], row[1], row[2]) for row in rows]


def rank_links(
    connection: Connection,
    send_id: int,
    source: str,
    *,
    is_early: bool,
    without: Collection[int] = (),
) -> Iterator[Linked]:
    """Of how many copies was each link followed, and any of each section, at its best?

    Those of the readers of some editions can be left out.
    """
    rank = _rank(is_early=is_early)
    clicked = [
        *_seen(send_id, source, is_early=is_early, kinds=[HitKind.CLICKED]),
        *_are_not_of(send_id, without),
    ]
    query = select(readers.c.link, rank, func.count()).where(*clicked, readers.c.link != ANY)
    for link, its, count in connection.execute(query.group_by(readers.c.link, rank)):
        yield Linked(link, "", "", its, count)
    place = (links.c.language, links.c.section)
    here = (links.c.send_id == readers.c.send_id) & (links.c.number == readers.c.link)
    each = select(*place, func.max(rank).label("rank")).join_from(readers, links, here)
    best = each.where(*clicked).group_by(*place, readers.c.delivery_id).subquery()
    place_of = (best.c.language, best.c.section)
    total = select(*place_of, best.c.rank, func.count()).group_by(*place_of, best.c.rank)
    for language, section, its, count in connection.execute(total):
        yield Linked(0, language, section, its, count)


def of_copies(send_id: int, source: str, *, is_early: bool) -> Select[Any]:
    """Return the SQL of copies, each once, with the best that was seen of it."""
    rank = _rank(is_early=is_early)

    def best(kind: HitKind) -> ColumnElement[int]:
        return func.max(case((readers.c.kind == kind, rank)))

    query = select(
        readers.c.delivery_id,
        best(HitKind.OPENED).label("opened"),
        best(HitKind.CLICKED).label("clicked"),
    )
    seen = _seen(send_id, source, is_early=is_early, kinds=HitKind)
    return query.where(*seen, readers.c.link == ANY).group_by(readers.c.delivery_id)


def _are_not_of(send_id: int, editions: Collection[int]) -> list[ColumnElement[bool]]:
    """Return the SQL for which copies are not of some editions."""
    if not editions:
        return []
    here = batches.c.send_id == send_id, batches.c.edition_id.in_(editions)
    theirs = select(deliveries.c.id).join(batches, batches.c.id == deliveries.c.batch_id)
    return [readers.c.delivery_id.not_in(theirs.where(*here))]


def _seen(
    send_id: int, source: str, *, is_early: bool, kinds: Iterable[HitKind]
) -> tuple[ColumnElement[bool], ...]:
    these = (readers.c.send_id == send_id, readers.c.source == source, readers.c.kind.in_(kinds))
    return (*these, readers.c.early.is_not(None)) if is_early else these


def _rank(*, is_early: bool) -> ColumnElement[int]:
    return readers.c.early if is_early else readers.c.rank
