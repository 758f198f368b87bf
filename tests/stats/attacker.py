"""An attacker who knows everybody, reads all that is published, and adds and subtracts it.

What they cannot know is what somebody did. So of each published number it is found out of whom it
tells, by having one person do something and nobody else: a number that changes tells of them. From
numbers that tell of several, sums and differences tell of those who do not cancel out.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

FEWEST = 10  # people of whom anything may be told

_MOST_TERMS = 6  # of a sum: all, less each link

Place = tuple[str, ...]
Kind = str  # of people who are alike in all that is known of them
Vector = tuple[float, ...]  # by how much something changes with each deed


class Deed(NamedTuple):
    """Something that one person of a kind does."""

    kind: Kind
    action: str


def numbers_in(told: Any, path: Place = ()) -> Iterator[tuple[Place, float]]:
    """Yield each number in something published, with where it stands; lists by names in them."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            yield from numbers_in(value, (*path, str(name)))
    elif isinstance(told, list | tuple):
        for at, value in enumerate(told):
            yield from numbers_in(value, (*path, _name_of(value, at)))
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield path, told


def _name_of(value: Any, at: int) -> str:
    names = ("language", "name", "number", "counted_by")
    known = [str(value[n]) for n in names if n in value] if isinstance(value, Mapping) else []
    return "/".join(known) or str(at)


def changes(base: Mapping[Place, float], other: Mapping[Place, float]) -> dict[Place, float]:
    """Return by how much each published number differs, as somebody did something more."""
    apart = {p: other.get(p, 0) - base.get(p, 0) for p in base.keys() | other.keys()}
    return {place: change for place, change in apart.items() if change}


def isolated(
    told: Mapping[Deed, Mapping[Place, float]], sizes: Mapping[Kind, int]
) -> dict[str, list[Kind]]:
    """Return which sums and differences of published numbers tell of too few, and of whom.

    `told` says which numbers change with each deed.
    """
    places = sorted({place for numbers in told.values() for place in numbers})
    found: dict[str, list[Kind]] = {}
    vectors: dict[Vector, str] = {}
    for place in places:
        vector = tuple(numbers.get(place, 0) for numbers in told.values())
        if few := _few(told, vector, sizes):
            found[".".join(place)] = few
        if all(change in (-1, 0, 1) and isinstance(change, int) for change in vector):
            vectors.setdefault(max(vector, tuple(-change for change in vector)), ".".join(place))
    for vector, how in _sums(vectors).items():
        if few := _few(told, vector, sizes):
            found[how] = few
    return found


def _few(
    told: Mapping[Deed, Mapping[Place, float]], vector: Vector, sizes: Mapping[Kind, int]
) -> list[Kind]:
    """Return of whom something tells, if they are too few."""
    kinds = {deed.kind for deed, change in zip(told, vector, strict=True) if change}
    return sorted(kinds) if 0 < sum(sizes[kind] for kind in kinds) < FEWEST else []


def _sums(vectors: Mapping[Vector, str]) -> dict[Vector, str]:
    """Return what can be had of a few numbers by adding and subtracting each at most once."""
    last: dict[Vector, str] = {tuple(0 for _ in vector): "" for vector in vectors}
    found = dict(last)
    for _ in range(_MOST_TERMS):
        more: dict[Vector, str] = {}
        for (known, how), (vector, name) in product(last.items(), vectors.items()):
            if name not in how:
                for sign, word in ((1, " + "), (-1, " - ")):
                    new = tuple(a + sign * b for a, b in zip(known, vector, strict=True))
                    if new not in found:
                        more.setdefault(new, f"{how}{word}{name}")
        last = more
        found |= more
    return found


def sets_in(told: Mapping[Deed, Mapping[Place, float]]) -> set[tuple[Deed, ...]]:
    """Return of which deeds together there are numbers."""
    places = {place for numbers in told.values() for place in numbers}
    return {tuple(deed for deed in told if place in told[deed]) for place in places}
