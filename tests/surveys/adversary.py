"""Somebody who has all tables that a survey ever told, and a solver of linear programs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from newsletter.model import Crossing, GroupedResults, QuestionKind, Survey, Tally

Name = tuple[object, ...]  # of a number that is not known


class Adversary:
    """Knows sums of all questions, sizes of groups, and what was told of them; looks for the rest.

    A number that is not known is how many people of each atom, which is one group of each way,
    answered what.
    """

    def __init__(
        self, survey: Survey, tallies: Sequence[Tally], told: Sequence[GroupedResults]
    ) -> None:
        self._survey, self._tallies, self._told = survey, tallies, told
        self._at: dict[Name, int] = {}
        self._equal: list[tuple[Mapping[Name, float], float]] = []
        self._at_most: list[tuple[Mapping[Name, float], float]] = []
        self._atoms = list(product(*(range(len(way.groups)) for way in told)))
        self._everybody = sum(group.size for group in told[0].groups)
        for at, way in enumerate(told):
            for place, group in enumerate(way.groups):
                self._is({("n", *a): 1 for a in self._atoms if a[at] == place}, group.size)
        for tally in tallies:
            if tally.kind is not QuestionKind.TEXT and not tally.is_conditional:
                self._learn(tally)
        for at, way in enumerate(told):
            for crossing in way.crossings:
                self._read(at, crossing)

    def ranges(self) -> Iterator[tuple[Name, float, float, int, int]]:
        """Yield each hidden number: between which ends it lies, and would by sums alone."""
        for at, way in enumerate(self._told):
            for crossing in way.crossings:
                for line, counts in zip(crossing.lines, crossing.counts, strict=True):
                    for place, count in enumerate(counts):
                        if count is None:
                            cell = self._cell(crossing.key, line, at, place)
                            low, high = self._bounds(cell)
                            least, most = self._by_sums(crossing, line, place)
                            yield (way.by, crossing.key, line, place), low, high, least, most

    def _learn(self, tally: Tally) -> None:
        lines = {line.id: line.count or 0 for line in tally.lines} | {"": self._everybody - tally.n}
        for line, count in lines.items():
            self._is({self._x(tally.key, line, a): 1 for a in self._atoms}, count)
        for atom in self._atoms:
            number = ("n", *atom)
            xs = {line: self._x(tally.key, line, atom) for line in lines}
            if tally.kind is not QuestionKind.MANY:
                self._is({x: 1.0 for x in xs.values()} | {number: -1.0}, 0)
                self._know_own(tally, xs, atom)
                continue
            question = self._survey.question(tally.question)
            most = (question.most if question else None) or len(tally.lines)
            none = xs.pop("")  # who did not answer; the others chose one at least
            for x in xs.values():
                self._less({x: 1, none: 1, number: -1}, 0)
            self._less({x: -1.0 for x in xs.values()} | {number: 1.0, none: -1.0}, 0)
            self._less({x: 1.0 for x in xs.values()} | {number: -most, none: most}, 0)

    def _know_own(self, tally: Tally, xs: Mapping[str, Name], atom: Sequence[int]) -> None:
        """Learn that everybody in a group answered what makes it to the question that does."""
        for at, way in enumerate(self._told):
            if way.by == f"by {tally.question}":
                own = way.groups[atom[at]].id
                named = {group.id for group in way.groups} - {""}
                for line, x in xs.items():
                    if line != own if own else line in named:
                        self._is({x: 1}, 0)

    def _read(self, at: int, crossing: Crossing) -> None:
        tally = next(one for one in self._tallies if one.key == crossing.key)
        for place, (group, n) in enumerate(zip(self._told[at].groups, crossing.n, strict=True)):
            self._is(self._cell(tally.key, ("",), at, place), group.size - n)
        for line, counts in zip(crossing.lines, crossing.counts, strict=True):
            for place, count in enumerate(counts):
                if count is not None:
                    self._is(self._cell(crossing.key, line, at, place), count)

    def _cell(self, key: Name, line: Sequence[str], at: int, place: int) -> dict[Name, float]:
        atoms = [a for a in self._atoms if a[at] == place]
        return {self._x(key, id, atom): 1 for id in line for atom in atoms}

    def _x(self, key: Name, line: str, atom: Sequence[int]) -> Name:
        return ("x", *key, line, *atom)

    def _by_sums(self, crossing: Crossing, line: Sequence[str], place: int) -> tuple[int, int]:
        tally = next(one for one in self._tallies if one.key == crossing.key)
        total = sum(one.count or 0 for one in tally.lines if one.id in line)
        return max(0, total + crossing.n[place] - tally.n), min(total, crossing.n[place])

    def _is(self, form: Mapping[Name, float], value: float) -> None:
        self._equal.append((form, value))

    def _less(self, form: Mapping[Name, float], value: float) -> None:
        self._at_most.append((form, value))

    def _bounds(self, form: Mapping[Name, float]) -> tuple[float, float]:
        for equation, _ in (*self._equal, *self._at_most, (form, 0.0)):
            for name in equation:
                self._at.setdefault(name, len(self._at))
        goal = self._row(form)
        rules: dict[str, Any] = {
            "A_eq": np.array([self._row(left) for left, _ in self._equal]),
            "b_eq": [right for _, right in self._equal],
            "A_ub": np.array([self._row(left) for left, _ in self._at_most]),
            "b_ub": [right for _, right in self._at_most],
        }
        low, high = linprog(goal, **rules), linprog(-goal, **rules)
        assert low.status == high.status == 0, (low.message, high.message)
        return low.fun, -high.fun

    def _row(self, form: Mapping[Name, float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        row = np.zeros(len(self._at))
        for name, factor in form.items():
            row[self._at[name]] = factor
        return row
