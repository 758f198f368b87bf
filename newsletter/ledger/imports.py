"""Imports lists and takes imports back: earlier values of people are kept for as long as needed."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    String,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from newsletter.ledger import history, origins, orphans, people, staging
from newsletter.ledger.bulk import count, patched
from newsletter.ledger.instants import Instant
from newsletter.ledger.tables import (
    OPEN,
    batches,
    changes,
    deliveries,
    imports,
    subscribers,
)
from newsletter.model import Basis, BatchState, By, Happened, Standing, Subscriber, Tracking

# What a list may say of somebody who is known, and what is recorded of it.
_MEANS = {
    Standing.PENDING: Happened.UNCONFIRMED,
    Standing.PAUSED: Happened.PAUSED,
    Standing.BOUNCED: Happened.BOUNCED,
    Standing.UNSUBSCRIBED: Happened.UNSUBSCRIBED,
    Standing.COMPLAINED: Happened.COMPLAINED,
    Standing.ERASED: Happened.ERASED,
}

KEPT = 10  # imports that can be taken back; what older ones changed is deleted as personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A list that was imported."""

    id: int
    name: str  # name of its file
    taken_at: dt.datetime
    joined: int
    changed: int
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCounts:
    """What taking an import back would do, in numbers."""

    leave: int  # joined by it, and are removed
    left: int  # of those removed, not to be mailed: once forgotten, a later list may mail them
    restored: int  # get their old values back
    mailed_again: int  # of those restored, may then be mailed again
    stay: int  # changed since, and stay as they are
    under_way: int  # in a call that is not answered yet: until then nothing can be taken back


def take(
    connection: Connection, name: str, now: dt.datetime, basis: Basis = Basis.UNKNOWN
) -> Import:
    """Write the result of comparing a staged list, as one import.

    `now` must be a moment that no other change has: microseconds distinguish it. The caller has
    locked the list since before the comparison.
    """
    made = connection.execute(
        insert(imports).values(name=name, taken_at=now, joined=0, changed=0)
    ).inserted_primary_key
    assert made is not None  # noqa: S101 - a row that was inserted has a key
    this = Import(id=made[0], name=name, taken_at=now, joined=0, changed=0, undone_at=None)
    changed = _keep_before(connection, this.id)
    _record(connection, this, basis)
    _change(connection, now)
    joined = _join(connection, now, basis)
    orphans.adopt(connection, subscribers.c.joined_at == now)
    taken = replace(this, joined=joined, changed=changed)
    values = {"joined": joined, "changed": changed}
    connection.execute(update(imports).where(imports.c.id == taken.id).values(values))
    _forget_old(connection)
    return taken


def find_import(connection: Connection, number: int | None) -> Import | None:
    """Which import has this number, or is the newest that was not taken back?"""
    query = select(imports).order_by(imports.c.id.desc()).limit(1)
    this = imports.c.undone_at.is_(None) if number is None else imports.c.id == number
    row = connection.execute(query.where(this)).one_or_none()
    return Import(**row._mapping) if row else None


def list_imports(connection: Connection) -> list[Import]:
    """Which lists were imported, the newest first, as far back as they are kept?"""
    rows = connection.execute(select(imports).order_by(imports.c.id.desc()))
    return [Import(**row._mapping) for row in rows]


def count_undo(connection: Connection, taken: Import) -> UndoCounts:
    """What would taking an import back do?"""
    untouched, theirs = _untouched(taken), _restored(taken)
    both = subscribers.join(changes, theirs)
    return UndoCounts(
        leave=count(connection, subscribers, _joined_by(taken), untouched),
        left=count(connection, subscribers, _joined_by(taken), untouched, _less_mail()),
        restored=count(connection, both, untouched),
        mailed_again=count(connection, both, untouched, _more_mail()),
        stay=count(connection, subscribers, _joined_by(taken), ~untouched)
        + count(connection, both, ~untouched),
        under_way=_count_under_way(connection, taken),
    )


def list_mailed_again(
    connection: Connection, taken: Import, most: int | None = None
) -> list[Subscriber]:
    """Who might be mailed again if an import were taken back?"""
    who = select(subscribers).join(changes, _restored(taken))
    return _sorted(connection, who.where(_untouched(taken), _more_mail()), most)


def list_left(connection: Connection, taken: Import, most: int | None = None) -> list[Subscriber]:
    """Who was imported as not to be mailed, and would be forgotten by taking the import back?"""
    who = select(subscribers).where(_joined_by(taken), _untouched(taken), _less_mail())
    return _sorted(connection, who, most)


def list_touched(
    connection: Connection, taken: Import, most: int | None = None
) -> list[Subscriber]:
    """Who changed since an import, and stays as they are if it is taken back?"""
    changed = select(subscribers.c.id).join(changes, _restored(taken))
    theirs = _joined_by(taken) | subscribers.c.id.in_(changed)
    return _sorted(connection, select(subscribers).where(theirs, ~_untouched(taken)), most)


