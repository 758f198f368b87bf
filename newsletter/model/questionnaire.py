"""The nouns of asking members: a survey as its file tells it, its questions, somebody's answers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.language import Wording, say


class SurveyKind(StrEnum):
    """Who can know whose answer it is: fixed when the survey is opened."""

    ANONYMOUS = "anonymous"  # nobody; it cannot be changed later
    NAMED = "named"  # the editor
    POLL = "poll"  # nobody once it is closed; until then it can be changed

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _KINDS[self]

    @property
    def told(self) -> Wording:
        """Return what becomes of an answer, as people read it beside the button."""
        return _TOLD[self]


_KINDS = {
    SurveyKind.ANONYMOUS: say("anonymous"),
    SurveyKind.NAMED: say("with names"),
    SurveyKind.POLL: say("poll"),
}


_TOLD = {
    SurveyKind.ANONYMOUS: say(
        "Your answers are anonymous. That you have answered is noted in one place. What was "
        "answered lies in another, without names or times and in random order, and nobody can put "
        "the two together. So answers cannot be changed later."
    ),
    SurveyKind.NAMED: say("The editor sees your answers with your name."),
    SurveyKind.POLL: say(
        "Your answer is confidential, not anonymous. Until the poll closes it is kept together "
        "with who you are, so that you can change it. Then that is deleted."
    ),
}


class QuestionKind(StrEnum):
    """What is answered to a question."""

    ONE = "one"  # one of its options
    MANY = "many"  # some of them
    SCALE = "scale"  # a whole number from `low` to `high`
    MATRIX = "matrix"  # one of its options for each of its rows
    TEXT = "text"  # words
    NUMBER = "number"  # a whole number


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose, or one row of a matrix."""

    id: str  # by which answers are kept, whatever its words
    words: Mapping[str, str]  # by language
    is_other: bool = False  # "other, please say": a field for words goes with it
    is_neutral: bool = False  # says nothing for or against, as “en osaa sanoa” does


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a survey."""

    id: str
    kind: QuestionKind
    words: Mapping[str, str]  # by language
    helps: Mapping[str, str] = field(default_factory=dict)  # a sentence below it, by language
    is_required: bool = False
    options: tuple[Option, ...] = ()  # in the order of the file
    rows: tuple[Option, ...] = ()  # of a matrix
    low: int | None = None  # of a scale or a number
    high: int | None = None
    ends: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # labels of a scale's ends
    most: int | None = None  # that may be chosen of many
    is_long: bool = False  # of words: more than one line
    show_if: str = ""  # a segment over earlier answers, as written; empty: always shown
    line: int = 1  # of the file in the newsletter's language


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPage:
    """Questions that are shown together."""

    id: str
    titles: Mapping[str, str]  # by language
    leads: Mapping[str, str]  # Markdown above its questions, by language
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey as surveys/ID.md tells it."""

    id: str
    kind: SurveyKind
    titles: Mapping[str, str]  # by language; the newsletter's own first
    leads: Mapping[str, str] = field(default_factory=dict)  # Markdown before all questions
    pages: tuple[SurveyPage, ...] = ()
    closes: dt.datetime | None = None  # local time; a day without a time ends at 23.59
    is_open_to_all: bool = False  # anybody who has the link may answer, more than once
    compare: str = ""  # id of the survey of another year with the same questions
    segment: str = ""  # who is invited; empty: everybody
    thanks: Mapping[str, str] = field(default_factory=dict)  # Markdown, by language
    lines: Mapping[str, int] = field(default_factory=dict)  # of each key of its file

    @property
    def questions(self) -> Iterator[Question]:
        """Yield its questions in order."""
        for page in self.pages:
            yield from page.questions

    def question(self, id: str) -> Question | None:
        """Return the question of an id."""
        return next((one for one in self.questions if one.id == id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answers to one question; ids, never words of options."""

    chosen: tuple[str, ...] = ()  # ids of options, of ONE and MANY
    other: str = ""  # words that go with the option “other”
    number: int | None = None  # of SCALE and NUMBER
    rows: Mapping[str, str] = field(default_factory=dict)  # of MATRIX: row -> option
    text: str = ""  # of TEXT


# By the id of the question; one that was not answered is not in it.
Answers = Mapping[str, Answer]
