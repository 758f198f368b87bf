"""What a list of people contains: its columns, its rows, and what it leaves open."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum

from newsletter.language import Wording, say
from newsletter.model import Proof, Standing

MAX_COLUMNS = 1000


class Mark(IntFlag):
    """How a spreadsheet displays a row, besides its cells."""

    HIDDEN = 1  # by a filter, or by hand
    STRUCK = 2  # something in it is struck through

    @property
    def question(self) -> str:
        """Return the id of the question about rows with this mark."""
        return "hidden" if self is Mark.HIDDEN else "struck"

    @property
    def words(self) -> Wording:
        """Return the words that describe rows with this mark."""
        return say("hidden in the sheet") if self is Mark.HIDDEN else say("struck through")


class Role(StrEnum):
    """What becomes of a column."""

    ADDRESS = "address"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    LANGUAGE = "language"
    STANDING = "standing"  # says who left, or who may not be mailed
    CONSENT = "consent"  # says who agreed
    EVIDENCE = "evidence"  # tells more of how they agreed
    HISTORY = "history"  # up to when another ledger had sent issues
    ATTRIBUTE = "attribute"  # kept for slots and segments
    OFFERED = "offered"  # left out unless requested
    UNUSABLE = "unusable"  # cannot name a slot, or another column means the same
    EMPTY = "empty"  # empty in every row


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list, and what becomes of it."""

    header: str  # as written in the list
    place: int  # counted from 0
    role: Role
    name: str = ""  # the name its values are stored under; empty if they are not stored
    why: str = ""  # a sentence of explanation, where the role alone is not enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question the editor must answer before anything from a list is taken."""

    id: str  # stable, such as "encoding" or "column:Lupa"
    text: Wording
    choices: Mapping[str, str]  # answer -> what it means
    lines: tuple[int, ...] = ()  # the first few lines it is about

    @property
    def option(self) -> str:
        """Return the command-line option that answers it, with its first choice."""
        answer = f"{self.id}={next(iter(self.choices), 'ANSWER')}"
        return f"--answer {_quoted(answer)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the editor and the newsletter ask of a list."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # header -> role or attribute
    columns: tuple[str, ...] = ()  # kept on request: headers, or the names they get
    evidence: tuple[str, ...] = ()  # headers of columns that show who agreed
    used: tuple[str, ...] = ()  # names that slots and segments use
    answers: Mapping[str, str] = field(default_factory=dict)  # id of a question -> answer
    today: dt.date = dt.date.max  # nobody agreed later


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was mended in a cell."""

    column: str  # header of the column
    before: str
    after: str
    text: str  # what was wrong


@dataclass(slots=True, kw_only=True)  # not frozen: freezing takes as long as reading a row
class Entry:
    """A person as a list names them."""

    line: int  # where the row begins, counted from 1
    address: str
    values: Mapping[str, str]  # values of the kept columns: name, language, attributes
    standing: Standing | None = None  # None: no reason not to mail them
    evidence: str = ""  # what the list says about it, such as "status=subscribed"
    repairs: tuple[Repair, ...] = ()
    proof: Proof | None = None  # that they agreed


def value_id(header: str, value: str) -> str:
    """Return the id of the question about a value."""
    return f"value:{header.strip()}:{value.strip()[:60]}"


def _quoted(text: str) -> str:
    """Return a text quoted so that any shell takes it, cmd.exe and PowerShell included."""
    return text if text.replace("=", "").replace(":", "").isalnum() else f'"{text}"'
