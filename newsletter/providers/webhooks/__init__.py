"""The way back by webhook: a request of a provider -> whether it is genuine, and what it tells."""

from newsletter.providers.webhooks.gate import (
    HOOKED,
    authenticate,
    confirmation_of,
    parse,
    register,
)
from newsletter.providers.webhooks.proof import Doubt, HookRequest, Proof, Trust
from newsletter.providers.webhooks.registering import Done, Registered, Wanted, can_register

__all__ = [
    "HOOKED",
    "Done",
    "Doubt",
    "HookRequest",
    "Proof",
    "Registered",
    "Trust",
    "Wanted",
    "authenticate",
    "can_register",
    "confirmation_of",
    "parse",
    "register",
]