def block_claims(connection: Connection, taken: Import) -> None:
    """Keep batches with people to be removed from being claimed until this transaction ends.

    A claim in progress is waited for, so that its deliveries count as under way.
    """
    theirs = (
        select(deliveries.c.batch_id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(deliveries.c.state == OPEN, _joined_by(taken), _untouched(taken))
    )
    query = select(batches.c.id).where(
        batches.c.state != BatchState.SETTLED, batches.c.id.in_(theirs)
    )
    connection.execute(query.order_by(batches.c.id).with_for_update())


def undo_import(
    connection: Connection, taken: Import, now: dt.datetime, *, mail_again: bool
) -> None:
    """Take an import back: people who joined by it and did not change since are removed.

    Changed people get their old values back; their standing only with `mail_again` if it means more
    mail. Without it, people imported as not to be mailed stay so: once forgotten, a later list
    would mail them. Deliveries stay, without their subscriber. The caller has locked the list, and
    prevented claims, since before the counting.
    """
    goes = _joined_by(taken) & _untouched(taken)
    if not mail_again:
        _keep_left(connection, taken, now)
        goes &= ~_less_mail()
    orphans.orphan(connection, goes)
    history.forget(connection, select(subscribers.c.key).where(goes))
    connection.execute(delete(subscribers).where(goes))
    _record_undo(connection, taken, now)
    _restore(connection, taken)
    _settle_pauses(connection, taken, now)
    connection.execute(delete(changes).where(changes.c.import_id == taken.id))
    connection.execute(update(imports).where(imports.c.id == taken.id).values(undone_at=now))
    origins.forget_origin(connection, taken.taken_at)


# --- importing ----------------------------------------------------------------------------


def _record(connection: Connection, taken: Import, basis: Basis) -> None:
    """Record what a list says of each whom it brings or changes, in the words of the list."""
    before = people.rank_of(subscribers.c.standing)
    news = {word.rank: what for word, what in _MEANS.items()}
    what = case(
        (staging.staged.c.rank > before, case(news, value=staging.staged.c.rank)),
        else_=Happened.CHANGED,
    )
    known = staging.staged.join(subscribers, subscribers.c.id == staging.staged.c.subscriber_id)
    changed = staging.staged.c.fate.in_([staging.RowOutcome.CHANGE, staging.RowOutcome.LEAVE])
    nothing: ColumnElement[Any] = literal({}, JSON)
    said = _said(taken, subscribers.c.key, what, nothing).select_from(known).where(changed)
    history.note_listed(connection, said.order_by(staging.staged.c.line))
    own = {} if basis is Basis.UNKNOWN else {"basis": basis}
    standings = {word.rank: literal({"standing": word, **own}, JSON) for word in _MEANS}
    standing = case(standings, value=staging.staged.c.rank, else_=literal(own, JSON))
    said = _said(taken, staging.staged.c.key, literal(Happened.JOINED, String), standing)
    joining = said.where(staging.staged.c.fate == staging.RowOutcome.JOIN)
    history.note_listed(connection, joining.order_by(staging.staged.c.line))


def _said(
    taken: Import, key: ColumnElement[str], what: ColumnElement[str], detail: ColumnElement[Any]
) -> Select[Any]:
    """Return the columns of the records that a staged list makes."""
    at = literal(taken.taken_at, Instant)
    by, source = literal(By.LIST, String), literal(taken.name, String)
    act = literal(_act_of(taken), String)
    return select(key, what, at, at, by, source, staging.staged.c.evidence, act, detail)


def _act_of(taken: Import) -> str:
    return f"import:{taken.id}"


def _keep_before(connection: Connection, number: int) -> int:
    names = ("name", "language", "attributes", "standing", "changed_at")
    before = (
        select(literal(number), subscribers.c.id, *(subscribers.c[name] for name in names))
        .join(staging.staged, staging.staged.c.subscriber_id == subscribers.c.id)
        .where(staging.staged.c.fate.in_([staging.RowOutcome.CHANGE, staging.RowOutcome.LEAVE]))
    )
    columns = ["import_id", "subscriber_id", *names]
    return connection.execute(insert(changes).from_select(columns, before)).rowcount


def _change(connection: Connection, now: dt.datetime) -> None:
    """Give people what the list says of them; their standing changes only towards less mail."""
    rank = people.rank_of(subscribers.c.standing)
    stricter = people.standing_of(
        case((staging.staged.c.rank > rank, staging.staged.c.rank), else_=rank)
    )
    this = staging.staged.c.subscriber_id == subscribers.c.id
    is_paused = (staging.staged.c.rank == Standing.PAUSED.rank) & (rank < staging.staged.c.rank)
    until = case((is_paused, None), else_=subscribers.c.paused_until)
    values = {
        "name": func.coalesce(staging.staged.c.name, subscribers.c.name),
        "language": func.coalesce(staging.staged.c.language, subscribers.c.language),
        "attributes": patched(connection, subscribers.c.attributes, staging.staged.c.patch),
    }
    for fate, more in ((staging.RowOutcome.CHANGE, values), (staging.RowOutcome.LEAVE, {})):
        connection.execute(
            update(subscribers)
            .where(this, staging.staged.c.fate == fate)
            .values(standing=stricter, paused_until=until, changed_at=now, **more)
        )


def _join(connection: Connection, now: dt.datetime, basis: Basis) -> int:
    nothing: ColumnElement[Any] = literal({}, JSON)
    columns: dict[str, ColumnElement[Any]] = {
        "address": staging.staged.c.address,
        "key": staging.staged.c.key,
        "name": func.coalesce(staging.staged.c.name, ""),
        "language": func.coalesce(staging.staged.c.language, ""),
        "attributes": patched(connection, nothing, staging.staged.c.patch),
        "standing": people.standing_of(staging.staged.c.rank),
        "basis": literal(basis, String),
        "tracking": literal(Tracking.UNKNOWN, String),
        "joined_at": literal(now, Instant),
        "changed_at": literal(now, Instant),
    }
    new = (
        select(*columns.values())
        .where(staging.staged.c.fate == staging.RowOutcome.JOIN)
        .order_by(staging.staged.c.line)
    )
    return connection.execute(insert(subscribers).from_select([*columns], new)).rowcount


def _forget_old(connection: Connection) -> None:
    newest = select(imports.c.id).order_by(imports.c.id.desc()).limit(KEPT)
    kept = list(connection.execute(newest).scalars())
    connection.execute(delete(changes).where(changes.c.import_id.not_in(kept)))
    connection.execute(delete(imports).where(imports.c.id.not_in(kept)))


# --- taking back --------------------------------------------------------------------------


def _joined_by(taken: Import) -> ColumnElement[bool]:
    return subscribers.c.joined_at == taken.taken_at


def _untouched(taken: Import) -> ColumnElement[bool]:
    """Return the SQL for whether nobody changed a subscriber since an import did."""
    return subscribers.c.changed_at == taken.taken_at


def _restored(taken: Import) -> ColumnElement[bool]:
    """Return the SQL by which subscribers are joined with what they were before an import."""
    return (changes.c.subscriber_id == subscribers.c.id) & (changes.c.import_id == taken.id)


def _more_mail() -> ColumnElement[bool]:
    return people.rank_of(changes.c.standing) < people.rank_of(subscribers.c.standing)


def _less_mail() -> ColumnElement[bool]:
    return subscribers.c.standing != Standing.ACTIVE


def _sorted(connection: Connection, query: Select[Any], most: int | None) -> list[Subscriber]:
    rows = connection.execute(query.order_by(subscribers.c.address.asc()).limit(most))
    return [people.subscriber_from(row) for row in rows]


def _count_under_way(connection: Connection, taken: Import) -> int:
    """How many who joined by an import are in a call that is under way, or in doubt?

    A repeat of that call must be exactly the same, so they must exist until it is answered.
    """
    theirs = deliveries.join(batches, batches.c.id == deliveries.c.batch_id)
    return count(
        connection,
        theirs.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id),
        deliveries.c.state == OPEN,
        batches.c.state.in_([BatchState.SENDING, BatchState.UNKNOWN]),
        _joined_by(taken),
        _untouched(taken),
    )


