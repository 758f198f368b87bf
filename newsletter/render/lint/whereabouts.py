"""Finds out where a template is used: in which elements of MJML its markup comes to stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter.render.lint.balance import Placed, Reading, read_outline
from newsletter.render.lint.inventory import Shelf, TemplateFile, loaded
from newsletter.render.lint.outline import Load, Nodes, Part
from newsletter.render.lint.table import elements

_ROUNDS = 12  # how deep files may include one another, to be told of


@dataclass(frozen=True, slots=True)
class Unit:
    """A whole template, or a block of one that extends another."""

    block: str  # "" for a whole template
    reading: Reading


Parents = Mapping[tuple[TemplateFile, str], frozenset[str]]


def units_of(file: TemplateFile) -> tuple[Unit, ...]:
    """Return the units of a template."""
    return _units(file.outline, file.extends is not None)


def parents_in(shelf: Shelf) -> Parents:
    """Return the elements of MJML in which each unit is used; none if that is not known."""
    files = [file for files in shelf.values() for file in files]
    found: dict[tuple[TemplateFile, str], frozenset[str]] = defaultdict(frozenset)
    for _ in range(_ROUNDS):
        before = dict(found)
        for file in files:
            for unit in units_of(file):
                for placed in unit.reading.placed:
                    if used := [*_used_at(placed, file, shelf, files)]:
                        names = frozenset(innermost(around(placed, found[file, unit.block])))
                        found |= {one: found[one] | names for one in used}
        if found == before:
            break
    return found


def around(placed: Placed, parents: Iterable[str]) -> tuple[str, ...]:
    """Return the elements around a piece: the outermost are those its unit is used in."""
    outer = "|".join(sorted(parents)) if placed.is_known else ""
    return (outer, *placed.around) if outer else placed.around


def innermost(names: Sequence[str]) -> list[str]:
    """Return the innermost element of MJML, or all that it may be."""
    for name in reversed(names):
        if parents := [one for one in name.split("|") if one in elements()]:
            return parents
    return []


@lru_cache(maxsize=256)
def _units(outline: Nodes, extends: bool) -> tuple[Unit, ...]:  # noqa: FBT001 - as a key of the cache
    if not extends:
        return (Unit("", read_outline(outline)),)
    blocks = (node for node in outline if isinstance(node, Part))
    return tuple(
        Unit(part.name if part.kind == "block" else f"{part.kind} {part.name}", _alone(part))
        for part in blocks
    )


def _alone(part: Part) -> Reading:
    return read_outline(part.nodes if part.kind == "block" else (part,))


def _used_at(
    placed: Placed, file: TemplateFile, shelf: Shelf, files: Sequence[TemplateFile]
) -> Iterator[tuple[TemplateFile, str]]:
    """Yield the units that are shown at a place."""
    node = placed.node
    if isinstance(node, Load) and node.how == "include":
        yield from ((one, "") for one in loaded(shelf, file, node))
    elif isinstance(node, Load) and node.how == "self":
        yield from ((one, node.said) for one in files if node.said)
    elif isinstance(node, Part) and node.kind == "block":
        yield from ((one, node.name) for one in files)
