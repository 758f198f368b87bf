"""Mailgun's webhooks: one event a request, signed by timestamp and token; the event itself is not.

Facts: documentation.mailgun.com, pages "Webhooks", "Securing webhooks" and "Event structure". As
a captured signature fits any event, its token is taken once, and not after the last retry.
"""

import datetime as dt
import json
from collections.abc import Iterator

from newsletter.language import say
from newsletter.model import Return, ReturnKind
from newsletter.providers.webhooks.posted_events import (
    Event,
    batch_tag,
    bounced,
    child,
    each,
    events_of,
    first,
    message_id,
    moment,
    reply,
    words,
)
from newsletter.providers.webhooks.proof import (
    HookRequest,
    Proof,
    Trust,
    are_same,
    forged,
    hmac_of,
    is_fresh,
    stale,
)

_LAST_RETRY = dt.timedelta(hours=9)  # it tries for eight hours; whether it signs anew is not said
_KINDS = {
    "delivered": ReturnKind.DELIVERED,
    "rejected": ReturnKind.ABOUT_US,
    "complained": ReturnKind.COMPLAINED,
    "unsubscribed": ReturnKind.UNSUBSCRIBED,
    "opened": ReturnKind.OPENED,
    "clicked": ReturnKind.CLICKED,
}
_PASSING = ("accepted", "stored")
_GIVEN_UP = "old"  # the reason of a failure after the last attempt
_BLOCKED = "espblock"  # the reader's provider refuses our mail


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the signature of timestamp and token; the token may come once."""
    signed = child(json.loads(request.body), "signature")
    timestamp, token = words(signed["timestamp"]), words(signed["token"])
    ours = hmac_of(trust.key.encode(), f"{timestamp}{token}".encode()).hex()
    if not trust.key or not token or not are_same(ours, words(signed["signature"])):
        return forged(say("its signature is wrong"))
    if not is_fresh(timestamp, request.at, _LAST_RETRY):
        return stale()
    return Proof(once=token)


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    [whole] = events_of(body)
    event = whole["event-data"]
    if not isinstance(event, dict):
        raise TypeError("no event")
    return each("mailgun", [event], read_event)


def read_event(event: Event) -> Iterator[Return]:
    """Yield what an event tells, posted or listed: it has the same shape."""
    name, status = words(event["event"]), child(event, "delivery-status")
    said = reply(status.get("message"), status.get("description"))
    if name in _PASSING or (name == "failed" and event.get("severity") == "temporary"):
        return
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    if name == "failed":
        kind, code = _failed(event)
    headers = child(event, "message", "headers")
    reason = event.get("reason") or child(event, "reject").get("reason")
    yield Return(
        kind=kind,
        source="mailgun",
        at=moment(event.get("timestamp")),
        address=words(event.get("recipient") or headers.get("to")),
        message_id=message_id(headers.get("message-id")),
        reference=words(child(event, "user-variables").get("delivery")),
        tag=batch_tag(event.get("tags")),
        status=code,
        text=reply(said, reason),
        word=name,
        event_id=words(event.get("id")),
        url=words(event.get("url"), 2000),
        is_machine=_is_machine(event),
        agent=words(child(event, "client-info").get("user-agent")),
        network=words(event.get("ip")),
    )


def _is_machine(event: Event) -> bool | None:
    """Return whether a program opened a mail or a link, where the event has a word on it."""
    client = child(event, "client-info")
    return bool(first(client["bot"])) if "bot" in client else None


def _failed(event: Event) -> tuple[ReturnKind, str]:
    """Return what a failure means; it may be the list of suppressions that keeps a mail back."""
    reason = words(event.get("reason"))
    if reason.startswith("suppress-"):
        return ReturnKind.SUPPRESSED, ""
    status = child(event, "delivery-status")
    said = reply(status.get("message"))
    kind, code = bounced(status.get("enhanced-code"), said, is_permanent=reason != _GIVEN_UP)
    if reason == _BLOCKED and not code:
        kind = ReturnKind.ABOUT_US
    return kind, code
