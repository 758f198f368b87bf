"""Answers with a page in the newsletter's look, and what its kind of page must carry."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from newsletter.face import fill_page
from newsletter.public.answer_headers import PAGE_POLICY
from newsletter.public.site import site_of
from newsletter.public.visitors import language_for, switches_of
from newsletter.public.ways import ARCHIVE, ways_of

_PAGES = Path(__file__).parent / "pages"
_PERSONAL = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def page(
    request: Request,
    name: str,
    *,
    status: int = 200,
    language: str = "",
    headers: Mapping[str, str] | None = None,
    switches: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Answer with a page of `public/pages`, filled with values, in the visitor's language.

    It is about a person, so nobody keeps it. `language` is what is known of a reader, for those who
    choose none; `switches` the page in other languages, if it is not at this address. One that
    tells of a fault (`status`) asks nothing of files or the ledger: they may be what failed.
    """
    site, is_well = site_of(request), status < 500
    has_archive = site.archive.visibility.is_public
    html = fill_page(
        site.face,
        name,
        language_for(request, otherwise=language or site.face.language),
        folder=_PAGES,
        to=site.place,
        home=site.place(ARCHIVE[0]) if has_archive else "",
        ways=ways_of(
            has_archive=has_archive,
            has_meetings=is_well and site.has_meetings,
            has_regions=is_well and bool(site.regions()),
        ),
        switches=switches_of(request) if switches is None else switches,
        **values,
    )
    own = {
        "Content-Security-Policy": PAGE_POLICY,
        **_PERSONAL,
        **(headers or {}),
    }
    return HTMLResponse(html, status, own)
