"""Somebody signs in to a mailbox in the browser, and the token is kept for its owner alone."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from newsletter.errors import ConfigError, MailboxError
from newsletter.mailbox import Client, access_token, client_of, keep_token, sign_in
from newsletter.mailbox.oauth import load_token

NOW, KEPT = 1_000_000.0, "rt"


class TokenServer(HTTPServer):
    """Gives out tokens as Microsoft and Google do."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[dict[str, str]] = []
        self.answer: tuple[int, object] = (200, {"access_token": "at-1", "expires_in": 3600})

    def client(self) -> Client:
        """Return an app that is registered here."""
        root = f"http://127.0.0.1:{self.server_port}"
        return Client(
            authorize_url=f"{root}/authorize",
            token_url=f"{root}/token",
            scope="mail",
            client_id="app",
        )


class _Answer(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append({name: values[0] for name, values in parse_qs(body).items()})
        status, said = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server() -> Iterator[TokenServer]:
    """Serve tokens until the end of a test."""
    with TokenServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def browser(visits: list[requests.Response], **changed: str):  # type: ignore[no-untyped-def]
    """Return what opens an address and comes back as somebody who agrees does."""

    def visit(url: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        fields = {"code": "a-code", "state": asked["state"]} | changed
        back = asked["redirect_uri"].replace("localhost", "127.0.0.1")

        def come_back() -> None:
            requests.get(f"{back}/favicon.ico", timeout=5)
            visits.append(requests.get(back, params=fields, timeout=5))

        threading.Thread(target=come_back).start()

    return visit


def test_a_code_is_traded_for_a_token_with_the_proof_of_who_asked(server: TokenServer) -> None:
    server.answer = (200, {"access_token": "at", "refresh_token": KEPT, "expires_in": 60})
    visits: list[requests.Response] = []
    opened: list[str] = []
    come_back = browser(visits)

    def show(url: str) -> None:
        opened.append(url)
        come_back(url)

    token = sign_in(server.client(), "me@example.org", show=show, thanks="Kiitos", now=NOW)

    asked = parse_qs(urlsplit(opened[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["login_hint"] == ["me@example.org"]
    [form] = server.asked
    assert form["code"] == "a-code"
    assert len(form["code_verifier"]) >= 43  # RFC 7636, section 4.1
    assert token["refresh_token"] == KEPT
    assert token["expires_at"] == NOW + 60


def test_a_stranger_who_knows_no_state_is_not_listened_to(server: TokenServer) -> None:
    show = browser([], state="guessed")

    with pytest.raises(MailboxError, match="nobody signed in"):
        sign_in(server.client(), "me@example.org", show=show, thanks="", wait=0.3, now=NOW)

    assert server.asked == []


def test_a_refusal_is_told(server: TokenServer) -> None:
    show = browser([], error="access_denied", error_description="The user said no")

    with pytest.raises(MailboxError, match="The user said no"):
        sign_in(server.client(), "me@example.org", show=show, thanks="", wait=5, now=NOW)


def test_a_token_is_kept_for_its_owner_alone_and_renewed_before_its_end(
    server: TokenServer, tmp_path: Path
) -> None:
    file, client = tmp_path / "deep" / "mailbox.json", server.client()
    keep_token(
        file,
        {"client_id": "app", "access_token": "old", "refresh_token": KEPT, "expires_at": NOW + 300},
    )

    assert access_token(client, file, NOW) == "old"
    assert access_token(client, file, NOW + 250) == "at-1"
    assert access_token(client, file, NOW + 251) == "at-1"  # the new one is kept
    assert [form["grant_type"] for form in server.asked] == ["refresh_token"]
    assert load_token(file)["refresh_token"] == KEPT  # which was named once alone
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"client_id": "other"}'])
def test_whoever_has_not_signed_in_is_told_to(
    server: TokenServer, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "token.json").write_bytes(content)

    for file in (tmp_path / "token.json", tmp_path / "none.json"):
        with pytest.raises(ConfigError, match="newsletter sync --sign-in"):
            access_token(server.client(), file, NOW)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "AADSTS700082: expired"}),
            ConfigError,
        ),
        ((503, {"error": "temporarily_unavailable"}), MailboxError),
        ((400, {"error": "temporarily_unavailable"}), MailboxError),
        ((429, {}), MailboxError),
        ((200, b"<html>"), MailboxError),
        ((200, []), ConfigError),
    ],
)
def test_a_token_that_is_not_renewed_is_told(
    server: TokenServer, tmp_path: Path, answer: tuple[int, object], error: type[Exception]
) -> None:
    server.answer = answer
    file = tmp_path / "token.json"
    keep_token(file, {"client_id": "app", "refresh_token": KEPT, "expires_at": 0})

    with pytest.raises(error):
        access_token(server.client(), file, NOW)

    assert load_token(file)["refresh_token"] == KEPT


@pytest.mark.parametrize("said", ["soon", "7200", None, {}])
def test_a_token_is_good_for_an_hour_where_that_is_not_said(
    server: TokenServer, tmp_path: Path, said: object
) -> None:
    server.answer = (200, {"access_token": "at", "expires_in": said})
    file = tmp_path / "token.json"
    keep_token(file, {"client_id": "app", "refresh_token": KEPT, "expires_at": said})

    assert access_token(server.client(), file, NOW) == "at"

    assert load_token(file)["expires_at"] == NOW + (7200 if said == "7200" else 3600)


def test_the_apps_ask_for_mail_alone() -> None:
    microsoft = client_of("microsoft", "id", tenant="organizations")
    google = client_of("google", "id", secret="not-to-be-shown")  # noqa: S106 - of the tests alone

    assert "/organizations/" in microsoft.token_url
    assert microsoft.scope.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "offline_access",
    ]
    assert google.scope == "https://mail.google.com/"
    assert google.extra["access_type"] == "offline"
    assert "not-to-be-shown" not in repr(google)