def _keep_left(connection: Connection, taken: Import, now: dt.datetime) -> None:
    """Keep those whom an import took off the list off it: only its other changes are reverted."""
    now_standing = (
        select(subscribers.c.standing)
        .where(subscribers.c.id == changes.c.subscriber_id)
        .correlate(changes)
        .scalar_subquery()
    )
    mailed = select(changes.c.subscriber_id).join(subscribers, _restored(taken))
    mailed = mailed.where(_untouched(taken), _more_mail())
    this = (changes.c.import_id == taken.id) & changes.c.subscriber_id.in_(mailed)
    connection.execute(update(changes).where(this).values(standing=now_standing, changed_at=now))


def _record_undo(connection: Connection, taken: Import, now: dt.datetime) -> None:
    """Record that what a list said no longer counts, but for those who are kept off the list."""
    is_kept = changes.c.changed_at == now
    at, act = literal(now, Instant), literal(_act_of(taken), String)
    nothing = literal("", String)
    said = select(
        subscribers.c.key,
        case((is_kept, Happened.CHANGED), else_=Happened.UNDONE),
        at,
        at,
        literal(By.EDITOR, String),
        literal(taken.name, String),
        nothing,
        case((is_kept, nothing), else_=act),
        literal({}, JSON),
    )
    theirs = subscribers.join(changes, _restored(taken))
    history.note_listed(connection, said.select_from(theirs).where(_untouched(taken)))


def _restore(connection: Connection, taken: Import) -> None:
    names = ("name", "language", "attributes", "standing", "changed_at")
    connection.execute(
        update(subscribers)
        .where(_restored(taken), _untouched(taken))
        .values({name: changes.c[name] for name in names})
    )


def _settle_pauses(connection: Connection, taken: Import, now: dt.datetime) -> None:
    """End the pauses of those who were paused before an import, and whose pause is over by now."""
    query = select(subscribers.c.key).join(changes, _restored(taken))
    paused = query.where(subscribers.c.standing == Standing.PAUSED)
    history.settle(connection, list(connection.execute(paused).scalars()), now)
