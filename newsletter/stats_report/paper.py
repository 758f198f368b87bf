"""Prints the report on pages of A4."""

import re
from html import unescape

from newsletter.drawing import SIZE, wide
from newsletter.drawing.tints import tints_of
from newsletter.face import Face
from newsletter.model.figures import StatsReport
from newsletter.printer import print_page
from newsletter.stats_report.standalone import render_html

_DRAWING = re.compile(
    r'<svg [^>]*class="(?P<kind>\w+)"[^>]*aria-labelledby="\S+ (?P<words>\S+)".*?</svg>', re.DOTALL
)
_WORDS = re.compile(r'<p class="away" id="(\S+)">(.*?)</p>', re.DOTALL)
_ANCHORED = re.compile(r'<text x="([\d.]+)"([^>]*) text-anchor="(middle|end)"([^>]*)>([^<]+)')
_SIZED = re.compile(r'font-size="([\d.]+)"')
_NAMED = re.compile(r"var\(--([\w-]+)\)")


def render_pdf(report: StatsReport, face: Face) -> bytes:
    """Return the report as PDF; raise ConfigError where what prints it is missing."""
    return print_page(_for_paper(render_html(report, face), face))


def _for_paper(page: str, face: Face) -> str:
    """Return a page whose drawings WeasyPrint understands, each with its words in it.

    Names of colours are looked up in drawings by browsers alone; drawings for phones go.
    """
    colours = tints_of(face.colours, "light") | {"text-font": "Arial, Helvetica, sans-serif"}
    told = dict(_WORDS.findall(page))

    def on_paper(drawing: re.Match[str]) -> str:
        if drawing["kind"] == "slim":
            return ""
        shapes = _NAMED.sub(lambda name: colours[name[1]], drawing[0])
        shapes = _ANCHORED.sub(_from_the_left, shapes)
        return shapes.replace(">", f"><title>{told[drawing['words']]}</title>", 1)

    return _DRAWING.sub(on_paper, page)


def _from_the_left(text: re.Match[str]) -> str:
    """Return words that begin at their place, instead of ending there or having it amid.

    WeasyPrint draws the others as a group each, of which Chromium clips the first letter.
    """
    x, before, anchor, after, words = text.groups()
    sized = _SIZED.search(after)
    width = wide(unescape(words), float(sized[1]) if sized else SIZE)
    left = float(x) - (width if anchor == "end" else width / 2)
    return f'<text x="{left:.2f}"{before}{after}>{words}'
