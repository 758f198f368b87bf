"""Puts the questions of polls, which have files of their own, into the issue that asks them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from newsletter.content.survey_files import find_surveys, read_survey
from newsletter.content.typesetting import set_line, set_title, set_words
from newsletter.errors import FindingsError
from newsletter.language import Wording, say
from newsletter.model import (
    Block,
    Finding,
    Issue,
    Poll,
    Question,
    QuestionKind,
    Severity,
    Survey,
    SurveyKind,
    has_language,
    rules,
    walk,
    words_in,
)

_MOST_CHOICES = 11  # 0 to 10; more links than that nobody reads


def place_polls(issue: Issue, folder: Path | None, *, language: str) -> tuple[Issue, list[Finding]]:
    """Return an issue with the polls of a folder; without one they stay as they are.

    `language` is that of files whose name has none. Raise FindingsError for a survey that cannot
    be read.
    """
    if folder is None:
        return issue, []
    return fill_polls(issue, partial(_poll_in, folder, language=language))


def fill_polls(
    issue: Issue, survey_of: Callable[[str], Survey | None]
) -> tuple[Issue, list[Finding]]:
    """Return an issue with the question and the answers of each poll in it, and what is wrong.

    `survey_of` returns the survey of an id; None if there is no such file.
    """
    names = {block.survey: block.line for block in walk(issue.blocks) if isinstance(block, Poll)}
    surveys = {name: survey_of(name) for name in names}
    findings = []
    for name, line in names.items():
        survey = surveys[name]
        if fault := _fault_of(name, survey, issue.date):
            findings.append(rules.DIRECTIVE_POLL.error(*fault, line=line).in_file(issue.path))
        elif survey and not has_language(survey.titles, issue.language):
            lack = _lack_of(name, issue.language)
            findings.append(rules.DIRECTIVE_POLL.warning(*lack, line=line).in_file(issue.path))
    has_errors = any(finding.severity is Severity.ERROR for finding in findings)

    def place(block: Block) -> Block:
        survey = surveys[block.survey] if isinstance(block, Poll) else None
        return _placed(block, survey, issue.language) if survey and not has_errors else block

    return issue.rebuilt(place), findings


def _lack_of(name: str, language: str) -> tuple[Wording, Wording]:
    return (
        say("the poll “{name}” has no text in “{language}”", name=name, language=language),
        say(
            "write surveys/{name}.{language}.md beside surveys/{name}.md",
            name=name,
            language=language,
        ),
    )


def _poll_in(folder: Path, survey_id: str, *, language: str) -> Survey | None:
    if survey_id not in find_surveys(folder):
        return None
    reading = read_survey(folder, survey_id, language=language)
    if reading.survey is None:
        raise FindingsError(reading.findings)
    return reading.survey


def _placed(block: Block, survey: Survey, language: str) -> Block:
    assert isinstance(block, Poll)  # noqa: S101 - nothing else has a survey
    question = next(survey.questions)
    title = words_in(question.words, language)
    asking = replace(
        block,
        title=set_words(title, language),
        title_html=set_title(title, language),
        closes=survey.closes.date() if survey.closes else None,
    )
    answers = choices_of(question, language).items()
    return asking.offering({id: set_line(words, language) for id, words in answers})


def choices_of(question: Question, language: str) -> Mapping[str, str]:
    """Return the answers of a question that is answered by one of them: ids and words."""
    if question.kind is QuestionKind.ONE:
        return {option.id: words_in(option.words, language) for option in question.options}
    low, high = question.low, question.high
    if question.kind is not QuestionKind.SCALE or low is None or high is None:
        return {}
    ends = question.ends.get(language) or next(iter(question.ends.values()), ("", ""))
    said = {low: ends[0], high: ends[1]}
    numbers = range(low, high + 1)
    return {str(n): f"{n} – {said[n]}" if said.get(n) else str(n) for n in numbers}


def _fault_of(name: str, survey: Survey | None, day: dt.date) -> tuple[Wording, Wording] | None:
    if survey is None:
        return (
            say("there is no poll “{name}”", name=name),
            say("write it as surveys/{name}.md, or compare the name", name=name),
        )
    if survey.kind is not SurveyKind.POLL:
        return (
            say("“{name}” is no poll", name=name),
            say("write “kind: poll” into surveys/{name}.md, or link to the survey", name=name),
        )
    questions = list(survey.questions)
    if len(questions) != 1:
        return (
            say(
                "“{name}” has {count} questions; in a mail there is room for one",
                name=name,
                count=len(questions),
            ),
            say("put one question into it, or link to the survey by a button"),
        )
    choices = choices_of(questions[0], "")
    if not 2 <= len(choices) <= _MOST_CHOICES:
        return (
            say("the question of “{name}” has no answers that could stand as buttons", name=name),
            say(
                "give it two to {most} answers of which one is chosen, or a scale",
                most=_MOST_CHOICES,
            ),
        )
    if survey.closes and survey.closes.date() < day:
        return (
            say("the poll “{name}” is closed before the date of the issue", name=name),
            say("mend “closes” in surveys/{name}.md, or leave the poll out", name=name),
        )
    return None
