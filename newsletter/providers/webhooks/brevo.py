"""Brevo's webhooks: one event a request, or a list; nothing is signed.

Facts: developers.brevo.com, pages "Transactional webhooks", "Secure webhook calls" and "Batched
webhooks". A message id may come with or without angle brackets, `tag` as a text, a list or a list
written as a text; `date` and `ts` follow the account's clock, so `ts_epoch` comes first. Opens and
clicks have `user_agent` since August 2024; `sending_ip` is Brevo's own.
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
    "delivered": ReturnKind.DELIVERED,
    "invalid_email": ReturnKind.HARD,
    "blocked": ReturnKind.SUPPRESSED,
    "spam": ReturnKind.COMPLAINED,
    "complaint": ReturnKind.COMPLAINED,
    "unsubscribe": ReturnKind.UNSUBSCRIBED,
    "unsubscribed": ReturnKind.UNSUBSCRIBED,
    "click": ReturnKind.CLICKED,
    "opened": ReturnKind.OPENED,
    "unique_opened": ReturnKind.OPENED,
    "proxy_open": ReturnKind.OPENED,  # by a program that opens all mail, such as Apple's
    "unique_proxy_open": ReturnKind.OPENED,
}
_PASSING = ("request", "sent", "deferred")  # it says again how they ended


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check the bearer token or password that was set on installing, where there is one."""
    return check_password(request, trust)


def parse(body: bytes) -> list[Return]:
    """Return what a body tells."""
    return each("brevo", events_of(body, inside="events"), _read)


def _read(event: Event) -> Iterator[Return]:
    name, said = words(event["event"]), reply(event.get("reason"))
    if name in _PASSING:
        return
    kind, code = _KINDS.get(name, ReturnKind.UNKNOWN), ""
    if name in ("hard_bounce", "soft_bounce"):
        kind, code = bounced("", said, is_permanent=name == "hard_bounce")
    yield Return(
        kind=kind,
        source="brevo",
        at=moment(event.get("ts_epoch"), event.get("ts_event"), event.get("date")),
        address=words(event.get("email")),
        message_id=message_id(event.get("message-id")),
        tag=batch_tag(event.get("tags") or event.get("tag")),
        status=code,
        text=said,
        word=name,
        url=words(event.get("link"), 2000),
        is_machine="proxy" in name if kind is ReturnKind.OPENED else None,
        agent=words(event.get("user_agent")),
        network=words(event.get("ip")),
    )
