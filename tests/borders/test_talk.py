"""Broken answers of feeds and providers, and broken requests to the preview, over real sockets."""

import datetime as dt
import re
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from newsletter.errors import ConfigError, ProviderError
from newsletter.model import Letter
from newsletter.providers import PROVIDERS
from newsletter.providers.base import Options
from newsletter.providers.http import HttpProvider
from tests.borders.corpus import CONTENTS
from tests.borders.junk import ANSWERS, FEEDS, JunkServer
from tests.conftest import Site
from tests.providers.forms import call_for, in_syntax_of, letter
from tests.waiting import PATIENCE

Record = Callable[[str, object], None]
GOOD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n"
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Hyva</title><item>"
    b"<title>Hyva uutinen</title><link>https://www.example.org/1</link>"
    b"<pubDate>Mon, 15 Jun 2026 09:00:00 +0300</pubDate></item></channel></rss>"
)
HTTP = sorted(name for name, kind in PROVIDERS.items() if issubclass(kind, HttpProvider))


def test_no_broken_feed_keeps_a_good_one_from_being_collected(
    site: Site, record_property: Record
) -> None:
    with JunkServer({**FEEDS, "good": GOOD}) as server:
        feeds = "".join(
            f'[[collect.feeds]]\nname = "f{n}"\nurl = "{server.url(str(n))}"\n'
            for n in range(len(server.answers))
        )
        with (site.root / "newsletter.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[collect]\nallow_internal = true\n{feeds}")
        done = site.run("collect", "2026-06", "--month", "2026-06", code=1)

    record_property("tried", ("feeds", len(FEEDS)))
    assert "Traceback" not in done.stderr
    assert "Hyva uutinen" in (site.root / "material/2026-06.md").read_text(encoding="utf-8")
    for what, number in (("nothing at all", 0), ("no HTTP", 2)):
        assert server.url(str(number)) in done.stderr, what


@pytest.mark.parametrize("name", HTTP)
def test_whatever_a_provider_answers_is_an_error_with_a_verdict(
    name: str, share: int, record_property: Record
) -> None:
    faults, tried = [], 0
    day = dt.date(2026, 6, 15)
    share = min(share, len(HTTP))  # so that each answer is one provider's
    for what, data in islice(ANSWERS.items(), HTTP.index(name) % share, None, share):
        with JunkServer({what: data}) as server:
            provider = _provider(name, server.url().rstrip("/"))
            call = call_for(provider, _letter(provider))
            questions: dict[str, Callable[[], object]] = {
                "send": lambda call=call, provider=provider: provider.send(call),  # type: ignore[misc]
                "look_up": lambda call=call, provider=provider: provider.look_up(call, day, day),  # type: ignore[misc]
                "figures": lambda provider=provider: provider.figures("2026-06", day, day),  # type: ignore[misc]
            }
            for question, ask in questions.items():
                tried += 1
                try:
                    ask()
                except (ProviderError, ConfigError, NotImplementedError):
                    continue
                except Exception as err:  # what is looked for
                    faults.append(f"{question}, {what}: {err!r:.200}")
            provider.close()

    record_property("tried", (f"answers of {name}", tried))
    assert faults == []


def _provider(name: str, url: str) -> HttpProvider:
    kind = PROVIDERS[name]
    key = "AKIAEXAMPLE:secret" if name in ("ses", "mailjet") else "key"
    region = "eu-north-1" if name == "ses" else ""
    made = kind(
        Options(
            folder=Path("outbox"),
            base_url=url,
            api_key=key,
            domain="example.org",
            region=region,
            timeout=3.0,
        )
    )
    assert isinstance(made, HttpProvider)
    return made


def _letter(provider: HttpProvider) -> Letter:
    plain = letter()
    return in_syntax_of(provider, plain) if provider.capabilities.merge else plain


# --- the preview --------------------------------------------------------------------------

