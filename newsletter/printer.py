"""Prints pages: HTML as tagged PDF, so that it can be read aloud as well; nothing is fetched.

WeasyPrint belongs to the extra `pdf`, and needs Pango of the system; so does PDFium, which makes
pictures of pages. They are looked for only here.
"""

import io
import logging
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from newsletter.errors import ConfigError
from newsletter.language import say

_POINTS = 72 / 96  # of a printer for a pixel of CSS


def print_page(html: str) -> bytes:
    """Return a page as PDF/UA-1; raise ConfigError where what prints it is missing."""
    document = _weasyprint().HTML(string=html, url_fetcher=_fetch_nothing)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def draw_page(html: str, *, scale: float) -> bytes:
    """Return the first page as PNG, `scale` pixels for one of CSS; raise ConfigError as above."""
    document = print_page(html)
    try:
        pdfium = import_module("pypdfium2")
    except ImportError as err:
        fault = say('pictures of charts need pypdfium2: pip install "./newsletter[pdf]"')
        raise ConfigError(fault) from err
    picture = pdfium.PdfDocument(document)[0].render(scale=scale / _POINTS).to_pil()
    out = io.BytesIO()
    picture.convert("P", palette=1, colors=128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _weasyprint() -> ModuleType:
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


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"{url[:40]} is not fetched")
