"""Answer Postmark's look-ups: messages, their figures, and who gets none any more."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from .dialect import Request, Sent, bare
from .fate import counts, fate, gone
from .visits import Seen, Visits, counted, in_their_words

MOST_RESULTS, LAST_RESULT = 500, 10_000
EASTERN = timezone(timedelta(hours=-5))  # days of look-ups and figures; summer is not played
GONE = {"HardBounce": "bounces", "SpamComplaint": "complains", "ManualSuppression": "leaves"}
FIGURES = {
    **dict.fromkeys(("Sent", "Tracked", "TotalTrackedLinksSent"), "sent"),
    **dict.fromkeys(("WithOpenTracking", "WithLinkTracking"), "sent"),
    "Bounced": "bounces",
    "Opens": "opens",
    "UniqueOpens": "unique_opens",
    "TotalClicks": "clicks",
    "UniqueLinksClicked": "unique_clicks",
    **dict.fromkeys(("SMTPApiErrors", "SpamComplaints", "SpamComplaintsRate"), ""),
    **dict.fromkeys(("WithClientRecorded", "WithPlatformRecorded"), ""),
}


def search(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer the search for messages, newest first."""
    query = parameters(request)
    amount, offset = page_of(query)
    found = chosen(sent, query)[::-1]
    page = found[offset : offset + amount]
    return {"TotalCount": len(found), "Messages": [described(each) for each in page]}


def page_of(query: dict[str, str]) -> tuple[int, int]:
    """Take out of a query which page it asks for: how many, and after how many."""
    told = [query.pop(name, "") for name in ("count", "offset")]
    if not all(each.isdecimal() for each in told):
        raise ValueError("count and offset are required numbers")
    amount, offset = map(int, told)
    if amount > MOST_RESULTS or amount + offset > LAST_RESULT:
        raise ValueError("count is at most 500, count and offset together at most 10000")
    return amount, offset


def parameters(request: Request) -> dict[str, str]:
    """Read a query, in which nothing may come twice."""
    if twice := [name for name, values in request.query.items() if len(values) > 1]:
        raise ValueError(f"{twice[0]} is given more than once")
    return request.parameters()


def chosen(sent: Sequence[Sent], query: Mapping[str, str]) -> list[Sent]:
    """Keep the messages that pass every filter, one of which may be by metadata."""
    by_metadata = [name for name in query if name.startswith("metadata_")]
    if unknown := query.keys() - FILTERS.keys() - set(by_metadata):
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")
    if len(by_metadata) > 1:
        raise ValueError("one metadata filter at most")
    wanted = [(FILTERS.get(name) or metadata_is(name), value) for name, value in query.items()]
    return [each for each in sent if all(is_so(each, value) for is_so, value in wanted)]


def metadata_is(name: str) -> Callable[[Sent, str], bool]:
    """Build the filter by one key of the metadata."""
    key = name.removeprefix("metadata_")
    return lambda sent, value: sent.mail.metadata.get(key) == value


def day(sent: Sent) -> date:
    """Give the day a message was sent, as Postmark counts days."""
    return sent.at.astimezone(EASTERN).date()


def as_date(told: str) -> date:
    """Read a date (YYYY-MM-DD)."""
    return datetime.strptime(told, "%Y-%m-%d").replace(tzinfo=UTC).date()


FILTERS: Mapping[str, Callable[[Sent, str], bool]] = {
    "tag": lambda sent, value: value in sent.mail.tags,
    "recipient": lambda sent, value: sent.mail.email == value,
    "fromemail": lambda sent, value: bare(sent.mail.sender) == value,
    "subject": lambda sent, value: sent.mail.subject == value,
    "messagestream": lambda sent, value: sent.mail.extra["stream"] == value,
    "status": lambda _, value: value == "sent",
    "fromdate": lambda sent, value: day(sent) >= as_date(value),
    "todate": lambda sent, value: day(sent) <= as_date(value),
}


def described(sent: Sent) -> dict[str, Any]:
    """Write a message as the search lists it."""
    mail = sent.mail
    return {
        "Tag": mail.tags[0] if mail.tags else "",
        "MessageID": mail.message_id,
        "To": [{"Email": mail.email, "Name": None}],
        **{name: [] for name in ("Cc", "Bcc", "Attachments")},
        "Recipients": [mail.email],
        "ReceivedAt": sent.at.isoformat(),
        "From": mail.sender,
        "Subject": mail.subject,
        "Status": "Sent",
        "Metadata": dict(mail.metadata),
        "MessageStream": mail.extra["stream"],
        "Sandboxed": False,
    }


def overview(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer the figures: what was done, else what follows from the number of messages."""
    query = parameters(request)
    count = len(chosen(sent, query))
    rate = round(100 * fate(count).bounces / count, 2) if count else 0
    told: dict[str, Any] = {**counts(count, FIGURES), "BounceRate": rate}
    if visits.are_played:
        days = {"fromdate": "0001-01-01", "todate": "9999-12-31", **query}
        first, last = as_date(days["fromdate"]), as_date(days["todate"])
        of = {n: value for n, value in query.items() if n not in ("fromdate", "todate")}
        seen = [
            each
            for each in visits.of(chosen(sent, of))
            if first <= each.visit.at.astimezone(EASTERN).date() <= last
        ]
        told |= in_their_words(counted(seen), FIGURES)
        links = {(each.sent.mail.email, each.visit.url) for each in seen if each.visit.url}
        told["UniqueLinksClicked"] = len(links)
    return told


def clicks(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List the clicks, the newest first."""
    query = parameters(request)
    amount, offset = page_of(query)
    if unknown := query.keys() - {"tag", "recipient"}:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")
    seen = visits.of(chosen(sent, query), "clicked")[::-1]
    page = [clicked(each) for each in seen[offset : offset + amount]]
    return {"TotalCount": len(seen), "Clicks": page}


def clicked(seen: Seen) -> dict[str, Any]:
    """Write a click as the list has it."""
    mail, visit = seen.sent.mail, seen.visit
    return {
        "RecordType": "Click",
        "ClickLocation": "HTML",
        "Client": {"Name": "", "Company": "", "Family": ""},
        "OS": {"Name": "", "Company": "", "Family": ""},
        "Platform": "Unknown",
        "UserAgent": visit.agent,
        "Geo": {"IP": visit.network},
        "OriginalLink": visit.url,
        "MessageID": mail.message_id,
        "MessageStream": mail.extra["stream"],
        "ReceivedAt": f"{visit.at:%Y-%m-%dT%H:%M:%S.%f}0Z",
        "Tag": mail.tags[0] if mail.tags else "",
        "Recipient": mail.email,
    }


def suppressions(_: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List whom the stream sends nothing any more."""
    rows = [
        {
            "EmailAddress": each.mail.email,
            "SuppressionReason": reason,
            "Origin": "Recipient",
            "CreatedAt": each.at.isoformat(),
        }
        for each, reason in gone(sent, GONE)
    ]
    return {"Suppressions": rows}
