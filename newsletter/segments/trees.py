"""What a segment is made of, and whether it holds for what is known of somebody.

Its logic has two values: what is not known is the empty text, which differs from all others.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from newsletter.language import find_country_region, language_of, tag_of
from newsletter.segments.quoting import quoted

Values = Mapping[str, str | Collection[str]]  # several where a question has several answers

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Equal:
    """A value is one of these, whatever the case of its letters; `("",)` is: it is not known."""

    name: str
    values: tuple[str, ...]  # as written, each once

    def holds(self, values: Values) -> bool:
        """Return whether it is so."""
        own = _own(values, self.name)
        if self.name == "language":
            return any(_is_language(one, wanted) for one in own for wanted in self.values)
        return not self.wanted().isdisjoint(one.casefold() for one in own)

    def wanted(self) -> frozenset[str]:
        """Return the values it asks for, folded; a region in all ways to write it."""
        ways = (_ways(value) if self.name == "region" else (value,) for value in self.values)
        return frozenset(way.casefold() for some in ways for way in some)

    def written(self, *, is_denied: bool = False) -> str:
        """Return it as it is written."""
        if self.values == ("",):
            return f"{self.name} is not empty" if is_denied else f"{self.name} is empty"
        if len(self.values) == 1:
            return f"{self.name}{'!=' if is_denied else '='}{quoted(self.values[0])}"
        listed = ", ".join(map(quoted, self.values))
        return f"{self.name} {'not ' if is_denied else ''}in ({listed})"


@dataclass(frozen=True, slots=True)
class Dated:
    """A day lies in a span; what is no day as in 2026-03-01 lies in none."""

    name: str
    word: str  # "before", "after", "on", "on or after", "on or before"
    period: str  # that it compares with, as written canonically
    begin: dt.date | None  # the first day; None: any
    end: dt.date | None  # the day after the last; None: any

    def holds(self, values: Values) -> bool:
        """Return whether it is so."""
        days = (one[:10] for one in _own(values, self.name))
        return any(_DAY.fullmatch(day) and self._has(day) for day in days)

    def _has(self, day: str) -> bool:
        begins = self.begin is None or self.begin.isoformat() <= day
        return begins and (self.end is None or day < self.end.isoformat())

    def written(self) -> str:
        """Return it as it is written."""
        return f"{self.name} {self.word} {self.period}"


@dataclass(frozen=True, slots=True)
class Not:
    """What it denies does not hold."""

    denied: "Tree"

    def holds(self, values: Values) -> bool:
        """Return whether it is so."""
        return not self.denied.holds(values)

    def written(self) -> str:
        """Return it as it is written."""
        if isinstance(self.denied, Equal):
            return self.denied.written(is_denied=True)
        return f"not ({self.denied.written()})"


@dataclass(frozen=True, slots=True)
class Every:
    """All of some hold."""

    parts: tuple["Tree", ...]

    def holds(self, values: Values) -> bool:
        """Return whether it is so."""
        return all(part.holds(values) for part in self.parts)

    def written(self) -> str:
        """Return it as it is written; brackets show what belongs together."""
        return " and ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """One of some holds."""

    parts: tuple["Tree", ...]

    def holds(self, values: Values) -> bool:
        """Return whether it is so."""
        return any(part.holds(values) for part in self.parts)

    def written(self) -> str:
        """Return it as it is written; brackets show what belongs together."""
        return " or ".join(_bracketed(part) for part in self.parts)


Asked: TypeAlias = Equal | Dated
Tree: TypeAlias = Asked | Not | Every | Either


def asked_in(tree: Tree) -> Iterator[Asked]:
    """Yield what is asked of single values, in order."""
    if isinstance(tree, Not):
        yield from asked_in(tree.denied)
    elif isinstance(tree, Every | Either):
        for part in tree.parts:
            yield from asked_in(part)
    else:
        yield tree


def denial_of(tree: Tree) -> Tree:
    """Return the opposite of a rule, without two denials in a row."""
    return tree.denied if isinstance(tree, Not) else Not(tree)


def _own(values: Values, name: str) -> Collection[str]:
    """Return what is known of a name, at least the empty text."""
    own = values.get(name, "")
    return ((own,) if isinstance(own, str) else own) or ("",)


def _ways(value: str) -> tuple[str, ...]:
    region = find_country_region(value)
    return (value, *region.spellings) if region else (value,)


def _is_language(own: str, wanted: str) -> bool:
    """Return whether a language is the wanted one; one with a country is wanted to the letter."""
    code = language_of(wanted)
    if code and tag_of(wanted) == code:
        return language_of(own) == code
    return own.replace("_", "-").casefold() == wanted.replace("_", "-").casefold()


def _bracketed(tree: Tree) -> str:
    return f"({tree.written()})" if isinstance(tree, Every | Either) else tree.written()
