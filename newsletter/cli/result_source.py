"""Where results of a survey come from: the ledger, or a file of answers given elsewhere."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.cli.common import Settings, UsageError
from newsletter.content import read_survey
from newsletter.errors import FindingsError
from newsletter.files import read_file
from newsletter.language import say
from newsletter.ledgers import existing_ledger
from newsletter.mailing.survey_mails import count_invited
from newsletter.model import Answers, QuestionKind, Survey
from newsletter.survey_report import Telling, read_answers
from newsletter.surveys import (
    FEWEST,
    Told,
    compare,
    find_state,
    find_told,
    list_answers,
    part_of,
    read_told,
    results_of,
    tell_kept,
    tell_once,
)

FOLDER = "surveys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the editor asks about a survey."""

    survey: str
    by: Sequence[str] = ()
    where: str = ""
    answers: Path | None = None
    invited: int | None = None
    before: Path | None = None

    @property
    def parts(self) -> list[str]:
        """Return the ways of making groups that are asked for, each once."""
        parts = [part_of(by=name) for name in self.by]
        parts += [part_of(where=self.where)] if self.where else []
        return list(dict.fromkeys(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTelling:
    """What a survey tells, and what it was made of."""

    telling: Telling
    survey: Survey
    answers: Sequence[Answers]


def find_telling(settings: Settings, wanted: Wanted, now: dt.datetime) -> FoundTelling:
    """Return what a survey tells; raise UsageError while it tells nothing."""
    if wanted.answers:
        return _from_file(settings, wanted, wanted.answers)
    ledger = existing_ledger(settings)
    if ledger is None:
        raise UsageError(say("“{survey}” was never opened", survey=wanted.survey))
    with closing(ledger):
        answers = list_answers(ledger, wanted.survey, now=now)
        state = find_state(ledger, wanted.survey)
        assert state is not None  # noqa: S101 - its answers were just listed
        closed = state.opened.ends_at
        fresh = results_of(
            state.survey,
            answers,
            invited=wanted.invited or count_invited(settings, ledger, state.survey) or None,
            closed=closed.astimezone(settings.zone).date() if closed else None,
            notes=[f"{day}: {words}" for day, words in state.opened.notes],
        )
        told = tell_kept(ledger, state.survey, answers, fresh, parts=wanted.parts, now=now)
        if wanted.invited or told.results.invited is None:
            told = replace(told, results=replace(told.results, invited=fresh.invited))
        before = _before(wanted)
        if before is None and state.survey.compare:
            before = find_told(ledger, state.survey.compare)
    return _found(told, before, state.survey, answers)


def _before(wanted: Wanted) -> Told | None:
    """Return results that were written as JSON; raise UsageError for another file."""
    if wanted.before is None:
        return None
    try:
        return Told(results=read_told(read_file(wanted.before)))
    except ValueError as err:
        raise UsageError(
            say(
                "{file} has no results of a survey; “newsletter surveys results ID --json” writes "
                "them",
                file=str(wanted.before),
            )
        ) from err


def _from_file(settings: Settings, wanted: Wanted, file: Path) -> FoundTelling:
    """Return what answers tell that were given elsewhere; nothing of it is kept."""
    language = settings.newsletter.language
    reading = read_survey(settings.root / FOLDER, wanted.survey, language=language)
    if reading.survey is None:
        raise FindingsError(reading.findings)
    survey, answers = reading.survey, read_answers(reading.survey, read_file(file), language)
    if len(answers) < FEWEST:
        raise UsageError(
            say(
                "“{survey}” has {count} answers, and nobody reads fewer than {fewest}",
                survey=survey.id,
                count=len(answers),
                fewest=FEWEST,
            )
        )
    fresh = results_of(survey, answers, invited=wanted.invited)
    told = tell_once(survey, answers, fresh, parts=wanted.parts)
    return _found(told, _before(wanted), survey, answers)


def _found(
    told: Told, before: Told | None, survey: Survey, answers: Sequence[Answers]
) -> FoundTelling:
    telling = Telling(
        results=told.results,
        grouped=told.grouped,
        changes=compare(told.results, before.results) if before else (),
        before=next(iter(before.results.titles.values()), "") if before else "",
        texts=_written(survey, answers),
    )
    return FoundTelling(telling=telling, survey=survey, answers=answers)


def _written(survey: Survey, answers: Sequence[Answers]) -> Mapping[str, Sequence[str]]:
    """Return what was written, by question, in the order of letters, which is nobody's."""
    found: dict[str, list[str]] = {}
    for question in survey.questions:
        given = [one[question.id] for one in answers if question.id in one]
        is_text = question.kind is QuestionKind.TEXT
        texts = [one.text if is_text else one.other for one in given]
        if written := sorted(" ".join(text.split()) for text in texts if text.strip()):
            found[question.id] = written
    return found
