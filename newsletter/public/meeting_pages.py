"""Pages of meetings that anybody may read: the list, one meeting, and both for calendars."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.calendars import public_entry, write_file
from newsletter.meetings import Meeting, find_told
from newsletter.public.event_markup import event_json
from newsletter.public.meeting_views import place_of, told
from newsletter.public.reception import ME, go_to, language_for, member_of, page, site_of

_CALENDAR = "text/calendar; charset=utf-8"
_FOR_ALL = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}


def index(request: Request) -> Response:
    """Show the meetings that are to come."""
    site, language = site_of(request), language_in(request)
    coming = [one for one in site.meetings() if one.ends_at > site.now()]
    return page(
        request,
        "meetings.html",
        headers=seen(request),
        is_seen=is_seen(request),
        meetings=[told(one, language) for one in coming],
        me=me_in(request),
        whole=lambda path: f"{site.public_url}/{path}",
    )


def calendar(request: Request) -> Response:
    """Show the meetings to come as a feed for calendars: no link to take part, no guest."""
    site, language = site_of(request), language_in(request)
    coming = [one for one in site.meetings() if one.ends_at > site.now()]
    name = site.face.imprint_in(language).title
    return _calendar(request, coming, "meetings.ics", name=name)


def calendar_file(request: Request) -> Response:
    """Show one meeting as a file for any calendar."""
    meeting = meeting_of(request)
    return _calendar(request, [meeting], f"{meeting.id}.ics")


def frame_of(request: Request, meeting: Meeting) -> Mapping[str, Any]:
    """Return what the page of a meeting needs around what it is shown for."""
    site, language = site_of(request), language_in(request)
    known = find_told(site.ledger, meeting.id)
    shown = told(meeting, language)
    url = f"{site.public_url}/{place_of(meeting.id)}?lang={language}"
    markup = event_json(
        meeting,
        language=language,
        url=url,
        organiser=site.face.imprint_in(language).title,
        summary=shown["summary"],
        told_start=str(known.told.get("start", "")) if known else "",
    )
    return {
        "meeting": {**shown, "body": Markup(shown["body"])},  # noqa: S704 - escaped there
        "markup": Markup(markup),  # noqa: S704 - without signs that end its element
        "url": url,
        "is_seen": is_seen(request),
        "whole": lambda path: f"{site.public_url}/{path}",
        "me": me_in(request),
    }


def meeting_of(request: Request) -> Meeting:
    """Return the meeting that a request is about; raise HTTPException if there is none.

    While the file of one that people are registered for is broken or unfinished, that is 503.
    """
    site, wanted = site_of(request), request.path_params["meeting"]
    found = next((one for one in site.meetings() if one.id == wanted), None)
    if found is None:
        is_away = find_told(site.ledger, wanted) is not None and site.is_withheld(wanted)
        raise HTTPException(503 if is_away else 404)
    return found


def me_in(request: Request) -> str:
    """Return what a link of the page says of who reads, as in the address; empty if nothing."""
    return f"&{ME}={request.query_params[ME]}" if member_of(request) else ""


def language_in(request: Request) -> str:
    """Return the language of a visitor's choice."""
    return language_for(request, otherwise=site_of(request).face.language)


def lead_back(request: Request, meeting: Meeting, *, said: str) -> Response:
    """Lead to the page of a meeting after a button was pressed, whosever link it was."""
    me = me_in(request).removeprefix(f"&{ME}=")
    return go_to(request, place_of(meeting.id), said=said, **({ME: me} if me else {}))


def is_seen(request: Request) -> bool:
    """Return whether search engines may list the page: nobody's own link is."""
    return site_of(request).archive.visibility.is_indexed and ME not in request.query_params


def seen(request: Request) -> Mapping[str, str]:
    """Return the headers of a page that search engines may list, or not."""
    return {"X-Robots-Tag": "all"} if is_seen(request) else {}


def _calendar(request: Request, meetings: list[Meeting], file: str, *, name: str = "") -> Response:
    site, language = site_of(request), language_in(request)
    imprint = site.face.imprint_in(language)
    organiser = (imprint.title, imprint.reply_to)
    entries = [
        public_entry(
            one,
            organiser,
            language=language,
            url=f"{site.public_url}/{place_of(one.id)}?lang={language}",
            sequence=known.sequence if (known := find_told(site.ledger, one.id)) else 0,
        )
        for one in meetings
    ]
    headers = {**_FOR_ALL, "Content-Disposition": f'inline; filename="{_ascii(file)}"'}
    return Response(
        write_file(entries, site.now(), name=name), headers=headers, media_type=_CALENDAR
    )


def _ascii(name: str) -> str:
    return "".join(sign if sign.isascii() else "_" for sign in name)
