"""Addresses as typed on the command line."""

from newsletter.audience import MendedAddress, mend_address
from newsletter.cli.common import tell
from newsletter.language import say


def read_address(word: str) -> MendedAddress:
    """Read an address as an import does, and report if it was taken out of a longer text.

    Raise AudienceError if it is invalid.
    """
    mended = mend_address(word)
    if mended.fault:
        tell(
            say(
                "“{word}” is read as {address}: {fault}.",
                word=word,
                address=mended.address,
                fault=mended.fault,
            )
        )
    return mended
