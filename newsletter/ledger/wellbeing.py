"""How the ways in and back are, in a few questions: sign-ups, bounces, news of providers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, String, distinct, func, select, type_coerce

from newsletter.ledger.people_tables import returns, sign_ups, webhooks
from newsletter.ledger.tables import deliveries, reports, sends, subscribers
from newsletter.model import Purpose, ReturnKind, State

_ISO_DAY = 10  # characters of a moment that are its day


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpDay:
    """How many signed up on a day, and how many of them confirmed by now."""

    day: str  # UTC, as 2026-12-15
    asked: int
    confirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftBounces:
    """How many of those that the newest issue went to did not get it this time."""

    issue_id: str
    mailed: int
    people: int
    oldest: dt.datetime | None  # when the first of them was told; none if there is none


def first_joined(connection: Connection) -> dt.datetime | None:
    """Since when is there anybody on the list?"""
    return connection.execute(select(func.min(subscribers.c.joined_at))).scalar()


def list_sign_ups(connection: Connection, *, since: dt.datetime) -> list[SignUpDay]:
    """How many signed up on each day, and how many of them confirmed?"""
    day = func.substr(type_coerce(sign_ups.c.asked_at, String), 1, _ISO_DAY)
    confirmed = func.count(sign_ups.c.confirmed_at)
    is_recent = sign_ups.c.asked_at >= since, sign_ups.c.purpose == Purpose.SIGN_UP
    query = select(day, func.count(), confirmed).where(*is_recent)
    rows = connection.execute(query.group_by(day).order_by(day))
    return [SignUpDay(day=at, asked=asked, confirmed=sure) for at, asked, sure in rows]


def newest_news(connection: Connection) -> Mapping[str, dt.datetime]:
    """When did each provider tell anything about mails, whichever way it told it?"""
    heard: dict[str, dt.datetime] = {}
    for name, at in (
        (webhooks.c.provider, webhooks.c.received_at),
        (returns.c.source, returns.c.noted_at),
        (reports.c.provider, reports.c.as_of),
    ):
        for provider, moment in connection.execute(select(name, func.max(at)).group_by(name)):
            heard[provider] = max(moment, heard.get(provider, moment))
    return heard


def last_mailed(connection: Connection) -> Mapping[str, dt.datetime]:
    """When was an issue last sent through each provider?"""
    is_issue = sends.c.scope == sends.c.issue_id
    query = select(sends.c.provider, func.max(sends.c.done_at)).where(
        is_issue, sends.c.done_at.is_not(None)
    )
    rows = connection.execute(query.group_by(sends.c.provider))
    return {provider: at for provider, at in rows}


def find_soft_bounces(connection: Connection) -> SoftBounces | None:
    """How many softly bounced of the newest issue that was sent?"""
    newest = (
        select(sends.c.id, sends.c.issue_id)
        .where(sends.c.scope == sends.c.issue_id, sends.c.done_at.is_not(None))
        .order_by(sends.c.done_at.desc(), sends.c.id.desc())
        .limit(1)
    )
    send = connection.execute(newest).one_or_none()
    if send is None:
        return None
    mailed = select(func.count()).where(
        deliveries.c.send_id == send.id, deliveries.c.state == State.ACCEPTED
    )
    soft = select(
        func.count(distinct(returns.c.delivery_id)),
        func.min(func.coalesce(returns.c.at, returns.c.noted_at)),
    ).where(
        returns.c.kind == ReturnKind.SOFT,
        returns.c.delivery_id == deliveries.c.id,
        deliveries.c.send_id == send.id,
    )
    people, oldest = connection.execute(soft).one()
    return SoftBounces(
        issue_id=send.issue_id,
        mailed=connection.execute(mailed).scalar_one(),
        people=people,
        oldest=oldest,
    )
