"""What people send in by a form, until it is material of an issue or dealt with."""

from newsletter.contributions.deciding import (
    Decision,
    Shelf,
    accept,
    annotate,
    decline,
    list_for_editor,
    look_up,
    mark,
    picture_of,
)
from newsletter.contributions.photographs import MOST_BYTES, too_large, too_many
from newsletter.contributions.quotas import Admission, Quotas
from newsletter.contributions.receiving import Offer, Receipt, ask_for_work, receive
from newsletter.contributions.write_ups import (
    clean_line,
    clean_text,
    find_disguises,
    is_plain_link,
)

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
    "clean_line",
    "clean_text",
    "decline",
    "find_disguises",
    "is_plain_link",
    "list_for_editor",
    "look_up",
    "mark",
    "picture_of",
    "receive",
    "too_large",
    "too_many",
]
