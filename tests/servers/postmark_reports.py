"""Answer Postmark's look-ups: messages, their figures, and who gets none any more."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from .dialect import Request, Sent, bare
from .fate import counts, fate, gone

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
    told = [query.pop(name, "") for name in ("count", "offset")]
    if not all(each.isdecimal() for each in told):
        raise ValueError("count and offset are required numbers")
    amount, offset = map(int, told)
    if amount > MOST_RESULTS or amount + offset > LAST_RESULT:
        raise ValueError("count is at most 500, count and offset together at most 10000")
    found = chosen(sent, query)[::-1]
    page = found[offset : offset + amount]
    return {"TotalCount": len(found), "Messages": [described(each) for each in page]}


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


def overview(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """Answer the figures."""
    count = len(chosen(sent, parameters(request)))
    rate = round(100 * fate(count).bounces / count, 2) if count else 0
    return {**counts(count, FIGURES), "BounceRate": rate}


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
