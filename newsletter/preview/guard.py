"""Lets only the editor in: checks the host, the token and where a form comes from."""

import ipaddress
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# The mail may look as it likes and show pictures; it cannot run, send or open anything.
_MAIL = (
    "default-src 'none'",
    "script-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src 'self' data: https:",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
)
MAIL_POLICY = "; ".join((*_MAIL, "sandbox allow-same-origin"))
# Of the document that pages fill and listen to. Its frame allows scripts in WebKit, which lets no
# page listen otherwise (`mailframe.js`), and in no other engine. What keeps a mail's scripts dead
# there is "script-src 'none'": no element, no attribute (onclick), no address (javascript:) and no
# style runs any, and a document within (srcdoc, about:blank) inherits it. It comes as a header, so
# nothing that is put into the document can loosen it. With "allow-same-origin", "allow-scripts"
# would let a script that did run take the sandbox off, so three more things keep one out: every
# other answer of this server forbids scripts or frames, so a frame can be led to nothing that runs;
# the page's "frame-src 'self'" keeps strangers' documents out; and the page drops what would lead
# away without a click (`morph.js`). tests/engines tries in three engines what a mail may do.
LISTENED_POLICY = "; ".join((*_MAIL, "sandbox allow-same-origin allow-scripts"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRules:
    """The conditions of access."""

    port: int
    names: frozenset[str]  # hosts a request may be addressed to
    any_address: bool = False  # whether a bare IP address is allowed too
    token: str = ""  # the token that opens the preview; empty on the machine's own loopback

    @property
    def cookie(self) -> str:
        """Return the name of the cookie, which includes the port since cookies ignore ports."""
        return f"newsletter_preview_{self.port}"


class Guard:
    """Middleware around everything else, including static files."""

    def __init__(self, app: ASGIApp, doors: AccessRules) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not _is_known(host, self._doors):
            return PlainTextResponse("This preview does not answer to that name.", 421)
        if self._doors.token and (answer := self._ask_for_token(scope, headers)):
            return answer
        if scope["method"] not in ("GET", "HEAD") and not _is_own(headers, host):
            return PlainTextResponse("Forms of other pages are not taken.", 403)
        return None

    def _ask_for_token(self, scope: Scope, headers: Headers) -> Response | None:
        doors = self._doors
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if is_same_secret(query.pop("token", ""), doors.token):
            # Not decoded; two slashes would begin another host's address.
            path = "/" + scope["raw_path"].decode("latin-1").lstrip("/\\")
            target = path + (f"?{urlencode(query)}" if query else "")
            answer = RedirectResponse(target, 303, {"Referrer-Policy": "no-referrer"})
            answer.set_cookie(doors.cookie, doors.token, httponly=True, samesite="strict")
            return answer
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(doors.cookie)
        except CookieError:
            cookie = None
        if cookie and is_same_secret(cookie.value, doors.token):
            return None
        return PlainTextResponse("Open the address that the terminal shows, with its token.", 403)


def is_same_secret(given: str, secret: str) -> bool:
    """Compare in constant time; an empty secret matches nothing."""
    return bool(secret) and secrets.compare_digest(given.encode(), secret.encode())


def _is_known(host: str, doors: AccessRules) -> bool:
    """Return whether a request is for this server; a foreign name may have been pointed at it."""
    name, port = _split(host)
    if port != str(doors.port):
        return False
    if name in doors.names:
        return True
    if not doors.any_address:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True  # a bare address cannot be pointed elsewhere


def _split(host: str) -> tuple[str, str]:
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        return name.lower(), port.removeprefix(":") or "80"
    name, _, port = host.partition(":")
    return name.lower(), port or "80"


def _is_own(headers: Headers, host: str) -> bool:
    """Return whether a form comes from a page of this server."""
    return headers.get("origin", "") == f"http://{host}"


def _add_headers(headers: MutableHeaders) -> None:
    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
