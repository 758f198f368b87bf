"""Finds the sections that come back from issue to issue, and which of them is read the most."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsletter.model.figures import BestRead, IssueFigures, OpenRange
from newsletter.stats.shares import mean_share, range_difference

_YEAR = dt.timedelta(days=365)
_FEWEST = 3  # issues that a section stands in, if it is told of

_Key = tuple[str, str]  # language and name of a section


def comparable_year(issues: Sequence[IssueFigures]) -> list[IssueFigures]:
    """Return the newest issue whose window is over, after those of a year that compare with it.

    They were mailed to readers, for as long, counted by the same source, and judged by the same
    rules.
    """
    over = [issue for issue in issues if issue.is_final and not issue.is_rehearsal]
    return [issue for issue in over if _are_alike(issue, over[-1])]


def are_counted_alike(issue: IssueFigures, other: IssueFigures) -> bool:
    """Return whether two issues were counted for as long, by the same source and rules."""
    return (
        issue.window_days == other.window_days
        and issue.shown.source is other.shown.source
        and set(issue.shown.rules) == set(other.shown.rules)
    )


def best_read(issues: Sequence[IssueFigures]) -> list[BestRead]:
    """Return how much recurring sections were read within a year, the most read first.

    One is ahead if the interval of its difference from each other one in its language is above 0,
    whichever part of those of whom it is not known were people. Where nobody is known for a person,
    it is ahead if all of them were: then it is followed the most, by people or machines.
    """
    told: dict[_Key, list[OpenRange]] = defaultdict(list)
    for issue in comparable_year(issues):
        once = {(part.language, part.name): part for part in issue.sections if part.name}
        for key, part in once.items():
            if part.clickers:
                most = part.clickers_most or part.clickers
                told[key].append(OpenRange(least=part.clickers, most=most, outer=most))
    often = {key: parts for key, parts in told.items() if len(parts) >= _FEWEST}
    compared = {key: _as_compared(key, often) for key in often}
    found = [
        BestRead(
            name=key[1],
            language=key[0],
            issues=len(parts),
            clickers=mean_share([part.least for part in parts if part.least]),
            clickers_most=mean_share([part.outer for part in parts]),
            is_ahead=_is_ahead(key, compared),
        )
        for key, parts in often.items()
    ]
    return sorted(
        found,
        key=lambda one: (-one.clickers.value, -one.clickers_most.value, one.language, one.name),
    )


def _are_alike(issue: IssueFigures, newest: IssueFigures) -> bool:
    return newest.date - issue.date < _YEAR and are_counted_alike(issue, newest)


def _as_compared(key: _Key, told: Mapping[_Key, Sequence[OpenRange]]) -> Sequence[OpenRange]:
    """Return ranges of a section; their upper ends where no person is known in its language."""
    theirs = [part for other, parts in told.items() if other[0] == key[0] for part in parts]
    if any(part.least and part.least.count for part in theirs):
        return told[key]
    return [replace(part, least=part.outer) for part in told[key]]


def _is_ahead(key: _Key, told: Mapping[_Key, Sequence[OpenRange]]) -> bool:
    others = [parts for other, parts in told.items() if other[0] == key[0] and other != key]
    apart = [range_difference(told[key], parts) for parts in others]
    return bool(apart) and all(each is not None and each[0] > 0 for each in apart)
