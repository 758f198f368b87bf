"""Says how many readers got each link and section: those of the editions in which it stands."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from newsletter.model import Counts, LinkCounts

_Place = tuple[str, str]  # language and heading
_FEWEST = 10  # readers of an edition, if it is told how many they are


def with_readers(
    counts: Counts,
    editions_of: Mapping[int, Collection[int]],
    size_of_each: Callable[[], Mapping[int, int]],
) -> Counts:
    """Return counts of which it is known how many readers got each link, as far as that is told.

    `editions_of` has the editions in which each link stands; none of an issue that has one alone.
    An edition with few readers tells nothing of this, nor do the others then: it is their
    difference from all.
    """
    if not counts.counted:
        return counts
    if not editions_of:
        return _filled(counts, lambda _: counts.counted, lambda _: counts.counted)
    sizes = size_of_each()
    are_many = min(sizes.values(), default=0) >= _FEWEST
    places: dict[_Place, set[int]] = {}
    for link in counts.links:
        if link.number:
            its = editions_of.get(link.number, ())
            places.setdefault((link.language, link.section), set()).update(its)

    def number_of(editions: Collection[int]) -> int | None:
        if sizes.keys() <= set(editions):
            return counts.counted
        number = sum(sizes.get(id, 0) for id in editions)
        return min(number, counts.counted or 0) or None if are_many else None

    return _filled(
        counts,
        lambda link: number_of(editions_of.get(link.number, ()) if link.number else sizes),
        lambda place: number_of(places.get(place, ())),
    )


def _filled(
    counts: Counts,
    of_link: Callable[[LinkCounts], int | None],
    of_place: Callable[[_Place], int | None],
) -> Counts:
    return replace(
        counts,
        links=[one if one.of else replace(one, of=of_link(one)) for one in counts.links],
        sections=[
            part if part.of else replace(part, of=of_place((part.language, part.name)))
            for part in counts.sections
        ],
    )
