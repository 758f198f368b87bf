"""Queries and changes of sends: how far each has come, and what was frozen for it."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, literal, select, update

from newsletter.addresses import check_address
from newsletter.language import from_stored
from newsletter.ledger import figures, moves, people, pictures, queue
from newsletter.ledger.bulk import count, in_chunks, streamed, tally
from newsletter.ledger.frozen import REHEARSAL, Late, Send
from newsletter.ledger.instants import from_text
from newsletter.ledger.tables import (
    OPEN,
    batches,
    deliveries,
    editions,
    sends,
    subscribers,
)
from newsletter.model import STOPPED, Counting, Edition, Enclosure, SendState, Slot, State

_KEY = re.compile(rf"(?:send|{STOPPED}):(\d{{1,18}})(?::\d+)?")

# --- sends --------------------------------------------------------------------------------


def find_send(connection: Connection, scope: str) -> Send | None:
    """What is the send of this scope?"""
    found = list_where(connection, sends.c.scope == scope)
    return found[0] if found else None


def find_by_id(connection: Connection, send_id: int) -> Send | None:
    """What is the send with this id?"""
    found = list_where(connection, sends.c.id == send_id)
    return found[0] if found else None


def job_prefix(send_id: int) -> str:
    """Return what the keys of the jobs that carry a send on begin with."""
    return f"send:{send_id}:"


def stop_key(send_id: int) -> str:
    """Return the key of the trouble that a send is in which stopped by itself."""
    return f"{STOPPED}:{send_id}"


def find_by_key(connection: Connection, key: str) -> Send | None:
    """Which send is a job or a trouble with this key about?"""
    return find_by_keys(connection, [key]).get(key)


def find_by_keys(connection: Connection, keys: Iterable[str]) -> dict[str, Send]:
    """Which sends are jobs or troubles with these keys about?"""
    ids = {key: int(found[1]) for key in keys if (found := _KEY.fullmatch(key))}
    known = dict[int, Send]()
    for some in in_chunks(set(ids.values())):
        known |= {send.id: send for send in list_where(connection, sends.c.id.in_(some))}
    return {key: known[id] for key, id in ids.items() if id in known}


def find_rehearsal(connection: Connection, issue_id: str) -> Send | None:
    """What was the last rehearsal of an issue?"""
    return find_send(connection, f"{REHEARSAL}{issue_id}")


def archive_rehearsal(connection: Connection, send: Send) -> None:
    """Turn a rehearsal into an earlier one of its issue, as another takes its place."""
    scope = f"{send.scope}:{send.key}"
    connection.execute(update(sends).where(sends.c.id == send.id).values(scope=scope))


def has_ended(connection: Connection, send: Send) -> bool:
    """Is every delivery of a send decided, even if the send is not marked as done yet?"""
    query = select(deliveries.c.id).where(deliveries.c.send_id == send.id)
    is_open = query.where(deliveries.c.state == OPEN).limit(1)
    return connection.execute(is_open).scalar() is None


def list_attempts(connection: Connection) -> list[Send]:
    """Which issues were sent, or at least rehearsed, oldest first?"""
    real = list_sends(connection)
    is_rehearsal = sends.c.scope == literal(REHEARSAL) + sends.c.issue_id
    is_other = sends.c.issue_id.not_in([send.issue_id for send in real])
    rehearsals = list_where(connection, is_rehearsal, is_other)
    return sorted([*real, *rehearsals], key=lambda send: send.issue_date)


def list_sends(connection: Connection) -> list[Send]:
    """Which issues were sent to readers, oldest first? Tests and rehearsals do not count."""
    found = list_where(connection, sends.c.scope == sends.c.issue_id)
    return sorted(found, key=lambda send: send.issue_date)


def find_tagged(connection: Connection, tag: str, issue_id: str) -> str:
    """Which other issue, the newest of them, was sent with this tag? "" if none was."""
    theirs = (sends.c.scope == sends.c.issue_id) & (sends.c.issue_id != issue_id)
    query = select(sends.c.issue_id).where(theirs, sends.c.tag == tag)
    return connection.execute(query.order_by(sends.c.id.desc()).limit(1)).scalar() or ""


def list_running(connection: Connection) -> list[Send]:
    """Which sends, including tests, are under way or wait for their time?"""
    return list_sends_in(connection, (SendState.SENDING, SendState.SCHEDULED))


def list_sends_in(connection: Connection, states: Iterable[SendState]) -> list[Send]:
    """Which sends, including tests, are in one of these states?"""
    return list_where(connection, sends.c.state.in_(list(states)))


def list_where(connection: Connection, *which: ColumnElement[bool]) -> list[Send]:
    """Which sends meet all these conditions, in the order of their planning?"""
    query = select(sends).where(*which).order_by(sends.c.id)
    return [_send_from(row) for row in connection.execute(query)]


def set_send_state(
    connection: Connection,
    send_id: int,
    state: SendState,
    *,
    reason: str = "",
    done_at: dt.datetime | None = None,
) -> bool:
    """Record how far a send has come; a worker does not override the editor.

    False where it is not so: no send is done for which another process has planned more.
    """
    this = (sends.c.id == send_id) & (sends.c.state != SendState.CANCELLED)
    if state is SendState.STOPPED:
        this = this & (sends.c.state != SendState.PAUSED)
    if state is SendState.DONE:
        lock_send(connection, sends.c.id == send_id)
        is_open = (deliveries.c.send_id == send_id) & (deliveries.c.state == OPEN)
        this = this & ~select(deliveries.c.id).where(is_open).exists()
    changed = connection.execute(
        update(sends).where(this).values(state=state, reason=reason, done_at=done_at)
    )
    if changed.rowcount and state in (SendState.DONE, SendState.CANCELLED):
        queue.take_back(connection, job_prefix(send_id))
    if changed.rowcount and state is not SendState.STOPPED:
        queue.forget(connection, stop_key(send_id))
    return bool(changed.rowcount)


def lock_send(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let nobody else change a send until this transaction ends; SQLite lets nobody anyway."""
    connection.execute(select(sends.c.id).where(which).with_for_update())


