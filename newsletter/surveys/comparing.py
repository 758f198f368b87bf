"""Compares a survey with that of another year: says nothing but what chance does not explain.

How far two shares are apart has Newcombe's interval. One statement is wrong in twenty where each is
made at 95 %, so those of all questions are held to that together (S. Holm, 1979). The interval is
approximate where the same people answer in both years, and none covers who chose to answer.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from newsletter.intervals import difference, margin_of_zero, share
from newsletter.model.tallies import Change, SurveyResults, Tally

_LEVEL = 0.05


def compare(now: SurveyResults, before: SurveyResults) -> tuple[Change, ...]:
    """Return how each answer changed, of the questions that both have with the same answers."""
    changes = [
        change
        for tally in now.tallies
        if (other := before.tally(tally.key)) and are_alike(tally, other)
        for change in _changes(tally, other)
    ]
    sure = _sure(changes)
    return tuple(replace(change, is_sure=change in sure) for change in changes)


def are_alike(some: Tally, other: Tally) -> bool:
    """Return whether two tallies are of the same question with the same answers."""
    ids = [line.id for line in some.lines]
    return (
        some.kind is other.kind
        and not some.is_of_words
        and not some.is_in_classes
        and ids == [line.id for line in other.lines]
        and min(some.n, other.n) > 0
    )


def _changes(now: Tally, before: Tally) -> Iterator[Change]:
    for line, earlier in zip(now.lines, before.lines, strict=True):
        if line.count is None or earlier.count is None:
            continue
        low, high = difference(share(line.count, now.n), share(earlier.count, before.n))
        yield Change(
            question=now.question,
            row=now.row,
            line=line.id,
            before=(earlier.count, before.n),
            now=(line.count, now.n),
            low=low,
            high=high,
            is_sure=False,
        )


def _sure(changes: list[Change]) -> list[Change]:
    """Return the changes that may be told of when all are looked at."""
    sure = []
    for rank, change in enumerate(ranked := sorted(changes, key=chance_of)):
        if chance_of(change) >= _LEVEL / (len(ranked) - rank):
            break
        sure.append(change)
    return sure


def chance_of(change: Change) -> float:
    """Return how unlikely a difference is by chance: 1 less the widest level that excludes 0."""
    return math.erfc(margin_of_zero(change.now, change.before) / math.sqrt(2))
