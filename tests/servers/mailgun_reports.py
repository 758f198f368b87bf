"""Answer Mailgun's look-ups: pages of events, and figures per tag."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from .dialect import Request, Sent, bare
from .fate import counts, gone
from .schemas import FLAG, not_played, number, one_of, problems, record, several, text
from .visits import Seen, Visits, counted, in_their_words

MOST_EVENTS, USUAL_EVENTS = 300, 100
GONE = {"failed": "bounces", "complained": "complains", "unsubscribed": "leaves"}
ASKED = {"tags", "event", "limit", "recipient", "message-id", "subject"}
ASKED |= {"begin", "end", "ascending"}

# Mailgun's names for our figures; how many of the opens and clicks are by which machine.
FIGURES = {
    "accepted_count": "sent",
    "delivered_count": "delivered",
    "permanent_failed_count": "hard_bounces",
    "temporary_failed_count": "soft_bounces",
    "hard_bounces_count": "hard_bounces",
    "soft_bounces_count": "soft_bounces",
    "failed_count": "bounces",
    "opened_count": "opens",
    "unique_opened_count": "unique_opens",
    "clicked_count": "clicks",
    "unique_clicked_count": "unique_clicks",
    "complained_count": "complained",
    "unsubscribed_count": "unsubscribed",
}
BY_MACHINES = {"opened_count", "unique_opened_count", "clicked_count", "unique_clicked_count"}
MACHINES = {"apple": 30, "gmail": 10}  # per cent; "" is everybody and everything else
TAG = record({"label": text(), "value": text()})
OF_TAG = record(
    {"attribute": one_of("tag"), "comparator": one_of("="), "values": several(TAG, 1, 1)}
)
FILTER = record({"AND": several(OF_TAG, 1, 1)})
PAGE = record({}, {"sort": text(), "skip": number(), "limit": number(1, 1000)})
QUESTION = record(
    {"filter": FILTER},
    {
        "start": text(),
        "end": text(),
        "resolution": one_of("hour", "day", "month"),
        "dimensions": several(one_of("bot"), 0, 1),
        "metrics": several(one_of(*FIGURES), 1),
        "include_subaccounts": FLAG,
        "include_aggregates": FLAG,
        "pagination": PAGE,
        **not_played("duration"),
    },
)


def events(
    visits: Visits, request: Request, sent: Sequence[Sent], token: str | None, *, scheme: str
) -> dict[str, Any]:
    """Give a page of events: what was done, else all were accepted, and some addresses say more."""
    start, query, of = 0, request.parameters(), len(sent)
    if token:  # later pages show what there was at the first
        start, query, of = json.loads(base64.urlsafe_b64decode(token))
    limit = checked_limit(query)
    found = found_events(visits, query, sent[:of])
    ordered = found if query.get("ascending") == "yes" else found[::-1]
    items = ordered[start : start + limit]
    root = f"{scheme}://{request.headers.get('Host')}{request.path.removesuffix(f'/{token}')}"

    def url(start: int) -> str:
        state = json.dumps([start, query, of]).encode()
        return f"{root}/{base64.urlsafe_b64encode(state).decode()}"

    paging = {"next": url(start + len(items)), "previous": url(max(0, start - limit))}
    return {"items": items, "paging": paging}


def found_events(
    visits: Visits, query: Mapping[str, str], sent: Sequence[Sent]
) -> list[dict[str, Any]]:
    """Give the events that are asked for, the oldest first."""
    kind = query.get("event", "accepted")
    if kind in ("opened", "clicked"):
        asked = {name: value for name, value in query.items() if name not in ("begin", "end")}
        seen = visits.of([each for each in sent if is_asked_for(each, asked)], kind)
        first, last = moment(query.get("begin", "0")), moment(query.get("end", "253000000000"))
        return [visited(each) for each in seen if first <= each.visit.at <= last]
    if kind != "accepted":
        sent = [each for each, _ in gone(sent, {kind: GONE.get(kind, "?")})]
    return [event(each, kind) for each in sent if is_asked_for(each, query)]


def visited(seen: Seen) -> dict[str, Any]:
    """Write that a message was opened, or a link of it followed."""
    visit = seen.visit
    client = {"client-type": "browser", "user-agent": visit.agent, "bot": visit.machine}
    return {
        **event(seen.sent, visit.kind),
        "id": base64.urlsafe_b64encode(repr(visit).encode()).decode()[-22:],
        "timestamp": visit.at.timestamp(),
        "ip": visit.network,
        "client-info": client,
        **({"url": visit.url} if visit.url else {}),
    }


def checked_limit(query: Mapping[str, str]) -> int:
    """Check the filters of a query, and give the size of its pages."""
    if unknown := query.keys() - ASKED:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")
    if "begin" in query and not query.keys() & {"end", "ascending"}:
        raise ValueError("begin needs end or ascending")
    limit = int(query.get("limit", USUAL_EVENTS))
    if not 1 <= limit <= MOST_EVENTS:
        raise ValueError(f"limit must be 1 to {MOST_EVENTS}")
    return limit


def is_asked_for(message: Sent, query: Mapping[str, str]) -> bool:
    """Compare a message with the filters of a query."""
    mail = message.mail
    first, last = moment(query.get("begin", "0")), moment(query.get("end", "253000000000"))
    return (
        ("tags" not in query or query["tags"] in mail.tags)
        and query.get("recipient", mail.email) == mail.email
        and query.get("subject", mail.subject) == mail.subject
        and query.get("message-id", bare(mail.message_id)) == bare(mail.message_id)
        and min(first, last) <= message.at <= max(first, last)
    )


def event(message: Sent, kind: str) -> dict[str, Any]:
    """Write an event of an accepted message; its id has no angle brackets."""
    mail = message.mail
    headers = {"to": mail.email, "from": mail.sender, "subject": mail.subject}
    headers["message-id"] = bare(mail.message_id)
    return {
        "event": kind,
        **({"severity": "permanent", "reason": "bounce"} if kind == "failed" else {}),
        "id": base64.urlsafe_b64encode(f"{message.call} {mail.email}".encode()).decode(),
        "timestamp": message.at.timestamp(),
        "log-level": "info",
        "recipient": mail.email,
        "recipient-domain": mail.email.partition("@")[2],
        "tags": list(mail.tags),
        "user-variables": dict(mail.metadata),
        "message": {"headers": headers, "attachments": [], "size": len(mail.html)},
    }


def metrics(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer a query for a tag: what was done, else what follows from the number of messages."""
    asked = json.loads(request.body)
    for wrong in problems(asked, QUESTION):
        raise ValueError(wrong)
    last = moment(asked.get("end", ""))
    first = moment(asked["start"]) if "start" in asked else last - timedelta(days=7)
    [tag] = asked["filter"]["AND"][0]["values"]
    tagged = [each for each in sent if tag["value"] in each.mail.tags]
    names = {name: FIGURES[name] for name in asked.get("metrics", FIGURES)}
    told = counts(sum(1 for each in tagged if first <= each.at <= last), names)
    rows = {bot: share(told, bot) for bot in ("", *MACHINES)}
    if visits.are_played:
        seen = [each for each in visits.of(tagged) if first <= each.visit.at <= last]
        told |= in_their_words(counted(seen), names)
        bots = ("", *{each.visit.machine for each in seen} - {""})
        rows = {bot: in_their_words(counted(seen, machine=bot), names) for bot in bots}
    dimensions = asked.get("dimensions", [])
    items = [row(bot, its) for bot, its in rows.items()] if dimensions else []
    page = {"sort": "", "skip": 0, "limit": 10, **asked.get("pagination", {})}
    return {
        "start": format_datetime(first),
        "end": format_datetime(last),
        "resolution": asked.get("resolution", "day"),
        "dimensions": dimensions,
        "pagination": {**page, "total": len(items)},
        "items": items[page["skip"] : page["skip"] + page["limit"]],
        **({"aggregates": {"metrics": told}} if asked.get("include_aggregates") else {}),
    }


def row(bot: str, figures: Mapping[str, int]) -> dict[str, Any]:
    """Write the figures of a machine, or of everybody else."""
    dimension = {"dimension": "bot", "value": bot, "display_value": bot.title() or "None"}
    return {"dimensions": [dimension], "metrics": figures}


def share(told: Mapping[str, int], machine: str) -> dict[str, int]:
    """Give what a machine did of all that was done, or what everybody else did."""
    return {name: part(name, total, machine) for name, total in told.items()}


def part(name: str, total: int, machine: str) -> int:
    """Give what a machine did of a count: it opens and clicks, and does nothing else."""
    by_machines = {each: total * percent // 100 for each, percent in MACHINES.items()}
    if name not in BY_MACHINES:
        return 0 if machine else total
    return by_machines.get(machine, total - sum(by_machines.values()))


def moment(told: str) -> datetime:
    """Read a time: seconds since 1970, a date of RFC 2822, or now if there is none."""
    if not told:
        return datetime.now(UTC)
    if re.fullmatch(r"\d+(\.\d+)?", told):
        return datetime.fromtimestamp(float(told), UTC)
    return parsedate_to_datetime(told).astimezone(UTC)
