"""Finds on which line of which template a place of a filled page was written.

Used only for a page with a fault: it is filled once more, with a mark at the beginning of each line
that a template wrote.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from newsletter.render.printing import PrintingEnvironment

# Noncharacters that no text may contain (Unicode 23.7).
_MARK = re.compile("\ufdd4([^:\ufdd5]*):(\\d+)\ufdd5")


class MarkingEnvironment(PrintingEnvironment):
    """Fills templates so that each line carries its origin.

    A mark holds all that it means, so that templates may be kept compiled.
    """

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Marker(filename or "").visit(tree)
        return tree


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """A filled template that knows where it was written."""

    text: str
    starts: Sequence[int]  # offsets at which a line of a template begins
    places: Sequence[tuple[str, int]]  # the file and line of each

    @classmethod
    def read(cls, filled: str) -> "MarkedText":
        """Read a filled template, with the marks that it carries."""
        file_of = cache(lambda coded: os.fsdecode(unquote_to_bytes(coded)))
        starts, places, taken = [], [], 0
        for mark in _MARK.finditer(filled):
            starts.append(mark.start() - taken)
            places.append((file_of(mark[1]), int(mark[2])))
            taken += len(mark[0])
        return cls(text=_MARK.sub("", filled), starts=starts, places=places)

    def place_of(self, offset: int) -> tuple[str, int] | None:
        """Return the file and line that wrote a character of the text."""
        at = bisect_right(self.starts, offset) - 1
        return self.places[at] if at >= 0 else None


class _Marker(NodeVisitor):
    """Writes marks into what a template says, and before a value that nothing is said before."""

    def __init__(self, file: str) -> None:
        self._file = quote_from_bytes(os.fsencode(file))  # no sign of it means anything to others

    def visit_TemplateData(self, node: nodes.TemplateData) -> None:  # noqa: N802 - Jinja's naming
        first, *rest = node.data.split("\n")
        lines = [f"\n{self._mark(node.lineno + n)}{text}" for n, text in enumerate(rest, 1)]
        node.data = self._mark(node.lineno) + first + "".join(lines)

    def visit_Output(self, node: nodes.Output) -> None:  # noqa: N802 - Jinja's naming
        self.generic_visit(node)
        if node.nodes and not isinstance(node.nodes[0], nodes.TemplateData):
            node.nodes.insert(0, nodes.TemplateData(self._mark(node.lineno), lineno=node.lineno))

    def _leave(self, node: nodes.Node) -> None:
        """Leave alone what templates may measure or compare."""

    visit_AssignBlock = visit_FilterBlock = visit_CallBlock = visit_Macro = _leave  # noqa: N815

    def _mark(self, line: int) -> str:
        return f"\ufdd4{self._file}:{line}\ufdd5"
