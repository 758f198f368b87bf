"""Turns counts into shares with intervals, and compares them: claims no more than is known.

An interval covers chance alone. That a program was taken for a person, or a person for a program,
is what the bounds of an open range are for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from newsletter.intervals import Interval, apart, share, wilson_interval
from newsletter.model import Counts, OpenRange, Share, Split

_STEPS, _ROUNDS = 16, 24  # in which an extreme is looked for: to a millionth of an edge


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


def click_range(counts: Counts) -> OpenRange | None:
    """Return between which bounds the share of readers is that followed a link.

    No program hides that, as a person's click is one of its own.
    """
    return open_range(replace(counts.clickers, hidden=0), Split(), counts.counted)


def mean_share(shares: Sequence[Share]) -> Share:
    """Return the share of several groups together, where the same people come back in each.

    They say no more than once, so the interval is that of one group of their mean size.
    """
    count, of = sum(part.count for part in shares), sum(part.of for part in shares)
    low, high = wilson_interval(count / len(shares), of / len(shares))
    return Share(count=count, of=of, low=low, high=high)


def range_difference(
    some: Sequence[OpenRange], others: Sequence[OpenRange]
) -> tuple[float, float] | None:
    """Return how much the mean of some is above that of others, with 95 % intervals around it.

    Which part of the unknown opens, and of those that programs hide, are people's is taken to be
    the same here and there, and may be any. None where people are not told from machines.
    """
    mine, theirs = _mean_parts(some), _mean_parts(others)
    if mine is None or theirs is None:
        return None

    def below(unknown: float, hidden: float) -> float:
        return apart(mine.interval(unknown, hidden), theirs.interval(unknown, hidden))[0]

    def above(unknown: float, hidden: float) -> float:
        return -apart(mine.interval(unknown, hidden), theirs.interval(unknown, hidden))[1]

    return _least_of_edges(below), -_least_of_edges(above)


@dataclass(frozen=True, slots=True)
class _Parts:
    """How many of a group have read something, by how sure that is."""

    human: float
    unknown: float
    hidden: float
    of: float

    def interval(self, unknown: float, hidden: float) -> Interval:
        """Return the share and its interval, if these parts of the unsure ones have read."""
        count = min(self.of, self.human + unknown * self.unknown + hidden * self.hidden)
        return count / self.of, *wilson_interval(count, self.of)


def _mean_parts(told: Sequence[OpenRange]) -> _Parts | None:
    """Return a group of the mean size of several, as `mean_share` does."""
    parts: list[tuple[int, int, int, int]] = []
    for each in told:
        if not each.least or not each.most:
            return None
        least, most, outer = each.least.count, each.most.count, each.outer.count
        parts.append((least, most - least, outer - most, each.outer.of))
    return _Parts(*(sum(column) / len(parts) for column in zip(*parts, strict=True)))


def _least_of_edges(of: Callable[[float, float], float]) -> float:
    """Return the least of an end of a difference, over all parts that may have read.

    It lies on an edge of their square: the more of one group have read, and the fewer of the other,
    the larger are both ends, since how far an interval reaches changes by less than its share.
    """
    return min(
        _least(lambda part: of(part, 0.0)),
        _least(lambda part: of(part, 1.0)),
        _least(lambda part: of(0.0, part)),
        _least(lambda part: of(1.0, part)),
    )


def _least(of: Callable[[float], float]) -> float:
    """Return the least that something is between 0 and 1, where it has few turns."""
    at = min(range(_STEPS + 1), key=lambda step: of(step / _STEPS))
    low, high = max(at - 1, 0) / _STEPS, min(at + 1, _STEPS) / _STEPS
    found = of(at / _STEPS)
    for _ in range(_ROUNDS):
        third = (high - low) / 3
        left, right = of(low + third), of(high - third)
        found = min(found, left, right)
        low, high = (low, high - third) if left < right else (low + third, high)
    return found
