"""Pages of regional networks: a directory of all, and for each its news, meetings and contact."""

import hashlib
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.archive import RegionalNews, news_of, regional_feed
from newsletter.model.region import Region
from newsletter.page_text import page_html
from newsletter.public.reception import PAGE_POLICY, language_for, page, site_of

_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "all",
    "Content-Security-Policy": PAGE_POLICY,
}
# What the directory is called in an address, in the languages that have another word for it.
LOCAL_PLACES = {"alueet": "fi", "regioner": "sv"}


def directory(request: Request) -> Response:
    """Show all regional networks."""
    language, regions = _language(request), _regions(request)
    return page(
        request,
        "regions.html",
        headers=_HEADERS,
        regions=[_told(one, language) for one in regions],
    )


def region(request: Request) -> Response:
    """Show one network: who coordinates it, its meetings and its news."""
    site, language, found = site_of(request), _language(request), _found(request)
    at = f"regions/{quote(found.id)}"
    return page(
        request,
        "region.html",
        headers=_HEADERS,
        region=_told(found, language),
        about=Markup(page_html(found.text_in(language), level=3)),  # noqa: S704 - escapes itself
        meetings=[
            {
                "place": f"meetings/{quote(one.id)}",
                "start": one.start,
                "text": one.text_in(language),
            }
            for one in site.meetings()
            if one.region in (found.id, *found.codes) and one.ends_at > site.now()
        ],
        news=_news(request, found),
        feed=f"{at}/feed.atom" if site.public_url else "",
    )


def feed(request: Request) -> Response:
    """Show the news of a region as a feed (Atom)."""
    site, language, found = site_of(request), _language(request), _found(request)
    if not site.public_url:  # nobody knows its whole address
        raise HTTPException(404)
    place = f"{site.public_url}/regions/{quote(found.id)}"
    data = regional_feed(
        found.name_in(language), _news(request, found), language, page=place, root=site.public_url
    )
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {**_HEADERS, "ETag": tag, "X-Robots-Tag": "noindex"}
    if request.headers.get("if-none-match", "") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="application/atom+xml; charset=utf-8")


def led_here(request: Request) -> Response:
    """Lead from the directory's address in another language to its page in that language."""
    site = site_of(request)
    _regions(request)
    word = request.url.path.removeprefix(site.base).split("/")[1]
    more = request.path_params.get("region", "")
    place = f"regions/{quote(more)}" if more else "regions"
    return RedirectResponse(f"{site.place(place)}?lang={LOCAL_PLACES[word]}", 308)


def _regions(request: Request) -> Sequence[Region]:
    """Return the networks; raise HTTPException where there is none."""
    regions = site_of(request).regions()
    if not regions:
        raise HTTPException(404)
    return regions


def _found(request: Request) -> Region:
    asked = request.path_params["region"]
    found = next((one for one in _regions(request) if one.id == asked), None)
    if found is None:
        raise HTTPException(404)
    return found


def _told(one: Region, language: str) -> dict[str, object]:
    """Return what pages show of a network."""
    return {
        "place": f"regions/{quote(one.id)}",
        "name": one.name_in(language),
        "areas": one.areas_in(language),
        "who": ", ".join(filter(None, (one.coordinator, one.organisation))),
        "contact": one.contact,
        "phone": one.phone,
        "dialled": "".join(sign for sign in one.phone if sign in "+0123456789"),
        "url": one.url,
    }


def _news(request: Request, found: Region) -> list[RegionalNews]:
    site = site_of(request)
    catalogue = site.archive.catalogue(site.now())
    return news_of(found, catalogue, language=_language(request), own=site.face.language)


def _language(request: Request) -> str:
    return language_for(request, otherwise=site_of(request).face.language)
