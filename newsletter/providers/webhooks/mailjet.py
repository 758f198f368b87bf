"""Mailjet's webhooks: a list of events, or one; nothing is signed.

Facts: dev.mailjet.com, pages "Event API" and "Bounce and blocked events". Its `sent` says that the
reader's server took the mail.
"""

from collections.abc import Iterator

from newsletter.model import Return, ReturnKind
from newsletter.providers.webhooks.posted_events import (
    Event,
    batch_tag,
    bounced,
    each,
    events_of,
    message_id,
    moment,
    reply,
    words,
)
from newsletter.providers.webhooks.proof import HookRequest, Proof, Trust, check_password

_KINDS = {
    "sent": ReturnKind.DELIVERED,
    "open": ReturnKind.OPENED,
    "click": ReturnKind.CLICKED,
    "spam": ReturnKind.COMPLAINED,
    "unsub": ReturnKind.UNSUBSCRIBED,
}
_ABOUT_US = ("spam", "content", "system")  # what an error is related to
_PASSING = "greylisted"  # it is tried again
_TWICE = "duplicate in campaign"  # what we ask for: nobody is mailed twice


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the password in its address, where there is one."""
    return check_password(request, trust)


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    return each("mailjet", events_of(body), _read)


def _read(event: Event) -> Iterator[Return]:
    name, error = words(event["event"]), words(event.get("error"))
    if error == _PASSING:
        return
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    said = reply(error, event.get("comment"))
    if name == "bounce":
        kind, code = bounced("", said, is_permanent=event.get("hard_bounce") is True)
        if not code and event.get("error_related_to") in _ABOUT_US:
            kind = ReturnKind.ABOUT_US
    elif name == "blocked":
        kind = _blocked(event, error)
    yield Return(
        kind=kind,
        source="mailjet",
        at=moment(event.get("time")),
        address=words(event.get("email")),
        message_id=message_id(event.get("MessageID")),
        reference=words(event.get("Payload")),
        tag=batch_tag(event.get("CustomID")),
        status=code,
        text=said,
        word=name,
        url=words(event.get("url"), 2000),
        agent=words(event.get("agent")),
        network=words(event.get("ip")),
    )


def _blocked(event: Event, error: str) -> ReturnKind:
    """Return why Mailjet did not even try."""
    if error == _TWICE:
        return ReturnKind.UNKNOWN
    is_ours = event.get("error_related_to") in _ABOUT_US
    return ReturnKind.ABOUT_US if is_ours else ReturnKind.SUPPRESSED
