"""Parts of a list that are read in their own way: below a title inside it, hidden, struck out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.audience.headers import fold, plain
from newsletter.audience.leaving_words import HEADS_LEAVERS, HEADS_READERS, SAYS_LEFT
from newsletter.audience.tables import Recognise, Table

_MOST_WORDS = 3  # cells of a title that hold words
# Somebody without an address, of whom the row says more.
_HAS_NO_ADDRESS = re.compile(
    r"(ei|no|ingen|inget|inte|ej|not) (\w+ )?(sähköpost|osoi|e ?mail|e post)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A row that is no person and may say who stands below it."""

    line: int
    text: str
    is_header: bool = False  # names the columns anew, otherwise than the header

    @property
    def id(self) -> str:
        """Return the id of the question about it."""
        return f"title:{self.text}"


@dataclass(slots=True, kw_only=True)  # not frozen: there is one for each row of a list
class Row:
    """A row that holds anything, and the part of the list it stands in."""

    line: int
    cells: list[str]
    title: Title | None  # the last one above it, or the row itself
    marks: int  # a Mark, or several

    @property
    def is_title(self) -> bool:
        """Tell whether this row is the title itself."""
        return self.title is not None and self.title.line == self.line


def walk(table: Table, recognise: Recognise) -> Iterator[Row]:
    """Yield each row below the header that holds anything."""
    title = _title_above(table)
    marks = table.marks
    for line, cells in table.rows():
        text = "".join(cells)
        if not text.strip():
            continue
        if "@" not in text:
            title = _title(table.header, line, cells, recognise, after=title) or title
        yield Row(line=line, cells=cells, title=title, marks=marks[line] if marks else 0)


def _title_above(table: Table) -> Title | None:
    """Return the last of the titles above the header that may speak of people who left."""
    found = [_title((), 0, cells, lambda _: 0, after=None) for cells in table.above]
    return next(filter(None, reversed(found)), None)


def _title(
    header: Sequence[str],
    line: int,
    cells: Sequence[str],
    recognise: Recognise,
    *,
    after: Title | None,
) -> Title | None:
    """Return the title that a row without an address is; None when it is something else."""
    if recognise(cells):
        is_same = [fold(cell) for cell in cells] == [fold(cell) for cell in header]
        return None if is_same else Title(line=line, text=_shown(cells), is_header=True)
    lettered = [cell for cell in cells if not cell.isspace() and re.search(r"[^\W\d_]", cell)]
    if not 1 <= len(lettered) <= _MOST_WORDS:
        return None
    words = plain(lettered[0][:200])
    is_alone = len(lettered) == 1
    if HEADS_LEAVERS.search(words) or SAYS_LEFT.search(words):
        is_person = not is_alone and _HAS_NO_ADDRESS.match(words)
        return None if is_person else Title(line=line, text=_shown(lettered[:1]))
    if after and is_alone and HEADS_READERS.search(words):
        return Title(line=line, text=_shown(lettered))
    return None


def _shown(cells: Sequence[str]) -> str:
    text = " ".join(re.sub(r"\s+", " ", cell).strip() for cell in cells[:8] if cell.strip())
    return text[:60].rstrip(" :;.,–-")
