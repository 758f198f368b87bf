"""Staging of an import: rows in temporary tables, compared with the ledger by the database itself.

Whatever the size of the list, only a chunk of it is in memory. Nothing here changes the ledger;
`ledger.imports` writes what was compared.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Row,
    String,
    Text,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    type_coerce,
    union_all,
    update,
)

from newsletter.language import Wording, as_stored, say
from newsletter.ledger import events, people, staged_news
from newsletter.ledger.bulk import count, in_chunks, patch_changes, streamed, write_rows
from newsletter.ledger.folding import folded
from newsletter.ledger.staged_json import write_patches, write_proof
from newsletter.ledger.staged_rows import (
    CHANGED,
    LEFT,
    Difference,
    Proven,
    RowOutcome,
    Tally,
    duplicates,
    refused,
    staged,
)
from newsletter.ledger.tables import former, subscribers
from newsletter.model import Crowd, Refusal, Standing, Subscriber

_ORDER = tuple(Standing)
_BARE: Mapping[str, Any] = {"name": None, "language": None, "patch": {}, "proof": null()}
# Why somebody is not mailed.
_KNOWN_GONE = say("as the provider told before an import was taken back")
_HERE = "⁂"  # stands in a text where SQL puts a value


_STAGED = (
    "line",
    "address",
    "key",
    "name",
    "language",
    "patch",
    "rank",
    "evidence",
    "fate",
    "proof",
)
_REFUSED = ("line", "text", "reason", "cells")
_LIST = json.JSONEncoder(ensure_ascii=False).encode


def open_staging(connection: Connection) -> None:
    """Create the temporary tables of a list; they last as long as the session."""
    if connection.dialect.name == "sqlite":
        # Cache for the indexes, where rows are inserted at random; kilobytes, for this session
        # alone.
        connection.exec_driver_sql("PRAGMA cache_size = -40000")
    for table in (staged, refused, duplicates):
        table.create(connection)


def stage(connection: Connection, crowd: Crowd, keys: Sequence[str]) -> None:
    """Store rows of a list, with the keys that new subscribers among them get."""
    nothing = [None] * len(crowd.lines)
    attributes = {name: v for name, v in crowd.values.items() if name not in ("name", "language")}
    ranks = {standing: standing.rank if standing else 0 for standing in set(crowd.standings)}
    evidence = {words: as_stored(words) for words in set(crowd.evidence)}
    columns = (
        crowd.lines,
        crowd.addresses,
        keys,
        crowd.values.get("name", nothing),
        crowd.values.get("language", nothing),
        write_patches(attributes, len(crowd.lines)),
        map(ranks.__getitem__, crowd.standings),
        map(evidence.__getitem__, crowd.evidence),
        ["join"] * len(crowd.lines),
        map(write_proof, crowd.proofs, crowd.lines) if crowd.proofs else nothing,
    )
    write_rows(connection, staged, _STAGED, list(zip(*columns, strict=True)))


def stage_refusals(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Store rows of a list that are refused."""
    told = [(*row[:2], as_stored(row.reason), _LIST(list(row.cells))) for row in refusals]
    write_rows(connection, refused, _REFUSED, told)


def merge_duplicates(connection: Connection) -> None:
    """Keep each address once, in its first row, with the strictest standing of all."""
    address = folded(staged.c.address)
    # Created when all rows are there: in order, which takes a third of the time. With the rank in
    # it, the index alone finds duplicates.
    written = folded(column("address", String)).compile(dialect=connection.dialect)
    connection.execute(text(f"CREATE INDEX ix_staged_address ON staged ({written}, rank)"))
    twice = select(func.min(staged.c.line), func.min(staged.c.address), func.max(staged.c.rank))
    twice = twice.group_by(address).having(func.count() > 1)
    found = connection.execute(
        insert(duplicates).from_select(["first", "address", "rank"], twice)
    ).rowcount
    if not found:
        return
    alike = staged.alias("alike")
    evidence = (
        select(alike.c.evidence)
        .where(alike.c.address == staged.c.address)
        .order_by(alike.c.rank.desc(), alike.c.line)
        .limit(1)
        .correlate(staged)
        .scalar_subquery()
    )
    milder = (staged.c.line == duplicates.c.first) & (staged.c.rank < duplicates.c.rank)
    connection.execute(
        update(staged).where(milder).values(rank=duplicates.c.rank, evidence=evidence)
    )
    twice_said = say("the same address as in line {line}", line=_HERE)
    reason = _filled(twice_said, cast(duplicates.c.first, Text))
    _keep_proofs(connection)
    later = select(staged.c.line, staged.c.address, reason, literal([], JSON)).join(
        duplicates,
        (staged.c.address == duplicates.c.address) & (staged.c.line != duplicates.c.first),
    )
    connection.execute(insert(refused).from_select(["line", "text", "reason", "cells"], later))
    connection.execute(delete(staged).where(staged.c.line.in_(select(refused.c.line))))


