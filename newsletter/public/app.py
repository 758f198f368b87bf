"""The public web application: its routes, and what it says where there is nothing."""

from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, Router

from newsletter.errors import LedgerError
from newsletter.ledger import Ledger
from newsletter.public import endpoints
from newsletter.public.answer_headers import PublicHeaders

HEALTH = [
    Route("/health/live", endpoints.live),
    Route("/health/ready", endpoints.ready),
]
# What lies below the public URL, as mails link to it.
LINKED = [
    Route("/pictures/{name}", endpoints.picture),
]


def build_app(ledger: Ledger, *, language: str, title: str, public_url: str) -> Starlette:
    """Build the application; `public_url` may lead to a path of its host."""
    linked = Router(LINKED, redirect_slashes=False)
    app = Starlette(
        routes=[*HEALTH, Mount(unquote(urlsplit(public_url).path), linked)],
        middleware=[Middleware(PublicHeaders)],
        exception_handlers={HTTPException: endpoints.nothing, LedgerError: endpoints.away},
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the asker named
    app.state.ledger = ledger
    app.state.language = language
    app.state.title = title
    return app
