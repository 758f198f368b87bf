"""Opens surveys, mends what may be mended, and closes them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random, SystemRandom
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from newsletter.errors import ConfigError, UsageError
from newsletter.language import Wording, say, say_list
from newsletter.ledger import Ledger, ballots, compacting, questionnaires
from newsletter.model import Survey, SurveyKind
from newsletter.surveys import encoded, revising, urns

FEWEST = 5  # answers below which nobody may read any


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What opening a survey would do."""

    is_new: bool
    changes: Sequence[Wording] = ()  # of one that is open, which may be made
    refused: Sequence[Wording] = ()  # and which may not


def compare_with_open(ledger: Ledger, survey: Survey) -> Revision:
    """Return what would change of a survey if its files were taken as they are now."""
    with ledger.read() as connection:
        found = questionnaires.find_survey(connection, survey.id)
    if found is None:
        return Revision(is_new=True)
    changes, refused = revising.find_changes(encoded.survey_from_data(found.frozen), survey)
    return Revision(is_new=False, changes=changes, refused=refused)


def open_survey(
    ledger: Ledger, survey: Survey, *, zone: ZoneInfo, now: dt.datetime, note: str = ""
) -> questionnaires.OpenedSurvey:
    """Freeze a survey and take answers to it; of one that is open take what may still change.

    A change needs a note, which stands in the results. Raise UsageError for one that may not be
    made, for an end that no clock shows, and for a survey that is closed, or whose time is over
    though nothing closed it yet: unless so few answered that nobody could read it.
    """
    frozen = encoded.survey_as_data(survey)
    closes = survey.closes.replace(tzinfo=zone).astimezone(dt.UTC) if survey.closes else None
    if closes and closes.astimezone(zone).replace(tzinfo=None) != survey.closes:
        told = say(
            "“{survey}” closes at a time that does not exist: clocks are put forward; mend it",
            survey=survey.id,
        )
        raise UsageError(told)
    if closes and closes <= now:
        raise UsageError(say("“{survey}” would be closed already; mend its day", survey=survey.id))
    with ledger.write() as connection:
        known = questionnaires.lock_survey(connection, survey.id)
        opened = questionnaires.OpenedSurvey(
            id=survey.id,
            kind=survey.kind,
            is_open_to_all=survey.is_open_to_all,
            digest=encoded.digest_of(frozen),
            frozen=frozen,
            notes=() if known is None else known.notes,
            opened_at=now if known is None else known.opened_at,
            closes_at=closes,
            closed_at=None,
        )
        if known is None:
            questionnaires.add_survey(connection, opened)
            return opened
        return _mend(connection, known, opened, survey, note=note, now=now)


def _mend(
    connection: Connection,
    known: questionnaires.OpenedSurvey,
    opened: questionnaires.OpenedSurvey,
    survey: Survey,
    *,
    note: str,
    now: dt.datetime,
) -> questionnaires.OpenedSurvey:
    if not known.is_open(now) and not _may_open_again(connection, known):
        raise UsageError(
            say("“{survey}” is closed; copy its file under another name", survey=survey.id)
        )
    changes, refused = revising.find_changes(encoded.survey_from_data(known.frozen), survey)
    if refused:
        raise UsageError(
            say(
                "“{survey}” is open, and this cannot change any more: {changes}; copy its file "
                "under another name for a new survey",
                survey=survey.id,
                changes=say_list(refused, "; "),
            )
        )
    if changes and not note:
        raise UsageError(
            say(
                "“{survey}” is open, and this changes: {changes}; say why with --note, which the "
                "results show",
                survey=survey.id,
                changes=say_list(changes, "; "),
            )
        )
    if changes:
        day = now.date().isoformat()
        opened = replace(opened, notes=(*known.notes, (day, note)))
    questionnaires.change_survey(connection, opened)
    return opened


def _may_open_again(connection: Connection, known: questionnaires.OpenedSurvey) -> bool:
    """Return whether nobody could have read a closed survey: its answers still lie sealed."""
    is_sealed = known.kind is SurveyKind.ANONYMOUS and not ballots.list_ballots(
        connection, known.id
    )
    return is_sealed and ballots.count_answers(connection, known.id) < FEWEST


def close_survey(
    ledger: Ledger,
    survey_id: str,
    *,
    secret: str,
    now: dt.datetime,
    chance: Random | None = None,
) -> int:
    """Close a survey; return how many answered. Done twice it changes nothing.

    Anonymous answers are taken out of their urns, and votes from their voters, in random order and
    in one transaction. Where fewer than five answered anonymously they stay sealed, and nobody ever
    reads them.
    """
    chance = chance or SystemRandom()
    with ledger.write() as connection:
        known = questionnaires.lock_survey(connection, survey_id)
        if known is None:
            raise UsageError(say("“{survey}” was never opened", survey=survey_id))
        count = ballots.count_answers(connection, survey_id)
        if known.closed_at:
            return count
        if known.kind is SurveyKind.POLL:
            said = [said for _, _, said in ballots.list_replies(connection, survey_id)]
            ballots.add_ballots(connection, survey_id, _under_keys(said, chance))
            ballots.drop_replies(connection, survey_id)
        elif known.kind is SurveyKind.ANONYMOUS and count >= FEWEST:
            said = urns.take_out(connection, survey_id, secret=secret, chance=chance)
            ballots.add_ballots(connection, survey_id, _under_keys(said, chance))
            ballots.empty_urns(connection, survey_id)
        questionnaires.change_survey(connection, replace(known, closed_at=now))
    compacting.flush(ledger)
    return count


def close_due(ledger: Ledger, *, secret: str, now: dt.datetime) -> list[str]:
    """Close all surveys whose time is over; return which.

    One that cannot be closed keeps no other from it; once all were tried, raise its ConfigError.
    """
    with ledger.read() as connection:
        due = questionnaires.list_due(connection, now)
    closed, faults = [], []
    for survey_id in due:
        try:
            close_survey(ledger, survey_id, secret=secret, now=now)
        except ConfigError as err:
            faults.append(err)
        else:
            closed.append(survey_id)
    if faults:
        raise ConfigError(say_list([fault.words for fault in faults], "; ")) from faults[0]
    return closed


def _under_keys(said: Sequence[ballots.Said], chance: Random) -> list[tuple[str, ballots.Said]]:
    return list(zip(urns.random_keys(len(said), chance), said, strict=True))
