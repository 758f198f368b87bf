"""Links are followed to real servers on loopback, and what is wrong with them is said."""

import socket
from pathlib import Path

import pytest

from newsletter.checking.online_rules import LINK_RULES
from newsletter.model import Finding, Severity
from newsletter.net import NameServiceError
from tests.checking.online.conftest import Follow
from tests.servers.web import Page, WebServer

WARNING, ERROR, NOTE = Severity.WARNING, Severity.ERROR, Severity.NOTE


def said(findings: list[Finding]) -> list[tuple[str, Severity]]:
    """Return what findings are and weigh."""
    return [(finding.id, finding.severity) for finding in findings]


# --- pages that answer, and pages that do not ---------------------------------------------


@pytest.mark.parametrize("status", [200, 204, 206])
def test_a_page_that_answers_is_fine(follow: Follow, status: int) -> None:
    with WebServer({"/": Page(status=status, body=b"")}) as web:
        assert follow(web.url("/")) == ([], {})


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        (404, ERROR),
        (410, ERROR),
        (400, WARNING),
        (401, WARNING),
        (403, WARNING),
        (429, WARNING),
        (500, WARNING),
        (503, WARNING),
    ],
)
def test_a_page_that_refuses_is_found_with_its_line(
    follow: Follow, status: int, severity: Severity
) -> None:
    with WebServer({"/": Page(), "/x": Page(status=status)}) as web:
        (finding,), skipped = follow(web.url("/"), web.url("/x"))

    assert (finding.id, finding.severity, finding.line) == ("link-broken", severity, 2)
    assert finding.path == "issues/2026-12.md"
    assert web.url("/x") in finding.message
    assert str(status) in finding.message
    assert skipped == {}


@pytest.mark.parametrize(
    "page",
    [
        Page(head=405),
        Page(head=404),  # some servers know no HEAD and call the page missing
        Page(head=500),
    ],
)
def test_a_page_that_knows_no_head_is_asked_by_get_for_one_byte(follow: Follow, page: Page) -> None:
    with WebServer({"/": page}) as web:
        assert follow(web.url("/")) == ([], {})

    assert [asked.method for asked in web.asked] == ["HEAD", "GET"]
    assert web.asked[1].headers["Range"] == "bytes=0-0"


def test_an_empty_page_has_no_first_byte_and_is_fine(follow: Follow) -> None:
    with WebServer({"/": Page(head=405, status=416)}) as web:
        assert follow(web.url("/")) == ([], {})


def test_who_asks_and_whom_to_write_to_is_said(follow: Follow) -> None:
    with WebServer({"/": Page()}) as web:
        follow(web.url("/"))

    assert "toimitus@example.org" in web.asked[0].headers["User-Agent"]
    assert "newsletter" in web.asked[0].headers["User-Agent"]


def test_a_host_that_does_not_exist_is_an_error(follow: Follow) -> None:
    findings, _ = follow("https://poissa.firma.example/")

    assert said(findings) == [("link-broken", ERROR)]
    assert "poissa.firma.example" in findings[0].message


def test_nothing_said_of_links_when_the_name_service_is_away(follow: Follow) -> None:
    """Without a network nothing passes and nothing is broken: it is skipped."""

    def nobody(host: str) -> list[str]:
        raise NameServiceError(host)

    findings, skipped = follow("https://www.firma.example/", find=nobody)

    assert findings == []
    assert set(skipped) == {rule.id for rule in LINK_RULES}
    assert "https://www.firma.example/" in skipped["link-broken"]


def test_links_not_asked_for_stand_with_their_reasons(follow: Follow) -> None:
    def nobody(host: str) -> list[str]:
        raise NameServiceError(host)

    urls = [f"https://{host}.example/{n}" for host in "abc" for n in range(2)]

    _, skipped = follow(*urls, "https://a.example/unsubscribe", find=nobody)

    told = [
        f"https://{host}.example/0 https://{host}.example/1 "
        f"(the name {host}.example could not be looked up)"
        for host in "abc"
    ]
    told.append("https://a.example/unsubscribe (may do something in its reader's name)")
    assert skipped["link-broken"] == f"not asked for: {'; '.join(told)}"


