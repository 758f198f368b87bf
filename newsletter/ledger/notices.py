"""Notices: mails that are not an issue, each sent to the address it names, once per subject."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledger import doubts, events, people
from newsletter.ledger.frozen import NOTICE, NewSend, Send
from newsletter.ledger.planning import Share, find_edition, insert_named, insert_send
from newsletter.ledger.sends import (
    begin_sending,
    find_send,
    has_ended,
    lock_send,
    set_account,
    shown_state,
)
from newsletter.ledger.tables import batches, deliveries, editions, sends
from newsletter.model import Edition, NoticeKind, SendState, Standing, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTally:
    """How far the notices of a kind have come."""

    kind: NoticeKind
    notices: int
    counts: Mapping[State, int]  # deliveries
    unknown: tuple[str, ...]  # scopes of those with unknown deliveries

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
    """Freeze a notice for those addresses that have not had it; earlier recipients keep theirs.

    Anybody who can send may claim it from now on: asking for a notice is the decision to mail it.
    What was frozen first is what goes out; raise UsageError for others who would get it, but by
    other words. Nobody is added to one that was cancelled; one that has ended goes on through the
    account of the new one.
    """
    people.lock_people(connection)  # two who ask for the same one take turns
    lock_send(connection, sends.c.scope == new.scope)  # or who just notes that it is done
    known = find_send(connection, new.scope)
    if known and known.state is SendState.CANCELLED:
        return known
    send_id = known.id if known else insert_send(connection, new, {})
    had = select(deliveries.c.address).where(deliveries.c.send_id == send_id)
    mailed = {address.lower() for address in connection.execute(had).scalars()}
    wanted = {a.lower(): a for a in addresses if a.lower() not in mailed}
    if wanted:
        if known and has_ended(connection, known):
            set_account(
                connection, send_id, provider=new.provider, place=new.place, account=new.account
            )
        edition_id = find_edition(connection, send_id, edition)
        _verify_words(connection, edition_id, edition)
        share = Share(now=new.now, send_id=send_id, edition_id=edition_id, batch_size=batch_size)
        _insert(connection, share, list(wanted.values()), is_answer=new.is_answer)
        if known is None or known.state is not SendState.STOPPED:
            begin_sending(connection, send_id)  # not where the editor paused it
    send = find_send(connection, new.scope)
    assert send is not None  # noqa: S101 - written in this very transaction, or before
    return send


def list_notices(connection: Connection) -> list[NoticeTally]:
    """How far have the notices of each kind come? Those to the local outbox do not count."""
    shown = shown_state()
    query = select(sends.c.scope, shown, func.count(deliveries.c.id))
    query = query.outerjoin(deliveries, deliveries.c.send_id == sends.c.id)
    query = query.outerjoin(batches, batches.c.id == deliveries.c.batch_id)
    query = query.where(sends.c.scope.startswith(NOTICE)).group_by(sends.c.id, sends.c.scope, shown)
    by_kind: dict[NoticeKind, dict[str, Counter[State]]] = {}
    for scope, state, many in connection.execute(query.order_by(sends.c.id)):
        its = by_kind.setdefault(NoticeKind(scope.split(":")[1]), {}).setdefault(scope, Counter())
        if state:
            its[State(state)] += many
    return [
        NoticeTally(
            kind=kind,
            notices=len(counted),
            counts=sum(counted.values(), Counter[State]()),
            unknown=tuple(scope for scope, counts in counted.items() if counts[State.UNKNOWN]),
        )
        for kind, counted in by_kind.items()
    ]


def _insert(
    connection: Connection, share: Share, addresses: Sequence[str], *, is_answer: bool
) -> None:
    known = people.find_ids(connection, addresses)
    wanted = [(address, known.get(address.lower())) for address in addresses]
    strangers = [] if is_answer else [address for address, id in wanted if id is None]
    refusers = events.find_complained(connection, strangers)
    insert_named(connection, share, [each for each in wanted if each[0] not in refusers])
    if refusers:
        together = replace(share, batch_size=len(refusers))
        [refused] = insert_named(connection, together, [(address, None) for address in refusers])
        doubts.skip_batch(connection, refused, now=share.now, reason=Standing.COMPLAINED.words)


def _verify_words(connection: Connection, edition_id: int, edition: Edition) -> None:
    """Raise UsageError where an edition is frozen with other words, which were not meant here."""
    query = select(editions.c.digest).where(editions.c.id == edition_id)
    if connection.execute(query).scalar_one() != edition.digest:
        raise UsageError(
            say(
                "{notice}: other words are frozen under this key, for others; a notice with words "
                "of its own takes a key of its own",
                notice=edition.issue_id,
            )
        )
