"""What the public service answers."""

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from newsletter.errors import NewsletterError
from newsletter.language import say
from newsletter.language.catalogs import say_in, spoken_language
from newsletter.ledger import find_picture

# As `model.Picture.filename` writes it.
_PICTURE = re.compile(r"([0-9a-f]{20})\.(?:png|jpg|gif)")
_FOREVER = "public, max-age=31536000, immutable"  # the name is made of the bytes
_RETRY_SECONDS = "30"


def live(_request: Request) -> Response:
    """Say that the process answers, whatever it depends on."""
    return PlainTextResponse("live\n")


def ready(request: Request) -> Response:
    """Say whether the ledger answers and is of this version, and nothing of why not."""
    try:
        is_ready = request.app.state.ledger.is_current()
    except NewsletterError:
        is_ready = False
    if is_ready:
        return PlainTextResponse("ready\n")
    return PlainTextResponse("not ready\n", 503, {"Retry-After": _RETRY_SECONDS})


def picture(request: Request) -> Response:
    """Show a picture that mails link to; its name tells its bytes, so it never changes."""
    name = _PICTURE.fullmatch(request.path_params["name"])
    if name is None:
        raise HTTPException(404)
    with request.app.state.ledger.read() as connection:
        found = find_picture(connection, name[1])
    if found is None or found.filename != name[0]:
        raise HTTPException(404)
    headers = {
        "Cache-Control": _FOREVER,
        "ETag": f'"{found.digest}"',
        "Cross-Origin-Resource-Policy": "cross-origin",  # mail in a browser is another origin
    }
    if _is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.data, headers=headers, media_type=found.media_type)


def nothing(request: Request, err: Exception) -> Response:
    """Answer in the newsletter's language where there is nothing, or not to be had this way."""
    assert isinstance(err, HTTPException)  # noqa: S101 - registered for no others
    if err.status_code != 404:
        return PlainTextResponse(f"{err.detail}\n", err.status_code, err.headers)
    state = request.app.state
    page = _pages().get_template("nothing.html")
    html = page.render(
        language=spoken_language(state.language),
        title=state.title,
        heading=say_in(state.language, say("There is nothing here")),
        explanation=say_in(
            state.language,
            say("The address may have been cut off. Copy it whole from the mail, and try again."),
        ),
    )
    return HTMLResponse(html, 404)


def away(_request: Request, _err: Exception) -> Response:
    """Ask to come again while the ledger does not answer."""
    return PlainTextResponse("not now\n", 503, {"Retry-After": _RETRY_SECONDS})


def _is_known(known: str, tag: str) -> bool:
    """Return whether the asker has these bytes: RFC 9110, section 13.1.2."""
    tags = [one.strip().removeprefix("W/") for one in known.split(",")]
    return tag in tags or tags == ["*"]


@lru_cache
def _pages() -> Environment:
    folder = Path(__file__).parent / "pages"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
