"""The ledger: who subscribes, what was sent to whom, and what came back. All SQL lives here."""

from newsletter.ledger.choosing import Choice
from newsletter.ledger.imports import Import, UndoCounts
from newsletter.ledger.open import Ledger, Session, open_ledger
from newsletter.ledger.readers import Readers
from newsletter.ledger.sends import Send
from newsletter.ledger.situations import Situation

__all__ = [
    "Choice",
    "Import",
    "Ledger",
    "Readers",
    "Send",
    "Session",
    "Situation",
    "UndoCounts",
    "open_ledger",
]
