"""Takes answers: each in one transaction with the token that it spends."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from random import Random, SystemRandom

from sqlalchemy import Connection

from newsletter.ledger import Ledger, ballots, compacting, questionnaires, throttles
from newsletter.links import fingerprint
from newsletter.model import Answers, SurveyKind
from newsletter.surveys import branching, encoded, respondents, urns

# Of a survey that is open to all: a whole workplace may share an address of the network.
MOST_OF_NETWORK, MOST_OF_ALL = 60, 1_000  # in an hour


class Outcome(Enum):
    """What became of answers."""

    TAKEN = "taken"
    CHANGED = "changed"  # those of before are gone
    ALREADY = "already"  # an anonymous survey is answered once
    INCOMPLETE = "incomplete"  # something that must be answered is not
    CLOSED = "closed"  # or never opened
    UNKNOWN = "unknown"  # who answers is not on the list, or not known at all
    CROWDED = "crowded"  # more answers come in than people give; later is better


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of answers, and what is missing."""

    outcome: Outcome
    missing: tuple[str, ...] = ()  # ids of questions


def answer(
    ledger: Ledger,
    survey_id: str,
    answers: Answers,
    *,
    member: str,
    network: str,
    secret: str,
    now: dt.datetime,
    chance: Random | None = None,
) -> Receipt:
    """Take somebody's answers to a survey, all at once.

    `member` is the key of who answers, as a signed link says (see `respondents`), empty for
    anybody in a survey that is open to all; `network` where they come from, of which only a keyed
    hash is counted. What is hidden by other answers is dropped. Nothing else happens, now or
    because of it: no job, no mail, no line in a log, so that nothing tells when who answered.
    """
    with ledger.write() as connection:
        found = questionnaires.lock_survey(connection, survey_id)
        if found is None or not found.is_open(now):
            return Receipt(outcome=Outcome.CLOSED)
        if fault := _fault(connection, found, member, network, secret=secret, now=now):
            return Receipt(outcome=fault)
        survey = encoded.survey_from_data(found.frozen)
        if missing := branching.find_missing(survey, answers):
            ids = tuple(question.id for question in missing)
            return Receipt(outcome=Outcome.INCOMPLETE, missing=ids)
        said = encoded.answers_as_data(branching.keep_asked(survey, answers))
        if found.kind is not SurveyKind.ANONYMOUS:
            day = now.date().isoformat()
            was = ballots.write_reply(connection, survey_id, member, said, day=day)
            return Receipt(outcome=Outcome.CHANGED if was else Outcome.TAKEN)
        if member and not ballots.spend(connection, survey_id, member):
            return Receipt(outcome=Outcome.ALREADY)
        urns.put_in(connection, survey_id, said, secret=secret, chance=chance or SystemRandom())
    compacting.flush(ledger)  # SQLite's journal would keep each urn beside who answered then
    return Receipt(outcome=Outcome.TAKEN)


def has_answered(ledger: Ledger, survey_id: str, member: str) -> bool:
    """Return whether somebody has answered a survey; never what."""
    with ledger.read() as connection:
        return ballots.has_answered(connection, survey_id, member)


def _fault(
    connection: Connection,
    found: questionnaires.OpenedSurvey,
    member: str,
    network: str,
    *,
    secret: str,
    now: dt.datetime,
) -> Outcome | None:
    if not found.is_open_to_all:
        if not member or respondents.look_up(connection, member) is None:
            return Outcome.UNKNOWN
        is_over = found.kind is SurveyKind.NAMED and ballots.has_answered(
            connection, found.id, member
        )
        return Outcome.ALREADY if is_over else None
    theirs = fingerprint(secret, "throttle", f"survey {found.id} {network}")
    everybodys = fingerprint(secret, "throttle", f"survey {found.id}")
    counts = throttles.count_since(connection, {theirs: 1, everybodys: 1}, now)
    if counts[theirs] >= MOST_OF_NETWORK or counts[everybodys] >= MOST_OF_ALL:
        return Outcome.CROWDED
    for key in (theirs, everybodys):
        throttles.count_one(connection, key, now)
    return None
