"""Tells results of a survey that is closed, and keeps what it told: the register of all tables.

Whoever asks again is told the same, whoever was forgotten since. A further table is looked at with
all that was told before, and told only while the answers are those of then.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledger import Ledger, questionnaires, survey_results
from newsletter.model import Answers, GroupedResults, Survey, SurveyResults
from newsletter.surveys.crossings import tell_by
from newsletter.surveys.told_results import (
    grouped_as_json,
    grouped_from_json,
    results_as_json,
    results_from_json,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a survey tells, without groups and by the ways of making them that were asked for."""

    results: SurveyResults
    grouped: tuple[GroupedResults, ...] = ()


def tell_kept(
    ledger: Ledger,
    survey: Survey,
    answers: Sequence[Answers],
    fresh: SurveyResults,
    *,
    parts: Sequence[str],
    now: dt.datetime,
) -> Told:
    """Return results, and keep those that were not told before.

    `fresh` are results without groups as the answers give them now. Raise UsageError for a part
    that is not to be told.
    """
    with ledger.write() as connection:
        questionnaires.lock_survey(connection, survey.id)
        known = {one.part: one for one in survey_results.list_told(connection, survey.id)}
        if "" not in known:
            known[""] = survey_results.ToldPart(
                part="", answers=len(answers), told=results_as_json(fresh)
            )
            survey_results.keep_told(connection, survey.id, known[""], at=now)
        for part in parts:
            if part in known:
                continue
            _refuse_changed(known[""], answers)
            before = [grouped_from_json(one.told) for name, one in known.items() if name]
            told = grouped_as_json(tell_by(survey, answers, part, before))
            known[part] = survey_results.ToldPart(part=part, answers=len(answers), told=told)
            survey_results.keep_told(connection, survey.id, known[part], at=now)
    return Told(
        results=replace(results_from_json(known[""].told), notes=fresh.notes),
        grouped=tuple(grouped_from_json(known[part].told) for part in parts),
    )


def tell_once(
    survey: Survey, answers: Sequence[Answers], fresh: SurveyResults, *, parts: Sequence[str]
) -> Told:
    """Return results of answers from a file, of which the ledger knows nothing.

    Raise UsageError for a part that is not to be told.
    """
    grouped: list[GroupedResults] = []
    for part in dict.fromkeys(parts):
        grouped.append(tell_by(survey, answers, part, grouped))
    return Told(results=fresh, grouped=tuple(grouped))


def find_told(ledger: Ledger, survey_id: str) -> Told | None:
    """Return what a survey told without groups; None if it has told nothing yet."""
    with ledger.read() as connection:
        told = survey_results.list_told(connection, survey_id)
    found = (Told(results=results_from_json(one.told)) for one in told if not one.part)
    return next(found, None)


def _refuse_changed(first: survey_results.ToldPart, answers: Sequence[Answers]) -> None:
    if first.answers != len(answers):
        raise UsageError(
            say(
                "results were told of {then} answers, and {now} are left, as somebody was "
                "forgotten: what is told anew would tell of them, so only what was told before is",
                then=first.answers,
                now=len(answers),
            )
        )
