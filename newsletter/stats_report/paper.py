"""Prints the report: pages of A4 as PDF, tagged, so that they can be read aloud as well.

WeasyPrint belongs to the extra `pdf`, and needs Pango of the system; it is looked for only here.
"""

import logging
import re
from html import unescape
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from newsletter.drawing import SIZE, wide
from newsletter.drawing.tints import tints_of
from newsletter.errors import ConfigError
from newsletter.face import Face
from newsletter.language import say
from newsletter.model.figures import StatsReport
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
    printer = _printer()
    page = _for_paper(render_html(report, face), face)
    document = printer.HTML(string=page, url_fetcher=_fetch_nothing)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def _printer() -> ModuleType:
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of CSS for screens alone
    try:
        return import_module("weasyprint")
    except ImportError as err:
        fault = say('a PDF needs WeasyPrint: pip install "./newsletter[pdf]"')
        raise ConfigError(fault) from err
    except OSError as err:  # what it loads of the system is not there
        raise ConfigError(
            say(
                "a PDF needs Pango, which is not installed: on Debian and Ubuntu, "
                "apt install libpango-1.0-0 libpangoft2-1.0-0; elsewhere see docs/installing.md"
            )
        ) from err


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


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"{url[:40]} is not fetched")
