"""The one writer of mail: an edition, a provider and its readers become the calls that are made."""

from newsletter.composing.compose import Composer, batch_size

__all__ = [
    "Composer",
    "batch_size",
]
