"""The public service is reached through the settings of the proxy, by a real Caddy."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.serving import Answer, answer_of, mailed_pictures, make_public_site, serving
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.skipif(not shutil.which("caddy"), reason="needs Debian's package caddy")


@dataclass(frozen=True)
class Proxy:
    """A Caddy that runs with our settings, and a certificate of its own making."""

    http: int
    https: int
    authority: Path

    def ask(self, path: str, **headers: str) -> Answer:
        """Ask by HTTPS, whose certificate is verified."""
        trusting = ssl.create_default_context(cafile=str(self.authority))
        connection = HTTPSConnection("localhost", self.https, context=trusting, timeout=PATIENCE)
        return answer_of(connection, path, **headers)


@contextmanager
def proxying(folder: Path, service: int) -> Iterator[Proxy]:
    """Run the proxy in front of a port of this machine."""
    http, https, admin = _free_ports(3)
    own = {
        "NEWSLETTER_HOST": "localhost",
        "NEWSLETTER_SERVICE": f"127.0.0.1:{service}",
        "NEWSLETTER_HTTP_PORT": str(http),
        "NEWSLETTER_HTTPS_PORT": str(https),
        "NEWSLETTER_PROXY_ADMIN": f"127.0.0.1:{admin}",
        **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder)),
    }
    settings = ("--adapter", "caddyfile", "--config", str(REPOSITORY / "deploy/Caddyfile"))
    authority = folder / "caddy/pki/authorities/local/root.crt"
    with (
        (folder / "caddy.log").open("w") as log,
        subprocess.Popen(["caddy", "run", *settings], env=os.environ | own, stderr=log) as caddy,
    ):
        proxy = Proxy(http, https, authority)
        try:
            wait_until(lambda: caddy.poll() is not None or _is_up(proxy))
            assert caddy.poll() is None, (folder / "caddy.log").read_text()
            yield proxy
        finally:
            caddy.terminate()


def _is_up(proxy: Proxy) -> bool:
    with suppress(OSError):
        return proxy.authority.exists() and proxy.ask("/health/live").status == 200
    return False


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def test_a_mailed_picture_is_reached_by_https_and_who_asks_is_the_proxys_word(
    tmp_path: Path,
) -> None:
    site = make_public_site(tmp_path / "site")
    path = min(mailed_pictures(site))

    with serving(site) as service, proxying(tmp_path, service.port) as proxy:
        picture = proxy.ask(path)
        forged = proxy.ask("/health/ready", X_Forwarded_Proto="http")
        nothing = proxy.ask("/nothing")
        plain = answer_of(HTTPConnection("localhost", proxy.http, timeout=PATIENCE), "/x")
        service.process.end()
        away = proxy.ask(path)

    assert picture.status == 200
    assert picture.headers["content-type"] in ("image/png", "image/jpeg")
    assert picture.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert picture.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in picture.headers
    assert forged.headers["strict-transport-security"] == "max-age=31536000"
    assert (nothing.status, nothing.headers["x-content-type-options"]) == (404, "nosniff")
    assert plain.status == 308
    assert plain.headers["location"].startswith("https://localhost")
    assert away.status in (502, 503)
    assert (away.body, away.headers["retry-after"]) == (b"not now", "30")
