"""The nouns of a survey's results: how often what was answered, by groups, and another year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.model.questionnaire import QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that could be answered, and how many did."""

    id: str  # of its option; a number or a class of numbers as it is written
    count: int | None  # None: it is withheld
    words: Mapping[str, str] = field(default_factory=dict)  # by language; none: its id says it
    is_neutral: bool = False  # says nothing for or against


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was answered to a question, or to one row of a matrix."""

    question: str
    kind: QuestionKind
    row: str = ""  # of a matrix
    words: Mapping[str, str]  # of the question, by language
    row_words: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # of a scale, by language
    lines: tuple[Line, ...] = ()  # none of words
    n: int  # how many answered it
    asked: int  # to how many it was shown
    is_conditional: bool = False  # was shown to some only
    is_withheld: bool = False  # so few were asked that not even that is told

    @property
    def key(self) -> tuple[str, str]:
        """Return by which it is known: its question, and its row."""
        return self.question, self.row

    @property
    def is_of_words(self) -> bool:
        """Return whether it was answered in words of one's own, which nobody counts."""
        return self.kind is QuestionKind.TEXT

    @property
    def is_of_matrix(self) -> bool:
        """Return whether it is one row of several."""
        return self.kind is QuestionKind.MATRIX

    @property
    def is_ordered(self) -> bool:
        """Return whether its lines are numbers, from the least to the greatest."""
        return self.kind in (QuestionKind.SCALE, QuestionKind.NUMBER)

    @property
    def is_in_classes(self) -> bool:
        """Return whether its lines are classes that depend on what was answered."""
        return self.kind is QuestionKind.NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some of those who answered, by what they answered to another question."""

    id: str  # empty: all others together
    size: int
    words: Mapping[str, str] = field(default_factory=dict)  # by language


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What each group answered; a number that is hidden is None."""

    question: str
    row: str = ""
    lines: tuple[tuple[str, ...], ...]  # ids, several where lines are told together
    n: tuple[int, ...]  # how many of each group answered the question
    counts: tuple[tuple[int | None, ...], ...]  # line by line, of each group

    @property
    def key(self) -> tuple[str, str]:
        """Return by which what it tells of is known: its question, and its row."""
        return self.question, self.row


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedResults:
    """All that is told by one way of making groups."""

    by: str  # what makes the groups: `by` and the id of a question, or `where` and a segment
    names: tuple[str, ...]  # ids of the questions that it asks
    groups: tuple[Group, ...]
    crossings: tuple[Crossing, ...]
    untold: tuple[tuple[str, str], ...] = ()  # keys of what too few answered for


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How far the share of one answer is from that of another year."""

    question: str
    row: str
    line: str
    before: tuple[int, int]  # how many of how many
    now: tuple[int, int]
    low: float  # 95 % interval of the difference
    high: float
    is_sure: bool  # 0 is excluded, however many differences were looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResults:
    """What a survey tells, as it was frozen."""

    survey: str  # id
    titles: Mapping[str, str]  # by language; the newsletter's own first
    kind: str  # of the survey
    is_open_to_all: bool = False
    closed: dt.date | None = None
    answered: int
    invited: int | None = None  # None: nobody knows of how many
    tallies: tuple[Tally, ...] = ()
    notes: Sequence[str] = ()  # what was changed after it was opened

    def tally(self, key: tuple[str, str]) -> Tally | None:
        """Return the tally of a question and a row."""
        return next((one for one in self.tallies if one.key == key), None)
