"""Postmark's webhooks: one event a request; nothing is signed.

Facts: postmarkapp.com/developer, pages "Bounce webhook", "Bounce API" (types of bounces),
"Subscription change webhook" and the other webhooks. A page of theirs shows a signature that
they do not send.
"""

from collections.abc import Iterator

from newsletter.model import Return, ReturnKind
from newsletter.providers.webhooks.posted_events import (
    Event,
    batch_tag,
    bounced,
    child,
    each,
    events_of,
    message_id,
    moment,
    reply,
    words,
)
from newsletter.providers.webhooks.proof import HookRequest, Proof, Trust, check_password

_KINDS = {
    "Delivery": ReturnKind.DELIVERED,
    "SpamComplaint": ReturnKind.COMPLAINED,
    "Open": ReturnKind.OPENED,
    "Click": ReturnKind.CLICKED,
}
_PERMANENT = {"HardBounce": True, "BadEmailAddress": True, "SoftBounce": False, "DnsError": False}
_OTHERS = {  # types of bounces whose class is in their name
    "ManuallyDeactivated": ReturnKind.SUPPRESSED,
    "SpamComplaint": ReturnKind.COMPLAINED,
    "Unsubscribe": ReturnKind.UNSUBSCRIBED,
    **dict.fromkeys(
        (
            "Blocked",
            "SpamNotification",
            "DMARCPolicy",
            "VirusNotification",
            "SMTPApiError",
            "TemplateRenderingFailed",
        ),
        ReturnKind.ABOUT_US,
    ),
}
# Answers of machines, and a delay that is tried again: none is a bounce.
_PASSING = ("Transient", "AutoResponder", "ChallengeVerification", "AddressChange", "OpenRelayTest")
_SUPPRESSED = {
    "SpamComplaint": ReturnKind.COMPLAINED,
    "HardBounce": ReturnKind.SUPPRESSED,
    "ManualSuppression": ReturnKind.SUPPRESSED,
}


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the password that was set on installing, where there is one."""
    return check_password(request, trust)


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    return each("postmark", events_of(body), _read)


def _read(event: Event) -> Iterator[Return]:
    name, what = words(event["RecordType"]), words(event.get("Type"))
    if name == "Bounce" and what in _PASSING:
        return
    said = reply(event.get("Details"), event.get("Description"))
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    if name == "Bounce":
        kind = _OTHERS.get(what, ReturnKind.UNKNOWN)
        if what in _PERMANENT:
            # Their description gives examples of what may be: “unknown user, mailbox not found”.
            server_said = reply(event.get("Details"))
            kind, code = bounced("", server_said, is_permanent=_PERMANENT[what])
    elif name == "SubscriptionChange":
        kind, said = _changed(event), reply(event.get("SuppressionReason"))
    times = ("BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt")
    metadata = child(event, "Metadata")
    yield Return(
        kind=kind,
        source="postmark",
        at=moment(*(event.get(time) for time in times)),
        address=words(event.get("Email") or event.get("Recipient")),
        message_id=message_id(event.get("MessageID")),
        reference=words(metadata.get("delivery")),
        tag=batch_tag(metadata.get("batch")),
        status=code,
        text=said,
        word=what or name,
        event_id=words(event.get("ID")),
        url=words(event.get("OriginalLink"), 2000),
        agent=words(event.get("UserAgent")),
        network=words(child(event, "Geo").get("IP")),
    )


def _changed(event: Event) -> ReturnKind:
    """Return what a change of their suppressions means; one that is lifted has no effect here."""
    if event.get("SuppressSending") is not True:
        return ReturnKind.UNKNOWN
    reason = words(event.get("SuppressionReason"))
    if reason == "ManualSuppression" and event.get("Origin") == "Recipient":
        return ReturnKind.UNSUBSCRIBED  # by the link that Postmark adds
    return _SUPPRESSED.get(reason, ReturnKind.UNKNOWN)
