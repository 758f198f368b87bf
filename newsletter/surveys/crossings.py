"""Tells results by groups: what is small is hidden, and looked at with all that was told before.

A number that is hidden is safe by a proof: the answers to its question could be exchanged between
people so that the number is another one, far enough, and all that was told of it stays the same.
Groupings are not touched by that, nor other questions; so it holds whatever they tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.model import (
    Answers,
    Crossing,
    GroupedResults,
    Question,
    QuestionKind,
    Survey,
    Tally,
)
from newsletter.surveys.groupings import (
    Grouping,
    People,
    implied_groups,
    join_ways,
    make_groups,
    strata_of,
    too_much,
)
from newsletter.surveys.small_cells import SMALL, Cell, Stratum, are_safe, hide
from newsletter.surveys.tallying import chosen_of, tally_survey

Key = tuple[str, str]  # a question and a row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A table that is looked at by itself: all lines of a question, or one choice of several."""

    key: Key
    lines: tuple[
        tuple[str, ...], ...
    ]  # of a choice, one: it was chosen; the other line is that it was not
    of: tuple[int | None, ...]  # the line of each person; None: did not answer
    question: Question
    # Of a question with several choices, what each person chose; none: nothing.
    chosen: tuple[frozenset[str], ...] = ()

    @property
    def is_choice(self) -> bool:
        return bool(self.chosen)


def tell_by(
    survey: Survey, answers: Sequence[Answers], by: str, told: Sequence[GroupedResults] = ()
) -> GroupedResults:
    """Return results by one way of making groups, given all that was told by others before.

    Raise UsageError where a group would be too small, or where what was told would give away more.
    """
    new = make_groups(survey, answers, by)
    old = [make_groups(survey, answers, one.by) for one in told]
    _refuse_hidden(new, told)
    implied = _all_implied(new, old)
    named = {name for way in (new, *old) for name in way.names}
    crossings, untold = [], []
    for tally in tally_survey(survey, answers):
        question = survey.question(tally.question)
        if question is None or tally.is_of_words or tally.question in named:
            continue
        crossing = None
        if not tally.is_conditional and tally.n:
            units = list(_units(question, tally, answers))
            before = [
                (way, crossing)
                for way, results in zip(old, told, strict=True)
                for crossing in results.crossings
                if crossing.key == tally.key
            ]
            crossing = _crossing(units, new, before, implied)
        if crossing:
            crossings.append(crossing)
        else:
            untold.append(tally.key)
    return GroupedResults(
        by=new.by,
        names=new.names,
        groups=new.groups,
        crossings=tuple(crossings),
        untold=tuple(untold),
    )


def _refuse_hidden(new: Grouping, told: Sequence[GroupedResults]) -> None:
    """Raise UsageError where a question that makes groups was told with hidden numbers."""
    for results in told:
        for crossing in results.crossings:
            if crossing.question in new.names and _has_hidden(crossing):
                raise too_much(results.by)


def _has_hidden(crossing: Crossing) -> bool:
    return any(count is None for line in crossing.counts for count in line)


def _all_implied(new: Grouping, old: Sequence[Grouping]) -> list[People]:
    """Return groups that all ways together make by adding and subtracting; raise UsageError.

    With more than one way before, these count as one that told of everybody whom they tell apart:
    so whatever is added and subtracted of all of them is looked at.
    """
    implied = [group for other in old for group in _implied(new, other)]
    if len(old) > 1:
        joined = join_ways(old)
        if joined is None:
            raise too_much(old[-1].by)
        implied += [*joined.members(), *_implied(new, joined)]
    return implied


def _implied(new: Grouping, other: Grouping) -> list[People]:
    implied = implied_groups(new, other)
    if implied is None:
        raise too_much(other.by)
    return implied


def _units(question: Question, tally: Tally, answers: Sequence[Answers]) -> Iterator[_Unit]:
    """Yield the tables of a question: one, or one for each of several choices."""
    given = tuple(chosen_of(question, one.get(question.id), tally.row) for one in answers)
    if question.kind is not QuestionKind.MANY:
        lines = tuple(_together(tally))
        of = tuple(_line(lines, chosen) for chosen in given)
        yield _Unit(key=tally.key, lines=lines, of=of, question=question)
        return
    for line in tally.lines:
        of = tuple(int(line.id not in chosen) if chosen else None for chosen in given)
        yield _Unit(key=tally.key, lines=((line.id,),), of=of, question=question, chosen=given)


def _together(tally: Tally) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a table: one that few chose is told together with another.

    That is the next one on a scale, else the smallest one. It is decided by sums that are told.
    """
    parts = [([line.id], line.count or 0) for line in tally.lines if line.count]
    while len(parts) > 2 and (few := min(parts, key=lambda one: one[1]))[1] < 2 * SMALL:
        at = parts.index(few)
        near = [n for n in (at - 1, at + 1) if 0 <= n < len(parts)]
        others = near if tally.is_ordered else [n for n in range(len(parts)) if n != at]
        other = min(others, key=lambda n: parts[n][1])
        first, last = sorted((at, other))
        parts[first] = (parts[first][0] + parts[last][0], parts[first][1] + parts[last][1])
        del parts[last]
    yield from (tuple(ids) for ids, _ in parts)


def _line(lines: Sequence[tuple[str, ...]], chosen: frozenset[str]) -> int | None:
    """Return the place of the line that somebody's answer stands in; None: did not answer."""
    for id in chosen:
        for place, line in enumerate(lines):
            if any(_is_in(id, one) for one in line):
                return place
    return None


