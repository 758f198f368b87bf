"""Answer SendGrid's look-ups: the e-mail logs, figures per category, and who is gone."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .dialect import Request, Sent, bare
from .fate import counts, gone
from .schemas import number, problems, record, several, text
from .visits import Seen, Visits, counted, in_their_words, within

FILTER = record({"query": text()}, {"limit": number(1, 1000), "subusers": several(text(), 0, 1)})
# The one condition that is played; categories are documented with this operator alone.
CONDITION = re.compile(r"\s*categories\s+IN\s+\(((?:\s*'[^']*'\s*,?)+)\)\s*", re.IGNORECASE)
DAYS_ASKED = {"start_date", "end_date", "categories", "aggregated_by"}
GONE_ASKED = {"start_time", "end_time", "limit", "offset"}
LONGEST = timedelta(days=396)  # thirteen months
GONE = {
    "bounces": "bounces",
    "invalid_emails": "invalid",
    "unsubscribes": "leaves",
    "spam_reports": "complains",
}
FIGURES = {
    **dict.fromkeys(("requests", "processed"), "sent"),
    "delivered": "delivered",
    "bounces": "hard_bounces",
    "blocks": "soft_bounces",
    "opens": "opens",
    "unique_opens": "unique_opens",
    "clicks": "clicks",
    "unique_clicks": "unique_clicks",
    "unsubscribes": "unsubscribed",
    **dict.fromkeys(("deferred", "bounce_drops", "invalid_emails", "spam_reports"), ""),
    **dict.fromkeys(("spam_report_drops", "unsubscribe_drops"), ""),
}


def logs(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Give the newest messages of some categories, which it does not list; there are no pages."""
    asked = json.loads(request.body)
    for wrong in problems(asked, FILTER):
        raise ValueError(wrong)
    condition = CONDITION.fullmatch(asked["query"])
    if not condition:
        raise ValueError(f"query may not ask for {asked['query'][:40]}")
    wanted = set(re.findall(r"'([^']*)'", condition[1]))
    found = [each for each in reversed(sent) if not wanted.isdisjoint(each.mail.tags)]
    return {"messages": [entry(each) for each in found[: asked.get("limit", 10)]]}


def entry(sent: Sent) -> dict[str, Any]:
    """Write what the log knows of a message."""
    mail = sent.mail
    return {
        "from_email": bare(mail.sender),
        "to_email": mail.email,
        "subject": mail.subject,
        "sg_message_id": mail.message_id,
        "status": "processed",
        "sg_message_id_created_at": f"{sent.at:%Y-%m-%dT%H:%M:%SZ}",
    }


def category_days(visits: Visits, request: Request, sent: Sequence[Sent]) -> list[dict[str, Any]]:
    """Give the figures of up to ten categories, for each day of a range."""
    query = request.parameters(DAYS_ASKED)
    if "start_date" not in query:
        raise ValueError("start_date is missing")
    first = date.fromisoformat(query["start_date"])
    last = date.fromisoformat(query.get("end_date", str(datetime.now(UTC).date())))
    if not timedelta() <= last - first <= LONGEST:
        raise ValueError("end_date must be 0 days to 13 months after start_date")
    categories = request.query.get("categories", [])
    if not 1 <= len(categories) <= 10:
        raise ValueError("categories: 1 to 10 of them")
    if query.get("aggregated_by", "day") != "day":
        raise ValueError("aggregated_by: day is played here")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        {"date": str(day), "stats": [stats(visits, name, day, sent) for name in categories]}
        for day in days
    ]


def stats(visits: Visits, name: str, day: date, sent: Sequence[Sent]) -> dict[str, Any]:
    """Write the figures of one category on one day."""
    tagged = [each for each in sent if name in each.mail.tags]
    told = counts(sum(1 for each in tagged if each.at.date() == day), FIGURES)
    if visits.are_played:
        told |= in_their_words(on_day(visits.of(tagged), day), FIGURES)
    return {"type": "category", "name": name, "metrics": told}


def on_day(seen: Sequence[Seen], day: date) -> dict[str, int]:
    """Count what was done on a day; a message is opened for the first time on one day alone."""
    before = {
        (each.sent.mail.email, each.visit.kind) for each in seen if each.visit.at.date() < day
    }
    own = within(seen, day, day)
    new = [each for each in own if (each.sent.mail.email, each.visit.kind) not in before]
    uniques = {n: count for n, count in counted(new).items() if n.startswith("unique")}
    return counted(own) | uniques


def suppressed(request: Request, sent: Sequence[Sent], name: str) -> list[dict[str, Any]]:
    """List whom the account sends nothing any more."""
    query = request.parameters(GONE_ASKED)
    since, start = int(query.get("start_time", 0)), int(query.get("offset", 0))
    rows = [
        {"email": each.mail.email, "created": int(each.at.timestamp())}
        for each, _ in gone(sent, {name: GONE[name]})
        if each.at.timestamp() >= since
    ]
    return rows[start : start + int(query.get("limit", 500))]
