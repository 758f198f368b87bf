"""Finds the sections that come back from issue to issue, and which of them is read the most."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from newsletter.model.figures import BestRead, IssueFigures, Share
from newsletter.stats.shares import difference, mean_share

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

    One is ahead if the interval of its difference from each other one in its language is above 0.
    """
    found: dict[_Key, list[Share]] = defaultdict(list)
    for issue in comparable_year(issues):
        once = {(part.language, part.name): part.clickers for part in issue.sections if part.name}
        for key, clickers in once.items():
            if clickers:
                found[key].append(clickers)
    means = {key: mean_share(parts) for key, parts in found.items() if len(parts) >= _FEWEST}
    return [
        BestRead(
            name=key[1],
            language=key[0],
            issues=len(found[key]),
            clickers=clickers,
            is_ahead=_is_ahead(key, means),
        )
        for key, clickers in sorted(means.items(), key=lambda item: (-item[1].value, item[0]))
    ]


def _are_alike(issue: IssueFigures, newest: IssueFigures) -> bool:
    return newest.date - issue.date < _YEAR and are_counted_alike(issue, newest)


def _is_ahead(key: _Key, means: Mapping[_Key, Share]) -> bool:
    others = [share for other, share in means.items() if other[0] == key[0] and other != key]
    return bool(others) and all(difference(means[key], share)[0] > 0 for share in others)
