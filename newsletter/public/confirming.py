"""What a link in an answering mail leads to: a page that spends nothing, and a button that acts."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.model import Purpose, Wish
from newsletter.public import own_data
from newsletter.public.reception import go_to, page, secret_of, site_of

_MOVES = (Purpose.MOVE_FROM, Purpose.MOVE_TO)


def show(request: Request) -> Response:
    """Show what can be confirmed, or how far that is."""
    wish = wish_of(request)
    stage = consent.stage_of(site_of(request).ledger, wish, site_of(request).now())
    if wish.purpose is Purpose.DATA and stage is consent.Stage.OPEN:
        return own_data.show(request, wish)
    name = _PAGES.get((wish.purpose, stage), "expired.html")
    place = f"c/{wish.key}"
    can_renew = stage is consent.Stage.EXPIRED and wish.purpose is Purpose.SIGN_UP
    is_sent = "sent" in request.query_params
    return page(
        request,
        name,
        language=wish.language,
        place=place,
        can_renew=can_renew,
        is_sent=is_sent,
        is_new=wish.purpose is Purpose.MOVE_TO,
    )


def show_refusal(request: Request) -> Response:
    """Show the button by which the owner of an address says that it was not them.

    Whoever confirmed has said that it was; they leave by the link in each issue.
    """
    wish = wish_of(request)
    if wish.purpose is not Purpose.SIGN_UP:
        raise HTTPException(404)
    if wish.confirmed_at:
        return go_to(request, f"c/{wish.key}", otherwise=wish.language)
    return page(
        request,
        "refused_sign_up.html" if wish.refused_at else "refuse.html",
        language=wish.language,
        place=f"c/{wish.key}",
    )


def confirm(request: Request) -> Response:
    """Confirm, as the button says; pressed twice it comes to the same."""
    site, wish = site_of(request), wish_of(request)
    if wish.purpose is Purpose.SIGN_UP:
        secret = secret_of(request)
        consent.confirm_sign_up(site.ledger, wish.key, site.now(), secret=secret)
    elif wish.purpose in _MOVES:
        consent.confirm_move(site.ledger, wish.key, site.now())
    else:
        raise HTTPException(404)
    return go_to(request, f"c/{wish.key}", otherwise=wish.language)


def renew(request: Request) -> Response:
    """Have a new link mailed in place of one that expired."""
    site, wish = site_of(request), wish_of(request)
    consent.renew(site.ledger, wish.key, site.now())
    return go_to(request, f"c/{wish.key}", otherwise=wish.language, sent="1")


def refuse(request: Request) -> Response:
    """Take down that it was not the owner of the address who asked."""
    site, wish = site_of(request), wish_of(request)
    consent.refuse(site.ledger, wish.key, secret=secret_of(request), now=site.now())
    return go_to(request, f"c/{wish.key}/no", otherwise=wish.language)


def wish_of(request: Request) -> Wish:
    """Return what the link of a request is about; raise HTTPException where there is nothing."""
    wish = consent.find_wish(site_of(request).ledger, request.path_params["key"])
    if wish is None or not wish.purpose.is_confirmed:
        raise HTTPException(404)
    return wish


_PAGES: Mapping[tuple[Purpose, consent.Stage], str] = {
    (Purpose.SIGN_UP, consent.Stage.OPEN): "confirm.html",
    (Purpose.SIGN_UP, consent.Stage.DONE): "confirmed.html",
    (Purpose.SIGN_UP, consent.Stage.LEFT): "left_since.html",
    (Purpose.SIGN_UP, consent.Stage.REFUSED): "refused_sign_up.html",
    **{(purpose, consent.Stage.OPEN): "move.html" for purpose in _MOVES},
    **{(purpose, consent.Stage.HALF): "half_moved.html" for purpose in _MOVES},
    **{(purpose, consent.Stage.DONE): "moved.html" for purpose in _MOVES},
    **{(purpose, consent.Stage.TAKEN): "taken.html" for purpose in _MOVES},
}
