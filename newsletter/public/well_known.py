"""What programs look for at the root of a host: whom to tell of faults, what not to crawl."""

import datetime as dt

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.public.site import site_of

# Places that are about a person: no crawler has a reason to open one.
_PERSONAL = ("u", "c", "p", "m", "o", "r", "w")
_VALID = dt.timedelta(days=180)  # RFC 9116, section 2.5.5: less than a year
_A_DAY = {"Cache-Control": "public, max-age=86400"}


def security(request: Request) -> Response:
    """Say whom to tell of a fault in the service (RFC 9116)."""
    site = site_of(request)
    until = (site.now() + _VALID).astimezone(dt.UTC).replace(hour=0, minute=0, second=0)
    lines = [
        f"Contact: {site.contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fi, sv, en",
    ]
    if site.public_url and not site.base:  # it counts for the host it names
        lines.append(f"Canonical: {site.public_url}/.well-known/security.txt")
    return PlainTextResponse("\n".join(lines) + "\n", headers=_A_DAY)


def robots(request: Request) -> Response:
    """Ask crawlers to leave personal places alone."""
    base = site_of(request).base
    lines = ["User-agent: *", *(f"Disallow: {base}/{place}/" for place in _PERSONAL)]
    return PlainTextResponse("\n".join(lines) + "\n", headers=_A_DAY)
