"""Headers of every public answer: nothing runs, nothing is framed, nothing is guessed."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Of pages: their style sheet, logo and forms are the service's own, and there are no scripts.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Of a mail on the web: it has styles in its elements and may show pictures of others, but it is
# shut in: nothing of it runs, and only a link that is followed leads out.
ISSUE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
_A_YEAR = "max-age=31536000"
_ABILITIES = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    # A person's address leads to a page, so no other site may hear of it: for this reason browsers
    # send `Origin: null` with its forms.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",  # for those who do not know frame-ancestors
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{ability}=()" for ability in _ABILITIES),
}


# As they are sent, so that adding them to an answer takes no time.
_Raw = list[tuple[bytes, bytes]]
_OTHERWISE: _Raw = [
    (b"content-security-policy", _POLICY.encode()),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_ALWAYS: _Raw = [(name.lower().encode(), value.encode()) for name, value in _FOR_ALL.items()]
_ENCRYPTED: _Raw = [(b"strict-transport-security", _A_YEAR.encode())]
_OURS = frozenset(name for name, _ in (*_ALWAYS, *_ENCRYPTED))


class PublicHeaders:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_encrypted = scope["scheme"] == "https"  # as the trusted proxy says
                given = message.get("headers", ())
                message["headers"] = _with_ours(given, is_encrypted=is_encrypted)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _with_ours(given: Iterable[tuple[bytes, bytes]], *, is_encrypted: bool) -> _Raw:
    kept = [(name, value) for name, value in given if name not in _OURS]
    known = {name for name, _ in kept}
    kept += [header for header in _OTHERWISE if header[0] not in known]
    kept += _ALWAYS
    return kept + _ENCRYPTED if is_encrypted else kept
