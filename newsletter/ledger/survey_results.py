"""What surveys told, and is told the same for ever."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from newsletter.ledger.survey_tables import survey_results


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPart:
    """One part of a survey's results, as it was told."""

    part: str  # a way of making groups; empty: without groups
    answers: int  # how many there were
    told: Mapping[str, Any]


def list_told(connection: Connection, survey_id: str) -> list[ToldPart]:
    """What did a survey tell by now, the oldest first?"""
    columns = survey_results.c
    query = select(columns.part, columns.answers, columns.told)
    query = query.where(columns.survey_id == survey_id).order_by(columns.told_at, columns.part)
    return [
        ToldPart(part=part, answers=answers, told=told)
        for part, answers, told in connection.execute(query)
    ]


def keep_told(connection: Connection, survey_id: str, told: ToldPart, *, at: dt.datetime) -> None:
    """Keep what a survey tells."""
    connection.execute(
        insert(survey_results).values(
            survey_id=survey_id,
            part=told.part,
            answers=told.answers,
            told=dict(told.told),
            told_at=at,
        )
    )
