"""The one writer of mail: an edition, a provider and its readers become the calls that are made."""

from newsletter.composing.compose import Composer, batch_size
from newsletter.composing.hands import (
    Answer,
    Hand,
    Outfit,
    Settled,
    Task,
    TooLarge,
    Unable,
    serve,
)
from newsletter.composing.mime import Envelope, MimeTemplate, Postmark

__all__ = [
    "Answer",
    "Composer",
    "Envelope",
    "Hand",
    "MimeTemplate",
    "Outfit",
    "Postmark",
    "Settled",
    "Task",
    "TooLarge",
    "Unable",
    "batch_size",
    "serve",
]
