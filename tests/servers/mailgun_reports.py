"""Answer Mailgun's look-ups: pages of events, and figures per tag."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import product
from typing import Any

from .dialect import Reply, Request, Sent, json_reply
from .fate import Fate, fate
from .openapi import NOT_PLAYED, problems

MOST_EVENTS, USUAL_EVENTS = 300, 100
# What becomes of mail to addresses that begin like this.
GONE = {"failed": "bounces", "complained": "complains", "unsubscribed": "leaves"}

# Mailgun's names for our figures; how many of the opens and clicks are by which machine.
COUNTS: Mapping[str, Callable[[Fate], int]] = {
    "accepted_count": lambda of: of.sent,
    "delivered_count": lambda of: of.delivered,
    "permanent_failed_count": lambda of: of.hard_bounces,
    "temporary_failed_count": lambda of: of.soft_bounces,
    "hard_bounces_count": lambda of: of.hard_bounces,
    "soft_bounces_count": lambda of: of.soft_bounces,
    "failed_count": lambda of: of.hard_bounces + of.soft_bounces,
    "opened_count": lambda of: of.opens,
    "unique_opened_count": lambda of: of.unique_opens,
    "clicked_count": lambda of: of.clicks,
    "unique_clicked_count": lambda of: of.unique_clicks,
    "complained_count": lambda _: 0,
    "unsubscribed_count": lambda of: of.unsubscribed,
}
BY_MACHINES = {"opened_count", "unique_opened_count", "clicked_count", "unique_clicked_count"}
MACHINES = {"apple": 30, "gmail": 10}  # per cent; "" is everybody and everything else
PREDICATE: dict[str, Any] = {
    "type": "object",
    "required": ["attribute", "comparator", "values"],
    "properties": {
        "attribute": {"type": "string", "enum": ["tag", "domain"]},
        "comparator": {"type": "string", "enum": ["="]},
        "values": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["label", "value"],
                "properties": {"label": {"type": "string"}, "value": {"type": "string"}},
            },
        },
    },
}
QUESTION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "start": {"type": "string"},
        "end": {"type": "string"},
        "resolution": {"type": "string", "enum": ["hour", "day", "month"]},
        "duration": NOT_PLAYED,
        "dimensions": {
            "type": "array",
            "items": {"type": "string", "enum": ["tag", "domain", "bot"]},
        },
        "metrics": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "enum": list(COUNTS)},
        },
        "filter": {
            "type": "object",
            "required": ["AND"],
            "properties": {"AND": {"type": "array", "items": PREDICATE}},
        },
        "include_subaccounts": {"type": "boolean"},
        "include_aggregates": {"type": "boolean"},
        "pagination": {
            "type": "object",
            "properties": {
                "sort": {"type": "string"},
                "skip": {"type": "integer", "minimum": 0},
                "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
            },
        },
    },
}
ASKED = {
    "tags",
    "event",
    "limit",
    "recipient",
    "message-id",
    "subject",
    "begin",
    "end",
    "ascending",
}


def events(request: Request, token: str | None, sent: Sequence[Sent], scheme: str) -> Reply:
    """Give a page of events: all were accepted, and some addresses say what came after."""
    start, query, of = 0, {name: values[-1] for name, values in request.query.items()}, len(sent)
    if token:  # later pages show what there was at the first
        start, query, of = json.loads(base64.urlsafe_b64decode(token))
    limit = checked_limit(query)
    found = [message for message in sent[:of] if is_asked_for(message, query)]
    ordered = found if query.get("ascending") == "yes" else found[::-1]
    kind = query.get("event", "accepted")
    items = [event(message, kind) for message in ordered[start : start + limit]]
    root = f"{scheme}://{request.headers.get('Host')}{request.path.removesuffix(f'/{token}')}"

    def url(start: int) -> str:
        state = json.dumps([start, query, of]).encode()
        return f"{root}/{base64.urlsafe_b64encode(state).decode()}"

    paging = {"next": url(start + len(items)), "previous": url(max(0, start - limit))}
    return json_reply(200, {"items": items, "paging": paging})


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
    kind = query.get("event", "accepted")
    return (
        (kind == "accepted" or mail.email.startswith(GONE.get(kind, "?")))
        and ("tags" not in query or query["tags"] in mail.tags)
        and query.get("recipient", mail.email) == mail.email
        and query.get("subject", mail.subject) == mail.subject
        and query.get("message-id", bare(mail.message_id)) == bare(mail.message_id)
        and min(first, last) <= message.at <= max(first, last)
    )


def event(message: Sent, kind: str) -> dict[str, Any]:
    """Write an event of an accepted message; its id has no angle brackets."""
    mail = message.mail
    headers = {
        "to": mail.email,
        "from": mail.sender,
        "subject": mail.subject,
        "message-id": bare(mail.message_id),
    }
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


def metrics(body: bytes, sent: Sequence[Sent], domain: str) -> Reply:
    """Answer an analytics query: figures that follow from the number of messages alone."""
    asked = json.loads(body)
    for wrong in problems(asked, QUESTION):
        raise ValueError(wrong)
    last = moment(asked.get("end", ""))
    first = moment(asked["start"]) if "start" in asked else last - timedelta(days=7)
    dimensions, names = asked.get("dimensions", []), asked.get("metrics", list(COUNTS))
    counted, rows = tally([s for s in sent if first <= s.at <= last], asked, domain)
    items = [row(dict(zip(dimensions, k, strict=True)), rows[k], names) for k in sorted(rows)]
    page = {"sort": "", "skip": 0, "limit": 10, **asked.get("pagination", {})}
    answer: dict[str, Any] = {
        "start": format_datetime(first),
        "end": format_datetime(last),
        "resolution": asked.get("resolution", "day"),
        "dimensions": dimensions,
        "pagination": {**page, "total": len(items)},
        "items": items[page["skip"] : page["skip"] + page["limit"]],
    }
    if asked.get("include_aggregates"):
        answer["aggregates"] = {"metrics": row({}, counted, names)["metrics"]}
    return json_reply(200, answer)


def tally(
    sent: Sequence[Sent], asked: Mapping[str, Any], domain: str
) -> tuple[int, dict[tuple[str, ...], int]]:
    """Count messages: all that pass the filter, and those of each combination of dimensions."""
    conditions = asked.get("filter", {}).get("AND", [])
    only = {each["attribute"]: {v["value"] for v in each["values"]} for each in conditions}
    counted, rows = 0, dict[tuple[str, ...], int]()
    for message in sent:
        values = {"domain": {domain}, "tag": set(message.mail.tags), "bot": {"", *MACHINES}}
        kept = {name: every & only.get(name, every) for name, every in values.items()}
        if not all(kept[name] for name in only):
            continue
        counted += 1
        for key in product(*(kept[name] for name in asked.get("dimensions", []))):
            rows[key] = rows.get(key, 0) + 1
    return counted, rows


def row(labels: Mapping[str, str], count: int, names: Sequence[str]) -> dict[str, Any]:
    """Write one row of figures."""
    of = fate(count)
    counts = {name: COUNTS[name](of) for name in names}
    if "bot" in labels:
        counts = {name: share(name, total, labels["bot"]) for name, total in counts.items()}
    dimensions = [
        {"dimension": name, "value": value, "display_value": value}
        for name, value in labels.items()
    ]
    return {"dimensions": dimensions, "metrics": counts}


def share(name: str, total: int, machine: str) -> int:
    """Give what a machine did of a count: it opens and clicks, and does nothing else."""
    by_machines = {each: total * percent // 100 for each, percent in MACHINES.items()}
    if name not in BY_MACHINES:
        return 0 if machine else total
    return by_machines.get(machine, total - sum(by_machines.values()))


def moment(text: str) -> datetime:
    """Read a time: seconds since 1970, a date of RFC 2822, or now if there is none."""
    if not text:
        return datetime.now(UTC)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    return parsedate_to_datetime(text).astimezone(UTC)


def bare(message_id: str) -> str:
    """Take the angle brackets off."""
    return message_id.removeprefix("<").removesuffix(">")
