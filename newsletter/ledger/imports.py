"""Imports lists and takes imports back: earlier values of people are kept for as long as needed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
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

from newsletter.ledger import history, origins, orphans, people, staged_news
from newsletter.ledger.bulk import count, patched
from newsletter.ledger.imported import Import, UndoCounts
from newsletter.ledger.instants import Instant
from newsletter.ledger.staged_rows import CHANGED, RowOutcome, staged
from newsletter.ledger.tables import (
    OPEN,
    batches,
    changes,
    deliveries,
    imports,
    subscribers,
)
from newsletter.model import (
    TOLD_AS,
    Basis,
    BatchState,
    By,
    Happened,
    Standing,
    Subscriber,
    Tracking,
)

# Of somebody whom an import changes, to be restored when it is taken back.
_KEPT_VALUES = ("name", "language", "attributes", "standing", "basis", "changed_at")
KEPT = 10  # imports that can be taken back; what older ones changed is deleted as personal data


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
    known = staged.join(subscribers, subscribers.c.id == staged.c.subscriber_id)
    keys = select(subscribers.c.key).select_from(known)
    at = history.after_all(connection, keys, taken.taken_at)
    taken = replace(taken, taken_at=at)  # else a clock that was set back would undo what it says
    _record_changes(connection, taken)
    _record_proofs(connection, taken)
    _record_joins(connection, taken, basis)


def _record_changes(connection: Connection, taken: Import) -> None:
    before = people.rank_of(subscribers.c.standing)
    news = {word.rank: what for word, what in TOLD_AS.items()}
    is_noted = staged.c.fate == RowOutcome.NOTE
    what = case(
        (is_noted | (staged.c.rank > before), case(news, value=staged.c.rank)),
        else_=Happened.CHANGED,
    )
    known = staged.join(subscribers, subscribers.c.id == staged.c.subscriber_id)
    changed = staged.c.fate.in_([RowOutcome.CHANGE, RowOutcome.LEAVE, RowOutcome.NOTE])
    nothing: ColumnElement[Any] = literal({}, JSON)
    said = _said(taken, subscribers.c.key, what, nothing).select_from(known).where(changed)
    history.note_listed(connection, said.order_by(staged.c.line))


def _record_proofs(connection: Connection, taken: Import) -> None:
    """Record what shows that people agreed who were on the list already."""
    known = staged.join(subscribers, subscribers.c.id == staged.c.subscriber_id)
    what = literal(Happened.GROUNDED, String)
    said = _said(taken, subscribers.c.key, what, staged.c.proof).select_from(known)
    history.note_listed(connection, said.where(_is_proven()).order_by(staged.c.line))


def _record_joins(connection: Connection, taken: Import, basis: Basis) -> None:
    own = {} if basis is Basis.UNKNOWN else {"basis": basis}
    standings = {word.rank: literal({"standing": word, **own}, JSON) for word in TOLD_AS}
    standing = case(standings, value=staged.c.rank, else_=literal(own, JSON))
    proof = staged.c.proof
    detail = case(
        (proof.is_(None), standing),
        (staged.c.rank == Standing.ACTIVE.rank, proof),
        else_=patched(connection, standing, proof),
    )
    said = _said(taken, staged.c.key, literal(Happened.JOINED, String), detail)
    joining = said.where(staged.c.fate == RowOutcome.JOIN)
    history.note_listed(connection, joining.order_by(staged.c.line))


def _said(
    taken: Import, key: ColumnElement[str], what: ColumnElement[str], detail: ColumnElement[Any]
) -> Select[Any]:
    """Return the columns of the records that a staged list makes."""
    at = literal(taken.taken_at, Instant)
    by, source = literal(By.LIST, String), literal(taken.name, String)
    act = literal(_act_of(taken), String)
    return select(key, what, at, at, by, source, staged.c.evidence, act, detail)


def _act_of(taken: Import) -> str:
    return f"import:{taken.id}"


def _is_proven() -> ColumnElement[bool]:
    """Return the SQL for whether a list shows of somebody known that they agreed, which is news."""
    is_known = staged.c.fate.in_([RowOutcome.CHANGE, RowOutcome.PROVE])
    return is_known & (staged.c.is_news == 1)


def _keep_before(connection: Connection, number: int) -> int:
    names = _KEPT_VALUES
    before = (
        select(literal(number), subscribers.c.id, *(subscribers.c[name] for name in names))
        .join(staged, staged.c.subscriber_id == subscribers.c.id)
        .where(staged.c.fate.in_(CHANGED))
    )
    columns = ["import_id", "subscriber_id", *names]
    return connection.execute(insert(changes).from_select(columns, before)).rowcount


def _change(connection: Connection, now: dt.datetime) -> None:
    """Give people what the list says of them; their standing changes only towards less mail."""
    rank = people.rank_of(subscribers.c.standing)
    stricter = people.standing_of(case((staged.c.rank > rank, staged.c.rank), else_=rank))
    this = staged.c.subscriber_id == subscribers.c.id
    is_paused = (staged.c.rank == Standing.PAUSED.rank) & (rank < staged.c.rank)
    until = case((is_paused, None), else_=subscribers.c.paused_until)
    values = {
        "name": func.coalesce(staged.c.name, subscribers.c.name),
        "language": func.coalesce(staged.c.language, subscribers.c.language),
        "attributes": patched(connection, subscribers.c.attributes, staged.c.patch),
    }
    is_shown = staged.c.is_news == 1
    basis = {"basis": case((is_shown, Basis.CONSENT), else_=subscribers.c.basis)}
    fates: Mapping[RowOutcome, Mapping[str, ColumnElement[Any]]] = {
        RowOutcome.CHANGE: values | basis,
        RowOutcome.PROVE: basis,
        RowOutcome.LEAVE: {},
        RowOutcome.NOTE: {},
    }
    for fate, more in fates.items():
        connection.execute(
            update(subscribers)
            .where(this, staged.c.fate == fate)
            .values(standing=stricter, paused_until=until, changed_at=now, **more)
        )


def _join(connection: Connection, now: dt.datetime, basis: Basis) -> int:
    nothing: ColumnElement[Any] = literal({}, JSON)
    columns: dict[str, ColumnElement[Any]] = {
        "address": staged.c.address,
        "key": staged.c.key,
        "name": func.coalesce(staged.c.name, ""),
        "language": func.coalesce(staged.c.language, ""),
        "attributes": patched(connection, nothing, staged.c.patch),
        "standing": people.standing_of(staged.c.rank),
        "basis": case((staged.c.proof.is_(None), literal(basis)), else_=Basis.CONSENT),
        "tracking": literal(Tracking.UNKNOWN, String),
        "joined_at": literal(now, Instant),
        "changed_at": literal(now, Instant),
    }
    new = select(*columns.values()).where(staged.c.fate == RowOutcome.JOIN).order_by(staged.c.line)
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
    now_standing, now_basis = (
        select(column)
        .where(subscribers.c.id == changes.c.subscriber_id)
        .correlate(changes)
        .scalar_subquery()
        for column in (subscribers.c.standing, subscribers.c.basis)
    )
    mailed = select(changes.c.subscriber_id).join(subscribers, _restored(taken))
    mailed = mailed.where(_untouched(taken), _more_mail() | staged_news.is_why(_act_of(taken)))
    this = (changes.c.import_id == taken.id) & changes.c.subscriber_id.in_(mailed)
    values = {"standing": now_standing, "basis": now_basis, "changed_at": now}
    connection.execute(update(changes).where(this).values(values))


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
    connection.execute(
        update(subscribers)
        .where(_restored(taken), _untouched(taken))
        .values({name: changes.c[name] for name in _KEPT_VALUES})
    )


def _settle_pauses(connection: Connection, taken: Import, now: dt.datetime) -> None:
    """End the pauses of those who were paused before an import, and whose pause is over by now."""
    query = select(subscribers.c.key).join(changes, _restored(taken))
    paused = query.where(subscribers.c.standing == Standing.PAUSED)
    history.settle(connection, list(connection.execute(paused).scalars()), now)
