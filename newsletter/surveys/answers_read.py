"""Which answers may be read, when, and by whom; and what is given out of them row by row."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledger import Ledger, ballots, questionnaires
from newsletter.model import Answer, Answers, Question, QuestionKind, Survey, SurveyKind
from newsletter.surveys import encoded, opening, respondents


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyState:
    """A survey that was opened, and how many have answered it."""

    survey: Survey  # as it was frozen
    opened: questionnaires.OpenedSurvey
    count: int


def find_state(ledger: Ledger, survey_id: str) -> SurveyState | None:
    """Return what is known of a survey; None if it was never opened."""
    with ledger.read() as connection:
        found = questionnaires.find_survey(connection, survey_id)
        if found is None:
            return None
        count = ballots.count_answers(connection, survey_id)
    return SurveyState(survey=encoded.survey_from_data(found.frozen), opened=found, count=count)


def list_states(ledger: Ledger) -> list[SurveyState]:
    """Return all surveys that were opened, the oldest first."""
    with ledger.read() as connection:
        return [
            SurveyState(
                survey=encoded.survey_from_data(found.frozen),
                opened=found,
                count=ballots.count_answers(connection, found.id),
            )
            for found in questionnaires.list_surveys(connection)
        ]


def list_answers(ledger: Ledger, survey_id: str, *, now: dt.datetime) -> list[Answers]:
    """Return all answers to a survey, in random order, once they may be read.

    Raise UsageError before: whoever watches results grow knows whose answer came.
    """
    state = find_state(ledger, survey_id)
    if state is None:
        raise UsageError(say("“{survey}” was never opened", survey=survey_id))
    if state.opened.is_open(now):
        raise UsageError(
            say("“{survey}” is open; its results can be read once it is closed", survey=survey_id)
        )
    if state.opened.closed_at is None:
        raise UsageError(
            say(
                "the time of “{survey}” is over, and its answers still lie sealed; “newsletter "
                "surveys close {survey}” takes them out, or the worker soon",
                survey=survey_id,
            )
        )
    if state.count < opening.FEWEST:
        raise UsageError(
            say(
                "“{survey}” has {count} answers, and nobody reads fewer than {fewest}",
                survey=survey_id,
                count=state.count,
                fewest=opening.FEWEST,
            )
        )
    with ledger.read() as connection:
        said = list(ballots.list_ballots(connection, survey_id))
        said += [said for _, _, said in ballots.list_replies(connection, survey_id)]
    return [encoded.answers_from_data(one) for one in said]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAnswers:
    """What one person answered to a survey with names."""

    address: str  # empty: of a registration that lost its name
    name: str
    day: str  # on which they answered
    answers: Answers


def list_named(ledger: Ledger, survey_id: str) -> list[NamedAnswers]:
    """Return who answered what to a survey with names, by address; of others nothing."""
    with ledger.read() as connection:
        found = questionnaires.find_survey(connection, survey_id)
        if found is None or found.kind is not SurveyKind.NAMED:
            return []
        rows = ballots.list_replies(connection, survey_id)
        known = [(respondents.look_up(connection, key), day, said) for key, day, said in rows]
    return sorted(
        (
            NamedAnswers(
                address=who.address if who else "",
                name=who.name if who else "",
                day=day,
                answers=encoded.answers_from_data(said),
            )
            for who, day, said in known
        ),
        key=lambda one: (one.address == "", one.address),
    )


def columns_of(survey: Survey) -> list[str]:
    """Return the names of the columns of raw answers: made of ids, in the order of questions.

    Several answers have a column each, 0 or 1; “other” has its words in a column of its own.
    """
    return [name for question in survey.questions for name, _ in _cells(question, Answer())]


def row_of(survey: Survey, answers: Answers) -> list[str | int | None]:
    """Return somebody's answers in these columns; None: asked or not, there is no answer."""
    return [
        value
        for question in survey.questions
        for _, value in _cells(question, answers.get(question.id))
    ]


def _cells(question: Question, answer: Answer | None) -> Iterator[tuple[str, str | int | None]]:
    said = answer or Answer()
    id = question.id
    if question.kind is QuestionKind.ONE:
        yield id, said.chosen[0] if said.chosen else None
    elif question.kind is QuestionKind.MANY:
        for option in question.options:
            chosen = int(option.id in said.chosen)
            yield f"{id}.{option.id}", chosen if said.chosen else None
    elif question.kind is QuestionKind.MATRIX:
        for row in question.rows:
            yield f"{id}.{row.id}", said.rows.get(row.id)
    elif question.kind is QuestionKind.TEXT:
        yield id, said.text or None
    else:
        yield id, said.number
    if any(option.is_other for option in question.options):
        yield f"{id}.other", said.other or None


def rows_of(survey: Survey, answers: Sequence[Answers]) -> Iterator[list[str | int | None]]:
    """Yield the rows of raw answers."""
    return (row_of(survey, one) for one in answers)