_LINES = (
    b"",
    b"\0",
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\xff\xfe / HTTP/1.1\r\n\r\n",
    b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01",
    b"CONNECT a:1 HTTP/1.1\r\n\r\n",
)
_PATHS = (
    "//evil.example",
    "/%00",
    "/%ff",
    "/%zz",
    "/%",
    "/../../etc/passwd",
    "/static/../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/%00",
    "/static/" + "a" * 5000,
    "/issues/%00",
    "/issues/2026-06%00",
    "/issues/..%2f..",
    "/issues/%F0%9F%92%A9",
    "/issues/" + "9" * 3000,
    "/issues/2026-06/mail?reader=%00",
    "/issues/2026-06/mail?variant=9999999999999999999999",
    "/issues/2026-06/mail?" + "a=b&" * 5000,
    "/issues/2026-06/mail?reader=%ed%a0%80",
    "/issues/2026-06/readers?find=%00",
    "/issues/2026-06/readers?find=%25_%27",
    "/issues/2026-06/sides",
    "/issues/2026-06/readers?find=" + "x" * 20_000,
    "/issues/2026-06/sides?with=%00",
    "/issues/2026-06/compare?with=%ff",
    "/pictures/%00",
    "/pictures/..%2f..%2fx",
    "/pictures/" + "f" * 999,
    "/qr.svg?path=%00",
    "/qr.svg?path=" + "a" * 9000,
    "/qr.svg",
    "/issues/2026-06/parts?reader=-1",
    "/issues/2026-06/message.eml?reader=nan",
    "/shelf?x",
    "/blank?%00",
    "/?token=%ff",
    "/issues/2026-06/mail?reader=[]&variant={}",
    "/issues/[bad",
    "/issues/2026-06/weight?reader=1e999",
)
_HEADERS = (
    "Cookie: \xff\xfe",
    "Cookie: a=b; " * 500,
    "Content-Length: -1",
    "Content-Length: x",
    "Transfer-Encoding: klingon",
    "If-None-Match: \x01",
    "Range: bytes=-9-9",
    "Origin: http://[bad",
    "Accept-Language: " + "x" * 9000,
    "Sec-Fetch-Site: \xff",
    "Last-Event-ID: \x02",
    "X: " + "y" * 70_000,
    "Expect: 100-continue",
    "Upgrade: websocket",
    "Host: [",
    "Accept-Encoding: \xff",
)


def test_no_broken_request_ends_the_preview_or_is_a_fault_of_it(
    site: Site, record_property: Record
) -> None:
    process = site.start("preview", "--port", "0", "--no-open")
    assert process.stderr
    first = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)", first)
    assert found, first
    port = int(found[1])
    try:
        requests = list(_requests(port))
        answers = {what: _exchange(port, data) for what, data in requests}
        last = _exchange(port, _request(port, "GET", "/"), patience=60.0)
    finally:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()

    record_property("tried", ("requests to the preview", len(requests)))
    assert last.startswith(b"HTTP/1.1 200")
    assert "Traceback" not in told
    assert [what for what, data in answers.items() if data.startswith(b"HTTP/1.1 5")] == []


def _requests(port: int) -> list[tuple[str, bytes]]:
    made = [(f"line {line[:30]!r}", line) for line in _LINES]
    made += [(f"path {path[:60]}", _request(port, "GET", path)) for path in _PATHS]
    made += [(f"HEAD {path[:60]}", _request(port, "HEAD", path)) for path in _PATHS[:12]]
    made += [
        (f"header {header[:30]!r}", _request(port, "GET", "/issues/2026-06", header))
        for header in _HEADERS
    ]
    test = "/issues/2026-06/test"
    own = f"Origin: http://127.0.0.1:{port}\r\nContent-Type: application/json"
    made += [
        (f"form {what}", _request(port, "POST", test, own, data)) for what, data in CONTENTS.items()
    ]
    odd = (b"null", b"[]", b'{"a":1}', b'{"address":[]}', b'{"secret":null}', b'"x"', b"1e999")
    made += [(f"form {data!r}", _request(port, "POST", test, own, data)) for data in odd]
    made += [
        (f"{way} /", _request(port, way, "/")) for way in ("PUT", "DELETE", "TRACE", "ö", "x" * 99)
    ]
    return made


def _request(port: int, way: str, path: str, header: str = "", body: bytes = b"") -> bytes:
    head = f"{way} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    more = f"{header}\r\n" if header else ""
    return f"{head}{length}{more}\r\n".encode("utf-8", "surrogateescape") + body


def _exchange(port: int, data: bytes, *, patience: float = 2.0) -> bytes:
    """Send bytes, and return what comes back until the other side hangs up, or waits for more."""
    answer = b""
    # It may hang up in the middle of nonsense.
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection,
        suppress(OSError),
    ):
        connection.sendall(data)
        connection.settimeout(patience)
        while part := connection.recv(65536):
            answer += part
    return answer
