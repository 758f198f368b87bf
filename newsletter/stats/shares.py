"""Turns counts into shares with intervals, and compares them: claims no more than is known.

An interval covers chance alone. That a program was taken for a person, or a person for a program,
is what the bounds of an open range are for.
"""

import math
from collections.abc import Sequence

from newsletter.model import OpenRange, Share, Split

_Z = 1.959963984540054  # of a two-sided 95 % interval


def share(count: int, of: int) -> Share:
    """Return a share of a group with its 95 % score interval (E. B. Wilson, 1927).

    `of` is positive and `count` at most that.
    """
    low, high = wilson_interval(count, of)
    return Share(count=count, of=of, low=low, high=high)


def open_range(openers: Split, clickers: Split, of: int | None) -> OpenRange | None:
    """Return between which bounds the share of readers is that had an issue before their eyes.

    Who clicked had it before their eyes, too. Where nobody tells machines apart, they are among the
    unknown ones; all of them may hide something unless it is known which do. None where too little
    is known, or where counts contradict one another.
    """
    people = [n for n in (openers.human, clickers.human) if n is not None]
    hidden = openers.machine if openers.hidden is None else openers.hidden
    if not of or openers.unknown is None or min(*people, openers.unknown, hidden or 0) < 0:
        return None
    least = max(people, default=0)
    most = max(least, (openers.human or 0) + openers.unknown)
    outer = most + (hidden or 0)
    if outer > of:
        return None
    return OpenRange(
        least=share(least, of) if people else None,
        most=share(most, of) if openers.machine is not None else None,
        outer=share(outer, of),
    )


def difference(a: Share, b: Share) -> tuple[float, float]:
    """Return the 95 % interval of how much `a` is above `b`, the shares of two groups.

    It is the hybrid score interval (R. G. Newcombe, 1998, method 10). Where the same people are in
    both groups it is wider than need be.
    """
    apart = a.value - b.value
    below = math.hypot(a.value - a.low, b.high - b.value)
    above = math.hypot(a.high - a.value, b.value - b.low)
    return max(-1.0, apart - below), min(1.0, apart + above)


def mean_share(shares: Sequence[Share]) -> Share:
    """Return the share of several groups together, where the same people come back in each.

    They say no more than once, so the interval is that of one group of their mean size.
    """
    count, of = sum(part.count for part in shares), sum(part.of for part in shares)
    low, high = wilson_interval(count / len(shares), of / len(shares))
    return Share(count=count, of=of, low=low, high=high)


def range_difference(a: OpenRange, others: Sequence[OpenRange]) -> tuple[float, float] | None:
    """Return how much `a` is above the mean of others, with the 95 % intervals of the difference.

    Which part of the unknown opens, and of those that programs hide, are people's is taken to be
    the same here and there, and may be any. None where people are not told from machines.
    """
    corners = [_corners(part) for part in (a, *others)]
    if not all(corners):
        return None
    apart = [difference(mine, mean_share(theirs)) for mine, *theirs in zip(*corners, strict=True)]
    return min(low for low, _ in apart), max(high for _, high in apart)


def _corners(told: OpenRange) -> list[Share]:
    """Return the shares if none or all of the unknown, and of the hidden ones, have read."""
    if not told.least or not told.most:
        return []
    without_unknown = told.least.count + told.outer.count - told.most.count
    return [told.least, told.most, told.outer, share(without_unknown, told.outer.of)]


def wilson_interval(successes: float, trials: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share (E. B. Wilson, 1927); `trials` is positive."""
    return _lower(successes, trials), 1 - _lower(trials - successes, trials)


def _lower(successes: float, trials: float) -> float:
    """Return the lower bound, by the form of the quadratic's root that takes nothing away.

    So it is 0 for nobody, and as exact for a few of a billion as for half of ten.
    """
    spread = _Z * math.sqrt(_Z**2 + 4 * (successes * (trials - successes) / trials))
    bound = 2 * (successes**2 / trials) / (2 * successes + _Z**2 + spread)
    return min(bound, successes / trials)
