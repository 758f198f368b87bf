"""What is common to all webhooks: the word in the address, and bodies that cannot be read."""

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from newsletter.errors import WebhookError
from newsletter.language import say
from newsletter.model import Return
from newsletter.providers.webhooks.proof import HookRequest, Proof, Trust, are_same, forged
from newsletter.providers.webhooks.registering import Registered, Wanted, register_at

# Providers that tell by webhook; each has a module here.
HOOKED = ("brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "ses")
_MISREAD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def authenticate(provider: str, word: str, request: HookRequest, trust: Trust) -> Proof:
    """Decide whether a request is the provider's; `word` is the secret of its address."""
    if not are_same(trust.word, word):
        return forged(say("its address is not the one that was registered"))
    try:
        proof: Proof = _module(provider).authenticate(request, trust)
    except _MISREAD:
        return forged(say("its body cannot be read"))
    return proof


def parse(provider: str, body: bytes) -> list[Return]:
    """Return what a body tells; raise WebhookError for one that cannot be read."""
    try:
        told: list[Return] = _module(provider).parse(body)
    except _MISREAD as err:
        raise _unreadable(provider) from err
    return told


def register(api: Any, wanted: Wanted) -> Registered:
    """Have an open provider post to an address, once; raise ProviderError or WebhookError."""
    try:
        return register_at(api, wanted)
    except _MISREAD as err:
        raise WebhookError(
            say("{provider} answered something unreadable", provider=api.name)
        ) from err


def confirmation_of(provider: str, body: bytes, topics: Sequence[str]) -> str:
    """Return the address by which a provider wants to hear that it may post here; mostly none.

    Raise WebhookError for a body that cannot be read.
    """
    if provider != "ses":
        return ""
    try:
        found: str = _module(provider).confirmation_of(body, tuple(topics))
    except _MISREAD as err:
        raise _unreadable(provider) from err
    return found


def _unreadable(provider: str) -> WebhookError:
    return WebhookError(say("{provider} sent what cannot be read", provider=provider))


def _module(provider: str) -> ModuleType:
    if provider not in HOOKED:
        raise WebhookError(say("{provider} tells nothing by webhook", provider=provider))
    return import_module(f"newsletter.providers.webhooks.{provider}")
