"""Says what became of the mail of a send, from all who tell of it; what nobody tells is not known.

sent: deliveries that the provider accepted. delivered: of them, those of which a server's word is
known that it took them; told by events as soon as these cover nearly all, else by the provider's
sums. bounced_hard, bounced_soft: for good, or not this time, by the last server or at once by the
provider. complained: deliveries that were marked as spam. unsubscribed: people who left, each
counted for one issue alone: that by which they left if it is told, else the last one that was sent
to them before; nobody only where it would have been noted, else not known.
counted: of whom opens can be seen: deliveries that the provider accepted, less those that bounced.
Not those of which a server's word is known: words get lost, and who opened one of the others would
count among readers to whom they do not belong.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby

from newsletter.ledger.fates import Fates, Leaving
from newsletter.model import (
    Delivered,
    Figures,
)

_NEARLY_ALL = 0.9  # of what was sent: events of fewer do not tell how much was delivered


def say_delivered(
    fates: Fates, report: Figures | None, *, is_read: bool, unsubscribed: int | None
) -> Delivered:
    """Return what became of the mail; `is_read` tells whether the mailbox was, where bounces come.

    Events and a provider's sums are never added up: the sums stand where there are no events. Where
    events come people can leave, too; `unsubscribed` is None if it is not known otherwise.
    """
    said = (report or Figures()).believed(fates.accepted)
    reached = _reached(fates, said)
    are_events = fates.told > 0 or is_read
    hard, soft, complained = said.bounced_hard, said.bounced_soft, said.complained
    if are_events or hard is None:
        hard = _known(fates.hard + fates.refused_hard, is_known=are_events)
    if are_events or soft is None:
        soft = _known(fates.soft + fates.refused_soft, is_known=are_events)
    if fates.complained or complained is None:
        complained = _known(fates.complained, is_known=are_events)
    left = unsubscribed
    if left is None:
        left = 0 if are_events else said.unsubscribed
    return Delivered(
        sent=fates.accepted,
        delivered=reached,
        bounced_hard=hard,
        bounced_soft=soft,
        unsubscribed=left,
        complained=complained,
    )


def not_less(new: Delivered, *, than: Delivered) -> Delivered:
    """Return what became of the mail, where some of what was known of it may be forgotten by now.

    Nobody is taken off again who once was counted, but for those who moved: from delivered to
    bounced, or from bounced for now to either. Where nothing was forgotten that is what is new.
    """
    hard = _most(new.bounced_hard, than.bounced_hard)
    to_hard = (hard or 0) - (than.bounced_hard or 0)
    delivered = _most(new.delivered, _less(than.delivered, to_hard))
    to_either = (delivered or 0) - (than.delivered or 0) + to_hard
    return Delivered(
        sent=max(new.sent, than.sent),
        delivered=delivered,
        bounced_hard=hard,
        bounced_soft=_most(new.bounced_soft, _less(than.bounced_soft, to_either)),
        unsubscribed=_most(new.unsubscribed, than.unsubscribed),
        complained=_most(new.complained, than.complained),
        replied=_most(new.replied, than.replied),
    )


def _most(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


def _less(number: int | None, by: int) -> int | None:
    return None if number is None else max(0, number - by)


def count_leavers(
    send: int,
    begun: Mapping[int, dt.datetime],
    leaving: Iterable[Leaving],
    had: Mapping[str, set[int]],
    until: dt.datetime | None,
) -> int:
    """Return how many people left by an issue, or before the next one that they got after it.

    `begun` tells when this send and the later ones began. Told twice of one leaving, by a page and
    by the provider, they count once, and for the mail that is named.
    """
    found = 0
    for key, theirs in groupby(sorted(leaving, key=lambda one: (one.key, one.at)), _whose):
        by_time: dict[int, list[Leaving]] = {}
        for one in theirs:
            before = [its for its in had.get(key, ()) if begun[its] <= one.at]
            last = max(before, key=lambda its: begun[its], default=0)
            by_time.setdefault(last, []).append(one)
        for last, same in by_time.items():
            named = next((one.send for one in same if one.send), None)
            is_in_time = until is None or same[0].at < until
            found += (named or last) == send and is_in_time
    return found


def _whose(one: Leaving) -> str:
    return one.key


def count_seen(fates: Fates, report: Figures | None) -> int:
    """Return of how many copies opens can be seen: of all accepted ones less those that bounced.

    What a provider sums up may be older than what was opened, so the most that it allows counts.
    """
    if fates.told:
        return fates.accepted - fates.hard - fates.soft
    said = report or Figures()
    known = [] if said.delivered is None else [said.delivered]
    if said.bounced_hard is not None and said.bounced_soft is not None:
        known.append(fates.accepted - said.bounced_hard - said.bounced_soft)
    return min(fates.accepted, max(known, default=fates.accepted))


def covers_enough(reached: int, bounced: int, sent: int) -> bool:
    """Return whether events tell of so many deliveries that they tell how many were reached."""
    return reached > 0 and reached + bounced >= _NEARLY_ALL * sent


def _reached(fates: Fates, said: Figures) -> int | None:
    if covers_enough(fates.reached, fates.hard + fates.soft, fates.accepted):
        return fates.reached
    if said.delivered is not None:
        return min(said.delivered, fates.accepted)
    return None


def _known(count: int, *, is_known: bool) -> int | None:
    return count if count or is_known else None
