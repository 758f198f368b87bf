"""Takes over of whom a ledger keeps nothing any more that a backup still holds: less mail alone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, select, update

from newsletter.language import say
from newsletter.ledger import bulk, erasing, history, people, personal, suppressions
from newsletter.ledger.tables import former, metadata, restorations, subscribers
from newsletter.model import Happened, Record, Standing

sign_ups = metadata.tables["sign_ups"]
SOURCE = "restore"  # of what is recorded of people whom the other ledger no longer has


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """What became of people of whom another ledger keeps nothing."""

    erased: int
    is_known: bool  # who was erased could be told, by the secret that made the hashes


def take_over(
    there: Connection,
    here: Connection,
    marks: suppressions.Marks | None,
    now: dt.datetime,
    *,
    is_later: bool,
) -> TakenOver:
    """Erase who was erased there, and mail nobody whom it no longer has, if it `is_later`."""
    can_tell = _copy_hashes(there, here, marks)
    gone = _list_gone(there, here)
    erased = _erase(here, gone, marks, now) if marks and can_tell else 0
    if is_later:
        history.note(here, (pending(key, now) for key in _unexplained(there, here, gone)), now)
        _drop_wishes(there, here)
    for name in ("disowned", "wordings"):
        _copy_rows(there, here, metadata.tables[name])
    _close_wishes(there, here)
    return TakenOver(erased=erased, is_known=can_tell)


def pending(key: str, now: dt.datetime) -> Record:
    """Return the record of somebody who gets no mail, unless they or the editor say so."""
    reason = say("the ledger that was replaced no longer had them")
    return Record(key=key, what=Happened.UNCONFIRMED, at=now, source=SOURCE, reason=reason)


# --- erased -------------------------------------------------------------------------------


def _copy_hashes(there: Connection, here: Connection, marks: suppressions.Marks | None) -> bool:
    """Take over of whom a hash alone is kept; return whether today's secret made all of those."""
    keys = {*suppressions.key_marks(here), *suppressions.key_marks(there)}
    if len(keys) < 2:  # else nobody could ever be added, whatever the secret
        _copy_rows(there, here, metadata.tables["suppressions"])
    return not keys or (marks is not None and keys == {marks.of("")})


def _list_gone(there: Connection, here: Connection) -> Mapping[str, str]:
    """Which people of a backup has the other ledger neither by key nor address? Key -> address."""
    found: dict[str, str] = {}
    query = select(subscribers.c.key, subscribers.c.address).order_by(subscribers.c.id)
    for some in bulk.in_chunks(bulk.streamed(here, query)):
        keys, addresses = zip(*some, strict=True)
        listed = select(subscribers.c.key).where(subscribers.c.key.in_(keys))
        known = set(there.execute(listed).scalars())
        held = people.find_subscribers(there, addresses)
        found |= {k: at for k, at in some if k not in known and at.lower() not in held}
    return found


def _erase(
    here: Connection, gone: Mapping[str, str], marks: suppressions.Marks, now: dt.datetime
) -> int:
    """Erase those whose hash is kept; while mail to them is in doubt they only get no more."""
    kept = suppressions.list_all(here)
    addresses = {at: key for key, at in gone.items()} | _had(here, gone)
    erased = {key for at, key in addresses.items() if kept.get(marks.of(at)) is Standing.ERASED}
    for key in sorted(erased):
        holder = personal.find_holder(here, gone[key])
        if erasing.count_under_way(here, holder):
            history.note(here, [Record(key=key, what=Happened.ERASED, source=SOURCE)], now)
        else:
            erasing.erase(here, holder, now)
    return len(erased)


def _had(here: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Which addresses did these people have before? With their keys."""
    found: dict[str, str] = {}
    for some in bulk.in_chunks(keys):
        query = select(former.c.address, former.c.subscriber_key)
        rows = here.execute(query.where(former.c.subscriber_key.in_(some)))
        found |= {address: key for address, key in rows}
    return found


def _unexplained(there: Connection, here: Connection, gone: Iterable[str]) -> list[str]:
    """Who is still mailed here, though the other ledger no longer has them: an import taken back?

    Not those who joined in a time that the other one lost, as it came from a backup itself.
    """
    lost = there.execute(select(restorations.c.made_at, restorations.c.restored_at)).all()
    found: list[str] = []
    for some in bulk.in_chunks(gone):
        query = select(subscribers.c.key, subscribers.c.joined_at)
        query = query.where(people.may_be_mailed(), subscribers.c.key.in_(some))
        for key, joined_at in here.execute(query):
            if not any((made is None or made < joined_at) and joined_at < at for made, at in lost):
                found.append(key)
    return found


# --- forms --------------------------------------------------------------------------------


def _close_wishes(there: Connection, here: Connection) -> None:
    """Let no link confirm anew what it confirmed, or what its owner refused."""
    is_open = sign_ups.c.confirmed_at.is_(None) & sign_ups.c.refused_at.is_(None)
    for some in bulk.in_chunks(here.execute(select(sign_ups.c.key).where(is_open)).scalars().all()):
        query = select(sign_ups.c.key, sign_ups.c.confirmed_at, sign_ups.c.refused_at)
        for row in there.execute(query.where(sign_ups.c.key.in_(some), ~is_open)):
            values = {"confirmed_at": row.confirmed_at, "refused_at": row.refused_at}
            this = update(sign_ups).where(sign_ups.c.key == row.key)
            here.execute(this.values(due_at=None, **values))


def _drop_wishes(there: Connection, here: Connection) -> None:
    """Forget what was answered, or erased, since."""
    for some in bulk.in_chunks(here.execute(select(sign_ups.c.key)).scalars().all()):
        query = select(sign_ups.c.key).where(sign_ups.c.key.in_(some))
        known = set(there.execute(query).scalars())
        over = [key for key in some if key not in known]
        here.execute(delete(sign_ups).where(sign_ups.c.key.in_(over)))


def _copy_rows(there: Connection, here: Connection, table: Table) -> None:
    for some in bulk.in_chunks(bulk.streamed(there, select(table))):
        rows = [dict(row._mapping) for row in some]
        here.execute(bulk.insert_of(here)(table).on_conflict_do_nothing(), rows)
