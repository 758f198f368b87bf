"""Shows what never changes: the style sheet and logo of pages, and pictures of mails."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.ledger import find_picture
from newsletter.public.site import site_of

# As `model.Picture.filename` writes it.
_PICTURE = re.compile(r"([0-9a-f]{20})\.(?:png|jpg|gif)")
_FOREVER = "public, max-age=31536000, immutable"  # the name is made of the bytes


def look(request: Request) -> Response:
    """Show a file that the service's own pages need."""
    asset = site_of(request).face.assets.get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    return _unchanging(request, asset.data, asset.media_type, tag=asset.name, policy="same-origin")


def picture(request: Request) -> Response:
    """Show a picture that mails link to; its name tells its bytes, so it never changes."""
    name = _PICTURE.fullmatch(request.path_params["name"])
    if name is None:
        raise HTTPException(404)
    with site_of(request).ledger.read() as connection:
        found = find_picture(connection, name[1])
    if found is None or found.filename != name[0]:
        raise HTTPException(404)
    return _unchanging(
        request,
        found.data,
        found.media_type,
        tag=found.digest,
        policy="cross-origin",  # mail in a browser is another origin
        is_seen=False,  # of a hidden issue, perhaps
    )


def _unchanging(
    request: Request, data: bytes, media_type: str, *, tag: str, policy: str, is_seen: bool = True
) -> Response:
    headers = {
        "Cache-Control": _FOREVER,
        "ETag": f'"{tag}"',
        "Cross-Origin-Resource-Policy": policy,
        **({} if is_seen else {"X-Robots-Tag": "noindex"}),
    }
    if is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


def is_known(known: str, tag: str) -> bool:
    """Return whether the asker has these bytes: RFC 9110, section 13.1.2."""
    tags = [one.strip().removeprefix("W/") for one in known.split(",")]
    return tag in tags or tags == ["*"]
