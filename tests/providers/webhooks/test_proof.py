"""Who may tell something by webhook: each scheme of signatures, and what is refused by it."""

import base64
import datetime as dt
import json
from collections.abc import Callable

import pytest

from newsletter.providers.webhooks import HOOKED, Doubt, HookRequest, Proof, Trust, authenticate
from newsletter.providers.webhooks.ses import confirmation_of
from tests.providers.webhooks.shapes import shapes
from tests.servers.hooks import (
    CERTIFICATE,
    CONFIRMING,
    TOPIC,
    Posted,
    certificate,
    confirmation,
    key_of,
    posted,
)

NOW = dt.datetime(2026, 11, 30, 6, 5, tzinfo=dt.UTC)
WORD = "a-word-in-the-address"
SIGNED = ["mailgun", "resend", "sendgrid", "ses"]
UNSIGNED = ["brevo", "mailjet", "postmark"]


def trust_of(provider: str, **others: object) -> Trust:
    """Return what a newsletter would trust of a provider."""
    known = {"word": WORD, "key": key_of(provider), "topics": (TOPIC,), "fetch": fetched}
    return Trust(**{**known, **others})  # type: ignore[arg-type]


def fetched(address: str) -> bytes | None:
    """Return the certificate at its address; nobody asks for another page."""
    assert address == CERTIFICATE
    return certificate()


def judged(provider: str, sent: Posted, *, word: str = WORD, trust: Trust | None = None) -> Proof:
    """Return what is decided about a request that comes now."""
    request = HookRequest(headers=sent.headers, body=sent.body, at=NOW)
    return authenticate(provider, word, request, trust or trust_of(provider))


def bounce(provider: str) -> dict[str, object]:
    """Return some event of a provider."""
    return shapes(provider)[3].event


@pytest.mark.parametrize("provider", HOOKED)
def test_what_the_provider_sends_is_taken(provider: str) -> None:
    assert judged(provider, posted(provider, bounce(provider), NOW)).is_genuine


@pytest.mark.parametrize("provider", HOOKED)
@pytest.mark.parametrize("word", ["", "a-word-in-the-addres", WORD + "x", "ä"])
def test_another_address_is_refused(provider: str, word: str) -> None:
    sent = posted(provider, bounce(provider), NOW)

    assert judged(provider, sent, word=word).doubt is Doubt.FORGED


@pytest.mark.parametrize("provider", HOOKED)
def test_an_empty_secret_refuses_all(provider: str) -> None:
    sent = posted(provider, bounce(provider), NOW)

    assert not judged(provider, sent, word="", trust=trust_of(provider, word="")).is_genuine
    if provider in SIGNED:
        without = trust_of(provider, key="", topics=())
        assert judged(provider, sent, trust=without).doubt is Doubt.FORGED


@pytest.mark.parametrize("provider", ["resend", "sendgrid", "ses"])
def test_a_changed_body_is_refused(provider: str) -> None:
    sent = posted(provider, bounce(provider), NOW)
    changed = sent.body.replace(b"anna@", b"anni@")
    assert changed != sent.body

    assert judged(provider, Posted(body=changed, headers=sent.headers)).doubt is Doubt.FORGED


@pytest.mark.parametrize(
    ("provider", "span"),
    [
        ("mailgun", dt.timedelta(hours=9)),
        ("resend", dt.timedelta(minutes=5)),
        ("sendgrid", dt.timedelta(hours=25)),
        ("ses", dt.timedelta(hours=2)),
    ],
)
def test_a_signature_holds_as_long_as_its_provider_tries(provider: str, span: dt.timedelta) -> None:
    in_time, late = (
        judged(provider, posted(provider, bounce(provider), NOW - age))
        for age in (span - dt.timedelta(seconds=2), span + dt.timedelta(seconds=2))
    )
    early = judged(provider, posted(provider, bounce(provider), NOW + dt.timedelta(hours=3)))

    assert in_time.is_genuine
    assert late.doubt is Doubt.STALE
    assert early.doubt is Doubt.STALE


def test_a_token_of_mailgun_is_named_so_that_it_comes_once() -> None:
    sent = posted("mailgun", bounce("mailgun"), NOW, token="e8f3")  # noqa: S106 - invented

    assert judged("mailgun", sent).once == "e8f3"


@pytest.mark.parametrize("provider", UNSIGNED)
def test_a_password_that_is_sent_must_be_ours(provider: str) -> None:
    body = json.dumps(bounce(provider)).encode()

    def sent(authorization: str) -> Proof:
        return judged(provider, Posted(body=body, headers={"authorization": authorization}))

    def basic(text: str) -> str:
        return f"Basic {base64.b64encode(text.encode()).decode()}"

    assert sent(f"Bearer {WORD}").is_genuine
    assert sent(basic(f"newsletter:{WORD}")).is_genuine
    for wrong in ("Bearer other", "Bearer ", basic("newsletter:other"), "Basic !", basic(WORD)):
        assert sent(wrong).doubt is Doubt.FORGED, wrong


