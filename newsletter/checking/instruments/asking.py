"""Detects whether readers are asked to do something by a day, in Finnish, Swedish and English."""

import re

from newsletter.checking.instruments import vocabulary

_REGISTER = re.compile(vocabulary.PATTERNS["registers"], re.I)
_UNTIL = re.compile(vocabulary.PATTERNS["until"], re.I)
_INVITES = re.compile(vocabulary.PATTERNS["invites"], re.I)
_OPEN = re.compile(vocabulary.PATTERNS["is_open"], re.I)
_LAST = re.compile(vocabulary.PATTERNS["last_day"], re.I)


def is_asked(sentence: str, role: str) -> bool:
    """Return whether a sentence asks readers to do something by its dates."""
    return (
        role == "button"
        or bool(_INVITES.search(sentence))
        or names_deadline(sentence)
        or bool(_OPEN.search(sentence) and _LAST.search(sentence))
    )


def names_deadline(sentence: str) -> bool:
    """Return whether the dates of a sentence are deadlines to register or apply."""
    return bool(_REGISTER.search(sentence) and _UNTIL.search(sentence))