def _is_in(id: str, line: str) -> bool:
    """Return whether an answer stands in a line, which may be a class of numbers."""
    low, _, high = line.partition("–")
    return id == line or bool(high and int(low) <= int(id) <= int(high))


def _crossing(
    units: Sequence[_Unit],
    new: Grouping,
    before: Sequence[tuple[Grouping, Crossing]],
    implied: Sequence[People],
) -> Crossing | None:
    """Return a question by groups; None if it is not to be told so."""
    hidden = [_hidden(unit, new, before) for unit in units]
    if all(cells is None for cells in hidden) or any(_tells_few(unit, implied) for unit in units):
        return None
    masks = []
    for unit, cells in zip(units, hidden, strict=True):
        mask = cells if cells is not None else frozenset(_all_cells(unit, new))
        # What was told before must stay as safe as it was, and what is wholly hidden must be safe.
        if cells is None and not are_safe(_strata(unit, new, [way for way, _ in before]), mask):
            return None
        for at, (way, crossing) in enumerate(before):
            others = [new, *(other for n, (other, _) in enumerate(before) if n != at)]
            if not are_safe(_strata(unit, way, others), _mask(unit, crossing)):
                return None
        masks.append(mask)
    told = (_told(unit, new, mask) for unit, mask in zip(units, masks, strict=True))
    question, row = units[0].key
    return Crossing(
        question=question,
        row=row,
        n=tuple(
            len([1 for person in group if units[0].of[person] is not None])
            for group in new.members()
        ),
        lines=tuple(id for unit in units for id in unit.lines),
        counts=tuple(line for lines in told for line in lines),
    )


def _hidden(
    unit: _Unit, new: Grouping, before: Sequence[tuple[Grouping, Crossing]]
) -> frozenset[Cell] | None:
    return hide(_strata(unit, new, [way for way, _ in before]))


def _tells_few(unit: _Unit, implied: Sequence[People]) -> bool:
    """Return whether subtraction would tell of too few people in a group."""
    return any(
        0 < sum(1 for person in group if unit.of[person] == line) < SMALL
        for group in implied
        for line in range(max(2, len(unit.lines)))
    )


def _strata(unit: _Unit, way: Grouping, others: Sequence[Grouping]) -> list[Stratum]:
    height = 2 if unit.is_choice else len(unit.lines)
    strata = []
    for people in strata_of(others, len(unit.of)):
        counts = [[0] * len(way.groups) for _ in range(height)]
        for person in people:
            line = unit.of[person]
            if line is not None:
                counts[line][way.of[person]] += 1
        room = _room(unit, way, people) if unit.is_choice else {}
        strata.append(Stratum(counts=counts, room=room))
    return strata


def _room(unit: _Unit, way: Grouping, people: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Return how far other choices of a question let the first line of one go, in each group.

    Whoever answered chose at least one and at most so many, and nobody chose one twice.
    """
    room = {}
    most = unit.question.most or len(unit.question.options)
    for group in range(len(way.groups)):
        given = [unit.chosen[n] for n in people if way.of[n] == group and unit.chosen[n]]
        number, ticks = len(given), sum(map(len, given))
        own = sum(unit.lines[0][0] in one for one in given)
        room[group] = (ticks - number, min(most * number - ticks, number - own))
    return room


def _all_cells(unit: _Unit, way: Grouping) -> Iterator[Cell]:
    for line in range(2 if unit.is_choice else len(unit.lines)):
        if line in unit.of:
            yield from ((line, group) for group in range(len(way.groups)))


def _mask(unit: _Unit, crossing: Crossing) -> frozenset[Cell]:
    """Return which cells of a table were told as hidden."""
    places = {id: n for n, id in enumerate(crossing.lines)}
    if unit.is_choice:
        told = crossing.counts[places[unit.lines[0]]]
        both = (0, 1) if 1 in unit.of and 0 in unit.of else ()
        hidden = [j for j, count in enumerate(told) if count is None]
        return frozenset((line, j) for j in hidden for line in both)
    return frozenset(
        (i, j)
        for i, id in enumerate(unit.lines)
        for j, count in enumerate(crossing.counts[places[id]])
        if count is None
    )


def _told(unit: _Unit, way: Grouping, mask: frozenset[Cell]) -> Iterator[tuple[int | None, ...]]:
    [whole] = _strata(unit, way, ())
    for i in range(len(unit.lines)):
        yield tuple(None if (i, j) in mask else count for j, count in enumerate(whole.counts[i]))