def test_a_port_that_takes_no_connection_is_a_warning(follow: Follow) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    findings, _ = follow(f"http://127.0.0.1:{port}/")

    assert said(findings) == [("link-broken", WARNING)]


@pytest.mark.parametrize(
    "page",
    [
        Page(wait=0.8),
        Page(trickles=True),  # each read is in time, the whole never is
        Page(breaks=True),
        Page(junk=b"220 mail.firma.example ESMTP\r\n"),
    ],
)
def test_a_server_that_does_not_answer_properly_is_a_warning(follow: Follow, page: Page) -> None:
    with WebServer({"/": page}) as web:
        findings, _ = follow(web.url("/"), timeout=0.3)

    assert said(findings) == [("link-broken", WARNING)]


def test_a_server_that_is_slow_but_in_time_is_fine(follow: Follow) -> None:
    with WebServer({"/": Page(wait=0.1)}) as web:
        assert follow(web.url("/"), timeout=5.0) == ([], {})


def test_a_certificate_of_the_right_host_is_fine(follow: Follow, certificate: Path) -> None:
    with WebServer({"/": Page()}, certificate=certificate) as web:
        assert follow(web.url("/", "www.firma.example")) == ([], {})

    assert web.asked[0].headers["Host"] == f"www.firma.example:{web.port}"


def test_a_certificate_of_another_host_is_an_error(follow: Follow, certificate: Path) -> None:
    with WebServer({"/": Page()}, certificate=certificate) as web:
        findings, _ = follow(web.url("/", "muu.firma.example"))

    assert said(findings) == [("link-broken", ERROR)]
    assert "certificate" in findings[0].message
    assert web.asked == []


def test_tls_with_a_server_that_has_none_is_an_error(follow: Follow) -> None:
    with WebServer({"/": Page()}) as web:
        findings, _ = follow(web.url("/").replace("http:", "https:"))

    assert said(findings) == [("link-broken", ERROR)]


def test_a_server_silent_in_the_handshake_is_left_in_time(follow: Follow) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        findings, _ = follow(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.3)

    assert said(findings) == [("link-broken", WARNING)]


def test_an_address_is_asked_for_as_a_browser_would_write_it(follow: Follow) -> None:
    with WebServer({"/k%C3%A4vely?q=%C3%A4": Page()}) as web:
        assert follow(web.url("/kävely?q=ä", "yhtiö.example")) == ([], {})

    assert web.asked[0].headers["Host"].startswith("xn--")


@pytest.mark.parametrize("url", ["http://[::1/", "http://firma.example:99999/", "https:///x"])
def test_what_is_no_address_is_an_error(follow: Follow, url: str) -> None:
    assert said(follow(url)[0]) == [("link-broken", ERROR)]


# --- redirects ----------------------------------------------------------------------------


def test_a_page_that_moved_within_its_site_is_fine(follow: Follow) -> None:
    with WebServer({"/old": Page(status=301, to="/new"), "/new": Page()}) as web:
        assert follow(web.url("/old")) == ([], {})


@pytest.mark.parametrize(("hops", "count"), [(2, 0), (3, 1), (5, 1)])
def test_more_than_two_hops_are_a_warning(follow: Follow, hops: int, count: int) -> None:
    pages = {f"/{n}": Page(status=302, to=f"/{n + 1}") for n in range(hops)}
    with WebServer({**pages, f"/{hops}": Page()}) as web:
        findings, _ = follow(web.url("/0"))

    assert said(findings) == [("link-redirects", WARNING)] * count


@pytest.mark.parametrize("to", ["/a", "/6"])
def test_a_link_sent_on_for_ever_is_given_up(follow: Follow, to: str) -> None:
    """Five hops are followed, as RFC 9110 leaves the number to the client; a circle is one too."""
    endless = {f"/{n}": Page(status=302, to=f"/{n + 1}") for n in range(6, 20)}
    with WebServer({"/a": Page(status=302, to=to), **endless}) as web:
        findings, _ = follow(web.url("/a"))

    assert said(findings) == [("link-broken", WARNING)]
    assert len(web.asked) <= 6