@pytest.mark.parametrize(
    ("provider", "spoilt"),
    [
        ("resend", {"svix-signature": ""}),
        ("resend", {"svix-signature": "v1,ä v2,x v1"}),
        ("resend", {"svix-id": ""}),
        ("resend", {"svix-timestamp": "9" * 400}),
        ("sendgrid", {"x-twilio-email-event-webhook-signature": "ä"}),
        ("sendgrid", {"x-twilio-email-event-webhook-timestamp": "now"}),
    ],
)
def test_a_broken_signature_is_refused(provider: str, spoilt: dict[str, str]) -> None:
    sent = posted(provider, bounce(provider), NOW)

    headers = {**sent.headers, **spoilt}

    assert judged(provider, Posted(body=sent.body, headers=headers)).doubt is Doubt.FORGED


@pytest.mark.parametrize("key", ["", "no key", "whsec_", "AAAA", "MFkw", "ä"])
@pytest.mark.parametrize("provider", ["resend", "sendgrid"])
def test_a_broken_key_in_the_settings_refuses_all(provider: str, key: str) -> None:
    sent = posted(provider, bounce(provider), NOW)

    assert judged(provider, sent, trust=trust_of(provider, key=key)).doubt is Doubt.FORGED


# --- Amazon SNS ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(
    "message",
    [
        lambda version: posted("ses", bounce("ses"), NOW, version=version),
        lambda version: posted("ses", bounce("ses"), NOW, version=version, Subject="Amazon SES"),
        lambda version: posted("ses", "line\nline\n", NOW, version=version),
    ],
    ids=["a notification", "with a subject", "with a line at its end"],
)
def test_both_versions_of_the_signature_are_known(
    version: str, message: Callable[[str], Posted]
) -> None:
    assert judged("ses", message(version)).is_genuine


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_both_confirmations_are_signed_with_their_own_names(kind: str) -> None:
    sent = confirmation(NOW, kind=kind)
    changed = sent.body.replace(b"Token=2336", b"Token=9999")

    assert judged("ses", sent).is_genuine
    assert judged("ses", Posted(body=changed)).doubt is Doubt.FORGED


def test_a_topic_that_is_not_ours_is_refused_before_anything_is_fetched() -> None:
    def never(address: str) -> bytes | None:
        raise AssertionError(address)

    trust = trust_of("ses", fetch=never)
    theirs = "arn:aws:sns:eu-north-1:999999999999:attack"

    for topic in (theirs, "", TOPIC + "x", TOPIC + "\n"):
        sent = posted("ses", bounce("ses"), NOW, TopicArn=topic)
        assert judged("ses", sent, trust=trust).doubt is Doubt.FORGED


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-north-1.amazonaws.com.example.org/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-north-1.amazonaws.com@example.org/SimpleNotificationService-0123abcd.pem",
        "https://user@sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-north-1.amazonaws.com:8443/SimpleNotificationService-0123abcd.pem",
        "https://s3.eu-north-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-north-1.amazonaws.com/../evil.pem",
        "https://169.254.169.254/SimpleNotificationService-0123abcd.pem",
        "https://[::1/SimpleNotificationService-0123abcd.pem",
        "https://sns.eu-north-1.amazonaws.com:x/SimpleNotificationService-0123abcd.pem",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_certificate_comes_from_the_region_of_the_topic_alone(address: str) -> None:
    sent = posted("ses", bounce("ses"), NOW, SigningCertURL=address)

    assert judged("ses", sent).doubt is Doubt.FORGED


def test_a_certificate_that_cannot_be_fetched_refuses_nothing_for_good() -> None:
    sent = posted("ses", bounce("ses"), NOW)

    assert judged("ses", sent, trust=trust_of("ses", fetch=lambda _: None)).doubt is Doubt.UNSURE


@pytest.mark.parametrize("pem", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_certificate_proves_nothing(pem: bytes) -> None:
    sent = posted("ses", bounce("ses"), NOW)

    assert judged("ses", sent, trust=trust_of("ses", fetch=lambda _: pem)).doubt is Doubt.FORGED


@pytest.mark.parametrize("version", ["", "0", "3"])
def test_an_unknown_version_is_refused(version: str) -> None:
    assert judged("ses", posted("ses", bounce("ses"), NOW, version=version)).doubt is Doubt.FORGED


def test_only_the_subscription_of_our_topic_is_confirmed() -> None:
    ours = confirmation(NOW).body
    elsewhere = ours.replace(CONFIRMING.encode(), b"https://example.org/?x")
    ended = confirmation(NOW, kind="UnsubscribeConfirmation").body

    assert confirmation_of(ours, (TOPIC,)) == CONFIRMING
    assert confirmation_of(ours, ()) == ""
    assert confirmation_of(elsewhere, (TOPIC,)) == ""
    assert confirmation_of(ended, (TOPIC,)) == ""
    assert confirmation_of(posted("ses", bounce("ses"), NOW).body, (TOPIC,)) == ""
