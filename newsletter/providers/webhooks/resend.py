"""Resend's webhooks: one event a request, signed as Svix does.

Facts: resend.com/docs, pages "Event types" and "Verify webhooks requests"; docs.svix.com,
"Verifying webhooks manually". The time of an event is the outer `created_at`; the inner one is the
mail's.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

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
    from_base64,
    hmac_of,
    is_fresh,
    stale,
)

_TOLERANCE = dt.timedelta(minutes=5)  # each retry is signed anew
_KINDS = {
    "email.delivered": ReturnKind.DELIVERED,
    "email.complained": ReturnKind.COMPLAINED,
    "email.opened": ReturnKind.OPENED,
    "email.clicked": ReturnKind.CLICKED,
    "email.failed": ReturnKind.ABOUT_US,
    "email.suppressed": ReturnKind.SUPPRESSED,
}
_PASSING = ("email.sent", "email.scheduled", "email.delivery_delayed", "email.received")


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the signatures, any of which may fit, and the time."""
    key = from_base64(trust.key.removeprefix("whsec_"))
    id, timestamp = request.header("svix-id"), request.header("svix-timestamp")
    signed = f"{id}.{timestamp}.".encode() + request.body
    given = request.header("svix-signature").split()
    ours = hmac_of(key, signed)
    fits = [are_same(ours.hex(), from_base64(each.removeprefix("v1,")).hex()) for each in given]
    if not key or not id or not any(fits):
        return forged(say("its signature is wrong"))
    if not is_fresh(timestamp, request.at, _TOLERANCE):
        return stale()
    return Proof()


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    return each("resend", events_of(body), _read)


def _read(event: Event) -> Iterator[Return]:
    name, data = words(event["type"]), child(event, "data")
    if name in _PASSING:
        return
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    if name == "email.bounced":
        about = child(data, "bounce")
        # Its own message warns of a bad reputation, which is no word of the reader's server.
        kind, code = bounced("", _server_said(about), is_permanent=about.get("type") == "Permanent")
        if not code and (about.get("type"), about.get("subType")) == ("Transient", "General"):
            return  # an automatic answer that was taken for a bounce
    tags = _tags(data.get("tags"))
    yield Return(
        kind=kind,
        source="resend",
        at=moment(event.get("created_at")),
        address=words(first(data.get("to"))),
        message_id=message_id(data.get("email_id")),
        reference=words(tags.get("delivery")),
        tag=batch_tag(tags.get("batch")),
        status=code,
        text=_said(data),
        word=name,
        url=words(child(data, "click").get("link"), 2000),
        agent=words(child(data, "click").get("userAgent")),  # of opens it tells neither
        network=words(child(data, "click").get("ipAddress")),
    )


def _server_said(about: Event) -> str:
    """Return what the reader's server said, where it said something."""
    codes = about.get("diagnosticCode")
    return reply(*(codes if isinstance(codes, list) else [codes]))


def _said(data: Event) -> str:
    """Return all that is said of a mail that did not arrive."""
    told = (child(data, part) for part in ("bounce", "failed", "suppressed"))
    said = (reply(_server_said(a), a.get("message"), a.get("reason")) for a in told)
    return next(filter(None, said), "")


def _tags(given: Any) -> Event:
    """Return the tags of a message: an object, or a list of pairs as older events have it."""
    if isinstance(given, list):
        return {words(pair.get("name")): pair.get("value") for pair in given}
    return given if isinstance(given, dict) else {}
