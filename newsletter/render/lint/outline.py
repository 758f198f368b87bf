"""The outline of a template: its markup, within the branches, loops and parts of Jinja."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge

from newsletter.render.lint.plain import Plain, Statement
from newsletter.render.lint.tags import Kind, Piece, pieces_of


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """Branches of which one is taken: each with its condition, which is "" for `else`."""

    branches: tuple[tuple[str, "Nodes"], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What stands between a statement and its end, whole by itself."""

    kind: str  # "for", "block", "macro", "call", "filter", "set"
    name: str  # of a block
    nodes: "Nodes"


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """A place at which another file is loaded, or a block of the page is shown."""

    how: str  # "include", "extends", "import", "from"; "self" for a block of the page
    said: str  # what is said of its name, such as `"blocks/" ~ block.kind ~ ".mjml"`
    offset: int


Node = Piece | Fork | Part | Load
Nodes = tuple[Node, ...]

_LOADS = ("include", "extends", "import", "from", "self")
_PARTS = ("for", "block", "macro", "call", "filter")
_DEEPEST = 50  # statements within one another; Jinja itself gives up at some hundred
_ENDS = {"endif", "elif", "else", "endfor", "endset", *(f"end{name}" for name in _PARTS)}


def outline_of(plain: Plain) -> Nodes:
    """Return the outline of a template; what Jinja itself refuses is taken as it comes."""
    return _Reader(plain).read()


def all_nodes(nodes: Nodes) -> Iterator[Node]:
    """Yield all of an outline, whatever branch it is in."""
    for node in nodes:
        yield node
        if isinstance(node, Part):
            yield from all_nodes(node.nodes)
        elif isinstance(node, Fork):
            for _, branch in node.branches:
                yield from all_nodes(branch)


class _Reader:
    def __init__(self, plain: Plain) -> None:
        pieces = list(pieces_of(plain))
        outside = _outside(plain.statements, pieces)
        events: list[Iterable[Piece | Statement]] = [pieces, outside]
        self._events = merge(*events, key=lambda event: event.start)
        self._depth = 0
        self._ended: Statement | None = None  # the statement that the last sequence ended at

    def read(self) -> Nodes:
        nodes: list[Node] = []
        while True:
            nodes += self._sequence()
            if self._ended is None:
                return tuple(nodes)  # else an end without a beginning: it is skipped

    def _sequence(self) -> Nodes:
        nodes: list[Node] = []
        for event in self._events:
            if isinstance(event, Piece):
                nodes.append(event)
            elif event.name in _ENDS:
                self._ended = event
                return tuple(nodes)
            elif self._depth < _DEEPEST:
                self._depth += 1
                nodes += self._of_statement(event)
                self._depth -= 1
        self._ended = None
        return tuple(nodes)

    def _of_statement(self, statement: Statement) -> Iterator[Node]:
        name, rest = statement.name, statement.rest
        if name == "if":
            yield self._fork(rest)
        elif name in _PARTS or (name == "set" and "=" not in rest):
            yield Part(name, rest.split(" ")[0] if rest else "", self._part())
        elif name in _LOADS:
            yield Load(name, rest, statement.start)

    def _fork(self, condition: str) -> Fork:
        branches = []
        while True:
            branches.append((condition, self._sequence()))
            ended = self._ended
            if ended is None or ended.name not in ("elif", "else"):
                return Fork(tuple(branches))
            condition = ended.rest if ended.name == "elif" else ""

    def _part(self) -> Nodes:
        nodes = self._sequence()
        while self._ended is not None and self._ended.name == "else":  # of a loop that was empty
            nodes += self._sequence()
        return nodes


def _outside(statements: tuple[Statement, ...], pieces: list[Piece]) -> Iterator[Statement]:
    """Yield the statements that stand between tags: those within one only write attributes."""
    tags = iter([piece for piece in pieces if piece.kind is not Kind.WORDS])
    tag = next(tags, None)
    for statement in statements:
        while tag and tag.end <= statement.start:
            tag = next(tags, None)
        if tag is None or statement.start < tag.start:
            yield statement
