"""Refuses tags of a template's own where readers would see them, as words on their page.

What a template writes in quotation marks is text until it says |safe. Text that is printed, or
escaped on its way into a part of the page, is shown as it stands: no tag in it can be meant.
"""

import re
from typing import Any, Self

from markupsafe import Markup, escape

from newsletter.language import Wording, say
from newsletter.markup.elements import is_tag

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class PrintError(Exception):
    """A template prints what no reader should see."""

    def __init__(self, message: Wording, hint: Wording) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint


class WorkedMarkup(Markup):
    """A part of the page that a template works on; what comes into it is escaped, and no tag."""

    __slots__ = ()

    @classmethod
    def escape(cls, words: Any, /) -> Self:
        """Return words as they stand in the page; raise PrintError if they have a tag."""
        return cls(escaped(words))


def escaped(words: Any) -> Markup:
    """Return words as they stand in the page; raise PrintError if they have a tag."""
    if isinstance(words, str) and not hasattr(words, "__html__"):
        require_no_tag(words)
    return escape(words)


def require_no_tag(words: str) -> None:
    """Raise PrintError for words of a template's own that have a tag in them."""
    for tag in _TAG.findall(words):
        if is_tag(tag) or tag.lstrip("</").startswith("mj-"):
            raise PrintError(
                say("“{tag}” would be shown to readers as it stands", tag=tag),
                say("write |safe behind it where it is a tag"),
            )
