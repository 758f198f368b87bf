"""What is said where there is nothing, or where the service cannot do what it is asked for."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.language import Wording, say
from newsletter.public.answer_log import FAULT
from newsletter.public.showing import page

RETRY_SECONDS = "30"

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
        heading=heading,
        explanation=explanation,
    )


def _reads_pages(request: Request) -> bool:
    """Return whether a browser asks, and not a program or a picture's place."""
    return "text/html" in request.headers.get("accept", "")
