"""Prints the report on pages of A4."""

import re

from newsletter.drawing import for_paper, tints_of
from newsletter.face import Face
from newsletter.model.figures import StatsReport
from newsletter.printer import print_page
from newsletter.stats_report.standalone import render_html

_DRAWING = re.compile(
    r'<svg [^>]*class="(?P<kind>\w+)"[^>]*aria-labelledby="\S+ (?P<words>\S+)".*?</svg>', re.DOTALL
)
_WORDS = re.compile(r'<p class="away" id="(\S+)">(.*?)</p>', re.DOTALL)


def render_pdf(report: StatsReport, face: Face) -> bytes:
    """Return the report as PDF; raise ConfigError where what prints it is missing."""
    return print_page(_for_paper(render_html(report, face), face))


def _for_paper(page: str, face: Face) -> str:
    """Return a page whose drawings WeasyPrint understands, each with its words in it.

    Names of colours are looked up in drawings by browsers alone; drawings for phones go.
    """
    colours = tints_of(face.colours, "light")
    told = dict(_WORDS.findall(page))

    def on_paper(drawing: re.Match[str]) -> str:
        if drawing["kind"] == "slim":
            return ""
        shapes = for_paper(drawing[0], colours)
        return shapes.replace(">", f"><title>{told[drawing['words']]}</title>", 1)

    return _DRAWING.sub(on_paper, page)
