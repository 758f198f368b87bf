"""Leaving by the link of each mail: a page that changes nothing, its buttons, and one click.

RFC 8058: what a mail program posts to the link itself takes the reader off, whatever it posts; it
sends no cookie, follows nowhere, and is told the same whoever the link is of.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter import consent
from newsletter.public.reception import (
    form_of,
    go_to,
    leaver_of,
    masked,
    page,
    site_of,
    standing_told,
)


def show(request: Request) -> Response:
    """Show how the reader stands, and the button that changes it."""
    site, key = site_of(request), leaver_of(request)
    found = consent.look_up(site.ledger, key, site.now())
    # Whoever is not known has a button all the same: it is no one's business that they are not.
    is_gone = bool(found and found.is_gone)
    return page(
        request,
        "gone.html" if is_gone else "leave.html",
        language=found.person.language if found else "",
        place=f"u/{request.path_params['token']}",
        address=masked(found.person.address) if found else "",
        can_undo=bool(found and found.can_undo),
        is_thanked="said" in request.query_params,
        is_back=bool(found) and "back" in request.query_params,
        is_mailed=bool(found and found.is_mailed),
        standing=standing_told(found.person, site.zone) if found else "",
        whys=[(why.value, why.words) for why in consent.Why],
    )


def one_click(request: Request) -> Response:
    """Take the reader off, as their mail program asks."""
    try:
        key = leaver_of(request)
    except HTTPException as err:
        if err.status_code != 404:
            raise
    else:
        site = site_of(request)
        consent.leave(site.ledger, key, consent.Way.ONE_CLICK, site.now())
    return PlainTextResponse("unsubscribed\n")


def press(request: Request) -> Response:
    """Do what a button of the page says."""
    site, key = site_of(request), leaver_of(request)
    back = f"u/{request.path_params['token']}"
    match request.path_params["act"]:
        case "leave":
            consent.leave(site.ledger, key, consent.Way.PAGE, site.now())
            if consent.look_up(site.ledger, key, site.now()) is None:
                return _gone_nobody(request, back)
        case "undo":
            consent.come_back(site.ledger, key, site.now())
            return go_to(request, back, back="1")
        case "why":
            word = form_of(request).get("why", "")
            if word in set(consent.Why):
                consent.say_why(site.ledger, key, consent.Why(word), site.now())
            return go_to(request, back, said="1")
        case _:
            raise HTTPException(404)
    return go_to(request, back)


def _gone_nobody(request: Request, place: str) -> Response:
    """Answer whoever the list does not know: that nothing comes any more is true of them."""
    return page(
        request,
        "gone.html",
        place=place,
        address="",
        can_undo=False,
        is_thanked=False,
        whys=[],
    )
