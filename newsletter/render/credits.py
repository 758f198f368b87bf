"""Finds in a caption the words that say who made the picture, so that they can be set quieter."""

import re
from collections import Counter

_WORDS = (
    *("kuva", "kuvat", "kuvaaja", "kuvitus", "valokuva", "valokuvat", "piirros", "piirrokset"),
    *("bild", "bilder", r"foto\w*", "illustration", "teckning", "teckningar"),
    *(r"photo\w*", "picture", "image", "drawing", "credit"),
)
_CREDIT = re.compile(rf"(?:^|(?<=[.!?…])\s+)((?:<\w+>)?(?:{'|'.join(_WORDS)}):\s.*)$", re.I | re.S)
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_EMPTY = {"br", "img", "wbr"}


def with_credit(caption: str) -> str:
    """Return the HTML of a caption in which a credit at its end has a class of its own."""
    found = _CREDIT.search(caption)
    if found is None or not _is_whole(found[1]):
        return caption
    start = found.start(1)
    return f'{caption[:start]}<span class="credit">{found[1]}</span>'


def _is_whole(html: str) -> bool:
    """Return whether each element that begins in a piece of HTML ends in it, and no other one."""
    opened: Counter[str] = Counter()
    for slash, name in _TAG.findall(html):
        if name not in _EMPTY:
            opened[name] += -1 if slash else 1
            if opened[name] < 0:
                return False
    return not any(opened.values())
