"""Asks the public application in this process, as a browser does: no server, no socket."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message

from newsletter.archive import Archive, visibility_of
from newsletter.face import face_of
from newsletter.ledger import Ledger
from newsletter.public import ContributionForm, KeptRegions, PublicSite, SignUpForm, build_app
from newsletter.settings import load_settings
from tests.serving import Answer

BOUNDARY = "----example"


def site_at(
    root: Path, ledger: Ledger, secret: str, now: dt.datetime, form: ContributionForm
) -> PublicSite:
    """Return the site of a newsletter, as `newsletter serve` makes it."""
    settings = load_settings(root)
    return PublicSite(
        ledger=ledger,
        face=face_of(settings),
        archive=Archive(ledger, visibility_of(settings)),
        public_url="https://news.example.org/kirje",
        outbox=root / "outbox",
        contact="mailto:toimitus@example.org",
        now=lambda: now,
        zone=settings.zone,
        sign_up=SignUpForm(),
        contributing=form,
        regions=KeptRegions(root, language=settings.newsletter.language),
        secret=secret,
    )


def app_of(site: PublicSite) -> ASGIApp:
    """Return the application of a site."""
    return build_app(site)


def ask(
    app: ASGIApp,
    path: str,
    method: str = "GET",
    body: bytes | Iterable[bytes] = b"",
    **headers: str,
) -> Answer:
    """Ask for a page; a body in pieces is sent piece by piece."""
    pieces = iter([body] if isinstance(body, bytes) else body)
    place, _, query = path.partition("?")
    given = {"host": "news.example.org", **{n.replace("_", "-"): v for n, v in headers.items()}}
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": place,
        "raw_path": place.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    async def answer() -> None:
        await app(scope, receive, send)

    asyncio.run(answer())
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:]))


def parts_of(fields: Mapping[str, str], picture: bytes = b"", name: str = "kuva.jpg") -> bytes:
    """Return a form as a browser sends one that may have a picture; that is its last part."""
    out = b""
    for field, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'
        out += head.encode() + value.replace("\n", "\r\n").encode() + b"\r\n"
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n'
    out += head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + picture + b"\r\n"
    return out + f"--{BOUNDARY}--\r\n".encode()


def post(app: ASGIApp, path: str, body: bytes | Iterable[bytes]) -> Answer:
    """Post such a form."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return ask(app, path, "POST", body, content_type=kind, accept="text/html")
