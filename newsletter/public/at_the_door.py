"""Marking who comes to a meeting, on a phone at the door: a list, and the code of each mail.

    /door/PASS   whoever stands at the door: everybody who is expected, each with a button
    /came/CODE   what the code in a confirmation leads to: with the pass, that person's button

The pass is in the address that `newsletter meetings check-in` prints. Its page leaves it in the
browser as a cookie for a day, the only one that this service sets, so that a code, which the
phone's camera opens, is known to be read at the door. Anybody else is asked to show it there.
"""

import hmac
import io
import re
from collections.abc import Mapping
from unicodedata import normalize
from urllib.parse import quote

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.errors import TamperedLinkError
from newsletter.language import Wording, say
from newsletter.links import door_code, read_door_pass
from newsletter.meetings import (
    AROUND,
    Attending,
    Meeting,
    Refused,
    Registration,
    RegistrationError,
    check_in,
    clean_line,
    list_expected,
    take_back,
    walk_in,
)
from newsletter.public.reception import form_of, language_for, page, secret_of, site_of

_COOKIE = "door"
_LONGEST = 60  # characters of a name that is looked for,
_NAME = 100  # and of one that is written down
_CODE = re.compile(r"[0-9a-f]{24}")
_SCALE, _BORDER = 6, 4  # pixels of a dot, and dots of white around: as many as the standard asks


def show(request: Request) -> Response:
    """Show everybody who is expected, or those whose name has some letters."""
    written, meeting = request.path_params["pass"], _meeting_of(request)
    wanted = request.query_params.get("q", "")[:_LONGEST]
    is_open = _is_open(request, meeting)
    expected = list_expected(site_of(request).ledger, meeting.id) if is_open else []
    answer = page(
        request,
        "door.html",
        meeting=meeting.text_in(_language(request)).title,
        is_open=is_open,
        place=_place(written),
        wanted=wanted,
        people=[_shown(one, meeting) for one in expected if _has(one, wanted)],
        came=sum(bool(one.came) for one in expected),
        refused=_refused(request),
        expected=len(expected),
    )
    answer.set_cookie(
        _COOKIE,
        written,
        max_age=round(AROUND.total_seconds()),
        path=site_of(request).place("came"),
        secure=site_of(request).public_url.startswith("https:"),
        httponly=True,
        samesite="lax",  # a camera opens an address as a link of another site does
    )
    return answer


def press(request: Request) -> Response:
    """Mark somebody, or take a mark back; then show where that was asked."""
    site, meeting, given = site_of(request), _meeting_of(request), form_of(request)
    if given.get("act") == "walk-in":
        return _take_in(request, meeting, given)
    expected = list_expected(site_of(request).ledger, meeting.id)
    one = next((one for one in expected if str(one.id) == given.get("id", "")), None)
    if one is not None and _is_open(request, meeting):
        if given.get("act") == "back":
            take_back(site.ledger, one.id)
        else:
            way = {one.id: Attending.ON_SITE}
            by = "code" if given.get("code") else "door"
            check_in(site.ledger, way, by=by, now=site.now())
    language = _language(request)
    if given.get("code"):
        place = f"came/{quote(given['code'][:_LONGEST], safe='')}?lang={language}"
    else:
        wanted = quote(given.get("q", "")[:_LONGEST], safe="")
        at = f"#p{one.id}" if one else ""
        place = f"{_place(request.path_params['pass'])}?lang={language}&q={wanted}{at}"
    return RedirectResponse(site.place(place), 303, {"Cache-Control": "no-store"})


