"""Addresses as they are typed on the command line."""

from newsletter.audience import MendedAddress, mend_address
from newsletter.cli.common import say


def read_address(word: str) -> MendedAddress:
    """Read an address as an import does, and say where it was read out of more.

    Raise AudienceError for what is none.
    """
    mended = mend_address(word)
    if mended.fault:
        say(f"“{word}” is read as {mended.address}: {mended.fault}.")
    return mended
