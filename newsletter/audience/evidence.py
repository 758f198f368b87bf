"""What the rows of a list show of those who agreed, in its columns of evidence."""

import datetime as dt
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from newsletter.audience.cell_days import read_day
from newsletter.audience.cells import LONGEST_VALUE, clean_value, too_long
from newsletter.audience.yes_and_no import is_empty_sign, sentence_says
from newsletter.language import Wording, say
from newsletter.model import Proof

_REMEMBERED = 20_000  # values of a column
# As services write a moment: a list has many, of few days.
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[ T][0-2]\d:[0-5]\d(?::[0-5]\d)?")
_DAY_ENDS = 10  # characters of it


class Shows(Enum):
    """By what a column shows that somebody agreed."""

    BY_ANYTHING = "but a no: the editor says that it is evidence"
    BY_YES = "or by a day"
    BY_DAY = "alone"
    NOTHING = "but it tells more of what another column shows"


class _Shown(NamedTuple):
    """What a cell shows."""

    day: str = ""  # on which somebody agreed, as far as it says
    is_yes: bool = False  # that they did
    fault: Wording | None = None  # what is wrong with its day


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceColumn:
    """A column of evidence."""

    place: int
    header: str
    shows: Shows
    codes: Set[str]  # letters that mean yes here, in lower case
    first: str  # what 3/4/2026 begins with, “day” or “month”; empty: not known
    today: dt.date
    seen: dict[str, _Shown] = field(default_factory=dict)  # of its values; of moments, their days

    def read(self, value: str) -> _Shown:
        """Return what a value shows, and remember it."""
        shown = self._read(value)
        if len(self.seen) < _REMEMBERED:
            self.seen[value] = shown
        return shown

    def _read(self, value: str) -> _Shown:
        if len(value) > LONGEST_VALUE:
            return _Shown(fault=too_long(self.header, value))
        if self.shows is Shows.NOTHING:
            return _Shown()
        day = read_day(value, first=self.first, today=self.today)
        if isinstance(day, str):
            return _Shown(fault=say("“{header}”: {fault}", header=self.header, fault=day))
        return _Shown(day.isoformat(), is_yes=True) if day else _Shown(is_yes=self._says_yes(value))

    def _says_yes(self, value: str) -> bool:
        """Return whether a value that is no day shows that somebody agreed."""
        said = value.casefold() in self.codes or sentence_says(value)
        if self.shows is Shows.BY_ANYTHING:
            return said is not False and value.strip("?¿") != ""
        return self.shows is Shows.BY_YES and said is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How the evidence of a list is read."""

    columns: Sequence[EvidenceColumn] = ()

    def of_row(self, cells: Sequence[str]) -> Proof | Wording | None:
        """Return what a row shows, or what is wrong with its day."""
        return self._told([cells[column.place] for column in self.columns])

    def of_rows(self, columns: Sequence[Sequence[str]]) -> list[Proof | Wording | None]:
        """Return what each row shows, given all columns, or what is wrong with its day."""
        if not self.columns:
            return []
        if len(self.columns) == 1:
            return list(map(self._told_alone, columns[self.columns[0].place]))
        rows = zip(*(columns[column.place] for column in self.columns), strict=True)
        return list(map(self._told, rows))

    def _told_alone(self, cell: str) -> Proof | Wording | None:
        """Return what the cell of the one column shows: mostly a moment, which is read quickly."""
        [column] = self.columns
        if _MOMENT.fullmatch(cell):
            shown = column.seen.get(cell[:_DAY_ENDS]) or column.read(cell[:_DAY_ENDS])
            if shown.day:
                return Proof(f"{column.header}: {cell}", shown.day)
        return self._told([cell])

    def _told(self, cells: Sequence[str]) -> Proof | Wording | None:
        parts, last, is_shown = list[str](), "", False
        for column, cell in zip(self.columns, cells, strict=True):
            is_moment = _MOMENT.fullmatch(cell)
            value = cell if is_moment else _plain(cell)
            if not value:
                continue
            said = value[:_DAY_ENDS] if is_moment else value
            shown = column.seen.get(said) or column.read(said)
            if shown.fault:
                return shown.fault
            parts.append(f"{column.header}: {value}")
            is_shown = is_shown or shown.is_yes
            last = max(last, shown.day)
        return Proof("; ".join(parts), last) if is_shown else None


def _plain(cell: str) -> str:
    """Return a value in one line; "" for one that says nothing."""
    value = " ".join(clean_value(cell).split())
    return "" if is_empty_sign(value) else value
