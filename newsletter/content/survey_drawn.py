"""What one language's file of a survey has: things with words and ids, and fields to fill in."""

import re
from dataclasses import dataclass, field

from newsletter.model import QuestionKind

# What says nothing for or against; charts show it apart.
_NEUTRAL = re.compile(
    r"en osaa sanoa|en tiedä|ei mielipidettä|ei koske minua|kan inte säga|vet inte|vet ej|"
    r"ingen åsikt|gäller inte mig|i do(?:n['’]t| not) know|(?:can['’]t|cannot|hard to) say|"
    r"no opinion|does not apply|not applicable",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One thing that has an id, as one language's file has it."""

    words: str
    id: str = ""  # as written; empty: none is
    line: int
    cell: int | None = None  # of a table, counted from 0
    is_other: bool = False

    @property
    def is_neutral(self) -> bool:
        """Return whether it says nothing for or against."""
        return _NEUTRAL.fullmatch(self.words.strip(" .")) is not None


@dataclass(slots=True, kw_only=True)
class Field:
    """What is filled in, as one language's file draws it."""

    kind: QuestionKind
    line: int
    options: list[Written] = field(default_factory=list)
    rows: list[Written] = field(default_factory=list)
    low: int | None = None
    high: int | None = None
    ends: tuple[str, str] = ("", "")
    is_long: bool = False
