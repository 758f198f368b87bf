"""Answer what Brevo's v3 API is asked about mail: its report, its events, what is scheduled."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .brevo_rules import refused
from .dialect import Sent
from .fate import fate

LONGEST_RANGE = timedelta(days=90)
MOST_EVENTS = 5000
# What becomes of mail to addresses that begin like this.
GONE = {"hardBounces": "bounces", "spam": "complains", "unsubscribed": "leaves"}


def report(sent: Sequence[Sent], query: Mapping[str, str], today: date) -> dict[str, Any]:
    """Answer aggregatedReport: figures that follow from the number of messages alone."""
    first, last = date_range(query, today)
    count = sum(1 for message in sent if not query.get("tag") or query["tag"] in message.mail.tags)
    return {"range": f"{first}|{last}", **figures(count)}


def figures(count: int) -> dict[str, int]:
    """Count in Brevo's words what became of so many messages."""
    told = fate(count)
    return {
        "requests": told.sent,
        "delivered": told.delivered,
        "hardBounces": told.hard_bounces,
        "softBounces": told.soft_bounces,
        "uniqueOpens": told.unique_opens,
        "opens": told.opens,
        "uniqueClicks": told.unique_clicks,
        "clicks": told.clicks,
        "spamReports": 0,
        "blocked": 0,
        "invalid": 0,
        "unsubscribed": told.unsubscribed,
    }


def events(sent: Sequence[Sent], query: Mapping[str, str], today: date) -> dict[str, Any]:
    """Answer the list of events: everybody's `requests`, and what an address says of itself."""
    date_range(query, today)
    limit = whole_number(query, "limit", 2500, range(MOST_EVENTS + 1))
    offset = whole_number(query, "offset", 0, range(2**31))
    found = [message for message in sent if is_asked_for(message, query)]
    ordered = found if query.get("sort") == "asc" else found[::-1]  # newest first unless told
    kind = query.get("event", "requests")
    return {"events": [event(message, kind) for message in ordered[offset : offset + limit]]}


def is_asked_for(message: Sent, query: Mapping[str, str]) -> bool:
    """Compare a message with the filters of the query."""
    tags = {tag.strip() for tag in query.get("tags", "").split(",") if tag.strip()}
    kind = query.get("event", "requests")
    return (
        (kind == "requests" or message.mail.email.startswith(GONE.get(kind, "?")))
        and (not tags or not tags.isdisjoint(message.mail.tags))
        and query.get("email", message.mail.email) == message.mail.email
        and query.get("messageId", message.mail.message_id) == message.mail.message_id
    )


def event(message: Sent, kind: str) -> dict[str, str]:
    """Write an event of a message that was asked to be sent."""
    return {
        "email": message.mail.email,
        "date": message.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "messageId": message.mail.message_id,
        "event": kind,
        "tag": message.mail.tags[0],
        "from": message.mail.sender.rpartition("<")[2].rstrip(">"),
    }


def date_range(query: Mapping[str, str], today: date) -> tuple[date, date]:
    """Check the time frame of a query: both dates, or days, or neither; 90 days at most."""
    if ("startDate" in query) != ("endDate" in query):
        raise refused("startDate and endDate must be used together")
    if "days" in query and "startDate" in query:
        raise refused("days is not compatible with startDate and endDate")
    days = whole_number(query, "days", LONGEST_RANGE.days, range(1, LONGEST_RANGE.days + 1))
    first = calendar_day(query, "startDate", today - timedelta(days=days))
    last = calendar_day(query, "endDate", today)
    if not timedelta() <= last - first <= LONGEST_RANGE:
        raise refused("endDate must be 0 to 90 days after startDate")
    return first, last


def calendar_day(query: Mapping[str, str], name: str, default: date) -> date:
    """Read a date (YYYY-MM-DD)."""
    try:
        return datetime.strptime(query[name], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except KeyError:
        return default
    except ValueError as err:
        raise refused(f"{name} must be a date (YYYY-MM-DD)") from err


def whole_number(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Read a number that lies in a range."""
    text = query.get(name, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        raise refused(f"{name} must be from {allowed[0]} to {allowed[-1]}")
    return int(text)


def schedule(sent: Sequence[Sent], identifier: str, now: datetime) -> dict[str, Any] | None:
    """Tell what was scheduled as a batch or as one message; None: nothing was."""
    found = {each.call: status(each, now) for each in sent if each.extra.get("batch") == identifier}
    if found:
        return {"count": len(found), "batches": list(found.values())}
    return next((status(each, now) for each in sent if each.mail.message_id == identifier), None)


def status(sent: Sent, now: datetime) -> dict[str, str]:
    """Tell when a message was scheduled, and whether its time has come."""
    return {
        "scheduledAt": sent.extra["scheduled"],
        "createdAt": sent.at.isoformat(),
        "status": "processed" if has_left(sent, now) else "queued",
    }


def has_left(sent: Sent, now: datetime) -> bool:
    """Say whether a message's time has come."""
    return "scheduled" not in sent.extra or datetime.fromisoformat(sent.extra["scheduled"]) <= now
