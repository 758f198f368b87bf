"""Adapters: one file per provider, found by name in one table."""

from newsletter.providers.base import Capabilities, MergeSyntax, Options, Provider
from newsletter.providers.brevo import Brevo
from newsletter.providers.outbox import Outbox

PROVIDERS: dict[str, type[Provider]] = {
    "outbox": Outbox,
    "brevo": Brevo,
}

__all__ = ["PROVIDERS", "Capabilities", "MergeSyntax", "Options", "Provider"]