def begin_sending(
    connection: Connection,
    send_id: int,
    *,
    now: dt.datetime | None = None,
    is_serving: bool = False,
) -> bool:
    """Let workers claim the batches of a send; False if the editor paused or cancelled it.

    Nor if it is for later than now. One who serves only joins in: what was stopped meanwhile waits
    for the editor.
    """
    halted = [SendState.PAUSED, SendState.CANCELLED]
    halted += [SendState.STOPPED, SendState.DONE] if is_serving else []
    is_due = sends.c.scheduled_at.is_(None) | sends.c.by_provider
    if now:
        is_due = is_due | (sends.c.scheduled_at <= now)
    done = connection.execute(
        update(sends)
        .where(sends.c.id == send_id, sends.c.state.not_in(halted), is_due)
        .values(state=SendState.SENDING, reason="", done_at=None)
    )
    if done.rowcount:  # should it stop again, that is another trouble
        queue.forget(connection, stop_key(send_id))
        figures.note_more(connection, send_id)
    return bool(done.rowcount)


def set_account(
    connection: Connection, send_id: int, *, provider: str, place: str, account: str
) -> None:
    """Record the account through which a send continues."""
    values = {"provider": provider, "place": place, "account": account}
    connection.execute(update(sends).where(sends.c.id == send_id).values(values))


def release_held(connection: Connection, send_id: int) -> None:
    """Release the rest of a send: its canary went well."""
    connection.execute(update(sends).where(sends.c.id == send_id).values(is_held=False))


def count_states(connection: Connection, send_id: int) -> dict[State, int]:
    """How many deliveries of a send are in each state?"""
    theirs = deliveries.c.send_id == send_id
    counts = tally(connection, deliveries.c.state, theirs)
    if counts.pop(OPEN, 0):
        is_open = theirs & (deliveries.c.state == OPEN)
        counts |= tally(connection, batches.c.state, is_open, deliveries.c.batch_id == batches.c.id)
    return {State(state): rows for state, rows in counts.items()}


def count_unknown(connection: Connection) -> dict[int, int]:
    """How many deliveries are in doubt, by the id of their send? No others are looked at."""
    is_doubted = (batches.c.state == State.UNKNOWN) & (deliveries.c.state == OPEN)
    query = select(deliveries.c.send_id, func.count())
    query = query.join(batches, batches.c.id == deliveries.c.batch_id).where(is_doubted)
    rows = connection.execute(query.group_by(deliveries.c.send_id))
    return {send: count for send, count in rows}


