"""Lets long words of a page end a line at their seams, where a phone is too narrow for them."""

import re

from markupsafe import Markup, escape

from newsletter.language.seams import places_in_address, seams_of

# On a screen of 360 points:
HEADING = 16  # letters of a word
TEXT = 28
_ADDRESS = 28  # signs
_PARTS = re.compile(
    rf"""<[^>]*>|&\w+;
    |(?<![^\s<>;])(?P<address>[^\s<>&@]*[@/][^\s<>&]*[^\s<>&.,:;!?])
    |(?P<word>[^\W\d_]{{{HEADING},}})""",
    re.VERBOSE,
)


def breakable(html: str | Markup, language: str, *, room: int = HEADING) -> Markup:
    """Return words, escaped unless they are HTML, with places at which a line may end.

    A word of as many letters as there is room ends there with a hyphen, a long address without.
    """

    def seamed(part: re.Match[str]) -> str:
        address, word = part["address"] or "", part["word"] or ""
        if len(address) >= _ADDRESS:
            return _joined(address, places_in_address(address), "<wbr>")
        if word:
            return _joined(word, seams_of(word, language, room=room), "\u00ad")
        return part[0]

    return Markup(_PARTS.sub(seamed, str(escape(html))))  # noqa: S704 - was escaped, only marked


def _joined(word: str, places: list[int], mark: str) -> str:
    ends = zip([0, *places], [*places, len(word)], strict=True)
    return mark.join(word[start:end] for start, end in ends)
