"""People whose address changed after their mail was planned: it goes to the new one, once."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, select, true

from newsletter.language import say
from newsletter.ledger.bulk import update_rows
from newsletter.ledger.folding import fold
from newsletter.ledger.people import may_be_mailed
from newsletter.ledger.tables import OPEN, batches, deliveries, subscribers
from newsletter.model import BatchState

WAS_MAILED = say("their new address is another delivery's")  # the reason why somebody is skipped


def has_moved() -> ColumnElement[bool]:
    """Return the SQL for whether a delivery's person is to be mailed at another address."""
    theirs = subscribers.c.id == deliveries.c.subscriber_id
    moved = theirs & may_be_mailed() & (subscribers.c.address != deliveries.c.address)
    return select(true()).where(moved).correlate(deliveries).exists()


def follow(connection: Connection, send_id: int, moved: Mapping[int, str]) -> Mapping[int, str]:
    """Give deliveries of a send today's addresses; return those that could not get theirs.

    An address that a send has mailed, or may have, is not mailed again for its new owner. An
    address waiting for somebody who has a new one, too, is free as soon as they have theirs.
    """
    wanted, holders = dict(moved), _find_holders(connection, send_id, moved.values())
    asked = set(map(fold, moved.values()))
    while more := {id: now for id, now in holders.values() if now and id not in wanted}:
        wanted |= more
        new = {address for address in more.values() if fold(address) not in asked}
        asked |= set(map(fold, new))
        holders |= _find_holders(connection, send_id, new)
    stuck = _stuck(wanted, {address: id for address, (id, _) in holders.items()})
    going = {id: address for id, address in wanted.items() if id not in stuck}
    ids, is_open = list(going), deliveries.c.state == OPEN
    if holders:  # two may swap places, and no two may have the same at any moment
        between = {"address": [f"moving:{id}" for id in ids]}
        update_rows(connection, deliveries, ids, is_open, between)
    update_rows(connection, deliveries, ids, is_open, {"address": list(going.values())})
    return {id: WAS_MAILED for id in stuck if id in moved}


def _find_holders(
    connection: Connection, send_id: int, addresses: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Which deliveries of a send have these addresses, and which other one will those get?

    It is empty for one that stays, as a call with it is under way or decided. By address, folded.
    """
    query = (
        select(deliveries.c.id, deliveries.c.address, deliveries.c.state, batches.c.state,
               subscribers.c.address)
        .join_from(deliveries, batches, batches.c.id == deliveries.c.batch_id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id, isouter=True)
        .where(deliveries.c.send_id == send_id, deliveries.c.address.in_(list(addresses)))
    )  # fmt: skip
    found = {}
    for id, address, state, of_batch, now in connection.execute(query):
        waits = state == OPEN and of_batch == BatchState.QUEUED
        moves = waits and now is not None and fold(now) != fold(address)
        found[fold(address)] = (id, now if moves else "")
    return found


def _stuck(wanted: Mapping[int, str], holders: Mapping[str, int]) -> set[int]:
    """Return the deliveries that cannot move, as another has their address and keeps it."""
    waiting: dict[int, list[int]] = {}  # a delivery -> those that want the address it has
    for id, address in wanted.items():
        holder = holders.get(fold(address), id)
        if holder != id:
            waiting.setdefault(holder, []).append(id)
    stuck: set[int] = set()
    staying = [holder for holder in waiting if holder not in wanted]
    while staying:
        behind = [id for id in waiting.get(staying.pop(), ()) if id not in stuck]
        stuck.update(behind)
        staying += behind
    return stuck
