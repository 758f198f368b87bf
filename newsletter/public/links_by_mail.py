"""The form by which whoever has no issue at hand is mailed their own links."""

from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.language import Wording
from newsletter.public.forms import filled_of, read_address
from newsletter.public.reception import form_of, language_for, page, secret_of, site_of


def show(request: Request) -> Response:
    """Show the form."""
    return _page(request, consent.Step.FIRST)


def fill_in(request: Request) -> Response:
    """Have the links mailed to an address, if it is on the list; the page says neither way."""
    site, given = site_of(request), form_of(request)
    address, error = read_address(given)
    if error:
        return _page(request, consent.Step.FIRST, address=address, error=error, status=422)
    gate = consent.ask_for_links(
        site.ledger,
        filled_of(request, given, address),
        site.sign_up.limits,
        language=language_for(request, otherwise=site.face.language),
        secret=secret_of(request),
        now=site.now(),
    )
    if gate is consent.Gate.SECOND_STEP:
        return _page(request, consent.Step.SECOND, address=address)
    return _page(request, consent.Step.FIRST, is_sent=True)


def _page(
    request: Request,
    step: consent.Step,
    *,
    address: str = "",
    error: Wording | str = "",
    is_sent: bool = False,
    status: int = 200,
) -> Response:
    return page(
        request,
        "links.html",
        status=status,
        stamp=consent.stamp_form(secret_of(request), step, site_of(request).now()),
        trap=consent.TRAP,
        address=address,
        error=error,
        is_sent=is_sent,
    )
