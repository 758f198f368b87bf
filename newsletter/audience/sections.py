"""Parts of a list that are read in their own way: below a title, hidden, struck through."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import compress, groupby

from newsletter.audience.headers import fold, plain
from newsletter.audience.list_tables import Block, Recognise, Table
from newsletter.audience.vocabulary import DENIES, LEAVERS_TITLES, READERS_TITLES, SAYS_LEFT

_MOST_WORDS = 3  # cells with words in a title
# Somebody without an address, about whom the row says more.
_HAS_NO_ADDRESS = re.compile(
    r"(ei|no|ingen|inget|inte|ej|not) (\w+ )?(sähköpost|osoi|addr|adress|e ?mail|e post|ole$|tied)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A row that is not a person and may say who is listed below it."""

    line: int
    text: str
    is_header: bool = False  # names the columns again, differently from the header

    @property
    def id(self) -> str:
        """Return the id of the question about this title."""
        return f"title:{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows with content in the same part of a list."""

    lines: Sequence[int]
    rows: Sequence[list[str]]
    title: Title | None  # the last title above them, or the only row itself
    marks: int  # a Mark, or several

    @property
    def is_title(self) -> bool:
        """Return whether the only row is the title itself."""
        return self.title is not None and [self.title.line] == list(self.lines[:2])


def walk(table: Table, recognise: Recognise) -> Iterator[list[Section]]:
    """Yield the rows with content below the header, one block of the table at a time."""
    title = _title_above(table)
    for block in table.blocks():
        # Nearly all rows hold an address, and are neither blank nor a title.
        odd = {
            place: text for place, text in enumerate(map("".join, block.rows)) if "@" not in text
        }
        blank = {place for place, text in odd.items() if not text.strip()}
        stretches: list[Section] = []
        start = 0
        for place in sorted(odd.keys() - blank):
            line, cells = block.lines[place], block.rows[place]
            found = _title(table.header, line, cells, recognise, after=title)
            if found:
                stretches += _parted(table, block, title, within=(start, place), blank=blank)
                title = found
                stretches += _parted(table, block, title, within=(place, place + 1), blank=blank)
                start = place + 1
        stretches += _parted(table, block, title, within=(start, len(block.rows)), blank=blank)
        yield stretches


def _parted(
    table: Table, block: Block, title: Title | None, *, within: tuple[int, int], blank: Set[int]
) -> Iterator[Section]:
    """Yield the rows between two indexes without the blank ones, split where marks change."""
    start, end = within
    lines, rows = block.lines[start:end], block.rows[start:end]
    if not blank.isdisjoint(range(start, end)):
        filled = [place not in blank for place in range(start, end)]
        lines, rows = list(compress(lines, filled)), list(compress(rows, filled))
    if not table.marks:
        yield from [Section(lines=lines, rows=rows, title=title, marks=0)] if rows else []
        return
    for mark, part in groupby(zip(lines, rows, strict=True), key=lambda row: table.marks[row[0]]):
        these, cells = zip(*part, strict=True)
        yield Section(lines=these, rows=cells, title=title, marks=mark)


def _title_above(table: Table) -> Title | None:
    """Return the last title above the header that may mention people who left."""
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
    """Return the title in a row without an address; None if it is something else."""
    if recognise(cells):
        is_same = [fold(cell) for cell in cells] == [fold(cell) for cell in header]
        return None if is_same else Title(line=line, text=_shown(cells), is_header=True)
    lettered = [cell for cell in cells if not cell.isspace() and re.search(r"[^\W\d_]", cell)]
    if not 1 <= len(lettered) <= _MOST_WORDS:
        return None
    words = plain(lettered[0][:200])
    is_alone = len(lettered) == 1
    if LEAVERS_TITLES.search(words) or SAYS_LEFT.search(words):
        is_person = not is_alone and _HAS_NO_ADDRESS.match(words)
        return None if is_person else Title(line=line, text=_shown(lettered[:1]))
    if line and is_alone and DENIES.search(words) and not _HAS_NO_ADDRESS.match(words):
        return Title(line=line, text=_shown(lettered))  # “Näille ei”; above a header it is prose
    if after and is_alone and READERS_TITLES.search(words):
        return Title(line=line, text=_shown(lettered))
    return None


def _shown(cells: Sequence[str]) -> str:
    text = " ".join(re.sub(r"\s+", " ", cell).strip() for cell in cells[:8] if cell.strip())
    return text[:60].rstrip(" :;.,–-")
