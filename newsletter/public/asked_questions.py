"""What a page of a survey shows of its questions: words in one language, what was typed, faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.language import Wording
from newsletter.model import Answer, Option, Question, QuestionKind
from newsletter.model.questionnaire import words_in

_NOTHING = Answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One answer to choose."""

    value: str
    words: str
    end: str = ""  # what an end of a scale means
    is_chosen: bool
    other: str = ""  # name of the field for words that go with it; empty: there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is answered by one field, or one group of them: a question, or a row of a matrix."""

    name: str  # of its field
    words: str
    offered: Sequence[Offered] = ()
    typed: str = ""
    error: Wording | str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is shown."""

    kind: QuestionKind
    line: Line
    rows: Sequence[Line] = ()  # of a matrix
    help: str = ""
    is_required: bool
    most: int | None  # that may be chosen
    low: int | None
    high: int | None
    is_long: bool
    other: str = ""  # words typed beside “other, please say”

    @property
    def faults(self) -> Iterator[tuple[str, Wording | str]]:
        """Yield what is wrong, each with the name of the field it is wrong with."""
        for line in (self.line, *self.rows):
            if line.error:
                yield line.name, line.error


def field_of(question: str, part: str = "") -> str:
    """Return the name of the field of a question, of a row of its matrix, or of “other”."""
    return f"q-{question}.{part}" if part else f"q-{question}"


def asked_of(
    question: Question,
    answer: Answer | None,
    errors: Mapping[str, Wording | str],
    typed: Mapping[str, str],
    language: str,
) -> Asked:
    """Return a question as it is shown; what was typed is kept, even if it is no answer."""
    given = answer or _NOTHING
    name = field_of(question.id)
    chosen = tuple(given.chosen)
    if question.kind is QuestionKind.SCALE and given.number is not None:
        chosen = (str(given.number),)
    words = given.text if question.kind is QuestionKind.TEXT else _number_of(given)
    matrix = question.kind is QuestionKind.MATRIX
    return Asked(
        kind=question.kind,
        line=Line(
            name=name,
            words=words_in(question.words, language),
            offered=() if matrix else _offered(question, chosen, language),
            typed=typed.get(name, words),
            error=errors.get(name, ""),
        ),
        rows=tuple(_row(question, row, given, errors, language) for row in question.rows),
        help=words_in(question.helps, language),
        is_required=question.is_required,
        most=question.most,
        low=question.low,
        high=question.high,
        is_long=question.is_long,
        other=given.other,
    )


def _number_of(given: Answer) -> str:
    return "" if given.number is None else str(given.number)


def _row(
    question: Question,
    row: Option,
    given: Answer,
    errors: Mapping[str, Wording | str],
    language: str,
) -> Line:
    name = field_of(question.id, row.id)
    chosen = given.rows.get(row.id, "")
    return Line(
        name=name,
        words=words_in(row.words, language),
        offered=_offered(question, (chosen,), language),
        error=errors.get(name, ""),
    )


def _offered(question: Question, chosen: Sequence[str], language: str) -> Sequence[Offered]:
    if question.kind is QuestionKind.SCALE:
        return tuple(_scale(question, chosen, language))
    return tuple(
        Offered(
            value=option.id,
            words=words_in(option.words, language),
            is_chosen=option.id in chosen,
            other=field_of(question.id, "other") if option.is_other else "",
        )
        for option in question.options
    )


def _scale(question: Question, chosen: Sequence[str], language: str) -> Iterator[Offered]:
    low, high = question.low or 0, question.high or 0
    ends = question.ends.get(language) or next(iter(question.ends.values()), ("", ""))
    said = {low: ends[0], high: ends[1]}
    for number in range(low, high + 1):
        value = str(number)
        yield Offered(value=value, words=value, end=said.get(number, ""), is_chosen=value in chosen)
