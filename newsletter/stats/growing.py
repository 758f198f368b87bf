"""Tells how the list grew by month: who joined, by what; who left, bounced or complained.

joined: people who could be mailed from then on, by the form, a list, the editor, or otherwise.
left, bounced, complained: people who could be mailed until then. Whoever pauses stays on the list,
but is none of those who may be mailed at a month's end. What is told of a month later than a week
after its end counts in the month in which it was told, and what was told of a month then stays: so
whoever is erased later stays counted in it. Until then what those did who were erased is kept as
sums, and by being erased they left, if they were on the list.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from newsletter.ledger import growth
from newsletter.model import MonthOfGrowth, Record, Standing
from newsletter.model.memberships import MAILED, Month, growth_of, joined_by, steps_of


def count_growth(
    months: Sequence[Month],
    zone: ZoneInfo,
    *,
    still: int,
    lone: Iterable[growth.Lone],
    lives: Iterable[Sequence[Record]],
) -> list[MonthOfGrowth]:
    """Return how the list grew in consecutive months.

    `still` are those who may be mailed of whom nothing became known since these began, `lone` who
    joined since, `lives` what happened to all others of whom anything became known.
    """
    counts: Counter[tuple[int, str]] = Counter({(n, MAILED): still for n in range(len(months))})
    for by, standing, month, number in lone:
        if standing in ("", Standing.ACTIVE):
            counts[month, joined_by(by)] += number
            counts.update({(n, MAILED): number for n in range(month, len(months))})
    for life in lives:
        counts.update(steps_of(life, months, zone))
    return [growth_of(counts, n, month.name) for n, month in enumerate(months)]
