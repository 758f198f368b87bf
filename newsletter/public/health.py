"""Tells machines whether the service lives and is ready."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.errors import NewsletterError
from newsletter.public.refusing import RETRY_SECONDS
from newsletter.public.site import site_of


def live(_request: Request) -> Response:
    """Say that the process answers, whatever it depends on."""
    return PlainTextResponse("live\n")


def ready(request: Request) -> Response:
    """Say whether the ledger answers and is of this version, and nothing of why not."""
    try:
        is_ready = site_of(request).ledger.is_current()
    except NewsletterError:
        is_ready = False
    if is_ready:
        return PlainTextResponse("ready\n")
    return PlainTextResponse("not ready\n", 503, {"Retry-After": RETRY_SECONDS})
