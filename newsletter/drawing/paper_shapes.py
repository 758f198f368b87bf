"""Makes a drawing one that WeasyPrint understands, which looks up no names of colours in it."""

import re
from collections.abc import Mapping
from html import unescape

from newsletter.drawing.canvas import SIZE, wide

_ANCHORED = re.compile(r'<text x="([\d.]+)"([^>]*) text-anchor="(middle|end)"([^>]*)>([^<]+)')
_SIZED = re.compile(r'font-size="([\d.]+)"')
_NAMED = re.compile(r"var\(--([\w-]+)\)")
_TYPEFACE = "Arial, Helvetica, sans-serif"


def for_paper(drawing: str, tints: Mapping[str, str]) -> str:
    """Return a drawing with colours in place of their names, and words that begin at the left."""
    colours = {**tints, "text-font": _TYPEFACE}
    return _ANCHORED.sub(_from_the_left, _NAMED.sub(lambda name: colours[name[1]], drawing))


def _from_the_left(text: re.Match[str]) -> str:
    """Return words that begin at their place, instead of ending there or having it amid.

    WeasyPrint draws the others as a group each, of which Chromium clips the first letter.
    """
    x, before, anchor, after, words = text.groups()
    sized = _SIZED.search(after)
    width = wide(unescape(words), float(sized[1]) if sized else SIZE)
    left = float(x) - (width if anchor == "end" else width / 2)
    return f'<text x="{left:.2f}"{before}{after}>{words}'
