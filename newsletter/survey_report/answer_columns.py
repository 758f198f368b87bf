"""Lays answers out in columns, as programs of statistics want them, and reads them from there.

Names are ASCII and short, a column holds one thing: each of several choices is 0 or 1, and the
words of “other” stand beside its code. Who was not asked is told apart from who did not answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.model import Answer, Answers, Option, Question, QuestionKind, Survey

LONGEST = 32  # characters of a name, as older programs of statistics have them
WHO = ("address", "name", "day")  # columns before these, where it is known who answered
NOT_ANSWERED, NOT_ASKED = -9, -8  # codes of numbers
_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumn:
    """One column of answers."""

    name: str
    question: str
    label: str  # what was asked, and which part of it
    row: str = ""  # of a matrix
    option: str = ""  # of several choices: 1 where it was chosen
    is_words: bool = False
    is_other: bool = False  # the words of “other, please say”
    codes: Mapping[int, str] = field(default_factory=dict)  # what numbers mean
    ids: Mapping[int, str] = field(default_factory=dict)  # the ids of options by code


def columns_of(survey: Survey, language: str) -> list[AnswerColumn]:
    """Return the columns of a survey, each with a name of its own."""
    names = _Names()
    return [column for q in survey.questions for column in _columns(q, language, names)]


def cells_of(
    columns: Sequence[AnswerColumn], answers: Answers, is_asked: Callable[[str], bool]
) -> Iterator[int | str]:
    """Yield what somebody answered, column by column; `is_asked` tells by the id of a question."""
    for column in columns:
        answer = answers.get(column.question)
        if column.is_words:
            yield (answer.other if column.is_other else answer.text) if answer else ""
        elif answer is None or (number := _code(column, answer)) is None:
            yield NOT_ANSWERED if is_asked(column.question) else NOT_ASKED
        else:
            yield number


def read_cells(
    survey: Survey, columns: Sequence[AnswerColumn], cells: Mapping[str, str]
) -> Answers:
    """Return somebody's answers from cells by the name of their column.

    Raise ValueError for a cell that means nothing.
    """
    found: dict[str, Answer] = {}
    for question in survey.questions:
        own = [column for column in columns if column.question == question.id]
        values = [(column, cells.get(column.name, "").strip()) for column in own]
        if answer := _answer(question, values):
            found[question.id] = answer
    return found


class _Names:
    """Gives names that no column has yet."""

    def __init__(self) -> None:
        self._taken: set[str] = set(WHO)

    def __call__(self, *parts: str) -> str:
        made = "_".join(_SIGNS.sub("_", part.lower()).strip("_") for part in parts)
        made = made if made[:1].isalpha() else f"q_{made}"
        name, number = made[:LONGEST], 2
        while name in self._taken:
            name = f"{made[: LONGEST - 3]}_{number}"
            number += 1
        self._taken.add(name)
        return name


def _columns(question: Question, language: str, names: _Names) -> Iterator[AnswerColumn]:
    own = question.id
    label = _words(question.words, language, own)
    codes = {n: _words(o.words, language, o.id) for n, o in enumerate(question.options, 1)}
    ids = {n: option.id for n, option in enumerate(question.options, 1)}
    if question.kind is QuestionKind.MANY:
        for option in question.options:
            named = f"{label}: {_words(option.words, language, option.id)}"
            yield AnswerColumn(
                name=names(own, option.id), question=own, label=named, option=option.id
            )
    elif question.kind is QuestionKind.MATRIX:
        for row in question.rows:
            named = f"{label}: {_words(row.words, language, row.id)}"
            yield AnswerColumn(
                name=names(own, row.id),
                question=own,
                label=named,
                row=row.id,
                codes=codes,
                ids=ids,
            )
    else:
        is_words = question.kind is QuestionKind.TEXT
        yield AnswerColumn(
            name=names(own), question=own, label=label, is_words=is_words, codes=codes, ids=ids
        )
    for option in filter(_is_other, question.options):
        named = f"{label}: {_words(option.words, language, option.id)}"
        yield AnswerColumn(
            name=names(own, option.id, "text"),
            question=own,
            label=named,
            is_words=True,
            is_other=True,
        )


def _is_other(option: Option) -> bool:
    return option.is_other


def _words(words: Mapping[str, str], language: str, otherwise: str) -> str:
    return words.get(language) or next(iter(words.values()), otherwise)


def _code(column: AnswerColumn, answer: Answer) -> int | None:
    if column.option:
        return int(column.option in answer.chosen)
    if not column.ids:
        return answer.number
    chosen = answer.rows.get(column.row) if column.row else next(iter(answer.chosen), None)
    return next((code for code, id in column.ids.items() if id == chosen), None)


def _answer(question: Question, values: Sequence[tuple[AnswerColumn, str]]) -> Answer | None:
    other = next((text for column, text in values if column.is_other), "")
    if question.kind is QuestionKind.TEXT:
        [(_, text)] = values
        return Answer(text=text) if text else None
    codes = [(column, _number(text)) for column, text in values if not column.is_words]
    given = [(column, code) for column, code in codes if code is not None]
    if question.kind is QuestionKind.MANY:
        chosen = tuple(column.option for column, code in given if code)
        return Answer(chosen=chosen, other=other) if chosen else None
    if question.kind is QuestionKind.MATRIX:
        return Answer(rows={c.row: _id(c, code) for c, code in given}) if given else None
    if not given:
        return None
    [(column, code)] = given
    if question.kind is QuestionKind.ONE:
        return Answer(chosen=(_id(column, code),), other=other)
    return Answer(number=code)


def _number(text: str) -> int | None:
    number = int(text) if text else None
    return None if number in (NOT_ANSWERED, NOT_ASKED) else number


def _id(column: AnswerColumn, code: int) -> str:
    if code not in column.ids:
        raise ValueError(f"{column.name}: {code}")
    return column.ids[code]
