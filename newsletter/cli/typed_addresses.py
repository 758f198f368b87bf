"""Addresses as typed on the command line."""

from newsletter.audience import MendedAddress, mend_address
from newsletter.cli.common import tell
from newsletter.errors import AudienceError, UsageError
from newsletter.language import say


def read_address(word: str) -> MendedAddress:
    """Read an address as an import does, and report if it was taken out of a longer text.

    Raise UsageError if it is invalid: the command is wrong then, and no list.
    """
    try:
        mended = mend_address(word)
    except AudienceError as err:
        raise UsageError(
            say("“{word}” is not an address: {reason}", word=word, reason=err.words)
        ) from err
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
