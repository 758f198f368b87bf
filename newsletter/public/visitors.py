"""In which language a visitor reads, and where the same page is in the others."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from starlette.requests import Request

from newsletter.face import LANGUAGES

_LONGEST = 500  # characters of a header, or of what a page was asked with, that anybody needs
_WISH = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,35})?(?:;q=([01](?:\.\d{1,3})?))?")


def language_for(request: Request, *, otherwise: str) -> str:
    """Return the language of a visitor's choice: by `?lang=`, by their browser, or another one."""
    asked = request.query_params.get("lang", "")[:35].partition("-")[0].lower()
    if asked in LANGUAGES:
        return asked
    wished = request.headers.get("accept-language", "")[:_LONGEST]
    known = ((share, code) for share, code in _wishes(wished) if code in LANGUAGES and share > 0)
    best = max(known, key=lambda wish: wish[0], default=None)  # the first of equals
    return best[1] if best else otherwise


def switches_of(request: Request) -> Mapping[str, str]:
    """Return the address of the page that a visitor looks at, in each language."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    if sum(len(key) + len(value) for key, value in kept) > _LONGEST:
        kept = []
    return {code: f"?{urlencode([*kept, ('lang', code)])}" for code in LANGUAGES}


def _wishes(header: str) -> Iterator[tuple[float, str]]:
    """Yield how much each language is wished for (RFC 9110, section 12.5.4)."""
    for part in header.split(","):
        if found := _WISH.fullmatch(part.replace(" ", "")):
            yield float(found[2] or 1), found[1].lower()
