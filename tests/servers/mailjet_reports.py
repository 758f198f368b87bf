"""Answer Mailjet's REST API: messages, campaigns and their counters."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from .dialect import Reply, Sent, json_reply
from .fate import fate

PAGES = {"Limit", "Offset", "Sort", "countOnly"}
# What may be asked; the real API silently ignores what it does not know.
MESSAGE_FILTERS = {"CustomID", "Campaign", "CampaignID", "FromTS", "ToTS"}
MESSAGE_FILTERS |= {"ShowCustomID", "ShowContactAlt", "ShowSubject"}
CAMPAIGN_FILTERS = {"CustomCampaign", "CampaignID", "FromTS", "ToTS"}
COUNTER_FILTERS = {"SourceID", "CampaignID", "CounterSource", "CounterTiming", "CounterResolution"}
COUNTER_FILTERS |= {"FromTS", "ToTS"}
USUAL_PAGE, LARGEST_PAGE = 10, 1000


def messages(query: Mapping[str, str], sent: Sequence[Sent], blocked: Sequence[Sent]) -> Reply:
    """List messages, the oldest first; address, subject and CustomID only if asked for."""
    checked(query, MESSAGE_FILTERS)
    campaign = query.get("Campaign", query.get("CampaignID"))
    found = [
        each
        for each in sorted([*sent, *blocked], key=lambda each: each.at)
        if query.get("CustomID", custom_id(each)) == custom_id(each)
        and (campaign is None or campaign == str(campaign_id(each)))
        and is_within(each, query)
    ]
    held = {each.mail.message_id for each in blocked}
    return page(
        query, [described(each, query, is_held=each.mail.message_id in held) for each in found]
    )


def described(sent: Sent, query: Mapping[str, str], *, is_held: bool) -> dict[str, Any]:
    """Write what the list tells of a message."""
    mail, shown = (
        sent.mail,
        {name for name, value in query.items() if value.lower() in ("true", "1")},
    )
    return {
        "ID": int(mail.message_id),
        "ArrivedAt": stamp(sent.at),
        "Status": "blocked" if is_held else status_of(mail.email),
        "CampaignID": campaign_id(sent),
        "ContactID": crc32(mail.email.encode()),
        "ContactAlt": mail.email if "ShowContactAlt" in shown else "",
        "Subject": mail.subject if "ShowSubject" in shown else "",
        "CustomID": custom_id(sent) if "ShowCustomID" in shown else "",
    }


def status_of(email: str) -> str:
    """Tell how far a message came: some addresses say so of themselves."""
    gone = {"bounces": "hardbounced", "complains": "spam", "leaves": "unsub"}
    return next((word for begin, word in gone.items() if email.startswith(begin)), "sent")


def campaigns(query: Mapping[str, str], sent: Sequence[Sent]) -> Reply:
    """List campaigns; a campaign begins with its first message."""
    checked(query, CAMPAIGN_FILTERS)
    first: dict[int, Sent] = {}
    for each in sent:
        if each.mail.tags and is_within(each, query):
            first.setdefault(campaign_id(each), each)
    found = [
        {
            "ID": identifier,
            "CustomValue": each.mail.tags[0],
            "FromEmail": each.mail.sender.rpartition("<")[2].removesuffix(">"),
            "Subject": each.mail.subject,
            "CreatedAt": stamp(each.at),
            "SendStartAt": stamp(each.at),
            "IsDeleted": False,
        }
        for identifier, each in first.items()
        if query.get("CustomCampaign", each.mail.tags[0]) == each.mail.tags[0]
        and query.get("CampaignID", str(identifier)) == str(identifier)
    ]
    return page(query, found)


def counters(query: Mapping[str, str], sent: Sequence[Sent], blocked: Sequence[Sent]) -> Reply:
    """Count what became of a campaign's messages, over its whole life."""
    checked(query, COUNTER_FILTERS)
    source = query.get("SourceID", query.get("CampaignID"))
    if source is None or not source.isdecimal():
        raise ValueError("SourceID: the number of a campaign")
    wanted = {"CounterSource": {"Campaign"}, "CounterTiming": {"Message", "Event"}}
    wanted["CounterResolution"] = {"Lifetime"}
    for name, values in wanted.items():
        if query.get(name) not in values and not (
            name == "CounterSource" and "CampaignID" in query
        ):
            raise ValueError(f"{name}: {' or '.join(sorted(values))} is played here")
    if query.keys() & {"FromTS", "ToTS"}:
        raise ValueError("FromTS and ToTS are not for Lifetime")
    count = sum(1 for each in sent if str(campaign_id(each)) == source)
    held = sum(1 for each in blocked if str(campaign_id(each)) == source)
    return page(query, [counted(int(source), count, held)] if count else [])


def counted(source: int, count: int, held: int) -> dict[str, Any]:
    """Write the counters of a campaign."""
    of = fate(count)
    zeros = ("MessageSpamCount", "MessageDeferredCount", "MessageQueuedCount", "EventSpamCount")
    return {
        "SourceID": source,
        "APIKeyID": 1,
        "Timeslice": "",
        "Total": of.sent,
        "MessageSentCount": of.delivered,
        "MessageHardBouncedCount": of.hard_bounces,
        "MessageSoftBouncedCount": of.soft_bounces,
        "MessageBlockedCount": held,
        "MessageOpenedCount": of.unique_opens,
        "MessageClickedCount": of.unique_clicks,
        "MessageUnsubscribedCount": of.unsubscribed,
        "EventOpenedCount": of.opens,
        "EventClickedCount": of.clicks,
        "EventUnsubscribedCount": of.unsubscribed,
        **dict.fromkeys(zeros, 0),
    }


def checked(query: Mapping[str, str], known: set[str]) -> None:
    """Refuse a filter that would not be heeded."""
    if unknown := query.keys() - known - PAGES:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")


def page(query: Mapping[str, str], found: Sequence[Mapping[str, Any]]) -> Reply:
    """Cut a page out of what was found."""
    limit, offset = int(query.get("Limit", USUAL_PAGE)), int(query.get("Offset", 0))
    if not 0 <= limit <= LARGEST_PAGE or offset < 0:
        raise ValueError(f"Limit must be 0 to {LARGEST_PAGE}, Offset 0 or more")
    # 0 asks for as many as there may be.
    data = found[offset : offset + (limit or LARGEST_PAGE)]
    return json_reply(200, {"Count": len(data), "Data": data, "Total": len(found)})


def campaign_id(sent: Sent) -> int:
    """Number a campaign by its name, the same in every process; 0 is none."""
    return crc32(sent.mail.tags[0].encode()) + 7_000_000_000 if sent.mail.tags else 0


def custom_id(sent: Sent) -> str:
    """Give the caller's own id of a message."""
    return sent.mail.metadata.get("CustomID", "")


def is_within(sent: Sent, query: Mapping[str, str]) -> bool:
    """Compare a message with a range of times."""
    first, last = moment(query.get("FromTS", "0")), moment(query.get("ToTS", "253000000000"))
    return first <= sent.at <= last


def moment(text: str) -> datetime:
    """Read a time: seconds since 1970, or ISO 8601."""
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    """Write a time."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
