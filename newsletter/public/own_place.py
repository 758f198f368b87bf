"""One's own registration, by the link in its mails: see it, change it, cancel it, take an offer.

Looking changes nothing: each act is a button's, however often mail programs and scanners look.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.meetings import (
    LONGEST,
    UNDO,
    Meeting,
    Registration,
    RegistrationError,
    RegistrationState,
    accept,
    as_it_stands,
    cancel,
    change,
    confirm,
    decline,
    find_by_key,
    find_place,
    find_seating,
    refuse,
    undo,
)
from newsletter.public.meeting_forms import field_of, read_meeting_form, regions_in
from newsletter.public.meeting_views import offered_until, place_of, told
from newsletter.public.reception import (
    form_of,
    go_to,
    is_pressed,
    language_for,
    masked,
    page,
    secret_of,
    site_of,
)
from newsletter.public.seat_words import closed_words, refusal_words, state_words, ways_told

# What a button does; a page of its own asks for it where a mail leads to one.
_ACTS: Mapping[str, Callable[..., Registration]] = {
    "confirm": confirm,
    "cancel": cancel,
    "undo": undo,
    "accept": accept,
    "decline": decline,
}
_ASKED = ("confirm", "cancel", "accept", "decline", "change")


def show(request: Request) -> Response:
    """Show how somebody is registered, and what they can do about it."""
    one, meeting = _found(request)
    act = request.path_params.get("act", "")
    if act and act not in _ASKED:
        raise HTTPException(404)
    return _page(request, one, meeting, act=act)


def press(request: Request) -> Response:
    """Do what a button says; what cannot be done any more is told, and leaves all as it is."""
    one, meeting = _found(request)
    site, act = site_of(request), request.path_params["act"]
    if act not in (*_ACTS, "change", "refuse"):
        raise HTTPException(404)
    if not is_pressed(request, form_of(request)):
        return _page(request, one, meeting, act=act)
    if act == "change":
        return _change(request, one, meeting)
    if act == "refuse":
        return _refuse(request, one, meeting)
    try:
        _ACTS[act](site.ledger, meeting, one.key, site.now())
    except RegistrationError as err:
        now_is = find_by_key(site.ledger, one.key) or one
        return _page(request, now_is, meeting, hindrance=refusal_words(err.reason), status=409)
    return _to(request, one, said=act)


def _change(request: Request, one: Registration, meeting: Meeting) -> Response:
    site, given = site_of(request), form_of(request)
    language = _language(request, one)
    entry = read_meeting_form(meeting, given, language=language, asks_address=False)
    if entry.errors:
        return _page(
            request, one, meeting, act="change", given=given, errors=entry.errors, status=422
        )
    try:
        change(site.ledger, meeting, one.key, entry.entry, site.now())
    except RegistrationError as err:
        words = refusal_words(err.reason)
        return _page(request, one, meeting, act="change", given=given, hindrance=words, status=409)
    return _to(request, one, said="change")


def _refuse(request: Request, one: Registration, meeting: Meeting) -> Response:
    """Take down that it was not the owner of the address who filled in the form."""
    site = site_of(request)
    if one.state is not RegistrationState.WANTED:
        return _to(request, one, said="")
    # First, so that whoever is interrupted in between can still press the button.
    consent.disown(site.ledger, one.address, secret=secret_of(request), now=site.now())
    refuse(site.ledger, meeting, one.key, site.now())
    return go_to(request, place_of(meeting.id), otherwise=one.language, said="refuse")


def _page(
    request: Request,
    one: Registration,
    meeting: Meeting,
    *,
    act: str = "",
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, Any] | None = None,
    hindrance: str = "",
    status: int = 200,
) -> Response:
    site, language = site_of(request), _language(request, one)
    now, shown = site.now(), told(meeting, language)
    seating = find_seating(site.ledger, meeting, now)
    is_off = one.state is RegistrationState.CANCELLED
    was_just_now = one.cancelled_at is not None and now - one.cancelled_at <= UNDO
    return page(
        request,
        "own_place.html",
        status=status,
        language=one.language,
        meeting={**shown, "body": Markup(shown["body"])},  # noqa: S704 - escaped there
        place=f"m/{one.key}",
        act=act,
        address=masked(one.address) if one.address else "",
        state=state_words(one, find_place(site.ledger, one)),
        is_wanted=one.state is RegistrationState.WANTED,
        is_off=is_off,
        is_live=one.is_live,
        can_undo=is_off and was_just_now and bool(one.cancelled_from) and now < meeting.starts_at,
        offer=offered_until(one, meeting, language),
        closed=closed_words(meeting, now) if now >= meeting.starts_at else None,
        is_called_off=meeting.is_cancelled,
        is_late=now > meeting.closes_at,
        offered=ways_told(meeting, seating, one),
        asks=meeting,
        questions=[
            (field_of(q.id), q.label_in(language), q.choices_in(language), q.is_required)
            for q in meeting.questions
        ],
        regions=regions_in(language) if meeting.asks_region else [],
        given=given if given is not None else _filled(one),
        errors=errors or {},
        hindrance=hindrance,
        said=request.query_params.get("said", ""),
        longest=LONGEST,
    )


def _filled(one: Registration) -> Mapping[str, str]:
    """Return what somebody filled in before, as the form has it; it is their own link."""
    names = ("name", "badge", "organisation", "region", "needs")
    answers = {field_of(id): answer for id, answer in one.answers.items()}
    wants = {"wants_on_site": "yes"} if one.line and one.line is not one.attending else {}
    own = {name: getattr(one, name) for name in names}
    return {**own, **answers, **wants, "attending": one.attending.value}


def _found(request: Request) -> tuple[Registration, Meeting]:
    """Return whose link it is, and for which meeting; raise HTTPException for neither.

    While the file of the meeting is broken or unfinished, that is 503: the link is right.
    """
    site = site_of(request)
    one = find_by_key(site.ledger, request.path_params["key"])
    meetings = {meeting.id: meeting for meeting in site.meetings()}
    if one is None:
        raise HTTPException(404)
    if one.meeting not in meetings:
        raise HTTPException(503 if site.is_withheld(one.meeting) else 404)
    return as_it_stands(one, meetings[one.meeting]), meetings[one.meeting]


def _to(request: Request, one: Registration, *, said: str) -> Response:
    return go_to(request, f"m/{one.key}", otherwise=one.language, said=said)


def _language(request: Request, one: Registration) -> str:
    return language_for(request, otherwise=one.language or site_of(request).face.language)
