"""Surveys that were opened: as they were frozen, when they close, what changed since."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from newsletter.ledger.survey_tables import surveys
from newsletter.model import SurveyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSurvey:
    """A survey as the ledger knows it."""

    id: str
    kind: SurveyKind
    is_open_to_all: bool
    digest: str  # of what is frozen
    frozen: Mapping[str, Any]  # the survey itself
    notes: Sequence[tuple[str, str]]  # day and words of each change
    opened_at: dt.datetime
    closes_at: dt.datetime | None  # None: by hand
    closed_at: dt.datetime | None  # whenever the job came round: what is kept is kept from then

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether it takes answers: from its last moment on it does not, closed or not."""
        return self.closed_at is None and (self.closes_at is None or now < self.closes_at)

    @property
    def ends_at(self) -> dt.datetime | None:
        """Return when it ends, or did, whenever it was closed; None: nobody knows yet."""
        return min((at for at in (self.closed_at, self.closes_at) if at), default=None)


def add_survey(connection: Connection, survey: OpenedSurvey) -> None:
    """Note that a survey was opened."""
    connection.execute(insert(surveys).values(_values(survey)))


def change_survey(connection: Connection, survey: OpenedSurvey) -> None:
    """Note what changed of a survey."""
    this = surveys.c.id == survey.id
    connection.execute(update(surveys).where(this).values(_values(survey)))


def find_survey(connection: Connection, survey_id: str) -> OpenedSurvey | None:
    """What is known of a survey? None: it was never opened."""
    row = connection.execute(select(surveys).where(surveys.c.id == survey_id)).one_or_none()
    return None if row is None else _from_row(row)


def lock_survey(connection: Connection, survey_id: str) -> OpenedSurvey | None:
    """What is known of a survey that nobody else answers or closes until the transaction ends?"""
    query = select(surveys).where(surveys.c.id == survey_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else _from_row(row)


def list_surveys(connection: Connection) -> list[OpenedSurvey]:
    """Which surveys were opened, the oldest first?"""
    query = select(surveys).order_by(surveys.c.opened_at, surveys.c.id)
    return [_from_row(row) for row in connection.execute(query)]


def find_standing(connection: Connection, now: dt.datetime) -> dict[str, bool]:
    """Which surveys were ever opened, and does each take answers at a moment?"""
    return {one.id: one.is_open(now) for one in list_surveys(connection)}


def list_due(connection: Connection, now: dt.datetime) -> list[str]:
    """Which surveys are to be closed, as their time is over?"""
    is_over = surveys.c.closed_at.is_(None), surveys.c.closes_at <= now
    return list(connection.execute(select(surveys.c.id).where(*is_over)).scalars())


def list_closed(connection: Connection, *kinds: SurveyKind, before: dt.datetime) -> list[str]:
    """Which surveys of some kinds were closed before a moment?"""
    is_kind = or_(*(surveys.c.kind == kind for kind in kinds))
    query = select(surveys.c.id).where(is_kind, surveys.c.closed_at < before)
    return list(connection.execute(query).scalars())


def _values(survey: OpenedSurvey) -> dict[str, Any]:
    return {
        "id": survey.id,
        "kind": survey.kind.value,
        "is_open_to_all": survey.is_open_to_all,
        "digest": survey.digest,
        "frozen": dict(survey.frozen),
        "notes": [list(note) for note in survey.notes],
        "opened_at": survey.opened_at,
        "closes_at": survey.closes_at,
        "closed_at": survey.closed_at,
    }


def _from_row(row: Row[Any]) -> OpenedSurvey:
    values = dict(row._mapping)
    notes = tuple((day, words) for day, words in values.pop("notes"))
    return OpenedSurvey(**values | {"kind": SurveyKind(values["kind"]), "notes": notes})