def test_a_broken_end_is_broken_however_it_is_reached(follow: Follow) -> None:
    with WebServer({"/a": Page(status=302, to="/poissa")}) as web:
        findings, _ = follow(web.url("/a"))

    assert said(findings) == [("link-broken", ERROR)]


def test_an_end_at_another_host_is_a_warning(follow: Follow) -> None:
    with WebServer({"/": Page()}) as far:
        to = far.url("/", "muu.example")
        with WebServer({"/": Page(status=302, to=to)}) as web:
            findings, _ = follow(web.url("/", "firma.example"))

    assert said(findings) == [("link-redirects", WARNING)]
    assert "muu.example" in findings[0].message
    assert to in findings[0].hint


def test_www_in_front_is_the_same_host(follow: Follow) -> None:
    with WebServer({"/": Page()}) as far:
        pages = {"/": Page(status=301, to=far.url("/", "www.firma.example"))}
        with WebServer(pages) as web:
            assert follow(web.url("/", "firma.example")) == ([], {})


def test_a_way_out_of_https_is_a_warning(follow: Follow, certificate: Path) -> None:
    with WebServer({"/": Page()}) as plain:
        pages = {"/": Page(status=301, to=plain.url("/", "www.firma.example"))}
        with WebServer(pages, certificate=certificate) as web:
            findings, _ = follow(web.url("/", "www.firma.example"))

    assert said(findings) == [("link-redirects", WARNING)]
    assert "not encrypted" in findings[0].message


@pytest.mark.parametrize(
    ("to", "count"),
    [
        ("/login?next=/x", 1),
        ("/kirjaudu", 1),
        ("/adfs/ls", 1),
        ("/oauth2/authorize", 1),
        ("/blogin-uutiset", 0),
        ("/ssok", 0),
    ],
)
def test_a_login_at_the_end_is_a_warning(follow: Follow, to: str, count: int) -> None:
    with WebServer({"/x": Page(status=302, to=to), to: Page()}) as web:
        findings, _ = follow(web.url("/x"))

    assert said(findings) == [("link-redirects", WARNING)] * count


def test_a_link_to_a_login_is_no_surprise(follow: Follow) -> None:
    with WebServer({"/login": Page(status=302, to="/login/fi"), "/login/fi": Page()}) as web:
        assert follow(web.url("/login")) == ([], {})


# --- places in pages ----------------------------------------------------------------------

HTML = b"""<!doctype html><!-- id="kommentti" --><h2 id=alku>A</h2><a name='loppu'></a>
<p id="p&auml;iv&auml;">x</p>"""


@pytest.mark.parametrize(
    ("fragment", "count"),
    [
        ("alku", 0),
        ("loppu", 0),
        ("p%C3%A4iv%C3%A4", 0),
        ("top", 0),
        ("!/sivu/2", 0),
        (":~:text=A", 0),
        ("", 0),
        ("poissa", 1),
        ("kommentti", 1),
    ],
)
def test_a_place_that_the_page_has_not_is_a_note(follow: Follow, fragment: str, count: int) -> None:
    with WebServer({"/": Page(body=HTML)}) as web:
        findings, _ = follow(web.url(f"/#{fragment}"))

    assert said(findings) == [("link-fragment", NOTE)] * count
    assert web.paths == ["/"]


@pytest.mark.parametrize(
    "page",
    [
        Page(body=b"%PDF", media_type="application/pdf"),  # #page=2 is the reader's business
        Page(body=HTML + b" " * 600_000),  # too long to be cheap
    ],
)
def test_a_page_that_is_not_looked_through_has_every_place(follow: Follow, page: Page) -> None:
    with WebServer({"/": page}) as web:
        assert follow(web.url("/#poissa")) == ([], {})


# --- the issue as a whole -----------------------------------------------------------------


def test_a_link_in_two_places_is_asked_once_and_reported_twice(follow: Follow) -> None:
    with WebServer({}) as web:
        findings, _ = follow(web.url("/x"), web.url("/x"))

    assert [finding.line for finding in findings] == [1, 2]
    assert [asked.method for asked in web.asked] == ["HEAD", "GET"]


def test_what_is_no_web_link_is_no_business_of_these_rules(follow: Follow) -> None:
    assert follow("mailto:a@example.org", "tel:+358401234567", "#alku") == ([], {})
