"""Which questions of a survey are shown, and which must be answered: computed from all answers.

A question depends on answers of earlier questions alone, so one pass from the first to the last
knows all, however long a chain of conditions is. What is hidden counts as not answered, so what
depends on it goes with it.
"""

from collections.abc import Iterator, Mapping

from newsletter.model import Answer, Answers, Question, QuestionKind, Survey, SurveyPage
from newsletter.segments import parse_segment


def questions_for(survey: Survey, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that somebody who answers so is asked, in order."""
    return tuple(question for question, is_asked in _walk(survey, answers) if is_asked)


def questions_on(survey: Survey, page: SurveyPage, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that a page shows; what depends on the same page is always shown."""
    asked = {question.id for question in questions_for(survey, answers)}
    own = {question.id for question in page.questions}
    return tuple(
        question
        for question in page.questions
        if question.id in asked or depends_on(question) & own
    )


def depends_on(question: Question) -> frozenset[str]:
    """Return the ids of questions whose answers decide whether this one is shown."""
    return frozenset(parse_segment(question.show_if).names if question.show_if else ())


def pages_for(survey: Survey, answers: Answers) -> tuple[SurveyPage, ...]:
    """Return the pages that show anything to somebody who answers so; those of words alone, too."""
    return tuple(
        page for page in survey.pages if questions_on(survey, page, answers) or not page.questions
    )


def keep_asked(survey: Survey, answers: Answers) -> dict[str, Answer]:
    """Return what is counted: answers to questions that were asked, and to no others."""
    asked = questions_for(survey, answers)
    return {one.id: answers[one.id] for one in asked if is_answered(answers.get(one.id))}


def find_missing(survey: Survey, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that must be answered, and are asked, and are not answered."""
    return tuple(
        question
        for question in questions_for(survey, answers)
        if question.is_required and not _is_whole(question, answers.get(question.id))
    )


def is_answered(answer: Answer | None) -> bool:
    """Return whether an answer says anything."""
    return answer is not None and answer != Answer()


def values_of(question: Question, answer: Answer | None, row: str = "") -> tuple[str, ...]:
    """Return an answer, or that in a row: ids of what was chosen, a number, words."""
    if answer is None:
        return ()
    if row:
        return (answer.rows[row],) if row in answer.rows else ()
    if question.kind in (QuestionKind.ONE, QuestionKind.MANY):
        return answer.chosen
    if question.kind in (QuestionKind.SCALE, QuestionKind.NUMBER):
        return () if answer.number is None else (str(answer.number),)
    return (answer.text,) if answer.text else ()


def _walk(survey: Survey, answers: Answers) -> Iterator[tuple[Question, bool]]:
    values: dict[str, tuple[str, ...]] = {}
    for question in survey.questions:
        is_asked = _holds(question.show_if, values)
        if is_asked:
            values[question.id] = values_of(question, answers.get(question.id))
        yield question, is_asked


def _holds(condition: str, values: Mapping[str, tuple[str, ...]]) -> bool:
    return not condition or parse_segment(condition).holds(values)


def _is_whole(question: Question, answer: Answer | None) -> bool:
    """Return whether a question that must be answered is; of a table each row must be."""
    if answer is None:
        return False
    if question.kind is QuestionKind.MATRIX:
        return all(row.id in answer.rows for row in question.rows)
    return is_answered(answer)