def _take_in(request: Request, meeting: Meeting, given: Mapping[str, str]) -> Response:
    """Mark somebody who is not on the list, by the name that they say."""
    site, place = site_of(request), f"{_place(request.path_params['pass'])}?lang="
    place += _language(request)
    name, organisation = (
        clean_line(given.get(field, ""))[:_NAME] for field in ("name", "organisation")
    )
    if name and _is_open(request, meeting):
        try:
            own = walk_in(
                site.ledger, meeting, name, organisation=organisation, by="door", now=site.now()
            )
        except RegistrationError as err:
            place += f"&refused={err.reason}"
        else:
            place += f"#p{own.id}"
    return RedirectResponse(site.place(place), 303, {"Cache-Control": "no-store"})


def show_code(request: Request) -> Response:
    """Show whose code it is to whoever stands at the door, and to anybody else what it is for."""
    written = request.cookies.get(_COOKIE, "")
    meeting = _find_meeting(request, written) if written else None
    meeting = meeting if meeting and _is_open(request, meeting) else None
    one = _whose(request, meeting) if meeting else None
    if meeting is None or one is None:
        return page(request, "at_door.html", person=None, is_at_door=meeting is not None)
    return page(
        request,
        "at_door.html",
        person=_shown(one, meeting),
        is_at_door=True,
        meeting=meeting.text_in(_language(request)).title,
        place=_place(written),
        code=request.path_params["code"],
    )


def draw_code(request: Request) -> Response:
    """Show the code itself, as a mail has it; whose it is needs nobody to be asked."""
    code = request.path_params["code"]
    if not _CODE.fullmatch(code):
        raise HTTPException(404)
    drawn = io.BytesIO()
    url = f"{site_of(request).public_url}/came/{code}"
    segno.make(url, micro=False).save(drawn, kind="png", scale=_SCALE, border=_BORDER)
    headers = {
        "Cache-Control": "public, max-age=86400",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a mail shows it, wherever that is read
    }
    return Response(drawn.getvalue(), headers=headers, media_type="image/png")


def _meeting_of(request: Request) -> Meeting:
    """Return the meeting that a pass is for; raise HTTPException where it is none of ours."""
    found = _find_meeting(request, request.path_params["pass"])
    if found is None:
        raise HTTPException(404)
    return found


def _find_meeting(request: Request, written: str) -> Meeting | None:
    try:
        wanted, day = read_door_pass(secret_of(request), written)
    except TamperedLinkError:
        return None
    known = (one for one in site_of(request).meetings() if one.start.date().isoformat() == day)
    return next((one for one in known if one.id == wanted), None)


def _is_open(request: Request, meeting: Meeting) -> bool:
    """Return whether it is about the day of the meeting: a pass that is lost is of no use later."""
    now = site_of(request).now()
    return meeting.starts_at - AROUND <= now <= meeting.ends_at + AROUND


def _refused(request: Request) -> Wording | None:
    """Return why somebody was not taken in."""
    said = request.query_params.get("refused", "")
    return (
        say("Nobody was added: {why}.", why=Refused(said).words) if said in set(Refused) else None
    )


def _whose(request: Request, meeting: Meeting) -> Registration | None:
    secret, code = secret_of(request), request.path_params["code"].encode()
    return next(
        (
            one
            for one in list_expected(site_of(request).ledger, meeting.id)
            if hmac.compare_digest(door_code(secret, one.key).encode(), code)
        ),
        None,
    )


def _has(one: Registration, wanted: str) -> bool:
    words = normalize("NFC", f"{one.name} {one.badge} {one.organisation}").casefold()
    return all(part in words for part in normalize("NFC", wanted).casefold().split())


def _shown(one: Registration, meeting: Meeting) -> dict[str, object]:
    at = one.came_at.astimezone(meeting.zone) if one.came_at else None
    return {
        "id": one.id,
        "name": one.name,
        "organisation": one.organisation,
        "is_remote": one.attending is Attending.REMOTE,
        "came": f"{at.hour}.{at:%M}" if at else "",
    }


def _place(written: str) -> str:
    return f"door/{quote(written, safe='')}"


def _language(request: Request) -> str:
    return language_for(request, otherwise=site_of(request).face.language)
