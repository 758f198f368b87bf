"""What a page of a survey shows of its questions: words in one language, what was typed, faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.language import Wording
from newsletter.model import Question, QuestionKind, words_in
from newsletter.surveys import field_of


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
    def faults(self) -> Iterator[Line]:
        """Yield the question, or the rows of its table, where what was answered is wrong."""
        yield from (line for line in (self.line, *self.rows) if line.error)


def asked_of(
    question: Question,
    fields: Mapping[str, Sequence[str]],
    faults: Mapping[str, Wording],
    language: str,
) -> Asked:
    """Return a question as it is shown, with what its fields hold, be it an answer or not."""
    name = field_of(question)
    matrix = question.kind is QuestionKind.MATRIX
    given = fields.get(name, ())
    other = field_of(question, "other")
    return Asked(
        kind=question.kind,
        line=Line(
            name=name,
            words=words_in(question.words, language),
            offered=() if matrix else _offered(question, given, language),
            typed=next(iter(given), ""),
            error=faults.get(name) or faults.get(other) or "",
        ),
        rows=tuple(
            Line(
                name=field_of(question, row.id),
                words=words_in(row.words, language),
                offered=_offered(question, fields.get(field_of(question, row.id), ()), language),
                error=faults.get(field_of(question, row.id), ""),
            )
            for row in question.rows
        ),
        help=words_in(question.helps, language),
        is_required=question.is_required,
        most=question.most,
        low=question.low,
        high=question.high,
        is_long=question.is_long,
        other=next(iter(fields.get(other, ())), ""),
    )


def _offered(question: Question, chosen: Sequence[str], language: str) -> Sequence[Offered]:
    if question.kind is QuestionKind.SCALE:
        return tuple(_scale(question, chosen, language))
    return tuple(
        Offered(
            value=option.id,
            words=words_in(option.words, language),
            is_chosen=option.id in chosen,
            other=field_of(question, "other") if option.is_other else "",
        )
        for option in question.options
    )


def _scale(question: Question, chosen: Sequence[str], language: str) -> Iterator[Offered]:
    low, high = question.low or 0, question.high or 0
    ends = question.ends.get(language) or next(iter(question.ends.values()), ("", ""))
    said = {low: ends[0], high: ends[1]}
    for number in range(low, high + 1):
        value, end = str(number), said.get(number, "")
        yield Offered(value=value, words=value, end=end, is_chosen=value in chosen)
