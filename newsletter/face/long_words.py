"""Lets long words of a page end a line at their seams, where a phone is too narrow for them."""

import re

from markupsafe import Markup, escape

from newsletter.language.seams import places_in_address, seams_of

_PARTS = re.compile(
    r"""<[^>]*>|&\w+;
    |(?<![^\s<>;])(?P<address>[^\s<>&@]*[@/][^\s<>&]*[^\s<>&.,:;!?])
    |(?P<word>[^\W\d_]{14,})""",
    re.VERBOSE,
)
_ROOM = 16  # letters of a heading on a screen of 360 points
_ROOM_OF_ADDRESS = 28  # characters of a line there


def breakable(html: str | Markup, language: str) -> Markup:
    """Return words, escaped unless they are HTML, with places at which a line may end.

    A word of 16 letters and more ends there with a hyphen; an address of 28 signs and more does
    without one.
    """

    def seamed(part: re.Match[str]) -> str:
        address, word = part["address"] or "", part["word"] or ""
        if len(address) >= _ROOM_OF_ADDRESS:
            return _joined(address, places_in_address(address), "<wbr>")
        if word:
            return _joined(word, seams_of(word, language, room=_ROOM), "\u00ad")
        return part[0]

    return Markup(_PARTS.sub(seamed, str(escape(html))))  # noqa: S704 - was escaped, only marked


def _joined(word: str, places: list[int], mark: str) -> str:
    ends = zip([0, *places], [*places, len(word)], strict=True)
    return mark.join(word[start:end] for start, end in ends)
