"""Finds tags of a template that do not match, whichever branches of Jinja are taken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import product

from newsletter.render.lint.outline import Fork, Load, Nodes, Part
from newsletter.render.lint.tags import Kind, Piece

_MOST = 6  # conditions that are tried in all combinations
_DEEPEST = 100  # elements around a piece that are noted, the innermost of all
_ALIKE = 0.7  # share of letters that a misspelt end has in common with its beginning
_LONGEST = 60  # letters of a name that may be misspelt; to compare others takes their square


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A tag without the other one of its pair."""

    tag: Piece
    other: Piece | None  # what stands open where it closes nothing, or what ends too early
    misspelt: bool = False  # `other` is what it was meant to close


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of a template, or a file that it loads, with the elements around it."""

    node: Piece | Load | Part
    around: tuple[str, ...]  # names, the innermost last; None where a part is used is unknown
    is_known: bool  # whether all that is around it is in this file, or where the file is included


@dataclass(slots=True)
class Reading:
    """What was found while a template was read in order."""

    placed: list[Placed] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)

    def pieces(self) -> Iterator[tuple[Piece, Placed]]:
        """Yield the pieces of markup, with what is around them."""
        yield from ((one.node, one) for one in self.placed if isinstance(one.node, Piece))


def read_outline(nodes: Nodes) -> Reading:
    """Read a template, each part of it whole by itself."""
    reading = Reading()
    _read(nodes, (), reading, is_known=True)
    reading.mismatches = list(dict.fromkeys(reading.mismatches))  # one may show in several ways
    return reading


def _read(nodes: Nodes, around: tuple[str, ...], reading: Reading, *, is_known: bool) -> None:
    """Read a sequence in the combination of branches in which its tags match best."""
    uneven = _uneven_in(nodes)
    conditions = list(dict.fromkeys(_conditions_of(uneven)))[:_MOST]
    best, bad = {}, None
    for taken in product((True, False), repeat=len(conditions)):
        world = dict(zip(conditions, taken, strict=True))
        faults = _Run(world, uneven).faults(nodes)
        if bad is None or len(faults) < len(bad):
            best, bad = world, faults
        if len(conditions) == 1 and faults and "loop." not in conditions[0]:
            reading.mismatches += faults  # nothing else can make up for it
    reading.mismatches += [*(bad or []), *(m for fork in uneven for m in _crossed(fork, uneven))]
    _Run(best, uneven).place(nodes, around, reading, is_known=is_known)


def _uneven_in(nodes: Nodes) -> list[Fork]:
    """Return the forks of a sequence with a branch whose tags do not match by themselves."""
    found: list[Fork] = []
    for node in nodes:
        if isinstance(node, Fork):
            inner = [fork for _, branch in node.branches for fork in _uneven_in(branch)]
            found += inner
            if inner or any(_Run({}, []).faults(branch) for _, branch in node.branches):
                found.append(node)
    return found


def _conditions_of(forks: Iterable[Fork]) -> Iterator[str]:
    for fork in forks:
        yield from (condition.removeprefix("not ") for condition, _ in fork.branches if condition)


def _crossed(fork: Fork, uneven: list[Fork]) -> Iterator[Mismatch]:
    """Yield the tags that do not match within one branch, whatever is around it."""
    for _, branch in fork.branches:
        if not any(isinstance(node, Fork) and node in uneven for node in branch):
            yield from (m for m in _Run({}, []).faults(branch) if m.other is not None)


class _Run:
    """Reads a sequence in order; of an uneven fork, the branch that the world tells."""

    def __init__(self, world: Mapping[str, bool], uneven: Iterable[Fork]) -> None:
        self._world = world
        self._uneven = {id(fork) for fork in uneven}
        self._open: list[Piece] = []
        self._faults: list[Mismatch] = []

    def faults(self, nodes: Nodes) -> list[Mismatch]:
        """Return the tags that do not match."""
        for _node in self._steps(nodes):
            pass
        return [*self._faults, *(Mismatch(tag, None) for tag in self._open)]

    def place(
        self, nodes: Nodes, around: tuple[str, ...], reading: Reading, *, is_known: bool
    ) -> None:
        """Note what is around each piece; parts and even branches are read on their own."""
        for node in self._steps(nodes):
            here = (*around, *(tag.name for tag in self._open[-_DEEPEST:]))[-_DEEPEST:]
            if isinstance(node, Fork):
                for _, branch in node.branches:
                    _read(branch, here, reading, is_known=is_known)
                continue
            reading.placed.append(Placed(node, here, is_known))
            if isinstance(node, Part):
                known = is_known and node.kind in ("for", "block")
                _read(node.nodes, here if known else (), reading, is_known=known)

    def _steps(self, nodes: Nodes) -> Iterator[Piece | Part | Load | Fork]:
        for node in nodes:
            if isinstance(node, Fork) and id(node) in self._uneven:
                yield from self._steps(self._branch_of(node))
                continue
            if isinstance(node, Piece) and node.kind is Kind.CLOSE:
                self._close(node)
            yield node
            if isinstance(node, Piece) and node.kind is Kind.OPEN:
                self._open.append(node)

    def _branch_of(self, fork: Fork) -> Nodes:
        for condition, branch in fork.branches:
            negated = condition.startswith("not ")
            holds = self._world.get(condition.removeprefix("not "), False) is not negated
            if not condition or holds:
                return branch
        return ()

    def _close(self, end: Piece) -> None:
        if any(tag.name == end.name for tag in reversed(self._open)):
            while (tag := self._open.pop()).name != end.name:
                self._faults.append(Mismatch(tag, end))
            return
        last = self._open[-1] if self._open else None
        misspelt = last is not None and _is_alike(last.name, end.name)
        self._faults.append(Mismatch(end, last, misspelt))
        if misspelt:
            self._open.pop()


def _is_alike(name: str, other: str) -> bool:
    if max(len(name), len(other)) > _LONGEST:
        return False
    return SequenceMatcher(None, name, other, autojunk=False).ratio() > _ALIKE
