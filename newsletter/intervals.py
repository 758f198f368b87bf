"""Shares of a group and how far two are apart, each with the interval that chance allows (95 %)."""

import math

from newsletter.model import Share

_Z = 1.959963984540054  # of a two-sided 95 % interval
_FARTHEST = 40.0  # standard errors
_HALVINGS = 60  # until a bound is as exact as numbers are

Interval = tuple[float, float, float]  # a share, and the ends of its interval


def share(count: int, of: int) -> Share:
    """Return a share of a group with its 95 % score interval (E. B. Wilson, 1927).

    `of` is positive and `count` at most that.
    """
    low, high = wilson_interval(count, of)
    return Share(count=count, of=of, low=low, high=high)


def difference(a: Share, b: Share) -> tuple[float, float]:
    """Return the 95 % interval of how much `a` is above `b`, the shares of two groups.

    It is the hybrid score interval (R. G. Newcombe, 1998, method 10). Where the same people are in
    both groups it is wider than need be.
    """
    return apart((a.value, a.low, a.high), (b.value, b.low, b.high))


def apart(a: Interval, b: Interval) -> tuple[float, float]:
    """Return the interval of how much a share is above another, by those of both."""
    between = a[0] - b[0]
    below = math.hypot(a[0] - a[1], b[2] - b[0])
    above = math.hypot(a[2] - a[0], b[0] - b[1])
    return max(-1.0, between - below), min(1.0, between + above)


def margin_of_zero(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Return at how many standard errors the interval of a difference begins to hold 0.

    Both are a count and of how many. At 1.96, which is 95 %, it is the end of `difference`.
    """
    low, high = 0.0, _FARTHEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        ends = apart(_interval(*a, middle), _interval(*b, middle))
        low, high = (low, middle) if ends[0] <= 0 <= ends[1] else (middle, high)
    return (low + high) / 2


def _interval(count: int, of: int, z: float) -> Interval:
    return count / of, *wilson_interval(count, of, z)


def wilson_interval(successes: float, trials: float, z: float = _Z) -> tuple[float, float]:
    """Return the score interval of a share (E. B. Wilson, 1927); `trials` is positive.

    It is of 95 % where nothing else is said.
    """
    return _lower(successes, trials, z), 1 - _lower(trials - successes, trials, z)


def _lower(successes: float, trials: float, z: float) -> float:
    """Return the lower bound, by the form of the quadratic's root that takes nothing away.

    So it is 0 for nobody, and as exact for a few of a billion as for half of ten.
    """
    spread = z * math.sqrt(z**2 + 4 * (successes * (trials - successes) / trials))
    bound = 2 * (successes**2 / trials) / (2 * successes + z**2 + spread) if successes else 0.0
    return min(bound, successes / trials)
