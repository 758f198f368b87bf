"""When so many addresses bounce at once that the fault is likelier with a server than with them."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from newsletter.ledger import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakers:
    """How many bounces for good are believed; more are held until the editor has looked."""

    domain_most: int = 5  # addresses of one domain
    domain_span: dt.timedelta = dt.timedelta(hours=1)  # in which they bounce
    issue_share: float = 0.05  # of the addresses of one issue
    issue_least: int = 5  # of these so many are always believed, as a short list has few


def find_bursts(bounces: Iterable[Kept], breakers: Breakers) -> set[int]:
    """Return the ids of the bounces that came in a burst; the same for any order they come in."""
    by_domain: dict[str, list[Kept]] = {}
    for one in bounces:
        by_domain.setdefault(one.domain, []).append(one)
    return {id for theirs in by_domain.values() for id in _in_a_burst(theirs, breakers)}


def are_too_many(gone: int, breakers: Breakers, *, mailed: int) -> bool:
    """Return whether more addresses of an issue bounced than are believed."""
    return gone > max(breakers.issue_least, breakers.issue_share * mailed)


def _in_a_burst(theirs: Collection[Kept], breakers: Breakers) -> set[int]:
    """Return the bounces of one domain that are in some span with too many addresses.

    Each enters the span once and leaves it once, so that 100,000 within an hour take no longer each
    than ten do.
    """
    ordered = sorted(theirs, key=lambda one: (one.at, one.id))
    held: set[int] = set()
    within: Counter[str] = Counter()  # addresses, folded
    first = is_held = 0  # where the span begins, and until where all are held
    for last, newest in enumerate(ordered):
        within[newest.address.lower()] += 1
        while newest.at - ordered[first].at > breakers.domain_span:
            oldest = ordered[first].address.lower()
            within[oldest] -= 1
            if not within[oldest]:
                del within[oldest]
            first += 1
        if len(within) > breakers.domain_most:
            held |= {one.id for one in ordered[max(first, is_held) : last + 1]}
            is_held = last + 1
    return held
