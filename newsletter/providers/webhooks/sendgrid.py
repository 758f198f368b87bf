"""SendGrid's webhooks: a list of events, signed with a key whose public half the account shows.

Facts: twilio.com/docs/sendgrid, pages "Event webhook reference" and "Event webhook security
features". The id of an event differs from one retry to the next, so it tells nothing apart
(github.com/sendgrid/sendgrid-nodejs, issue 1435).
"""

import datetime as dt
from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.language import say
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
from newsletter.providers.webhooks.proof import (
    HookRequest,
    Proof,
    Trust,
    forged,
    from_base64,
    is_fresh,
    stale,
)

_HEADER = "x-twilio-email-event-webhook"
_LAST_RETRY = dt.timedelta(hours=25)  # it tries for a day; whether it signs anew is not said
_KINDS = {
    "delivered": ReturnKind.DELIVERED,
    "spamreport": ReturnKind.COMPLAINED,
    "unsubscribe": ReturnKind.UNSUBSCRIBED,
    "group_unsubscribe": ReturnKind.UNSUBSCRIBED,
    "open": ReturnKind.OPENED,
    "click": ReturnKind.CLICKED,
}
_PASSING = ("processed", "deferred")
_DROPPED = {  # why a mail was not even tried
    "bounced address": ReturnKind.SUPPRESSED,
    "unsubscribed address": ReturnKind.SUPPRESSED,
    "spam reporting address": ReturnKind.SUPPRESSED,
    "invalid": ReturnKind.HARD,
}


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the signature of timestamp and body, and the time."""
    timestamp = request.header(f"{_HEADER}-timestamp")
    signature = from_base64(request.header(f"{_HEADER}-signature"))
    try:
        key = load_der_public_key(from_base64(_bare(trust.key)))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return forged(say("the public key in the settings is of another kind"))
        key.verify(signature, timestamp.encode() + request.body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm):
        return forged(say("its signature is wrong"))
    if not is_fresh(timestamp, request.at, _LAST_RETRY):
        return stale()
    return Proof()


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    return each("sendgrid", events_of(body), _read)


def _bare(key: str) -> str:
    """Return a public key without the lines that PEM puts around it."""
    lines = (line.strip() for line in key.splitlines())
    return "".join(line for line in lines if not line.startswith("-----"))


def _read(event: Event) -> Iterator[Return]:
    name = words(event["event"])
    if name in _PASSING:
        return
    said = reply(event.get("reason"), event.get("response"))
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    if name == "bounce":
        # Of type “blocked” or “expired” it is not for good.
        is_permanent = event.get("type", "bounce") == "bounce"
        kind, code = bounced(event.get("status"), said, is_permanent=is_permanent)
    elif name == "dropped":
        kind = _DROPPED.get(words(event.get("reason")).lower(), ReturnKind.ABOUT_US)
    yield Return(
        kind=kind,
        source="sendgrid",
        at=moment(event.get("timestamp")),
        address=words(event.get("email")),
        message_id=message_id(event.get("sg_message_id")).partition(".")[0],
        reference=words(event.get("nl_delivery")),
        tag=batch_tag(event.get("category")),
        status=code,
        text=said,
        word=name,
        event_id=words(event.get("sg_event_id")),
        url=words(event.get("url"), 2000),
        is_machine=event.get("sg_machine_open") is True if name == "open" else None,
        agent=words(event.get("useragent")),
        network=words(event.get("ip")),
    )
