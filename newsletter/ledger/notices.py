"""Notices: mails that are no issue, each to whom it names, once for what it is about."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from newsletter.ledger.batches import insert_batches
from newsletter.ledger.people import find_ids, lock_people
from newsletter.ledger.planning import NewSend, find_edition, insert_send, new_delivery
from newsletter.ledger.sends import NOTICE, Send, begin_sending, count_states, find_send, send_from
from newsletter.ledger.tables import deliveries, sends
from newsletter.model import Edition
from newsletter.model.post import NoticeKind, SendState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTally:
    """How far the notices of a kind have come."""

    kind: NoticeKind
    notices: int
    counts: Mapping[State, int]  # deliveries
    unknown: tuple[str, ...]  # scopes of those in which deliveries are unknown

    def count(self, state: State) -> int:
        """Return how many deliveries are in a state."""
        return self.counts.get(state, 0)


def plan_notice(
    connection: Connection,
    new: NewSend,
    edition: Edition,
    addresses: Sequence[str],
    *,
    batch_size: int,
) -> Send:
    """Freeze a notice for those of some addresses that have none of it; who has one keeps it.

    What was frozen first is what goes out. Anybody who can send may claim it from now on: asking
    for a notice is the decision to mail it.
    """
    lock_people(connection)  # two who ask for the same one after the other
    known = find_send(connection, new.scope)
    send_id = known.id if known else insert_send(connection, new, {})
    had = select(deliveries.c.address).where(deliveries.c.send_id == send_id)
    mailed = {address.lower() for address in connection.execute(had).scalars()}
    wanted = {a.lower(): a for a in addresses if a.lower() not in mailed}
    if wanted:
        _insert(connection, send_id, new, edition, list(wanted.values()), batch_size)
        if known is None or known.state is SendState.DONE:
            begin_sending(connection, send_id)
    send = find_send(connection, new.scope)
    assert send is not None  # noqa: S101 - written in this very transaction, or before
    return send


def list_notices(connection: Connection) -> Iterator[NoticeTally]:
    """How far have the notices of each kind come? Those to the local outbox are none."""
    query = select(sends).where(sends.c.scope.startswith(NOTICE)).order_by(sends.c.id)
    by_kind: dict[NoticeKind, list[Send]] = {}
    for row in connection.execute(query):
        send = send_from(row)
        by_kind.setdefault(NoticeKind(send.scope.split(":")[1]), []).append(send)
    for kind, found in by_kind.items():
        counted = {send.scope: Counter(count_states(connection, send.id)) for send in found}
        yield NoticeTally(
            kind=kind,
            notices=len(found),
            counts=sum(counted.values(), Counter[State]()),
            unknown=tuple(scope for scope, counts in counted.items() if counts[State.UNKNOWN]),
        )


def _insert(
    connection: Connection,
    send_id: int,
    new: NewSend,
    edition: Edition,
    addresses: Sequence[str],
    batch_size: int,
) -> None:
    edition_id = find_edition(connection, send_id, edition)
    chunks = [addresses[i : i + batch_size] for i in range(0, len(addresses), batch_size)]
    batch_ids = insert_batches(
        connection, send_id, edition_id, list(map(len, chunks)), canary=False
    )
    subscribers = find_ids(connection, addresses)
    rows = [
        {
            **new_delivery(new.now, send_id),
            "batch_id": batch_id,
            "subscriber_id": subscribers.get(address.lower()),
            "address": address,
        }
        for batch_id, chunk in zip(batch_ids, chunks, strict=True)
        for address in chunk
    ]
    connection.execute(insert(deliveries), rows)
