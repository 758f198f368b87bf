"""Settings and secrets → what a provider's webhooks are trusted by, and what is made of them."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

from newsletter.consent import Breakers, Rules, SoftRule
from newsletter.feedback.certificate_fetching import fetch_certificate
from newsletter.language import say
from newsletter.providers.webhooks import HOOKED, Trust
from newsletter.settings import Settings, find_secret, load_secret

_SECRET, _OWN_SECRET, _KEY = (
    "NEWSLETTER_SECRET",
    "NEWSLETTER_WEBHOOK_SECRET",
    "NEWSLETTER_WEBHOOK_KEY",
)
_WORD_BYTES = 24


def trusted(settings: Settings) -> Mapping[str, Trust]:
    """Return what each provider's webhooks are trusted by; nothing where there is no secret."""
    return {name: trust_of(settings, name) for name in HOOKED} if _secret(settings) else {}


def trust_of(settings: Settings, provider: str) -> Trust:
    """Return what one provider's webhooks are trusted by."""
    key = settings.webhooks.public_key if provider == "sendgrid" else _revealed(settings, _KEY)
    return Trust(
        word=_word(_secret(settings), provider),
        key=key or "",
        topics=tuple(settings.webhooks.topics),
        fetch=fetch_certificate,
    )


def address_of(settings: Settings, provider: str) -> str:
    """Return the address that a provider is to post to; empty without a public URL.

    Its last part is a secret, another one for each provider. Raise ConfigError where there is none
    to make it of.
    """
    if not settings.newsletter.public_url:
        return ""
    if not _secret(settings):
        load_secret(settings.root, _SECRET, purpose=say("telling what the provider posts"))
    word = _word(_secret(settings), provider)
    return f"{settings.newsletter.public_url}/w/{provider}/{word}"


def lacking(settings: Settings, provider: str) -> str:
    """Return the setting without which nothing of a provider is taken; empty if none is lacking."""
    trust = trust_of(settings, provider)
    if provider == "ses":
        return "" if trust.topics else "[webhooks] topics"
    if provider == "sendgrid":
        return "" if trust.key else "[webhooks] public_key"
    return _KEY if provider in ("mailgun", "resend") and not trust.key else ""


def rules_of(settings: Settings) -> Rules:
    """Return what is made of what comes back."""
    table = settings.bounces
    return Rules(
        secret=_revealed(settings, _SECRET),
        soft=SoftRule(issues=table.soft_issues, span=dt.timedelta(days=table.soft_days)),
        breakers=Breakers(domain_most=table.domain_most, issue_share=table.issue_share),
    )


def _word(secret: str, provider: str) -> str:
    if not secret:
        return ""
    mac = hmac.new(secret.encode(), f"newsletter.webhook:{provider}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:_WORD_BYTES]).decode()


def _secret(settings: Settings) -> str:
    return _revealed(settings, _OWN_SECRET) or _revealed(settings, _SECRET)


def _revealed(settings: Settings, name: str) -> str:
    found = find_secret(settings.root, name)
    return found.reveal() if found else ""