def compare(connection: Connection) -> None:
    """Set what importing each row would do, given what the ledger holds now."""
    erased = staged.c.rank == Standing.ERASED.rank  # nothing else is kept about them
    connection.execute(update(staged).where(erased).values(_BARE))
    known = staged.c.fate != RowOutcome.JOIN  # of an earlier comparison
    new = {"fate": RowOutcome.JOIN, "subscriber_id": None, "is_news": None}
    connection.execute(update(staged).where(known).values(new))
    before, rank = people.rank_of(subscribers.c.standing), staged.c.rank
    fate = case(
        ((rank >= LEFT) & (rank > before), RowOutcome.LEAVE),
        (rank >= LEFT, RowOutcome.NOTHING),
        (before >= LEFT, RowOutcome.REFUSED),
        (rank > before, RowOutcome.CHANGE),
        (_differ(connection), RowOutcome.CHANGE),
        else_=RowOutcome.NOTHING,
    )
    connection.execute(
        update(staged)
        .where(subscribers.c.address == staged.c.address)
        .values(subscriber_id=subscribers.c.id, fate=fate)
    )
    staged_news.find_proofs(connection)
    staged_news.find_causes(connection)
    had = (former.c.address == staged.c.address) & (former.c.subscriber_key == subscribers.c.key)
    connection.execute(
        update(staged)
        .where(staged.c.fate == RowOutcome.JOIN, had)
        .values(subscriber_id=subscribers.c.id, fate=RowOutcome.REFUSED)
    )
    for address, standing in events.list_refusers(connection).items():
        said_no = (staged.c.fate == RowOutcome.JOIN) & (staged.c.address == address)
        said_no &= staged.c.rank < standing.rank
        known_gone = {"rank": standing.rank, "evidence": _KNOWN_GONE, **_BARE}
        connection.execute(update(staged).where(said_no).values(known_gone))


def refuse_marked(
    connection: Connection, standing_of_address: Callable[[str], Standing | None]
) -> None:
    """Refuse those who would join, though they asked for no mail and nothing else is kept of them.

    A list that says itself that they left changes nothing.
    """
    query = select(staged.c.line, staged.c.address).where(staged.c.fate == RowOutcome.JOIN)
    found = [
        (line, address, standing)
        for line, address in streamed(connection, query)
        if (standing := standing_of_address(address))
    ]
    rows = [
        (line, address, as_stored(say("is {standing} and stays so", standing=s.words)), "[]")
        for line, address, s in found
    ]
    if rows:
        write_rows(connection, refused, _REFUSED, rows)
    for some in in_chunks(line for line, _, _ in found):
        connection.execute(delete(staged).where(staged.c.line.in_(some)))


def count_outcomes(connection: Connection) -> list[Tally]:
    """How many rows have each outcome, and what does the list say about them?"""
    alike = (staged.c.fate, staged.c.rank, staged.c.evidence)
    query = select(*alike, func.count()).group_by(*alike).order_by(*alike)
    tallies = [
        Tally(RowOutcome(fate), _ORDER[rank], evidence, count)
        for fate, rank, evidence, count in connection.execute(query)
    ]
    if rows := count(connection, refused):
        tallies.append(Tally(RowOutcome.REFUSED, Standing.ACTIVE, "", rows))
    return tallies


def count_proven(connection: Connection) -> Proven:
    """How many does the list show to have agreed?"""
    is_shown, is_joining = staged.c.proof.is_not(None), staged.c.fate == RowOutcome.JOIN
    is_known = staged.c.fate.in_([RowOutcome.CHANGE, RowOutcome.PROVE])
    return Proven(
        joining=count(connection, staged, is_shown, is_joining, staged.c.rank == 0),
        known=count(connection, staged, is_known, staged.c.is_news == 1),
    )


