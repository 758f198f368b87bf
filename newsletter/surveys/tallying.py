"""Counts what was answered: how often each answer to a question was given, and by how many."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from newsletter.model import (
    Answer,
    Answers,
    Line,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyResults,
    Tally,
)
from newsletter.surveys.branching import questions_for, values_of
from newsletter.surveys.withholding import withhold

_MOST_CLASSES = 6  # of numbers
_EACH = 8  # numbers that are told one by one


def tally_survey(survey: Survey, answers: Sequence[Answers]) -> tuple[Tally, ...]:
    """Return what was answered to each question, and to each row of a matrix, in order."""
    return tuple(
        tally for question in survey.questions for tally in _tallies(survey, question, answers)
    )


def results_of(
    survey: Survey,
    answers: Sequence[Answers],
    *,
    invited: int | None = None,
    closed: dt.date | None = None,
    notes: Sequence[str] = (),
) -> SurveyResults:
    """Return results without groups; small numbers of what only some were asked are withheld."""
    return SurveyResults(
        survey=survey.id,
        titles=survey.titles,
        kind=survey.kind.value,
        is_open_to_all=survey.is_open_to_all,
        closed=closed or (survey.closes.date() if survey.closes else None),
        answered=len(answers),
        invited=invited,
        tallies=tuple(
            withhold(question, tally)
            for question in survey.questions
            for tally in _tallies(survey, question, answers)
        ),
        notes=tuple(notes),
    )


def chosen_of(question: Question, answer: Answer | None, row: str = "") -> frozenset[str]:
    """Return the ids of what somebody answered, as its lines have them; none: did not answer."""
    said = frozenset(values_of(question, answer, row))
    if question.kind is QuestionKind.TEXT:  # words have one line: that there are any
        return frozenset({""} if any(text.strip() for text in said) else ())
    return said & {option.id for option in question.options} if question.options else said


def is_asked(survey: Survey, question: Question, answers: Answers) -> bool:
    """Return whether somebody was asked a question, by their answers to earlier ones."""
    return not question.show_if or question in questions_for(survey, answers)


def asked_in(survey: Survey) -> Callable[[Answers], Callable[[str], bool]]:
    """Return what tells of somebody's answers which questions, by their ids, they were asked."""
    questions = {question.id: question for question in survey.questions}
    return lambda answers: lambda id: is_asked(survey, questions[id], answers)


def known_by(survey: Survey, answers: Answers) -> Mapping[str, str | Collection[str]]:
    """Return answers as a segment may ask for them: by the words of what was chosen, too."""
    values: dict[str, Collection[str]] = {}
    for question in survey.questions:
        answer = answers.get(question.id)
        for row in question.rows or (None,):
            name = f"{question.id}-{row.id}" if row else question.id
            chosen = chosen_of(question, answer, row.id if row else "")
            words = {w for o in question.options if o.id in chosen for w in o.words.values()}
            values[name.lower()] = tuple(sorted(chosen | words))
    return values


def _tallies(survey: Survey, question: Question, answers: Sequence[Answers]) -> Iterator[Tally]:
    asked = [one.get(question.id) for one in answers if is_asked(survey, question, one)]
    for row in question.rows or (None,):
        given = [chosen_of(question, answer, row.id if row else "") for answer in asked]
        yield Tally(
            question=question.id,
            kind=question.kind,
            row=row.id if row else "",
            words=question.words,
            row_words=row.words if row else {},
            ends=question.ends,
            lines=tuple(_lines(question, given)),
            n=sum(1 for chosen in given if chosen),
            asked=len(asked),
            is_conditional=bool(question.show_if),
        )


def _lines(question: Question, given: Sequence[frozenset[str]]) -> Iterator[Line]:
    counts = Counter(id for chosen in given for id in chosen)
    if question.kind is QuestionKind.NUMBER:
        yield from _classes(counts)
    elif question.kind is not QuestionKind.TEXT:
        for option in question.options or _steps(question):
            yield Line(
                id=option.id,
                count=counts[option.id],
                words=option.words,
                is_neutral=option.is_neutral,
            )


def _steps(question: Question) -> Iterator[Option]:
    for step in range(question.low or 0, (question.high or 0) + 1):
        yield Option(id=str(step), words={})


def _classes(counts: Mapping[str, int]) -> Iterator[Line]:
    """Yield classes of numbers of a width that is easy to read, none of them left out."""
    numbers = sorted(map(int, counts))
    if not numbers:
        return
    low, high = numbers[0], numbers[-1]
    width = 1 if high - low < _EACH else _width((high - low + 1) / _MOST_CLASSES)
    borders = list(range(low // width * width, high + 1 + width, width))
    for begin, end in pairwise(borders):
        if begin > high:
            return
        name = str(begin) if width == 1 else f"{begin}–{end - 1}"
        yield Line(id=name, count=sum(counts[str(n)] for n in numbers if begin <= n < end))


def _width(rough: float) -> int:
    power = 1
    while power * 10 < rough:
        power *= 10
    return next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
