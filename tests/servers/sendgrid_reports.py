"""Answer SendGrid's look-ups: the e-mail logs, and figures per category."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any

from .dialect import Reply, Sent, json_reply
from .fate import fate
from .openapi import problems

FILTER = {
    "type": "object",
    "properties": {
        "query": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
        "subusers": {"type": "array", "maxItems": 1, "items": {"type": "string"}},
    },
}
# The operators each field of a query is documented with.
OPERATORS = {
    "sg_message_id": "=",
    "subject": "=",
    "to_email": "=",
    "reason": "=",
    "status": "IN",
    "categories": "IN",
    "sg_message_id_created_at": "< > <= >=",
}
CONDITION = re.compile(
    r"\s*(?P<field>\w+)\s*(?P<operator>IN\b|[<>]=?|=)\s*"
    r"(?P<value>\((?:[^()'\"]|'[^']*'|\"[^\"]*\")*\)|(?:TIMESTAMP\s*)?(?:'[^']*'|\"[^\"]*\"))\s*",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, ">": gt, "<=": le, ">=": ge}

FIRST_OF: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
DAYS_ASKED = {"start_date", "end_date", "categories", "aggregated_by"}
SUMS_ASKED = {"start_date", "end_date", "limit", "offset", "sort_by_metric", "sort_by_direction"}
LONGEST = timedelta(days=396)  # thirteen months


def logs(body: Any, sent: Sequence[Sent], dropped: Collection[str]) -> Reply:
    """Give the newest messages that match a filter; there are no further pages."""
    for wrong in problems(body, FILTER):
        raise ValueError(wrong)
    conditions = parsed_query(body.get("query", ""))
    entries = (entry(each, dropped) for each in reversed(sent))
    found = [one for one in entries if all(holds(one, *each) for each in conditions)]
    messages = found[: body.get("limit", 10)]
    # The categories can be asked for, but the answer does not list them.
    hidden = {"categories"}
    return json_reply(
        200, {"messages": [{k: v for k, v in one.items() if k not in hidden} for one in messages]}
    )


def log_entry(message_id: str, sent: Sequence[Sent], dropped: Collection[str]) -> Reply | None:
    """Give everything about one message."""
    for each in sent:
        if each.mail.message_id == message_id:
            found = entry(each, dropped)
            further = {
                "category": found.pop("categories"),
                "custom_args": dict(each.mail.metadata),
                "api_key_id": "house",
                "client_ip": "127.0.0.1",
                "events": [],
            }
            return json_reply(200, {**found, **further})
    return None


def entry(sent: Sent, dropped: Collection[str]) -> dict[str, Any]:
    """Write what the log knows of a message."""
    mail = sent.mail
    return {
        "from_email": mail.sender.rpartition("<")[2].removesuffix(">"),
        "to_email": mail.email,
        "subject": mail.subject,
        "sg_message_id": mail.message_id,
        "status": "dropped" if sent.extra.get("batch") in dropped else "processed",
        "sg_message_id_created_at": f"{sent.at:%Y-%m-%dT%H:%M:%SZ}",
        "categories": list(mail.tags),
    }


def parsed_query(query: str) -> list[tuple[str, str, list[str]]]:
    """Read conditions joined by AND, each a field, an operator and its values."""
    conditions, rest = [], query.strip()
    while rest:
        found = CONDITION.match(rest)
        if not found:
            raise ValueError(f"query cannot be read from {rest[:40]!r}")
        field, operator = found["field"].lower(), found["operator"].upper()
        if operator not in OPERATORS.get(field, "").split():
            raise ValueError(f"query may not ask for {field} {operator}")
        values = [one or other for one, other in QUOTED.findall(found["value"])]
        conditions.append((field, operator, values))
        rest = rest[found.end() :]
        if rest and not re.match(r"AND\b", rest, re.IGNORECASE):
            raise ValueError("conditions are joined by AND")
        rest = rest[3:]
    return conditions


def holds(found: Mapping[str, Any], field: str, operator: str, values: Sequence[str]) -> bool:
    """Try one condition on one entry."""
    value = found.get(field, "")
    if operator in COMPARISONS:
        return COMPARISONS[operator](moment(value), moment(values[0]))
    return not set(values).isdisjoint(value if isinstance(value, list) else [value])


def moment(text: str) -> datetime:
    """Read a time of ISO 8601."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def category_days(query: Mapping[str, Sequence[str]], sent: Sequence[Sent]) -> Reply:
    """Give the figures of up to ten categories, for each day, week or month of a range."""
    first, last = date_range(query, DAYS_ASKED)
    categories = query.get("categories", [])
    if not 1 <= len(categories) <= 10:
        raise ValueError("categories: 1 to 10 of them")
    step = query.get("aggregated_by", ["day"])[0]
    if step not in FIRST_OF:
        raise ValueError("aggregated_by is day, week or month")
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    periods = list(dict.fromkeys(FIRST_OF[step](day) for day in days))
    within = [each for each in sent if first <= each.at.date() <= last]
    answer = []
    for period in periods:
        mine = [each for each in within if FIRST_OF[step](each.at.date()) == period]
        answer.append({"date": str(period), "stats": [stats(name, mine) for name in categories]})
    return json_reply(200, answer)


def category_sums(query: Mapping[str, Sequence[str]], sent: Sequence[Sent]) -> Reply:
    """Give the sum of each category's figures over a range, page by page."""
    first, last = date_range(query, SUMS_ASKED)
    limit, offset = int(query.get("limit", ["5"])[0]), int(query.get("offset", ["0"])[0])
    within = [each for each in sent if first <= each.at.date() <= last]
    names = sorted({tag for each in within for tag in each.mail.tags})
    rows = sorted((stats(name, within) for name in names), key=delivered, reverse=True)
    return json_reply(200, {"date": str(first), "stats": rows[offset : offset + limit]})


def delivered(stats: Mapping[str, Any]) -> int:
    """Give what sums are sorted by unless told otherwise."""
    count: int = stats["metrics"]["delivered"]
    return count


def date_range(query: Mapping[str, Sequence[str]], known: set[str]) -> tuple[date, date]:
    """Check the names of a query and read its dates."""
    if unknown := query.keys() - known:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")
    if "start_date" not in query:
        raise ValueError("start_date is missing")
    today = datetime.now(UTC).date()
    first = date.fromisoformat(query["start_date"][0])
    last = date.fromisoformat(query["end_date"][0]) if "end_date" in query else today
    if not timedelta() <= last - first <= LONGEST:
        raise ValueError("end_date must be 0 days to 13 months after start_date")
    return first, last


def stats(name: str, sent: Sequence[Sent]) -> dict[str, Any]:
    """Write the figures of one category."""
    of = fate(sum(1 for each in sent if name in each.mail.tags))
    metrics = {
        "requests": of.sent,
        "processed": of.sent,
        "delivered": of.delivered,
        "bounces": of.hard_bounces,
        "blocks": of.soft_bounces,
        "deferred": 0,
        "opens": of.opens,
        "unique_opens": of.unique_opens,
        "clicks": of.clicks,
        "unique_clicks": of.unique_clicks,
        "unsubscribes": of.unsubscribed,
        **dict.fromkeys(("bounce_drops", "invalid_emails", "spam_reports"), 0),
        **dict.fromkeys(("spam_report_drops", "unsubscribe_drops"), 0),
    }
    return {"type": "category", "name": name, "metrics": metrics}
