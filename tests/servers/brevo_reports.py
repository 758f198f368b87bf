"""Answer what Brevo's v3 API is asked about mail: its report, its events, what is scheduled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .dialect import Request, Sent, bare
from .fate import counts, gone
from .visits import Seen, Visits, counted, in_their_words, within

LONGEST_RANGE = timedelta(days=90)
MOST_EVENTS = 5000
GONE = {"hardBounces": "bounces", "spam": "complains", "unsubscribed": "leaves"}
VISITS = {"opened": "opened", "clicks": "clicked", "loadedByProxy": "opened"}
FIGURES = {
    "requests": "sent",
    "delivered": "delivered",
    "hardBounces": "hard_bounces",
    "softBounces": "soft_bounces",
    "uniqueOpens": "unique_opens",
    "opens": "opens",
    "uniqueClicks": "unique_clicks",
    "clicks": "clicks",
    "unsubscribed": "unsubscribed",
    **dict.fromkeys(("spamReports", "blocked", "invalid"), ""),
}


def report(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer aggregatedReport: what was done, else what follows from the number of messages."""
    query = request.parameters()
    first, last = date_range(query)
    found = [each for each in sent if not query.get("tag") or query["tag"] in each.mail.tags]
    told = counts(len(found), FIGURES)
    if visits.are_played:
        # Whether those by proxies are among them is not documented; here they are not.
        told |= in_their_words(counted(within(visits.of(found), first, last), machine=""), FIGURES)
    return {"range": f"{first}|{last}", **told}


def events(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer the list of events: `requests`, what was done, what an address says of itself."""
    query = request.parameters()
    first, last = date_range(query)
    limit = whole_number(query, "limit", 2500, range(MOST_EVENTS + 1))
    offset = whole_number(query, "offset", 0, range(2**31))
    kind = query.get("event", "requests")
    if kind in VISITS:
        asked = [each for each in sent if is_asked_for(each, query)]
        seen = within(visits.of(asked, VISITS[kind]), first, last)
        rows = [visited(each, kind) for each in seen if is_of(each, kind)]
        return {"events": (rows if query.get("sort") == "asc" else rows[::-1])[offset:][:limit]}
    if kind != "requests":
        sent = [each for each, _ in gone(sent, {kind: GONE.get(kind, "?")})]
    found = [each for each in sent if is_asked_for(each, query)]
    ordered = found if query.get("sort") == "asc" else found[::-1]  # newest first unless told
    return {"events": [event(each, kind) for each in ordered[offset : offset + limit]]}


def is_asked_for(message: Sent, query: Mapping[str, str]) -> bool:
    """Compare a message with the filters of the query."""
    tags, mail = {tag.strip() for tag in query.get("tags", "").split(",")} - {""}, message.mail
    return (
        (not tags or not tags.isdisjoint(mail.tags))
        and query.get("email", mail.email) == mail.email
        and query.get("messageId", mail.message_id) == mail.message_id
    )


def event(message: Sent, kind: str) -> dict[str, str]:
    """Write an event of a message that was asked to be sent."""
    return {
        "email": message.mail.email,
        "date": message.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "messageId": message.mail.message_id,
        "event": kind,
        "tag": message.mail.tags[0],
        "from": bare(message.mail.sender),
    }


def is_of(seen: Seen, kind: str) -> bool:
    """Say whether a visit is of a kind of event: proxies have one of their own."""
    return kind == "clicks" or bool(seen.visit.machine) == (kind == "loadedByProxy")


def visited(seen: Seen, kind: str) -> dict[str, str]:
    """Write an event of a message that was opened, or of which a link was followed."""
    told = {**event(seen.sent, kind), "date": seen.visit.at.isoformat(timespec="milliseconds")}
    return {
        **told,
        "ip": seen.visit.network,
        **({"link": seen.visit.url} if seen.visit.url else {}),
    }


def date_range(query: Mapping[str, str]) -> tuple[date, date]:
    """Check the time frame of a query: both dates, or days, or neither; 90 days at most."""
    if ("startDate" in query) != ("endDate" in query):
        raise ValueError("startDate and endDate must be used together")
    if "days" in query and "startDate" in query:
        raise ValueError("days is not compatible with startDate and endDate")
    days = whole_number(query, "days", LONGEST_RANGE.days, range(1, LONGEST_RANGE.days + 1))
    last = datetime.now(UTC).date()
    first = last - timedelta(days=days)
    if "startDate" in query:
        first, last = (as_date(query, name) for name in ("startDate", "endDate"))
    if not timedelta() <= last - first <= LONGEST_RANGE:
        raise ValueError("endDate must be 0 to 90 days after startDate")
    return first, last


def as_date(query: Mapping[str, str], name: str) -> date:
    """Read a date (YYYY-MM-DD)."""
    try:
        return datetime.strptime(query[name], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as err:
        raise ValueError(f"{name} must be a date (YYYY-MM-DD)") from err


def whole_number(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Read a number that lies in a range."""
    text = query.get(name, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        raise ValueError(f"{name} must be from {allowed[0]} to {allowed[-1]}")
    return int(text)


def schedule(
    found: Sequence[Sent], identifier: str, has_left: Callable[[Sent], bool]
) -> dict[str, Any]:
    """Tell when a batch, or one message, was scheduled, and whether its time has come."""
    told = {
        each.call: {
            "scheduledAt": each.mail.extra["scheduled"],
            "createdAt": each.at.isoformat(),
            "status": "processed" if has_left(each) else "queued",
        }
        for each in found
    }
    if found[0].mail.message_id == identifier:
        return told[found[0].call]
    return {"count": len(told), "batches": list(told.values())}
