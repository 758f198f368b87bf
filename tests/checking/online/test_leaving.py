"""The way out is tried with a key that nobody has: opened as scanners do, pressed as inboxes do."""

import ssl
from pathlib import Path

import pytest

from newsletter.checking.online.leaving import Exit, check_leaving_online
from newsletter.model import Severity
from newsletter.net import NameServiceError, Network
from tests.checking.online.conftest import sorted_out
from tests.servers.web import Page, WebServer

FORM = b"<form method=post><button>Peruuta tilaus</button></form>"
PLACE = ("newsletter.toml", 9)


def leave(url: str) -> tuple[list[tuple[Severity, str]], dict[str, str]]:
    """Try a link to leave; return weights and messages of what is found, and what is skipped."""
    network = Network(
        find_addresses=lambda _: ["127.0.0.1"],
        context=ssl.create_default_context(),
        is_forbidden=lambda _: False,
        timeout=2,
    )
    way_out = Exit(path="newsletter.toml", line=9, url=url)
    findings, skipped = sorted_out(check_leaving_online(way_out, agent="test", network=network))
    assert {(f.path, f.line) for f in findings} <= {PLACE}
    assert {f.id for f in findings} <= {"list-unsubscribe-get-safe"}
    return [(f.severity, f.message) for f in findings], skipped


def test_a_page_with_a_form_that_takes_a_post_is_fine() -> None:
    with WebServer({"/u/x": Page(body=FORM)}) as web:
        assert leave(web.url("/u/x")) == ([], {})

    assert [asked.method for asked in web.asked] == ["HEAD", "GET", "POST"]
    assert web.asked[2].body == b"List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=302, to="/login"), "redirected to /login"),
        (Page(status=302), "redirected to nowhere"),
        (Page(status=500), "has a fault (500)"),
        (Page(status=404), "does not know it (404)"),
        (Page(body=b"<p>You have left.</p>"), "no form"),
        (Page(breaks=True), "breaks the connection off"),
    ],
)
def test_a_way_out_that_does_not_work_is_an_error(page: Page, words: str) -> None:
    with WebServer({"/u/x": page}) as web:
        findings, _ = leave(web.url("/u/x"))

    ((severity, message),) = findings
    assert severity is Severity.ERROR
    assert words in message
    assert "POST" not in [asked.method for asked in web.asked]  # the first fault ends the try


def test_a_server_without_tls_where_it_is_promised_is_an_error(tmp_path: Path) -> None:
    with WebServer({"/u/x": Page(body=FORM)}) as web:
        findings, _ = leave(web.url("/u/x").replace("http:", "https:"))

    assert "TLS" in findings[0][1]


def test_without_a_network_it_is_skipped() -> None:
    def nobody(host: str) -> list[str]:
        raise NameServiceError(host)

    network = Network(find_addresses=nobody, context=ssl.create_default_context())

    way_out = Exit(path="newsletter.toml", line=9, url="https://kirje.example/u/x")
    findings, skipped = sorted_out(check_leaving_online(way_out, agent="test", network=network))

    assert findings == []
    assert set(skipped) == {"list-unsubscribe-get-safe"}
