"""Amazon's webhooks: events of SES in messages of SNS, which are signed with a certificate.

Facts: docs.aws.amazon.com, SNS developer guide, "Verifying the signatures of Amazon SNS messages";
SES developer guide, "Contents of event data". A valid signature proves only that some customer of
Amazon speaks: so a topic must be one of ours, and its certificate comes from the topic's region.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.language import say
from newsletter.model import Return, ReturnKind
from newsletter.providers.webhooks.certificates import Signed, is_signed_by
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
    Doubt,
    HookRequest,
    Proof,
    Trust,
    forged,
    from_base64,
    stale,
)

_TOPIC = re.compile(r"arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]{4,32}):\d{12}:[A-Za-z0-9_.-]{1,256}")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
_LONGEST_RETRY = dt.timedelta(hours=2)  # SNS tries for an hour at most
_CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        _CONFIRMATIONS,
        ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_KINDS = {
    "Delivery": ReturnKind.DELIVERED,
    "Complaint": ReturnKind.COMPLAINED,
    "Open": ReturnKind.OPENED,
    "Click": ReturnKind.CLICKED,
    "Reject": ReturnKind.ABOUT_US,
    "Rendering Failure": ReturnKind.ABOUT_US,
}
_PASSING = ("Send", "DeliveryDelay", "AmazonSnsSubscriptionSucceeded")
_SUPPRESSED = ("Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient")
_ABOUT_US = ("ContentRejected", "AttachmentRejected", "MessageTooLarge")


def authenticate(request: HookRequest, trust: Trust) -> Proof:
    """Check topic, then where its certificate lies, then the signature, then the time."""
    said = json.loads(request.body)
    topic = _TOPIC.fullmatch(said["TopicArn"])
    if topic is None or topic[0] not in trust.topics:
        return forged(say("its topic is none of ours"))
    address = str(said["SigningCertURL"])
    if not _is_of_region(address, topic[1]) or not _CERTIFICATE.fullmatch(urlsplit(address).path):
        return forged(say("its certificate is not of the topic's region"))
    pem = trust.fetch(address) if trust.fetch else None
    if pem is None:
        return Proof(doubt=Doubt.UNSURE, reason=say("its certificate cannot be fetched"))
    signed = Signed(
        text=_signed_text(said),
        signature=from_base64(said["Signature"]),
        version=words(said["SignatureVersion"]),
    )
    if not is_signed_by(pem, signed):
        return forged(say("its signature is wrong"))
    sent = moment(said["Timestamp"])
    if sent is None or abs(request.at - sent) > _LONGEST_RETRY:
        return stale()
    return Proof()


def confirmation_of(body: bytes, topics: tuple[str, ...]) -> str:
    """Return the address that confirms the subscription of a topic; empty if none is asked for.

    What says that a subscription ended is only noted: its address would begin it again.
    """
    said = json.loads(body)
    topic = _TOPIC.fullmatch(str(said.get("TopicArn")))
    if said.get("Type") != "SubscriptionConfirmation" or topic is None or topic[0] not in topics:
        return ""
    address = words(said.get("SubscribeURL"), 2000)
    return address if _is_of_region(address, topic[1]) else ""


def parse(body: bytes) -> list[Return]:
    """Return what a message of SNS tells; a confirmation and a greeting tell of no mail."""
    [said] = events_of(body)
    if said["Type"] in _CONFIRMATIONS:
        return []
    message = words(said["Message"], len(body))
    if not message.startswith("{"):  # “Successfully validated SNS topic ...”
        return []
    return each("ses", [json.loads(message)], _read)


def _signed_text(said: Event) -> bytes:
    """Return the text that is signed: names and values, each on a line that is ended."""
    names = [name for name in _SIGNED[said["Type"]] if name != "Subject" or said.get(name)]
    return "".join(f"{name}\n{said[name]}\n" for name in names).encode()


def _is_of_region(address: str, region: str) -> bool:
    """Return whether an address is of SNS itself in a region."""
    parts = urlsplit(address)
    end = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    is_plain = parts.username is None and parts.password is None and parts.port in (None, 443)
    return parts.scheme == "https" and is_plain and parts.hostname == f"sns.{region}.{end}"


def _read(event: Event) -> Iterator[Return]:
    name = words(event.get("eventType") or event["notificationType"])
    if name in _PASSING:
        return
    mail = child(event, "mail")
    tags = child(mail, "tags")
    part = {"Rendering Failure": "failure"}.get(name, name[:1].lower() + name[1:])
    about = child(event, part)
    for address, kind, code, said in _told(name, about, words(first(mail.get("destination")))):
        yield Return(
            kind=kind,
            source="ses",
            at=moment(about.get("timestamp"), mail.get("timestamp")),
            address=address,
            message_id=message_id(mail.get("messageId")),
            reference=words(first(tags.get("nl-delivery"))),
            tag=batch_tag(tags.get("nl-batch")),
            status=code,
            text=said,
            word=name,
            event_id=words(about.get("feedbackId")),
            url=words(about.get("link"), 2000),
            agent=words(about.get("userAgent")),
            network=words(about.get("ipAddress")),
        )


def _told(name: str, about: Event, to: str) -> Iterator[tuple[str, ReturnKind, str, str]]:
    """Yield whom an event is about, what it means, its code, and what was said."""
    if name == "Bounce":
        for one in about["bouncedRecipients"]:
            said = reply(one.get("diagnosticCode"))
            if found := _bounced(about, one, said):
                yield words(one.get("emailAddress")) or to, *found, said
    elif name == "Complaint":
        kind = ReturnKind.COMPLAINED
        if about.get("complaintSubType") == "OnAccountSuppressionList":
            kind = ReturnKind.SUPPRESSED
        elif about.get("complaintFeedbackType") == "not-spam":
            kind = ReturnKind.UNKNOWN
        for one in about["complainedRecipients"]:
            said = reply(about.get("complaintFeedbackType"), about.get("complaintSubType"))
            yield words(one.get("emailAddress")) or to, kind, "", said
    elif name == "Subscription":
        has_left = child(about, "newTopicPreferences").get("unsubscribeAll") is True
        yield to, ReturnKind.UNSUBSCRIBED if has_left else ReturnKind.UNKNOWN, "", ""
    else:
        said = reply(about.get("reason"), about.get("errorMessage"), about.get("smtpResponse"))
        yield to, _KINDS.get(name, ReturnKind.UNKNOWN), "", said


def _bounced(about: Event, one: Event, said: str) -> tuple[ReturnKind, str] | None:
    """Return what a bounce means, and its code; None for an automatic answer taken for one."""
    type, subtype = words(about.get("bounceType")), words(about.get("bounceSubType"))
    if subtype in _SUPPRESSED:
        return ReturnKind.SUPPRESSED, ""
    kind, code = bounced(one.get("status"), said, is_permanent=type == "Permanent")
    if not code and (type, subtype) == ("Transient", "General"):
        return None
    if subtype in _ABOUT_US and kind is ReturnKind.SOFT:
        kind = ReturnKind.ABOUT_US
    return kind, code
