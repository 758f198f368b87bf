"""Settings + what comes back about mails → the ledger; and what providers are told of it."""

from newsletter.feedback.digesting import digest
from newsletter.feedback.trusting import address_of, rules_of, trust_of, trusted

__all__ = ["address_of", "digest", "rules_of", "trust_of", "trusted"]
