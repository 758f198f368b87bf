"""What a list of people says: its columns, its rows, and what it leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.model import Standing


class Role(StrEnum):
    """What becomes of a column."""

    ADDRESS = "address"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    LANGUAGE = "language"
    STANDING = "standing"  # says who left, or who may not be mailed
    CONSENT = "consent"  # says who agreed
    HISTORY = "history"  # until when another ledger had sent issues
    ATTRIBUTE = "attribute"  # kept for slots and segments
    OFFERED = "offered"  # left out unless it is asked for
    UNUSABLE = "unusable"  # cannot name a slot, or another column means the same
    EMPTY = "empty"  # no row has anything there


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list, and what becomes of it."""

    header: str  # as the list writes it
    place: int  # counted from 0
    role: Role
    name: str = ""  # what its values are stored as; empty when they are not
    why: str = ""  # in a sentence, where the role alone does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an editor must answer before anything of a list is taken."""

    id: str  # stable, such as "encoding" or "column:Lupa"
    text: str
    choices: Mapping[str, str]  # answer -> what it means
    lines: tuple[int, ...] = ()  # the first few where it arises

    @property
    def option(self) -> str:
        """Return the option that answers it, with the first of its choices."""
        answer = f"{self.id}={next(iter(self.choices), 'ANSWER')}"
        return f"--answer {_quoted(answer)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the editor and the newsletter want of a list."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # header -> role or attribute
    columns: tuple[str, ...] = ()  # kept by request: headers, or the names they get
    used: tuple[str, ...] = ()  # names that slots and segments use
    answers: Mapping[str, str] = field(default_factory=dict)  # id of a question -> answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was mended in a cell."""

    column: str  # header of the column
    before: str
    after: str
    text: str  # what was wrong


@dataclass(slots=True, kw_only=True)  # not frozen: that takes as long as reading a row
class Entry:
    """A person as a list names them."""

    line: int  # where the row begins, counted from 1
    address: str
    values: Mapping[str, str]  # of the columns that are kept: name, language, attributes
    standing: Standing | None = None  # None: nothing speaks against mailing them
    evidence: str = ""  # what the list says of it, such as "status=subscribed"
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that is not taken, and why."""

    line: int
    text: str  # the address as it stands there, else the row
    reason: str
    cells: tuple[str, ...] = ()  # of the row, as they stand there


def _quoted(text: str) -> str:
    """Return a text as it is typed in any shell, cmd.exe's and PowerShell's included."""
    return text if text.replace("=", "").replace(":", "").isalnum() else f'"{text}"'
