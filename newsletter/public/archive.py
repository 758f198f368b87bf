"""Shows issues that went out to anybody: a list with a search, each issue, and feeds of them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from newsletter.archive import (
    PAGE,
    Access,
    ArchivedIssue,
    Catalogue,
    PublicEdition,
    Served,
    Site,
    atom_feed,
    draw_card,
    fill_index,
    fill_issue,
    json_feed,
)
from newsletter.public.answer_headers import ISSUE_POLICY, PAGE_POLICY
from newsletter.public.assets import is_known
from newsletter.public.site import PublicSite, site_of
from newsletter.public.visitors import language_for, switches_of
from newsletter.public.ways import WAYS

_LONGEST = 100  # characters of a query
_CACHED = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
_UNSEEN = {"X-Robots-Tag": "noindex"}


def home(request: Request) -> Response:
    """Lead from the public URL itself to the list."""
    site = site_of(request)
    _catalogue(site)
    return RedirectResponse(site.place("archive"), 307, {"Cache-Control": "no-store"})


def index(request: Request) -> Response:
    """Show all issues, or those that a query finds."""
    site = site_of(request)
    query = request.query_params.get("q", "")[:_LONGEST].replace("\0", "").strip()
    html = fill_index(
        _pages(site),
        _catalogue(site),
        language_for(request, otherwise=site.face.language),
        switches=switches_of(request),
        query=query,
    )
    is_seen = site.archive.visibility.is_indexed and not query
    return HTMLResponse(html, headers=_headers(PAGE_POLICY, is_seen=is_seen))


def issue(request: Request) -> Response:
    """Show an issue as it was sent, without anything that is about a reader."""
    site = site_of(request)
    catalogue = _catalogue(site)
    found = _found(catalogue, request.path_params["issue"])
    edition = _edition(request, site, found)
    html = fill_issue(_pages(site), catalogue, found, edition)
    return HTMLResponse(html, headers=_headers(ISSUE_POLICY, is_seen=_is_seen(site, found)))


def atom(request: Request) -> Response:
    """Show the newest issues as a feed."""
    return _feed(request, atom_feed, "application/atom+xml")


def json(request: Request) -> Response:
    """Show the newest issues as a feed in JSON."""
    return _feed(request, json_feed, "application/feed+json")


def card(request: Request) -> Response:
    """Show the picture that announces an issue without one."""
    site = site_of(request)
    stem, _, kind = request.path_params["name"].rpartition(".")
    issue_id, _, language = stem.rpartition(".")
    found = _found(_catalogue(site), issue_id)
    if kind != "png" or language not in found.editions:
        raise HTTPException(404)
    drawn = draw_card(
        found.editions[language].subject,
        site.face.imprint_in(language).title,
        found.date,
        language,
        site.face.colours,
    )
    headers = {"Cache-Control": "public, max-age=86400"}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # others announce it
    headers |= {} if _is_seen(site, found) else _UNSEEN
    return Response(drawn, headers=headers, media_type="image/png")


def meeting_card(request: Request) -> Response:
    """Show the picture that announces a meeting where others share its page."""
    site, wanted = site_of(request), request.path_params["meeting"]
    meeting = next((one for one in site.meetings() if one.id == wanted), None)
    if meeting is None:
        raise HTTPException(404)
    language = language_for(request, otherwise=site.face.language)
    title = site.face.imprint_in(language).title
    start, subject = meeting.start.date(), meeting.text_in(language).title
    drawn = draw_card(subject, title, start, language, site.face.colours)
    headers = {"Cache-Control": "public, max-age=300"}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return Response(drawn, headers=headers, media_type="image/png")


def _catalogue(site: PublicSite) -> Catalogue:
    """Return the issues; raise HTTPException where there is no archive."""
    if not site.archive.visibility.is_public:
        raise HTTPException(404)
    return site.archive.catalogue(site.now())


def _found(catalogue: Catalogue, issue_id: str) -> ArchivedIssue:
    found = catalogue.find(issue_id)
    if found is None:
        raise HTTPException(404)
    return found


def _is_seen(site: PublicSite, found: ArchivedIssue) -> bool:
    """Return whether search engines may list an issue."""
    return site.archive.visibility.is_indexed and found.access is Access.LISTED


def _edition(request: Request, site: PublicSite, found: ArchivedIssue) -> PublicEdition:
    """Return the edition that is asked for by its language, or else the one that suits best."""
    asked = request.query_params.get("lang", "")
    if asked in found.editions:
        return found.editions[asked]
    language = language_for(request, otherwise=site.face.language)
    return found.edition_for(language, otherwise=site.face.language)


def _listed(site: PublicSite) -> list[ArchivedIssue]:
    """Return the issues of feeds; raise HTTPException where nobody knows their whole addresses."""
    listed = _catalogue(site).listed
    if not site.public_url:
        raise HTTPException(404)
    return listed


def _page(request: Request, listed: Sequence[ArchivedIssue]) -> int:
    """Return which page of a feed is asked for; raise HTTPException for one that it lacks."""
    asked = request.query_params.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 5 and int(asked)):
        raise HTTPException(404)
    if int(asked) > 1 and (int(asked) - 1) * PAGE >= len(listed):
        raise HTTPException(404)
    return int(asked)


def _pages(site: PublicSite) -> Site:
    named = {place for place, _ in WAYS}
    return Site(
        face=site.face,
        at=Served(
            base=site.base,
            root=site.public_url,
            leave=site.place("links"),  # mails a person their own ways to leave and to choose
            subscribe=site.place("subscribe") if "subscribe" in named else "",
        ),
        ways=WAYS,
        is_indexed=site.archive.visibility.is_indexed,
    )


def _headers(policy: str, *, is_seen: bool) -> Mapping[str, str]:
    own = {**_CACHED, "Content-Security-Policy": policy}
    return own if is_seen else own | _UNSEEN


def _feed(request: Request, write: Callable[..., bytes], media_type: str) -> Response:
    site = site_of(request)
    listed, language = _listed(site), language_for(request, otherwise=site.face.language)
    page = _page(request, listed)
    data = write(site.face, listed, language, _pages(site).at, page=page)
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    # It has the whole text of issues that search engines are asked to leave alone.
    headers = {**_CACHED, **_UNSEEN, "ETag": tag}
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=f"{media_type}; charset=utf-8")
