"""The ledger: who subscribes, what was sent to whom, and what came back. All SQL lives here."""

from newsletter.ledger.choosing import Choice
from newsletter.ledger.imports import Import, Return
from newsletter.ledger.open import Ledger, Session, open_ledger
from newsletter.ledger.readers import Readers
from newsletter.ledger.sends import Send
from newsletter.ledger.situations import Situation

__all__ = [
    "Choice",
    "Import",
    "Ledger",
    "Readers",
    "Return",
    "Send",
    "Session",
    "Situation",
    "open_ledger",
]
