"""Chooses which groups of readers are told of, so that no subtraction tells of fewer than ten.

Whatever is told of languages and of the values of one attribute, somebody may add and subtract.
Groups of some languages less groups of some values leave the readers who are in one of the two
alone: so those must be ten or more, or nobody. The values that leave the fewest over are, for each
choice of languages, those of whose readers more have them than not. Wilder sums than one difference
leave more readers over, never fewer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

SMALLEST = 10  # readers of a group that is told of

_MOST_LANGUAGES = 8  # told of by name, as each choice of them is looked at

_Pairs = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The name under which each language and each value is told of; empty: with all the others.

    Nothing stands here where nothing may be told, or where there is one group, which is everybody.
    """

    languages: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


def choose_groups(*bases: _Pairs) -> Groups:
    """Return which groups may be told of, given how many readers have a language and a value.

    Languages go before values, and large groups before small ones. Readers without a value are
    among the others. Where figures are of part of the readers, what may be told must hold for that
    part, too: each base is such a part, the first one is all of them.
    """
    large = _large(bases, 1)
    languages = _enough_over(bases, 0, _large(bases, 0)[:_MOST_LANGUAGES])
    values = _enough_over(bases, 1, large)
    while near := _too_near_in(bases, languages, values):
        # A group of each side goes to the others, one after the other, which joins the sides.
        side = near if "" not in near else set(values) - near
        values.remove(max(side, key=large.index))
    for value in large:
        if value not in values and _are_safe(bases, languages, [*values, value]):
            values.append(value)
    return Groups(languages=_told(bases, 0, languages), values=_told(bases, 1, values))


def _sums(readers: _Pairs, *, at: int) -> Counter[str]:
    """Return how many readers have each language (the first of a pair), or each value."""
    sums: Counter[str] = Counter()
    for pair, number in readers.items():
        sums[pair[at]] += number
    return +sums


def _large(bases: Sequence[_Pairs], at: int) -> list[str]:
    """Return the names of the groups that are large enough, the largest first."""
    all_sizes = [_sums(base, at=at) for base in bases]
    names = [n for n in all_sizes[0] if n and min(s[n] for s in all_sizes) >= SMALLEST]
    return sorted(names, key=lambda name: (-all_sizes[0][name], name))


def _enough_over(bases: Sequence[_Pairs], at: int, names: Sequence[str]) -> list[str]:
    """Return names, largest first, less the smallest ones, which make the others enough."""
    kept = list(names)
    for sizes in (_sums(base, at=at) for base in bases):
        while kept and 0 < sizes.total() - sum(sizes[name] for name in kept) < SMALLEST:
            kept.pop()
    return kept


def _merged(
    readers: _Pairs, languages: Sequence[str], values: Sequence[str]
) -> Counter[tuple[str, str]]:
    """Return how many readers are in each pair of groups; an empty name is of all the others."""
    merged: Counter[tuple[str, str]] = Counter()
    for (language, value), number in readers.items():
        pair = (language if language in languages else "", value if value in values else "")
        merged[pair] += number
    return +merged


def _too_near_in(
    bases: Sequence[_Pairs], languages: Sequence[str], values: Sequence[str]
) -> set[str]:
    """Return what is too near in the first base in which anything is."""
    found = (_too_near(_merged(base, languages, values)) for base in bases)
    return next(filter(None, found), set())


def _too_near(merged: _Pairs) -> set[str]:
    """Return groups of values that differ from some of languages by too few; none if none do.

    All groups must be large enough.
    """
    valued = _sums(merged, at=1)
    for chosen in _choices(sorted({language for language, _ in merged})):
        with_them = Counter({v: sum(merged.get((one, v), 0) for one in chosen) for v in valued})
        over = sum(min(with_them[v], size - with_them[v]) for v, size in valued.items())
        if 0 < over < SMALLEST:
            return {v for v, size in valued.items() if 2 * with_them[v] > size}
    return set()


def _choices(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield all choices of names; of a choice and its rest only one, as they say the same."""
    rest = names[1:]
    return chain.from_iterable(combinations(rest, n) for n in range(1, len(rest) + 1))


def _are_safe(bases: Sequence[_Pairs], languages: Sequence[str], values: Sequence[str]) -> bool:
    groups = [_sums(_merged(base, languages, values), at=1) for base in bases]
    is_enough = all(size >= SMALLEST for sizes in groups for size in sizes.values())
    return is_enough and not _too_near_in(bases, languages, values)


def _told(bases: Sequence[_Pairs], at: int, names: Sequence[str]) -> dict[str, str]:
    """Return each name with that under which it is told of; none if there would be one group."""
    told = {name: name if name in names else "" for name in _sums(bases[0], at=at)}
    return told if len(set(told.values())) > 1 else {}
