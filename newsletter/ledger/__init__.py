"""The ledger: who subscribes, what was sent to whom, and what came back. All SQL lives here."""

from newsletter.ledger.open import Ledger, Session, open_ledger

__all__ = ["Ledger", "Session", "open_ledger"]
