"""Headers of every public answer: nothing runs, nothing is framed, nothing is guessed."""

from starlette.datastructures import MutableHeaders
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


class PublicHeaders:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), is_encrypted=scope["scheme"] == "https")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, *, is_encrypted: bool) -> None:
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    for name, value in _FOR_ALL.items():
        headers[name] = value
    if is_encrypted:  # as the trusted proxy says
        headers["Strict-Transport-Security"] = _A_YEAR
