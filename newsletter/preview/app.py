"""The preview's web application: its routes, and its handling of errors."""

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter.errors import NewsletterError, UsageError
from newsletter.preview import endpoints, pages
from newsletter.preview.desk import Desk, desk_of
from newsletter.preview.guard import AccessRules, Guard
from newsletter.preview.payloads import describe_fault

_STATIC = Path(__file__).parent / "static"

ROUTES = [
    Route("/", pages.shelf),
    Route("/issues/{issue}", pages.preview),
    Route("/issues/{issue}/grid", pages.grid),
    Route("/issues/{issue}/compare", pages.compare),
    Route("/blank", endpoints.blank),
    Route("/events", endpoints.shelf_events),
    Route("/shelf", endpoints.shelf),
    Route("/figures", endpoints.rows),
    Route("/qr.svg", endpoints.code),
    Route("/pictures/{digest}", endpoints.picture),
    Route("/issues/{issue}/events", endpoints.events),
    Route("/issues/{issue}/mail", endpoints.mail),
    Route("/issues/{issue}/parts", endpoints.parts),
    Route("/issues/{issue}/message.eml", endpoints.message),
    Route("/issues/{issue}/readers", endpoints.readers),
    Route("/issues/{issue}/weight", endpoints.weight),
    Route("/issues/{issue}/figures", endpoints.figures),
    Route("/issues/{issue}/sides", endpoints.sides),
    Route("/issues/{issue}/test", endpoints.trial, methods=["POST"]),
    Mount("/static", StaticFiles(directory=_STATIC)),
]


def build_app(
    desk: Desk, doors: AccessRules, *, editor: str, phone_url: Callable[[str], str]
) -> Starlette:
    """Build the application; `phone_url` gives a page's address for other devices, or ""."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Guard, doors=doors)],
        exception_handlers={NewsletterError: _explain},
    )
    app.state.desk = desk
    app.state.editor = editor
    app.state.phone_url = phone_url
    return app


def _explain(request: Request, err: Exception) -> Response:
    assert isinstance(err, NewsletterError)  # noqa: S101 - registered for no others
    desk = desk_of(request)
    told = describe_fault(err, desk.proofs.root, desk.language)
    return JSONResponse(told, 404 if isinstance(err, UsageError) else 422)
