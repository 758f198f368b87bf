"""What people send in by a form, until it is material of an issue or dealt with."""

from newsletter.contributions.deciding import (
    Decision,
    Shelf,
    accept,
    annotate,
    decline,
    look_up,
    mark,
)
from newsletter.contributions.photographs import MOST_BYTES, too_large, too_many
from newsletter.contributions.quotas import Admission, Quotas
from newsletter.contributions.receiving import Offer, Receipt, ask_for_work, receive

__all__ = [
    "MOST_BYTES",
    "Admission",
    "Decision",
    "Offer",
    "Quotas",
    "Receipt",
    "Shelf",
    "accept",
    "annotate",
    "ask_for_work",
    "decline",
    "look_up",
    "mark",
    "receive",
    "too_large",
    "too_many",
]
