"""Signs in to a mailbox in the browser: OAuth 2 with PKCE, answered on this machine (RFC 8252)."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from newsletter.errors import ConfigError, MailboxError
from newsletter.files import private_folder, read_file, write_private
from newsletter.language import Wording, reason_of_network, say
from newsletter.mailbox.apps import Client
from newsletter.masking import keep_secret

_EARLY = 120  # seconds before its end at which a token is renewed
_USUAL = 3600  # seconds that a token is good for, if that is not said
_TIMEOUT = 30.0
_TOO_MANY = 429
_PASSING = ("temporarily_unavailable", "server_error")  # RFC 6749, section 4.1.2.1
_LARGEST = 64_000  # bytes of an answer or of a kept token
_PAGE = "<!doctype html><meta charset=utf-8><title>Newsletter</title><p>{}</p>"


def sign_in(
    client: Client,
    username: str,
    *,
    show: Callable[[str], None],
    thanks: str,
    wait: float = 300.0,
    now: float,
) -> Mapping[str, Any]:
    """Let somebody sign in at the address that `show` opens; return the token to be kept.

    Raise MailboxError if nobody does within some time, or it is refused.
    """
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(24)
    with _Desk(state, thanks) as desk:
        redirect = f"http://localhost:{desk.server_port}"
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": client.client_id,
            "response_type": "code",
            "redirect_uri": redirect,
            "scope": client.scope,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
            "login_hint": username,
            **client.extra,
        }
        show(f"{client.authorize_url}?{urlencode(asked)}")
        code = desk.wait_for_code(wait)
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    return _token(client, given, {}, now)


def access_token(client: Client, file: Path, now: float) -> str:
    """Return a token to read the mailbox with, renewed if it is at its end.

    Raise ConfigError if somebody has to sign in first.
    """
    kept = load_token(file)
    if kept.get("client_id") != client.client_id or "refresh_token" not in kept:
        raise ConfigError(say("nobody has signed in to the mailbox: newsletter sync --sign-in"))
    if _seconds(kept.get("expires_at"), 0) - _EARLY > now and kept.get("access_token"):
        return _secret(kept["access_token"])
    given = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"]}
    token = _token(client, given, kept, now)
    keep_token(file, token)
    return _secret(token["access_token"])


def load_token(file: Path) -> Mapping[str, Any]:
    """Return the token that is kept, {} if there is none that can be read."""
    try:
        kept = json.loads(read_file(file, at_most=_LARGEST))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def keep_token(file: Path, token: Mapping[str, Any]) -> None:
    """Keep a token for its owner alone; raise ConfigError where that cannot be."""
    try:
        private_folder(file.parent)
        write_private(file, json.dumps(token).encode())
    except OSError as err:
        raise ConfigError(
            say("cannot keep the sign-in in {file}: {reason}", file=str(file), reason=str(err))
        ) from err


def _token(
    client: Client, given: Mapping[str, str], kept: Mapping[str, Any], now: float
) -> Mapping[str, Any]:
    form = {**given, "client_id": client.client_id, "scope": client.scope}
    form |= {"client_secret": client.secret} if client.secret else {}
    try:
        answer = requests.post(client.token_url, data=form, timeout=_TIMEOUT, allow_redirects=False)
        said = json.loads(answer.content[:_LARGEST])
    except requests.RequestException as err:
        raise MailboxError(_away(client, str(err))) from err
    except ValueError as err:
        raise MailboxError(_away(client, f"HTTP {answer.status_code}")) from err
    if not isinstance(said, dict) or not isinstance(said.get("access_token"), str):
        raise _refused(said if isinstance(said, dict) else {}, answer.status_code)
    return {
        "client_id": client.client_id,
        "access_token": _secret(said["access_token"]),
        # Google names it once alone.
        "refresh_token": _secret(said.get("refresh_token") or kept.get("refresh_token", "")),
        "expires_at": now + _seconds(said.get("expires_in"), _USUAL),
    }


def _refused(said: Mapping[str, Any], status: int) -> Exception:
    text = said.get("error_description") or said.get("error") or f"HTTP {status}"
    reason = " ".join(str(text).split())[:200]
    if status >= 500 or status == _TOO_MANY or said.get("error") in _PASSING:
        return MailboxError(say("the sign-in cannot be renewed now: {reason}", reason=reason))
    fault = say(
        "the sign-in to the mailbox is not valid ({reason}): newsletter sync --sign-in",
        reason=reason,
    )
    return ConfigError(fault)


def _away(client: Client, reason: str) -> Wording:
    host = urlsplit(client.token_url).hostname or ""
    return say("cannot reach {host}: {reason}", host=host, reason=reason_of_network(reason[:200]))


def _seconds(value: object, otherwise: float) -> float:
    """Return a number of seconds, which some write as a text."""
    try:
        return float(str(value))
    except ValueError:
        return otherwise


def _secret(value: object) -> str:
    text = str(value)
    if text:
        keep_secret(text)
    return text


class _Desk(HTTPServer):
    """Waits on this machine for the browser to come back with a code."""

    def __init__(self, state: str, thanks: str) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.state, self.thanks = state, thanks
        self.code, self.fault = "", ""

    def wait_for_code(self, seconds: float) -> str:
        """Return the code; raise MailboxError if none came, or a refusal."""
        self.timeout = seconds
        for _ in range(20):  # browsers ask for icons, too
            self.handle_request()
            if self.fault:
                raise MailboxError(say("the sign-in was refused: {reason}", reason=self.fault))
            if self.code:
                return self.code
            if self.timed_out:
                break
        raise MailboxError(say("nobody signed in; run newsletter sync --sign-in again"))

    timed_out = False

    def handle_timeout(self) -> None:
        self.timed_out = True


class _Visit(BaseHTTPRequestHandler):
    """One visit of the browser."""

    server: _Desk
    timeout = 10  # seconds of silence of one who only connects

    def do_GET(self) -> None:
        fields = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        is_ours = hmac.compare_digest(fields.get("state", "").encode(), self.server.state.encode())
        if not is_ours or not ({"code", "error"} & fields.keys()):
            self.send_error(404)
            return
        if "error" in fields:
            text = fields.get("error_description") or fields["error"]
            self.server.fault = "".join(c for c in text if c.isprintable())[:200]
        else:
            self.server.code = fields["code"]
        page = _PAGE.format(self.server.thanks).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: the address has the code in it."""
