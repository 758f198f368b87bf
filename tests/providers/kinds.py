"""What differs from provider to provider of what the contract asks of all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from newsletter.providers import PROVIDERS
from newsletter.providers.http import HttpProvider
from tests.providers.forms import BATCH_TAG, ISSUE_TAG, KEY, PEOPLE, options
from tests.servers.dialect import basic

IDS = ("1152921504606846977", "1152921504606846979", "1152921504606846981")  # no float holds them
PAIR = "test-key:test-secret"
QUEUED = {"id": "<20261124.1@example.org>", "message": "Queued. Thank you."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A provider as the contract meets it."""

    settings: Mapping[str, str] = field(default_factory=dict)
    url: str  # of a sending call
    key: tuple[str, str]  # the header with the key, and how it begins
    taken: tuple[Any, ...]  # an answer to a call to three people: status, body, headers
    ids: tuple[str, ...] = IDS  # that the answer gives
    sender: str = '"Säätiö, “Kirje”" <kirje@example.org>'  # as it reads where it arrives
    list_id: bool = True  # whether it takes List-Id
    tags: tuple[str, ...] = (ISSUE_TAG, BATCH_TAG)
    metadata: Callable[[str], Mapping[str, str]] = lambda _: {}  # by the reference of a delivery
    seen: Callable[[str], str] = str  # a text as it is seen, of one that is shielded
    options: Mapping[str, str] = field(default_factory=dict)  # of its server: bo@ is refused ...
    refused: str = ""  # ... one by one; else a whole call, by its first words
    regions: Mapping[str, str] = field(default_factory=dict)  # each and its host
    counts: bool = True  # figures by tag


def message(n: int, address: str) -> dict[str, Any]:
    """Return what Mailjet tells of a message it took."""
    told = {"Email": address, "MessageUUID": "5d4710f5-9aff-4ff8", "MessageID": int(IDS[n])}
    return {"Status": "success", "CustomID": BATCH_TAG, "To": [told], "Cc": [], "Bcc": []}


def receipt(n: int, address: str) -> dict[str, Any]:
    """Return what Postmark tells of a message it took."""
    return {"To": address, "MessageID": IDS[n], "ErrorCode": 0, "Message": "OK"}


ADDRESSES = [address for _, address in PEOPLE]
TAKEN_BY_MAILJET = [message(n, address) for n, address in enumerate(ADDRESSES)]
TAKEN_BY_POSTMARK = [receipt(n, address) for n, address in enumerate(ADDRESSES)]
PLAIN_SENDER = "Säätiö, “Kirje” <kirje@example.org>"

KINDS = {
    "brevo": Kind(
        url="https://api.brevo.com/v3/smtp/email",
        key=("api-key", "test-key"),
        taken=(201, {"messageIds": [f"<{each}>" for each in IDS]}),
        sender=PLAIN_SENDER,
    ),
    "mailgun": Kind(
        settings={"domain": "example.org"},
        url="https://api.mailgun.net/v3/example.org/messages",
        key=("Authorization", basic("api:test-key")),
        taken=(200, QUEUED),
        ids=("20261124.1@example.org",) * 3,
        metadata=lambda reference: {"delivery": reference},
        regions={"EU": "api.eu.mailgun.net"},
    ),
    "mailjet": Kind(
        settings={"api_key": PAIR},
        url="https://api.mailjet.com/v3.1/send",
        key=("Authorization", basic(PAIR)),
        taken=(200, {"Messages": TAKEN_BY_MAILJET}),
        sender=PLAIN_SENDER,
        list_id=False,
        tags=(f"{ISSUE_TAG}-{KEY[:8]}",),
        metadata=lambda reference: {"CustomID": BATCH_TAG, "EventPayload": reference},
        # With brackets by their names, without joiners of words.
        seen=lambda text: text.replace("&#91;", "[").replace("\u2060", ""),
        options={"fail": ADDRESSES[1]},
        refused="The address is invalid",
    ),
    "postmark": Kind(
        url="https://api.postmarkapp.com/email/batch",
        key=("X-Postmark-Server-Token", "test-key"),
        taken=(200, TAKEN_BY_POSTMARK),
        tags=(ISSUE_TAG,),
        metadata=lambda reference: {"batch": BATCH_TAG, "delivery": reference},
        options={"inactive": ADDRESSES[1]},
        refused="You tried to send",
    ),
    "resend": Kind(
        url="https://api.resend.com/emails/batch",
        key=("Authorization", "Bearer test-key"),
        taken=(200, {"data": [{"id": each} for each in IDS]}),
        tags=(ISSUE_TAG, BATCH_TAG),
        metadata=lambda reference: {"issue": ISSUE_TAG, "batch": BATCH_TAG, "delivery": reference},
        counts=False,
    ),
    "sendgrid": Kind(
        url="https://api.sendgrid.com/v3/mail/send",
        key=("Authorization", "Bearer test-key"),
        taken=(202, b"", {"X-Message-Id": "Xj5LmNkWSOqRbdvOpR34BA"}),
        ids=("Xj5LmNkWSOqRbdvOpR34BA",) * 3,
        sender=PLAIN_SENDER,
        metadata=lambda reference: {"nl_batch": BATCH_TAG, "nl_delivery": reference},
        regions={"EU": "api.eu.sendgrid.com"},
    ),
    "ses": Kind(
        settings={"api_key": PAIR, "region": "eu-north-1"},
        url="https://email.eu-north-1.amazonaws.com/v2/email/outbound-bulk-emails",
        key=("Authorization", "AWS4-HMAC-SHA256 Credential=test-key/"),
        taken=(
            200,
            {"BulkEmailEntryResults": [{"Status": "SUCCESS", "MessageId": e} for e in IDS]},
        ),
        sender=PLAIN_SENDER,
        metadata=lambda reference: {
            "nl-tag": ISSUE_TAG,
            "nl-batch": BATCH_TAG,
            "nl-delivery": reference,
        },
        options={"status": f"{ADDRESSES[1]}:MESSAGE_REJECTED"},
        refused="MESSAGE_REJECTED",
        regions={"eu-central-1": "email.eu-central-1.amazonaws.com"},
        counts=False,
    ),
}


def adapter(name: str, **changes: Any) -> HttpProvider:
    """Open an adapter that points at the real address; what is played keeps it from there."""
    if name == "ses":
        pytest.importorskip("botocore", reason="needs the extra `ses`")
    found = PROVIDERS[name](options(**{**KINDS[name].settings, **changes}))
    assert isinstance(found, HttpProvider)
    return found
