"""Registering for a meeting: a reader by one press, a stranger by a link that is mailed.

    reader's link --press--> registered, or in line
    form --admit_form--> mailed --press--> registered, or in line

A reader's link may have been passed on: the page says whose it is, masked, and never what is
stored of them.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.meetings import (
    LONGEST,
    RegistrationError,
    find_of_person,
    find_place,
    find_seating,
    register,
    send_link,
)
from newsletter.model import Meeting, Subscriber
from newsletter.public.forms import filled_of, read_address
from newsletter.public.meeting_forms import field_of, read_meeting_form, regions_in
from newsletter.public.meeting_pages import frame_of, language_in, lead_back, meeting_of, seen
from newsletter.public.reception import (
    PAGE_POLICY,
    form_of,
    is_pressed,
    masked,
    member_of,
    page,
    secret_of,
    site_of,
)
from newsletter.public.seat_words import closed_words, refusal_words, state_words, ways_told

_PROOF_POLICY = f"{PAGE_POLICY}; script-src 'self'"
_FORM = "meeting"  # what a proof of work is bound to


def show(request: Request) -> Response:
    """Show a meeting, and how to register for it."""
    return _page(request, meeting_of(request))


def fill_in(request: Request) -> Response:
    """Register a reader, or ask a stranger by mail; the page says how it stands."""
    meeting = meeting_of(request)
    if not is_pressed(request, form_of(request)):
        return _page(request, meeting)
    if closed_words(meeting, site_of(request).now()):
        return _page(request, meeting, status=409)
    member = _member(request)
    return _press(request, meeting, member) if member else _ask(request, meeting)


def mail_link(request: Request) -> Response:
    """Have somebody's own link mailed to them; the page says the same whether there is one."""
    site, meeting, given = site_of(request), meeting_of(request), form_of(request)
    if not is_pressed(request, given):
        return _page(request, meeting)
    member = _member(request)
    address, error = (member.address, None) if member else read_address(given)
    if error:
        return _page(request, meeting, given, {"my_email": error}, status=422)
    ticket = _admit(request, given, address)
    if ticket.gate in (consent.Gate.SECOND_STEP, consent.Gate.PROOF):
        return _page(request, meeting, given, gate=ticket, is_link=True)
    if ticket.gate is not consent.Gate.SHUT:
        send_link(site.ledger, meeting, address, site.now(), mail_at=ticket.due)
    return lead_back(request, meeting, said="link")


def _press(request: Request, meeting: Meeting, member: Subscriber) -> Response:
    site, given = site_of(request), form_of(request)
    entry = read_meeting_form(
        meeting, given, language=language_in(request), asks_address=False, name=member.name
    )
    if entry.errors:
        return _page(request, meeting, given, entry.errors, status=422)
    try:
        register(
            site.ledger,
            meeting,
            entry.entry,
            address=member.address,
            subscriber_key=member.key,
            is_known=True,
            now=site.now(),
        )
    except RegistrationError as err:
        return _page(request, meeting, given, hindrance=refusal_words(err.reason), status=409)
    return lead_back(request, meeting, said="done")


def _ask(request: Request, meeting: Meeting) -> Response:
    site, given = site_of(request), form_of(request)
    entry = read_meeting_form(meeting, given, language=language_in(request), asks_address=True)
    if entry.errors:
        return _page(request, meeting, given, entry.errors, status=422)
    ticket = _admit(request, given, entry.address)
    if ticket.gate in (consent.Gate.SECOND_STEP, consent.Gate.PROOF):
        return _page(request, meeting, given, gate=ticket)
    try:
        if ticket.gate is not consent.Gate.SHUT:
            register(
                site.ledger,
                meeting,
                entry.entry,
                address=entry.address,
                now=site.now(),
                mail_at=ticket.due,
            )
    except RegistrationError as err:
        return _page(request, meeting, given, hindrance=refusal_words(err.reason), status=409)
    return page(request, "asked_to_come.html", sender=site.sender, meeting=meeting.id)


def _admit(request: Request, given: Mapping[str, str], address: str) -> consent.Ticket:
    site = site_of(request)
    return consent.admit_form(
        site.ledger,
        filled_of(request, given, address),
        site.sign_up.limits,
        consent.Bound(form=_FORM, language=language_in(request)),
        proof=given.get("proof", ""),
        secret=secret_of(request),
        now=site.now(),
    )


def _page(
    request: Request,
    meeting: Meeting,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    gate: consent.Ticket | None = None,
    hindrance: str = "",
    is_link: bool = False,
) -> Response:
    site, language, given = site_of(request), language_in(request), given or {}
    member, now, secret = _member(request), site.now(), site.secret
    found = (
        find_of_person(site.ledger, meeting, subscriber_key=member.key, address=member.address)
        if member
        else None
    )
    is_in = found is not None and found.is_live
    step = consent.Step.SECOND if gate or "proof" in given else consent.Step.FIRST
    proof: dict[str, Any] = {"challenge": "", "headers": seen(request)}
    if gate and gate.gate is consent.Gate.PROOF:
        bound = consent.Bound(form=_FORM, language=language)
        policy = {"Content-Security-Policy": _PROOF_POLICY}
        challenge = consent.challenge_for(secret, bound, now, price=gate.price)
        proof = {"challenge": challenge, "headers": policy}
    return page(
        request,
        "meeting.html",
        status=status,
        **frame_of(request, meeting),
        closed=closed_words(meeting, now),
        offered=ways_told(meeting, find_seating(site.ledger, meeting, now)),
        asks=meeting,
        questions=[
            (field_of(q.id), q.label_in(language), q.choices_in(language), q.is_required)
            for q in meeting.questions
        ],
        regions=regions_in(language) if meeting.asks_region else [],
        member=masked(member.address) if member else "",
        needs_name=not (member and member.name),
        state=state_words(found, find_place(site.ledger, found)) if is_in and found else "",
        said=request.query_params.get("said", ""),
        is_second=bool(gate and gate.gate is consent.Gate.SECOND_STEP),
        is_link=is_link,
        hindrance=hindrance,
        stamp=consent.stamp_form(secret, step, now) if secret else "",
        trap=consent.TRAP,
        given={name: value[:1000] for name, value in given.items()},
        errors=errors or {},
        longest=LONGEST,
        privacy_url=site.sign_up.privacy_url,
        **proof,
    )


def _member(request: Request) -> Subscriber | None:
    """Return from whose mail somebody comes, if they are on the list and have an address."""
    key = member_of(request)
    site = site_of(request)
    found = consent.look_up(site.ledger, key, site.now()) if key else None
    return found.person if found and found.person.address else None
