"""Judges a survey as a whole: what it names, when it closes, whether a phone shows its tables."""

import datetime as dt
from collections.abc import Collection, Iterator

from newsletter.content.clock_times import FIRST_YEAR, LAST_YEAR
from newsletter.language import closest, say
from newsletter.model import Finding, QuestionKind, Survey, SurveyKind, rules
from newsletter.segments import SegmentError, parse_segment

MOST_ROWS, MOST_COLUMNS = 7, 5  # of a table that a phone shows well


def judge_survey(
    survey: Survey, known: Collection[str], now: dt.datetime | None
) -> Iterator[Finding]:
    """Yield what is wrong with a survey; `known` are the ids of all that have files."""
    yield from _judge(survey, now)
    yield from _judge_names(survey, known)


def _judge(survey: Survey, now: dt.datetime | None) -> Iterator[Finding]:
    if survey.closes and not FIRST_YEAR <= survey.closes.year <= LAST_YEAR:
        hint = say("name a year such as {year}", year=f"{FIRST_YEAR + 27}")
        line = survey.lines.get("closes", 1)
        yield rules.SURVEY_FILE.error("no survey closes in this year", hint, line=line)
    elif now and survey.closes and survey.closes <= now:
        yield rules.SURVEY_CLOSING.warning(
            "the survey closes before today",
            "write a day that is to come, or leave the line out and close it by hand",
            line=survey.lines.get("closes", 1),
        )
    if survey.is_open_to_all and survey.kind is not SurveyKind.ANONYMOUS:
        yield rules.SURVEY_FILE.error(
            "a survey that is open to all knows nobody, so it has no names and is no poll",
            "write “kind: anonymous”, or leave “open to all” out",
            line=survey.lines.get("open to all", 1),
        )
    if survey.is_open_to_all and survey.segment:
        yield rules.SURVEY_FILE.error(
            "a survey that is open to all invites nobody by a segment",
            "leave one of the lines out",
            line=survey.lines.get("segment", 1),
        )
    for question in survey.questions:
        if question.kind is not QuestionKind.MATRIX:
            continue
        if len(question.rows) > MOST_ROWS or len(question.options) > MOST_COLUMNS:
            yield rules.SURVEY_MATRIX.warning(
                "the table “{id}” has {rows} rows and {columns} columns",
                "at most {most_rows} rows and {most_columns} columns can be answered on a phone; "
                "divide it",
                line=question.line,
                id=question.id,
                rows=len(question.rows),
                columns=len(question.options),
                most_rows=MOST_ROWS,
                most_columns=MOST_COLUMNS,
            )


def _judge_names(survey: Survey, known: Collection[str]) -> Iterator[Finding]:
    if survey.compare and survey.compare not in known:
        near = closest(survey.compare, known)
        hint = say("did you mean “{name}”?", name=near) if near else say("leave the line out")
        message = say("there is no survey “{id}” to compare with", id=survey.compare)
        yield rules.SURVEY_FILE.warning(message, hint, line=survey.lines.get("compare", 1))
    try:
        if survey.segment:
            parse_segment(survey.segment)
    except SegmentError as err:
        hint = say("expected: {expected}", expected=", ".join(err.expected))
        message = say("“{key}”: {reason}", key="segment", reason=err.words)
        yield rules.SURVEY_FILE.error(message, hint, line=survey.lines.get("segment", 1))
