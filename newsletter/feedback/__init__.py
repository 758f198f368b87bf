"""Settings + what comes back about mails → the ledger; and what providers are told of it."""

from newsletter.feedback.digesting import digest
from newsletter.feedback.installing import Installed, hooked_provider, install, steps_of
from newsletter.feedback.listed_visits import Listed, count_listed
from newsletter.feedback.newer_rules import LARGEST_RULES, TakenRules, take_rules
from newsletter.feedback.sightings import ListAsked, rules_in_force
from newsletter.feedback.suppressing import (
    as_return,
    is_told_of_leaving,
    list_gone,
    pass_on,
    pull_suppressions,
    tells_who_is_gone,
)
from newsletter.feedback.trusting import address_of, lacking, rules_of, trust_of, trusted

__all__ = [
    "LARGEST_RULES",
    "Installed",
    "ListAsked",
    "Listed",
    "TakenRules",
    "address_of",
    "as_return",
    "count_listed",
    "digest",
    "hooked_provider",
    "install",
    "is_told_of_leaving",
    "lacking",
    "list_gone",
    "pass_on",
    "pull_suppressions",
    "rules_in_force",
    "rules_of",
    "steps_of",
    "take_rules",
    "tells_who_is_gone",
    "trust_of",
    "trusted",
]
