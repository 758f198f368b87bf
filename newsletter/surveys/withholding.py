"""Withholds small numbers of a question that only some were asked.

Such a question stands for a group that nobody asked for: those whose earlier answer led to it. So
its total is one number of that group, and is told as numbers of groups are.
"""

from dataclasses import replace

from newsletter.model import Line, Question, QuestionKind, Tally
from newsletter.surveys.small_cells import SMALL, SURE, is_small


def withhold(question: Question, tally: Tally) -> Tally:
    """Return what may be told of a question to all: of one that everybody was asked, all of it."""
    if not tally.is_conditional:
        return tally
    if tally.asked < SURE:
        return replace(_hidden(tally, range(len(tally.lines))), n=0, asked=0, is_withheld=True)
    most = 1
    if question.kind is QuestionKind.MANY:
        most = question.most or len(question.options)
    return _hidden(tally, _places(tally, most))


def _places(tally: Tally, most: int) -> range | frozenset[int]:
    """Return the lines to hide, of people who chose at least one of them and `most` at most.

    Further ones are hidden until each could be 5 or more, and the least and greatest 5 apart.
    """
    counts = [line.count or 0 for line in tally.lines]
    everything = range(len(counts))
    small = {place for place in everything if _is_few(counts[place], tally.n, most)}
    shown = [place for place in everything if place not in small]
    shown.sort(key=lambda place: (counts[place] < SMALL, counts[place], place))
    hidden = sorted(small)
    while hidden:
        told = sum(counts[place] for place in everything if place not in hidden)
        greatest = min(tally.n, most * tally.n - told)
        least = max(0, tally.n - told) if len(hidden) == 1 else 0
        if min(greatest, greatest - least) >= SMALL:
            break
        if not shown:
            return everything
        hidden.append(shown.pop(0))
    return everything if 2 * len(hidden) > len(counts) else frozenset(hidden)


def _is_few(count: int, n: int, most: int) -> bool:
    """Return whether a line tells of too few: who chose it or, of several choices, who did not."""
    return is_small(count, n) or (most > 1 and is_small(n - count, n))


def _hidden(tally: Tally, places: range | frozenset[int]) -> Tally:
    """Return a tally without these numbers; classes of numbers tell by their names, so all go."""
    if not places:
        return tally
    if tally.is_in_classes:
        return replace(tally, lines=(Line(id="…", count=None),))
    lines = (
        replace(line, count=None) if place in places else line
        for place, line in enumerate(tally.lines)
    )
    return replace(tally, lines=tuple(lines))
