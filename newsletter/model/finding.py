"""What checks, readers and renderers report about an issue."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"  # the issue must not be sent
    WARNING = "warning"  # a person must decide
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check reports about an issue."""

    id: str  # stable name of the check, such as "image-alt"
    severity: Severity
    path: str  # file as the editor knows it, relative to the newsletter's folder
    message: str  # what is wrong
    hint: str = ""  # how to fix it
    line: int | None = None  # first line of the place, counted from 1

    @property
    def place(self) -> str:
        """Return file and line, such as "issues/2026-12.md:7"."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.severity}: {self.message}{hint} [{self.id}]"
