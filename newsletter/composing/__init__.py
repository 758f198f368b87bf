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

__all__ = [
    "Answer",
    "Composer",
    "Hand",
    "Outfit",
    "Settled",
    "Task",
    "TooLarge",
    "Unable",
    "batch_size",
    "serve",
]