def count_canary(connection: Connection, send_id: int) -> dict[State, int]:
    """How many deliveries of a send's canary are in each state?"""
    theirs = (deliveries.c.send_id == send_id) & (deliveries.c.batch_id == batches.c.id)
    counts = tally(connection, shown_state(), theirs, batches.c.is_canary)
    return {State(state): rows for state, rows in counts.items()}


def count_transient(connection: Connection, send_id: int) -> int:
    """How many were refused for a temporary reason, or have a new address since?"""
    rejected = (deliveries.c.send_id == send_id) & (deliveries.c.state == State.REJECTED)
    return count(connection, deliveries, rejected, deliveries.c.transient | moves.has_moved())


def list_deliveries(
    connection: Connection, send_id: int, state: State | None = None
) -> Iterator[tuple[str, State, str, str]]:
    """Which deliveries does a send have: address, state, provider's message id, reason?"""
    reason = case((deliveries.c.state == OPEN, batches.c.reason), else_=deliveries.c.reason)
    query = (
        select(deliveries.c.address, shown_state(), deliveries.c.message_id, reason)
        .join(batches, batches.c.id == deliveries.c.batch_id)
        .where(deliveries.c.send_id == send_id)
        .order_by(deliveries.c.address.asc())
    )
    if state:
        query = query.where(shown_state() == state)
    for address, shown, message_id, why in streamed(connection, query):
        yield address, State(shown), message_id, why


def list_fates(
    connection: Connection, send_id: int, asked: Iterable[str]
) -> dict[State, list[tuple[str, str]]]:
    """What became of a send at these addresses: address and reason, by state?"""
    wanted = {check_address(address).lower() for address in asked}
    fates: dict[State, list[tuple[str, str]]] = {state: [] for state in State}
    for address, state, _, reason in list_deliveries(connection, send_id):
        if address.lower() in wanted:
            fates[state].append((address, reason))
    return fates


def count_joined_since(connection: Connection, moment: dt.datetime) -> int:
    """How many people who may be mailed joined after this moment?"""
    return count(connection, subscribers, people.may_be_mailed(), subscribers.c.joined_at > moment)


def shown_state() -> ColumnElement[str]:
    """Return the SQL of a delivery's state: an open one has the state of its batch."""
    return case((deliveries.c.state == OPEN, batches.c.state), else_=deliveries.c.state)


# --- editions -----------------------------------------------------------------------------


def list_editions(connection: Connection, send_id: int) -> dict[str, int]:
    """Which editions were frozen for a send, by the name of their variant?"""
    query = select(editions.c.variant, editions.c.id).where(editions.c.send_id == send_id)
    return {variant: id for variant, id in connection.execute(query)}


def load_edition(connection: Connection, edition_id: int) -> Edition:
    """What exactly was frozen under this id?"""
    row = connection.execute(
        select(editions, sends.c.issue_id)
        .join(sends, sends.c.id == editions.c.send_id)
        .where(editions.c.id == edition_id)
    ).one()
    return Edition(
        issue_id=row.issue_id,
        variant=row.variant,
        language=row.language,
        subject=row.subject,
        html=row.html,
        text=row.text,
        slots=tuple(Slot(**slot) for slot in row.slots),
        pictures=tuple(pictures.load_picture(connection, **named) for named in row.pictures),
        enclosures=tuple(map(Enclosure.from_json, row.enclosures)),
        digest=row.digest,
    )


def _send_from(row: Row[Any]) -> Send:
    values = dict(row._mapping)
    values |= {
        "issue_date": dt.date.fromisoformat(row.issue_date),
        "sender": tuple(row.sender),
        "overrides": tuple({k: from_stored(v) for k, v in told.items()} for told in row.overrides),
        "late": tuple(Late(at=from_text(late["at"]), count=late["count"]) for late in row.late),
        "state": SendState(row.state),
        "counting": Counting(row.counting),
    }
    return Send(**values)


def keys_of_sends(connection: Connection) -> dict[str, str]:
    """Which keys have the sends, by how they begin?"""
    keys = connection.execute(select(sends.c.key)).scalars()
    return {key[:8]: key for key in keys}
