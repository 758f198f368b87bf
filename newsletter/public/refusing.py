"""What is said where there is nothing, or where the service cannot do what it is asked for."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match

from newsletter.language import Wording, say
from newsletter.public.answer_log import FAULT
from newsletter.public.showing import page
from newsletter.public.site import site_of

RETRY_SECONDS = "30"
_LONGEST = 500  # characters of a query that is kept

# The heading of a page, and what to do about it.
_SAID: Mapping[int, tuple[Wording, Wording]] = {
    404: (
        say("There is nothing here"),
        say("The address may have been cut off. Copy it whole from the mail, and try again."),
    ),
    405: (
        say("This does not work this way"),
        say("Go back to the page you came from, and use its button."),
    ),
    408: (
        say("That took too long"),
        say("Nothing was sent. Your connection may be slow just now: go back, and try again."),
    ),
    413: (
        say("That was too much at once"),
        say("Go back, write less, and try again."),
    ),
    429: (
        say("Please wait a moment"),
        say("There were many requests from your network. Try again in a few minutes."),
    ),
    503: (
        say("Please come back in a moment"),
        say("The service is being looked after. Nothing is lost; try again in a minute."),
    ),
}
_OTHERWISE = (
    say("This could not be understood"),
    say("Go back to the page you came from, and try again."),
)
_FAULT = (
    say("Something went wrong here"),
    say("It is not your fault. Try again in a moment, or write to us."),
)


def refused(request: Request, err: Exception) -> Response:
    """Answer where there is nothing, or not to be had this way."""
    assert isinstance(err, HTTPException)  # noqa: S101 - registered for no others
    if err.status_code != 404 and not _reads_pages(request):
        return PlainTextResponse(f"{err.detail}\n", err.status_code, err.headers)
    return _page(request, err.status_code, err.headers)


def away(request: Request, _err: Exception) -> Response:
    """Ask to come again while the ledger does not answer."""
    headers = {"Retry-After": RETRY_SECONDS}
    if not _reads_pages(request):
        return PlainTextResponse("not now\n", 503, headers)
    return _page(request, 503, headers)


def stuck(request: Request, err: Exception) -> Response:
    """Ask to come again, and let it be told: what a ledger refuses may not pass by itself."""
    request.scope[FAULT] = err
    return away(request, err)


def broken(request: Request, _err: Exception) -> Response:
    """Say nothing of what went wrong to whoever asks; the log has it."""
    return _page(request, 500)


def _page(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    heading, explanation = _SAID.get(status, _FAULT if status >= 500 else _OTHERWISE)
    return page(
        request,
        "refused.html",
        status=status,
        headers=headers,
        switches={} if request.method == "POST" else None,  # nothing is there to be got
        heading=heading,
        explanation=explanation,
        back="" if status == 404 else _way_back(request),
    )


def _way_back(request: Request) -> str:
    """Return the address of the page that somebody comes from, as far as their own tells it.

    What a button leads to may lie below its page. "" where neither is one.
    """
    base, path, query = site_of(request).base, request.url.path, request.url.query
    pages: Sequence[BaseRoute] = request.app.state.pages
    for place in (path, path.rpartition("/")[0]):
        asked = {"type": "http", "method": "GET", "path": place.removeprefix(base)}
        if any(route.matches(asked)[0] is Match.FULL for route in pages):
            return quote(place) + (f"?{query}" if 0 < len(query) <= _LONGEST else "")
    return ""


def _reads_pages(request: Request) -> bool:
    """Return whether a person reads the answer, and not a program or a picture's place.

    Forms are posted by people, but for what providers tell.
    """
    is_form = request.method == "POST" and not request.url.path.startswith(
        site_of(request).place("w/")
    )
    return is_form or "text/html" in request.headers.get("accept", "")
