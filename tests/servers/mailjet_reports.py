"""Answer Mailjet's REST API: messages, campaigns and their counters."""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from .dialect import Request, Sent, bare
from .fate import counts, gone
from .visits import Seen, Visits, counted, in_their_words

PAGES = {"Limit", "Offset"}
# What may be asked; the real API silently ignores what it does not know.
MESSAGE_FILTERS = {"CustomID", "Campaign", "ShowCustomID", "ShowContactAlt", "ShowSubject"}
COUNTER_FILTERS = {"SourceID", "CounterSource", "CounterTiming", "CounterResolution"}
WANTED = {"CounterSource": {"Campaign"}, "CounterTiming": {"Message", "Event"}}
WANTED["CounterResolution"] = {"Lifetime"}
USUAL_PAGE, LARGEST_PAGE = 10, 1000
GONE = {"hardbounced": "bounces", "spam": "complains", "unsub": "leaves"}
FIGURES = {
    "Total": "sent",
    "MessageSentCount": "delivered",
    "MessageHardBouncedCount": "hard_bounces",
    "MessageSoftBouncedCount": "soft_bounces",
    "MessageOpenedCount": "unique_opens",
    "MessageClickedCount": "unique_clicks",
    "MessageUnsubscribedCount": "unsubscribed",
    "EventOpenedCount": "opens",
    "EventClickedCount": "clicks",
    "EventUnsubscribedCount": "unsubscribed",
    **dict.fromkeys(("MessageSpamCount", "EventSpamCount"), "complained"),
    **dict.fromkeys(("MessageDeferredCount", "MessageQueuedCount"), ""),
}


def messages(blocked: Sequence[Sent], request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List messages, the oldest first; address, subject and CustomID only if asked for."""
    query = request.parameters(MESSAGE_FILTERS | PAGES)
    found = [
        each
        for each in sorted([*sent, *blocked], key=lambda each: each.at)
        if query.get("CustomID", custom_id(each)) == custom_id(each)
        and query.get("Campaign", campaign_id(each)) == campaign_id(each)
    ]
    held = {each.mail.message_id: "blocked" for each in blocked}
    words = {each.mail.message_id: word for each, word in gone(found, GONE)} | held
    return page(query, [described(each, query, words) for each in found])


def described(sent: Sent, query: Mapping[str, str], words: Mapping[str, str]) -> dict[str, Any]:
    """Write what the list tells of a message."""
    mail = sent.mail
    shown = {name for name, value in query.items() if value.lower() in ("true", "1")}
    return {
        "ID": int(mail.message_id),
        "ArrivedAt": f"{sent.at:%Y-%m-%dT%H:%M:%SZ}",
        "Status": words.get(mail.message_id, "sent"),
        "CampaignID": int(campaign_id(sent)),
        "ContactID": crc32(mail.email.encode()),
        "ContactAlt": mail.email if "ShowContactAlt" in shown else "",
        "Subject": mail.subject if "ShowSubject" in shown else "",
        "CustomID": custom_id(sent) if "ShowCustomID" in shown else "",
    }


def campaigns(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List campaigns; a campaign begins with its first message."""
    query = request.parameters({"CustomCampaign"} | PAGES)
    first = {campaign_id(each): each for each in reversed(sent) if each.mail.tags}
    found = [
        {
            "ID": int(identifier),
            "CustomValue": each.mail.tags[0],
            "FromEmail": bare(each.mail.sender),
            "Subject": each.mail.subject,
            **dict.fromkeys(("CreatedAt", "SendStartAt"), f"{each.at:%Y-%m-%dT%H:%M:%SZ}"),
            "IsDeleted": False,
        }
        for identifier, each in first.items()
        if query.get("CustomCampaign", each.mail.tags[0]) == each.mail.tags[0]
    ]
    return page(query, found)


def counters(
    visits: Visits, blocked: Sequence[Sent], request: Request, sent: Sequence[Sent]
) -> dict[str, Any]:
    """Count what became of a campaign's messages, over its whole life."""
    query = request.parameters(COUNTER_FILTERS | PAGES)
    source = query.get("SourceID", "")
    if not source.isdecimal():
        raise ValueError("SourceID: the number of a campaign")
    for name, values in WANTED.items():
        if query.get(name) not in values:
            raise ValueError(f"{name}: {' or '.join(sorted(values))} is played here")
    own = [each for each in sent if campaign_id(each) == source]
    told = counts(len(own), FIGURES)
    if visits.are_played:
        told |= in_their_words(counted(visits.of(own)), FIGURES)
    held = sum(1 for each in blocked if campaign_id(each) == source)
    named = {"SourceID": int(source), "APIKeyID": 1, "Timeslice": "", "MessageBlockedCount": held}
    return page(query, [{**named, **told}] if own else [])


def clicks(visits: Visits, request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List the clicks of a campaign, the oldest first."""
    query = request.parameters({"CampaignID"} | PAGES)
    own = [each for each in sent if campaign_id(each) == query.get("CampaignID")]
    return page(query, [clicked(each) for each in visits.of(own, "clicked")])


def clicked(seen: Seen) -> dict[str, Any]:
    """Write a click as the list has it; the name of the program is behind a number."""
    mail, visit = seen.sent.mail, seen.visit
    return {
        "ClickedAt": f"{visit.at:%Y-%m-%dT%H:%M:%SZ}",
        "ClickedDelay": int((visit.at - seen.sent.at).total_seconds()),
        "ContactID": crc32(mail.email.encode()),
        "ID": -1,
        "MessageID": int(mail.message_id),
        "Url": visit.url,
        "UserAgentID": crc32(visit.agent.encode()),
    }


def page(query: Mapping[str, str], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Cut a page out of what was found."""
    limit, offset = int(query.get("Limit", USUAL_PAGE)), int(query.get("Offset", 0))
    if not 0 <= limit <= LARGEST_PAGE or offset < 0:
        raise ValueError(f"Limit must be 0 to {LARGEST_PAGE}, Offset 0 or more")
    # 0 asks for as many as there may be.
    data = found[offset : offset + (limit or LARGEST_PAGE)]
    return {"Count": len(data), "Data": data, "Total": len(found)}


def campaign_id(sent: Sent) -> str:
    """Number a campaign by its name, the same in every process; 0 is none."""
    return str(crc32(sent.mail.tags[0].encode()) + 7_000_000_000) if sent.mail.tags else "0"


def custom_id(sent: Sent) -> str:
    """Give the caller's own id of a message."""
    return sent.mail.metadata.get("CustomID", "")