def list_joins(connection: Connection, most: int | None = None) -> Iterator[tuple[int, Subscriber]]:
    """Who would join, and on which line are they?"""
    query = (
        select(staged).where(staged.c.fate == RowOutcome.JOIN).order_by(staged.c.line).limit(most)
    )
    for row in streamed(connection, query):
        yield (
            row.line,
            Subscriber(
                address=row.address,
                key=row.key,
                name=row.name or "",
                language=row.language or "",
                attributes={k: v for k, v in row.patch.items() if v is not None},
                standing=_ORDER[row.rank],
            ),
        )


def list_differences(connection: Connection, most: int | None = None) -> Iterator[Difference]:
    """Whom would the list change, and how?"""
    new = (staged.c.name.label("new_name"), staged.c.language.label("new_language"))
    theirs = (staged.c.line, staged.c.fate, staged.c.rank, staged.c.patch)
    query = (
        select(*theirs, staged.c.proof, staged.c.is_news, *new, subscribers)
        .join(subscribers, subscribers.c.id == staged.c.subscriber_id)
        .where(staged.c.fate.in_(CHANGED))
        .order_by(staged.c.line)
        .limit(most)
    )
    for row in streamed(connection, query):
        before = people.subscriber_from(row)
        proof = row.proof["evidence"] if row.proof and row.is_news else ""
        cause = _ORDER[row.rank] if row.fate == RowOutcome.NOTE else None
        yield Difference(row.line, before, _after(before, row), proof, cause)


def list_refusals(connection: Connection, most: int | None = None) -> Iterator[Refusal]:
    """Which rows are refused, and why?"""
    reason = _reason_of_refusal()
    left = (
        select(staged.c.line, staged.c.address, reason, literal([], JSON))
        .join(subscribers, subscribers.c.id == staged.c.subscriber_id)
        .where(staged.c.fate == RowOutcome.REFUSED)
    )
    query = union_all(select(refused), left).order_by("line").limit(most)
    for row in streamed(connection, query):
        yield Refusal(row.line, row.text, row.reason, tuple(row.cells))


def _reason_of_refusal() -> ColumnElement[str]:
    """Return the SQL for why a person whom the ledger knows is not taken from a list."""
    stays = [
        (
            (staged.c.address == subscribers.c.address) & (subscribers.c.standing == standing),
            literal(as_stored(say("is {standing} and stays so", standing=standing.words)), Text),
        )
        for standing in Standing
    ]
    address = type_coerce(subscribers.c.address, Text)
    left = say("is now {address}; if they left, remove that address", address=_HERE)
    return case(
        *stays,
        (staged.c.rank >= LEFT, _filled(left, address)),
        else_=_filled(say("is now {address}", address=_HERE), address),
    )


def _filled(words: Wording, value: ColumnElement[str]) -> ColumnElement[str]:
    """Return the SQL for a text as it is stored, with a value where it names one."""
    begin, *others = as_stored(words).split(_HERE)
    said: ColumnElement[str] = literal(begin, Text)
    for part in others:
        said = said.concat(value).concat(literal(part, Text))
    return said


def _keep_proofs(connection: Connection) -> None:
    """Give the first row of an address what a later one shows, unless they left by any of them."""
    alike = staged.alias("alike")
    proof = (
        select(alike.c.proof)
        .where(alike.c.address == staged.c.address, alike.c.proof.is_not(None))
        .order_by(alike.c.line)
        .limit(1)
        .correlate(staged)
        .scalar_subquery()
    )
    first = staged.c.line == duplicates.c.first
    connection.execute(update(staged).where(first, staged.c.proof.is_(None)).values(proof=proof))
    has_left = first & (staged.c.rank >= LEFT)
    connection.execute(update(staged).where(has_left).values(proof=null()))


def _differ(connection: Connection) -> ColumnElement[bool]:
    """Return the SQL for whether a row has other values than the subscriber."""
    return or_(
        func.coalesce(staged.c.name, subscribers.c.name) != subscribers.c.name,
        func.coalesce(staged.c.language, subscribers.c.language) != subscribers.c.language,
        patch_changes(connection, subscribers.c.attributes, staged.c.patch),
    )


def _after(before: Subscriber, row: Row[Any]) -> Subscriber:
    standing = before.standing.or_stricter(_ORDER[row.rank])
    if row.fate in (RowOutcome.LEAVE, RowOutcome.NOTE):
        return replace(before, standing=standing)
    attributes = {**before.attributes, **row.patch}
    return replace(
        before,
        name=before.name if row.new_name is None else row.new_name,
        language=before.language if row.new_language is None else row.new_language,
        attributes={k: v for k, v in attributes.items() if v is not None},
        standing=standing,
    )
