"""Every kind of event that providers post, in the shape of their documentation, people invented.

Each is about one mail to one reader. What it says of them is beside it: kind and code, or nothing
for one that says again how it ended.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from newsletter.model import ReturnKind as K

ADDRESS = "anna@example.org"
REFERENCE = "0a1b2c3d-17"
BATCH = "0a1b2c3d-b4"
AT = 1_796_018_400  # 2026-11-30 06:00 UTC
ISO = "2026-11-30T06:00:00.000Z"
# Of whoever opened a mail or followed a link of it.
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
NETWORK = "198.51.100.7"
LINK = "https://example.org/news"


@dataclass(frozen=True)
class About:
    """The mail that events are about."""

    address: str = ADDRESS
    reference: str = REFERENCE
    batch: str = BATCH
    message_id: str = "11aa22bb-0001"
    at: int = AT
    iso: str = ISO


class Shape(NamedTuple):
    """An event, and what it says."""

    name: str
    event: dict[str, Any]
    says: tuple[K, str] | None  # kind and enhanced code


def shapes(provider: str, about: About | None = None) -> list[Shape]:
    """Return the events of a provider about a mail."""
    return _OF[provider](about or About())


def _brevo(mail: About) -> list[Shape]:
    common = {
        "email": mail.address,
        "id": 26224,
        "date": "2026-11-30 08:00:00",
        "ts": mail.at,
        "ts_event": mail.at,
        "ts_epoch": mail.at * 1000,
        "message-id": f"<{mail.message_id}>",
        "subject": "Kirje",
        "tag": f'["2026-12","{mail.batch}"]',
        "tags": ["2026-12", mail.batch],
        "sending_ip": "185.41.28.109",
    }

    def one(event: str, says: tuple[K, str] | None, **more: Any) -> Shape:
        return Shape(event, {**common, "event": event, **more}, says)

    proxied = {k: v for k, v in common.items() if k not in ("ts_epoch", "tags")}
    return [
        one("request", None),
        one("delivered", (K.DELIVERED, "")),
        one("deferred", None, reason="450 4.2.1 rate limited"),
        one("hard_bounce", (K.HARD, "5.1.1"), reason="550 5.1.1 User unknown"),
        one("hard_bounce", (K.ABOUT_US, "5.7.1"), reason="550 5.7.1 listed at (S3150)"),
        one("soft_bounce", (K.SOFT, "5.2.2"), reason="552 5.2.2 Mailbox full"),
        one("soft_bounce", (K.SOFT, ""), reason="server is down"),
        one("invalid_email", (K.HARD, "")),
        one("blocked", (K.SUPPRESSED, ""), reason="blocked : due to blacklist user"),
        one("error", (K.UNKNOWN, ""), reason="error in template"),
        one("spam", (K.COMPLAINED, "")),
        one("complaint", (K.COMPLAINED, "")),
        one("unsubscribe", (K.UNSUBSCRIBED, "")),
        one("unsubscribed", (K.UNSUBSCRIBED, "")),
        one("click", (K.CLICKED, ""), link=LINK, user_agent=AGENT),
        one("opened", (K.OPENED, ""), user_agent=AGENT, device_used="DESKTOP"),
        one("unique_opened", (K.OPENED, "")),
        Shape(
            "proxy_open",
            {**proxied, "event": "proxy_open", "s_epoch": mail.at, "tag": ["2026-12", mail.batch]},
            (K.OPENED, ""),
        ),
        one("unique_proxy_open", (K.OPENED, "")),
        one("a_kind_to_come", (K.UNKNOWN, "")),
    ]


def _mailgun(mail: About) -> list[Shape]:
    common = {
        "id": "Ase7i2zsRYeDXztHGENqRA",
        "timestamp": mail.at + 0.5,
        "recipient": mail.address,
        "tags": ["2026-12", mail.batch],
        "user-variables": {"delivery": mail.reference},
        "message": {"headers": {"message-id": mail.message_id, "to": mail.address}},
        "flags": {"is-test-mode": False},
    }

    def one(event: str, says: tuple[K, str] | None, name: Any = "", **more: Any) -> Shape:
        return Shape(name or event, {**common, "event": event, **more}, says)

    def failed(says: tuple[K, str], reason: str, **status: Any) -> Shape:
        more = {"severity": "permanent", "reason": reason, "delivery-status": status or None}
        return one("failed", says, f"failed, {reason}", **more)

    client = {"client-type": "browser", "client-name": "Chrome", "device-type": "desktop"}
    client["user-agent"] = AGENT
    rejected = {k: v for k, v in common.items() if k != "recipient"}
    return [
        one("accepted", None),
        one("delivered", (K.DELIVERED, ""), **{"delivery-status": {"code": 250, "message": "OK"}}),
        one(
            "failed",
            None,
            "failed, tried again",
            severity="temporary",
            reason="greylisted",
            **{"delivery-status": {"code": 450, "message": "4.2.0 try later", "attempt-no": 1}},
        ),
        failed(
            (K.HARD, "5.1.1"),
            "bounce",
            code=550,
            message="5.1.1 The email account does not exist",
            **{"enhanced-code": "5.1.1", "bounce-type": "hard"},
        ),
        failed((K.HARD, ""), "generic", code=550, message="no such user"),
        failed((K.HARD, ""), "generic", code=550, message="", description="Not our policy"),
        failed((K.SOFT, ""), "old", code=602, message="Too old"),
        failed((K.SOFT, "4.4.7"), "old", code=421, message="4.4.7 given up"),
        failed((K.ABOUT_US, ""), "espblock", code=554, message="refused"),
        failed((K.SUPPRESSED, ""), "suppress-bounce", code=605, message="Not delivering"),
        failed((K.SUPPRESSED, ""), "suppress-complaint", code=607, message="Not delivering"),
        failed((K.SUPPRESSED, ""), "suppress-unsubscribe", code=606, message="Not delivering"),
        Shape(
            "rejected",
            {**rejected, "event": "rejected", "reject": {"reason": "Sandbox", "description": ""}},
            (K.ABOUT_US, ""),
        ),
        one("complained", (K.COMPLAINED, "")),
        one("unsubscribed", (K.UNSUBSCRIBED, ""), ip="198.51.100.7"),
        one("opened", (K.OPENED, ""), ip=NETWORK, **{"client-info": {**client, "bot": ""}}),
        one(
            "opened", (K.OPENED, ""), "opened, a bot", **{"client-info": {**client, "bot": "gmail"}}
        ),
        one(
            "clicked",
            (K.CLICKED, ""),
            url=LINK,
            ip=NETWORK,
            **{"client-info": {**client, "bot": ""}},
        ),
        one("list_member_uploaded", (K.UNKNOWN, "")),
    ]


def _mailjet(mail: About) -> list[Shape]:
    common = {
        "time": mail.at,
        "MessageID": int(mail.message_id) if mail.message_id.isdigit() else 19421777835146490,
        "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j",
        "email": mail.address,
        "mj_campaign_id": 7257,
        "mj_contact_id": 4,
        "customcampaign": "2026-12-0a1b2c3d",
        "CustomID": mail.batch,
        "Payload": mail.reference,
    }

    def one(event: str, says: tuple[K, str] | None, **more: Any) -> Shape:
        return Shape(event, {**common, "event": event, **more}, says)

    def bounce(says: tuple[K, str] | None, related: str, error: str, **more: Any) -> Shape:
        found = {"blocked": False, "error_related_to": related, "error": error, "comment": ""}
        return one("bounce", says, **{**found, "hard_bounce": False, **more})

    def blocked(says: tuple[K, str], related: str, error: str) -> Shape:
        return one("blocked", says, error_related_to=related, error=error)

    return [
        one("sent", (K.DELIVERED, ""), smtp_reply="sent (250 2.0.0 OK 4242 fa5si855896wjc.199)"),
        bounce((K.HARD, ""), "recipient", "user unknown", hard_bounce=True),
        bounce(
            (K.HARD, "5.1.1"), "recipient", "user unknown", comment="550 5.1.1 no such user here"
        ),
        bounce((K.SOFT, ""), "recipient", "quota exceeded"),
        bounce((K.ABOUT_US, ""), "spam", "sender blocked"),
        bounce((K.ABOUT_US, ""), "spam", "policy issue", hard_bounce=True),
        bounce(None, "domain", "greylisted"),
        blocked((K.SUPPRESSED, ""), "mailjet", "preblocked"),
        blocked((K.UNKNOWN, ""), "mailjet", "duplicate in campaign"),
        blocked((K.ABOUT_US, ""), "spam", "content blocked"),
        one("spam", (K.COMPLAINED, ""), source="JMRPP"),
        one("unsub", (K.UNSUBSCRIBED, ""), mj_list_id=1, ip="198.51.100.7", geo="FI", agent="x"),
        one("open", (K.OPENED, ""), ip=NETWORK, geo="FI", agent=AGENT),
        one("click", (K.CLICKED, ""), url=LINK, ip=NETWORK, agent=AGENT),
        one("to_come", (K.UNKNOWN, "")),
    ]


def _postmark(mail: About) -> list[Shape]:
    common = {
        "MessageStream": "broadcast",
        "ServerID": 23,
        "MessageID": mail.message_id,
        "Tag": "2026-12",
        "Metadata": {"batch": mail.batch, "delivery": mail.reference},
    }
    time = mail.iso.replace(".000Z", ".0000000Z")

    def bounce(type: str, says: tuple[K, str] | None, details: str = "", **more: Any) -> Shape:
        row = {"RecordType": "Bounce", "ID": 4323372036854775807, "Type": type, "TypeCode": 1}
        row |= {"Email": mail.address, "BouncedAt": time, "Details": details, "Inactive": False}
        return Shape(f"Bounce {type} {details}", {**common, **row, **more}, says)

    def other(kind: str, says: tuple[K, str], when: str, **more: Any) -> Shape:
        row = {"RecordType": kind, "Recipient": mail.address, when: time}
        return Shape(f"{kind} {more}"[:60], {**common, **row, **more}, says)

    def change(says: tuple[K, str], reason: str | None, origin: str = "Recipient") -> Shape:
        more = {"SuppressSending": reason is not None, "SuppressionReason": reason}
        return other("SubscriptionChange", says, "ChangedAt", Origin=origin, **more)

    about_us = ["Blocked", "SpamNotification", "DMARCPolicy", "VirusNotification"]
    about_us += ["SMTPApiError", "TemplateRenderingFailed"]
    examples = "The server was unable to deliver it (ex: unknown user, mailbox not found)."
    machines = ("Transient", "AutoResponder", "ChallengeVerification", "AddressChange")
    asking = {"UserAgent": AGENT, "Geo": {"CountryISOCode": "FI", "IP": NETWORK}}
    asking |= {"Client": {"Name": "Firefox"}, "OS": {"Name": "Linux"}, "Platform": "Desktop"}
    complaint = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": mail.address}
    return [
        other("Delivery", (K.DELIVERED, ""), "DeliveredAt", Details="250 OK"),
        bounce("HardBounce", (K.HARD, ""), "unknown user", Inactive=True),
        bounce("HardBounce", (K.HARD, "5.1.1"), "smtp;550 5.1.1 The account does not exist."),
        bounce("HardBounce", (K.ABOUT_US, "5.7.26"), "smtp;550-5.7.26 unauthenticated"),
        bounce("HardBounce", (K.HARD, "5.7.1"), "smtp;550 5.7.1 No such user!"),
        bounce("HardBounce", (K.ABOUT_US, "5.7.1"), "smtp;550 5.7.1 refused", Description=examples),
        bounce("HardBounce", (K.HARD, ""), Description=examples),
        bounce("HardBounce", (K.SOFT, "5.2.122"), "smtp;554 5.2.122 too many within an hour"),
        bounce("HardBounce", (K.SOFT, ""), "smtp;452 mailbox is over quota"),
        bounce("HardBounce", (K.ABOUT_US, ""), "smtp;554 rejected, as it is spam"),
        bounce("HardBounce", (K.ABOUT_US, "5.1.90"), "smtp;550 5.1.90 daily limit of recipients"),
        bounce("HardBounce", (K.HARD, "5.1.1"), "smtp;550 Exim 4.92.3 here: 550 5.1.1 unknown"),
        bounce("SoftBounce", (K.SOFT, ""), "smtp;550 no such user"),
        bounce("BadEmailAddress", (K.HARD, "")),
        bounce("SoftBounce", (K.SOFT, "")),
        bounce("SoftBounce", (K.HARD, "5.2.1"), "smtp;550 5.2.1 disabled"),
        bounce("DnsError", (K.SOFT, "")),
        bounce("ManuallyDeactivated", (K.SUPPRESSED, "")),
        bounce("Unsubscribe", (K.UNSUBSCRIBED, "")),
        *(bounce(type, (K.ABOUT_US, "")) for type in about_us),
        *(bounce(type, None) for type in machines),
        bounce("ATypeToCome", (K.UNKNOWN, "")),
        Shape("SpamComplaint", {**common, **complaint, "BouncedAt": time}, (K.COMPLAINED, "")),
        other("Open", (K.OPENED, ""), "ReceivedAt", FirstOpen=True, **asking),
        other("Click", (K.CLICKED, ""), "ReceivedAt", OriginalLink=LINK, **asking),
        change((K.UNSUBSCRIBED, ""), "ManualSuppression"),
        change((K.SUPPRESSED, ""), "ManualSuppression", "Customer"),
        change((K.SUPPRESSED, ""), "HardBounce"),
        change((K.COMPLAINED, ""), "SpamComplaint"),
        change((K.UNKNOWN, ""), None),
        other("ARecordToCome", (K.UNKNOWN, ""), "ReceivedAt"),
    ]


def _resend(mail: About) -> list[Shape]:
    data = {
        "email_id": mail.message_id,
        "created_at": "2026-11-30T05:59:00.000Z",
        "from": "Kirje <kirje@example.org>",
        "to": [mail.address],
        "subject": "Kirje",
        "tags": {"issue": "2026-12", "batch": mail.batch, "delivery": mail.reference},
    }

    def one(type: str, says: tuple[K, str] | None, **more: Any) -> Shape:
        event = {"type": type, "created_at": mail.iso, "data": {**data, **more}}
        return Shape(f"{type} {more}"[:60], event, says)

    def bounced(says: tuple[K, str] | None, type: str, sub: str, *codes: str) -> Shape:
        about = {"type": type, "subType": sub, "message": warning, "diagnosticCode": [*codes]}
        return one("email.bounced", says, bounce=about)

    warning = "A hard bounce. Sending there can have a negative impact on your reputation."
    listed = [{"name": name, "value": value} for name, value in data["tags"].items()]  # type: ignore[attr-defined]
    return [
        one("email.sent", None),
        one("email.scheduled", None),
        one("email.delivery_delayed", None),
        one("email.delivered", (K.DELIVERED, "")),
        one("email.delivered", (K.DELIVERED, ""), tags=listed),
        bounced((K.HARD, "5.1.1"), "Permanent", "General", "smtp; 550 5.1.1 user unknown"),
        bounced((K.HARD, ""), "Permanent", "NoEmail"),
        bounced((K.SOFT, "5.2.2"), "Transient", "MailboxFull", "smtp; 552 5.2.2 full"),
        bounced(None, "Transient", "General"),
        bounced((K.HARD, "5.4.4"), "Transient", "General", "smtp; 550 5.4.4 unknown domain"),
        bounced((K.SOFT, ""), "Undetermined", "Undetermined"),
        one("email.complained", (K.COMPLAINED, "")),
        one("email.opened", (K.OPENED, "")),
        one(
            "email.clicked",
            (K.CLICKED, ""),
            click={"link": LINK, "ipAddress": NETWORK, "userAgent": AGENT, "timestamp": mail.iso},
        ),
        one("email.failed", (K.ABOUT_US, ""), failed={"reason": "reached_daily_quota"}),
        one("email.suppressed", (K.SUPPRESSED, ""), suppressed={"reason": "previous_bounce"}),
        one("contact.updated", (K.UNKNOWN, "")),
    ]


def _sendgrid(mail: About) -> list[Shape]:
    common = {
        "email": mail.address,
        "timestamp": mail.at,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "sg_event_id": "Z7n2dZ9DQ5WzVHJd1dTk1A==",
        "sg_message_id": f"{mail.message_id}.filterdrecv-5b.recvd-6c-0",
        "category": ["2026-12", mail.batch],
        "nl_delivery": mail.reference,
    }

    def one(event: str, says: tuple[K, str] | None, **more: Any) -> Shape:
        return Shape(f"{event} {more}"[:60], {**common, "event": event, **more}, says)

    return [
        one("processed", None),
        one("deferred", None, response="400 try again later", attempt="5"),
        one("delivered", (K.DELIVERED, ""), response="250 OK"),
        one("bounce", (K.HARD, "5.1.1"), reason="550 unknown user", status="5.1.1", type="bounce"),
        one("bounce", (K.HARD, "5.0.0"), reason="500 unknown", status="5.0.0", type="bounce"),
        one("bounce", (K.SOFT, ""), reason="connection refused", type="blocked"),
        one("bounce", (K.ABOUT_US, "5.7.1"), reason="550 5.7.1 policy", type="blocked"),
        one("bounce", (K.SOFT, ""), reason="unable to deliver", type="expired"),
        one("dropped", (K.SUPPRESSED, ""), reason="Bounced Address"),
        one("dropped", (K.SUPPRESSED, ""), reason="Unsubscribed Address"),
        one("dropped", (K.SUPPRESSED, ""), reason="Spam Reporting Address"),
        one("dropped", (K.HARD, ""), reason="Invalid"),
        one("dropped", (K.SUPPRESSED, ""), reason="Bounced Address", response="550 gone"),
        one("dropped", (K.ABOUT_US, ""), reason="Recipient List over Package Quota"),
        one("spamreport", (K.COMPLAINED, "")),
        one("unsubscribe", (K.UNSUBSCRIBED, "")),
        one("group_unsubscribe", (K.UNSUBSCRIBED, ""), asm_group_id=10),
        one("group_resubscribe", (K.UNKNOWN, ""), asm_group_id=10),
        one("open", (K.OPENED, ""), useragent="Mozilla/5.0", sg_machine_open=True),
        one("open", (K.OPENED, ""), ip=NETWORK, useragent=AGENT),
        one("click", (K.CLICKED, ""), url=LINK, ip=NETWORK, useragent=AGENT),
        one("account_status_change", (K.UNKNOWN, "")),
    ]


def _ses(mail: About) -> list[Shape]:
    about = {
        "timestamp": "2026-11-30T05:59:00.000Z",
        "source": "kirje@example.org",
        "messageId": mail.message_id,
        "destination": [mail.address],
        "tags": {
            "ses:configuration-set": ["kirje"],
            "nl-tag": ["2026-12"],
            "nl-batch": [mail.batch],
            "nl-delivery": [mail.reference],
        },
    }

    def one(type: str, says: tuple[K, str] | None, part: Any = "", **more: Any) -> Shape:
        event = {"eventType": type, "mail": about, part or type.lower(): more}
        return Shape(f"{type} {more}"[:80], event, says)

    def bounce(says: tuple[K, str] | None, type: str, sub: str, status: str, said: str) -> Shape:
        who = {"emailAddress": mail.address, "action": "failed"}
        who |= ({"status": status} if status else {}) | ({"diagnosticCode": said} if said else {})
        row = {"bounceType": type, "bounceSubType": sub, "bouncedRecipients": [who]}
        return one("Bounce", says, timestamp=mail.iso, feedbackId=f"{type}-{sub}", **row)

    def complaint(says: tuple[K, str], **more: Any) -> Shape:
        who = [{"emailAddress": mail.address}]
        return one("Complaint", says, complainedRecipients=who, timestamp=mail.iso, **more)

    asking = {"timestamp": mail.iso, "ipAddress": NETWORK, "userAgent": AGENT}
    legacy = {"notificationType": "Delivery", "mail": {**about, "tags": {}}}
    legacy |= {"delivery": {"timestamp": mail.iso, "recipients": [mail.address]}}
    return [
        one("Send", None),
        one("DeliveryDelay", None, "deliveryDelay", delayType="MailboxFull", timestamp=mail.iso),
        one("Delivery", (K.DELIVERED, ""), timestamp=mail.iso, smtpResponse="250 2.0.0 OK"),
        Shape("legacy Delivery", legacy, (K.DELIVERED, "")),
        bounce((K.HARD, "5.1.1"), "Permanent", "General", "5.1.1", "smtp; 550 5.1.1 unknown"),
        bounce((K.HARD, ""), "Permanent", "NoEmail", "", ""),
        bounce((K.ABOUT_US, "5.7.1"), "Permanent", "General", "5.7.1", "smtp; 550 5.7.1 S3150"),
        bounce((K.SUPPRESSED, ""), "Permanent", "OnAccountSuppressionList", "", ""),
        bounce((K.SUPPRESSED, ""), "Permanent", "Suppressed", "5.1.1", ""),
        bounce((K.SOFT, "5.3.0"), "Transient", "General", "5.3.0", "smtp; 550 5.3.0 refused"),
        bounce((K.HARD, "5.4.4"), "Transient", "General", "5.4.4", "smtp; 550 5.4.4 no domain"),
        bounce((K.SOFT, "4.4.7"), "Transient", "General", "4.4.7", "smtp; 550 4.4.7 expired"),
        bounce((K.SOFT, "5.2.2"), "Transient", "MailboxFull", "5.2.2", ""),
        bounce((K.ABOUT_US, ""), "Transient", "ContentRejected", "", ""),
        bounce(None, "Transient", "General", "", ""),
        bounce((K.SOFT, ""), "Undetermined", "Undetermined", "", ""),
        complaint((K.COMPLAINED, ""), complaintFeedbackType="abuse", userAgent="Amazon SES"),
        complaint((K.UNKNOWN, ""), complaintFeedbackType="not-spam"),
        complaint((K.SUPPRESSED, ""), complaintSubType="OnAccountSuppressionList"),
        one("Reject", (K.ABOUT_US, ""), reason="Bad content"),
        one("Rendering Failure", (K.ABOUT_US, ""), "failure", errorMessage="Attribute missing"),
        one("Open", (K.OPENED, ""), timestamp=mail.iso, ipAddress=NETWORK, userAgent=AGENT),
        one("Click", (K.CLICKED, ""), **asking, link=LINK, linkTags=None),
        one("Subscription", (K.UNSUBSCRIBED, ""), newTopicPreferences={"unsubscribeAll": True}),
        one("A Type To Come", (K.UNKNOWN, "")),
    ]


_OF = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
}
