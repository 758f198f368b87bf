"""The way back by webhook: a request of a provider -> whether it is genuine, and what it tells."""

from newsletter.providers.webhooks.gate import HOOKED, authenticate, confirmation_of, parse
from newsletter.providers.webhooks.proof import Doubt, HookRequest, Proof, Trust

__all__ = [
    "HOOKED",
    "Doubt",
    "HookRequest",
    "Proof",
    "Trust",
    "authenticate",
    "confirmation_of",
    "parse",
]
