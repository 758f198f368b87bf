"""How a sheet displays its rows and columns, which openpyxl does not stream."""

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers.expat import ParserCreate

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from newsletter.audience.entries import MAX_COLUMNS, Mark
from newsletter.audience.merges import Range

_MOST_ROWS = 1_048_576  # Excel's limits for a sheet
_MOST_RANGES = 3  # listed in a report
_YES, _NO = ("1", "true"), ("0", "false")


def place_of(row: int, column: int) -> int:
    """Return one number for a cell, increasing in the order of the sheet."""
    return row << 14 | column


@dataclass(slots=True, kw_only=True)
class SheetMarks:
    """How a sheet displays its rows and columns."""

    marks: bytearray = field(default_factory=lambda: bytearray(2))  # of each row, by number
    hidden_columns: set[int] = field(default_factory=set)  # counted from 0
    struck_ranges: list[str] = field(default_factory=list)  # with a conditional strike-through
    merged: list[Range] = field(default_factory=list)  # cells merged from more than one
    formulas: "array[int]" = field(default_factory=lambda: array("Q"))  # `place_of` each

    def mark(self, number: int, mark: Mark) -> None:
        """Mark a row."""
        self.marks.extend(bytes(max(number + 1 - len(self.marks), 0)))
        self.marks[number] |= mark


def sheet_marks(source: BinaryIO, striking: Collection[int]) -> SheetMarks:
    """Read a sheet's XML; `striking` are the numbers of conditional styles that strike through."""
    reader = _Reader(striking)
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.ParseFile(source)
    return reader.looks


class _Reader:
    """Goes through the elements of a sheet."""

    def __init__(self, striking: Collection[int]) -> None:
        self.looks = SheetMarks()
        self._striking = {str(number) for number in striking}
        self._are_hidden = False  # rows without any other mark
        self._row = 0
        self._spans = 0  # columns seen so far: each column is in one at most
        self._range = ""  # the range of the current rules
        self._in_style = False  # of a rule with a style of its own
        self._cell: Mapping[str, str] = {}
        self._has_formula = False  # in the current cell

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        name = tag.rpartition(" ")[2]
        if name in ("c", "f", "v"):
            self._see_cell(name, attributes)
        elif name == "row":
            self._see_row(attributes)
        elif name == "mergeCell":
            self._see_merged(attributes.get("ref", ""))
        elif name == "sheetFormatPr":
            self._are_hidden = attributes.get("zeroHeight") in _YES
        elif name == "col":
            self._see_columns(attributes)
        else:
            self._see_format(name, attributes)

    def end(self, tag: str) -> None:
        """Handle the end of an element."""
        if tag.rpartition(" ")[2] == "dxf":
            self._in_style = False

    def _see_format(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note what strikes rows through."""
        if name == "conditionalFormatting":
            self._range = attributes.get("sqref", "")
        elif name == "cfRule" and attributes.get("dxfId") in self._striking:
            self._note_rule()
        elif name == "dxf":
            self._in_style = True
        elif name == "strike" and attributes.get("val") not in _NO:
            if self._in_style:
                self._note_rule()
            elif 0 < self._row <= _MOST_ROWS:  # letters written in the cell itself
                self.looks.mark(self._row, Mark.STRUCK)

    def _see_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        hidden, height = attributes.get("hidden"), attributes.get("ht")
        is_hidden = self._are_hidden if (hidden, height) == (None, None) else hidden in _YES
        if (is_hidden or _is_zero(height)) and 0 < self._row <= _MOST_ROWS:
            self.looks.mark(self._row, Mark.HIDDEN)

    def _see_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a formula, unless its value is known to be empty text."""
        if name == "c":
            self._cell, self._has_formula = attributes, False
        elif name == "f" and "r" in self._cell:
            self._has_formula = True
            row, column = coordinate_to_tuple(self._cell["r"])
            self.looks.formulas.append(place_of(row, column))
        elif name == "v" and self._has_formula and self._cell.get("t") == "str":
            self.looks.formulas.pop()
            self._has_formula = False

    def _see_merged(self, ref: str) -> None:
        bounds = range_boundaries(ref)  # whole columns, or rows, leave out two of them
        first, row = bounds[0] or 1, bounds[1] or 1
        last, until = bounds[2] or MAX_COLUMNS, bounds[3] or _MOST_ROWS
        if (first, row) != (last, until):
            self.looks.merged.append((first, row, last, until))

    def _see_columns(self, attributes: Mapping[str, str]) -> None:
        self._spans += 1
        is_hidden = attributes.get("hidden") in _YES or _is_zero(attributes.get("width"))
        if is_hidden and self._spans <= MAX_COLUMNS:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            columns = range(max(first, 1) - 1, min(last, MAX_COLUMNS))
            self.looks.hidden_columns.update(columns)

    def _note_rule(self) -> None:
        if len(self.looks.struck_ranges) < _MOST_RANGES:
            self.looks.struck_ranges.append(self._range[:60] or "?")


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0
