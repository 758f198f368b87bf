"""What following links must never do: act for readers, look inside a network, or press a server."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking.online.memory import recall
from newsletter.checking.online_rules import LINK_RULES
from newsletter.model import Severity
from newsletter.net import NoSuchHostError, is_internal, system_addresses
from tests.checking.online.conftest import NOW, Follow
from tests.servers.web import Page, WebServer

# --- links that act -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/unsubscribe?id=1",
        "/list/UNSUBSCRIBE",
        "/confirm/abc",
        "/x?action=confirm_signup",
        "/peru",
        "/peruuta-tilaus",
        "/avsluta",
        "/rsvp?answer=yes",
        "/opt-out",
        "/%75nsubscribe",
        '/hei?nimi={{ name|"ystävä" }}',
        "/hei?nimi=%7B%7Bname%7D%7D",
        "/hei?nimi=qzx1",
    ],
)
def test_a_link_that_may_act_for_its_reader_is_never_asked_for(follow: Follow, path: str) -> None:
    with WebServer({}) as web:
        findings, skipped = follow(web.url(path))

    assert web.asked == []
    assert findings == []
    assert set(skipped) == {rule.id for rule in LINK_RULES}
    assert web.url(path) in skipped["link-broken"]


@pytest.mark.parametrize(
    "path", ["/perusopetus", "/peruskoulu/peruste", "/superusers", "/uutiset/perunasta"]
)
def test_a_word_that_only_looks_like_one_is_asked_for(follow: Follow, path: str) -> None:
    with WebServer({path: Page()}) as web:
        assert follow(web.url(path)) == ([], {})

    assert web.paths == [path]


def test_own_links_to_leave_are_never_asked_for(follow: Follow) -> None:
    findings, skipped = follow("https://kirje.example/u/abc.def")

    assert findings == []
    assert "kirje.example/u/" in skipped["link-broken"]


def test_a_redirect_to_a_page_that_acts_is_not_followed(follow: Follow) -> None:
    with WebServer({"/a": Page(status=302, to="/unsubscribe/me")}) as web:
        findings, skipped = follow(web.url("/a"))

    assert web.paths == ["/a"]
    assert findings == []
    assert "may do something" in skipped["link-broken"]


# --- inside a network ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.9",
        "0.0.0.0",  # noqa: S104 - never listened on
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",  # between a carrier and its customers (RFC 6598)
        "169.254.169.254",  # where clouds keep their secrets
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_an_address_inside_a_network_is_internal(address: str) -> None:
    assert is_internal(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1", "::ffff:1.1.1.1"],
)
def test_an_address_on_the_internet_is_not(address: str) -> None:
    assert not is_internal(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_internal_as_its_mapped_form(address: object) -> None:
    assert is_internal(str(address)) == is_internal(f"::ffff:{address}")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"]
)
def test_no_way_to_write_loopback_is_asked(follow: Follow, host: str) -> None:
    with WebServer({"/": Page()}) as web:
        url = web.url("/", host)
        findings, _ = follow(url, find=system_addresses, is_forbidden=is_internal)

    assert web.asked == []
    assert [(f.id, f.severity) for f in findings] == [("link-broken", Severity.WARNING)]
    assert "internal address" in findings[0].message


def test_a_name_of_an_internal_address_is_not_asked(follow: Follow) -> None:
    with WebServer({"/": Page()}) as web:
        findings, _ = follow(web.url("/", "sisalla.example"), is_forbidden=is_internal)

    assert web.asked == []
    assert "internal address (127.0.0.1)" in findings[0].message


def test_a_name_of_an_internal_and_a_public_address_is_not_asked(follow: Follow) -> None:
    findings, _ = follow(
        "http://molemmat.example/",
        find=lambda _: ["203.0.113.1", "1.1.1.1", "127.0.0.1"],
        is_forbidden=is_internal,
    )

    assert "internal address" in findings[0].message


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(follow: Follow) -> None:
    """One answer is looked at and connected to; a second one is never asked for (rebinding)."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with WebServer({"/": Page()}) as web:
        assert follow(web.url("/", "vaihtaa.example"), find=lambda _: next(answers)) == ([], {})

    assert next(answers) == ["127.0.0.2"]


def test_each_hop_is_looked_at_again(follow: Follow) -> None:
    """Here 127.0.0.1 plays the internet, and 127.0.0.2 the inside of a network."""

    def find(host: str) -> list[str]:
        return ["127.0.0.2"] if host == "sisalla.example" else ["127.0.0.1"]

    with WebServer({"/": Page()}, address="127.0.0.2") as inner, WebServer({}) as web:
        web.pages["/nimi"] = Page(status=302, to=inner.url("/", "sisalla.example"))
        web.pages["/luku"] = Page(status=302, to=inner.url("/", "127.0.0.2"))
        urls = [web.url("/nimi"), web.url("/luku")]
        findings, _ = follow(*urls, find=find, is_forbidden=lambda a: a == "127.0.0.2")
        asked_inside = list(inner.asked)
        assert follow(*urls, find=find)[0][0].id == "link-redirects"  # the way is there

    assert asked_inside == []
    assert [f.id for f in findings] == ["link-broken", "link-broken"]
    assert all("internal address (127.0.0.2)" in f.message for f in findings)


@pytest.mark.parametrize("to", ["file:///etc/hosts", "ftp://x.example/", "//", "javascript:1"])
def test_a_redirect_to_anything_but_the_web_is_not_followed(follow: Follow, to: str) -> None:
    with WebServer({"/": Page(status=302, to=to)}) as web:
        findings, _ = follow(web.url("/"))

    assert len(web.asked) == 1 or to == "//"
    assert findings[0].id == "link-broken"


def test_a_label_too_long_for_the_system_does_not_exist() -> None:
    with pytest.raises(NoSuchHostError):
        system_addresses("a" * 64 + ".example")


# --- patience -----------------------------------------------------------------------------


def test_a_host_is_asked_two_things_at_once_at_most(follow: Follow) -> None:
    pages = {f"/{n}": Page(wait=0.05) for n in range(12)}
    with WebServer(pages) as web:
        assert follow(*(web.url(path) for path in pages)) == ([], {})

    assert len(web.asked) == 12
    assert web.most_at_once == 2


def test_hosts_do_not_wait_for_one_another(follow: Follow) -> None:
    """A dozen links to a slow host stand before one to a quick one."""
    slow = {f"/{n}": Page(wait=0.05) for n in range(12)}
    with WebServer({**slow, "/nopea": Page()}) as web:
        follow(
            *(web.url(path, "hidas.example") for path in slow), web.url("/nopea", "nopea.example")
        )

    assert web.paths.index("/nopea") < 4


def test_links_there_was_no_time_for_are_skipped_by_name(follow: Follow) -> None:
    pages = {f"/{n}": Page(wait=0.4) for n in range(8)}
    with WebServer(pages) as web:
        findings, skipped = follow(*(web.url(path) for path in pages), budget=0.6)

        assert findings == []
        assert "in the time there was" in skipped["link-broken"]
        assert web.url("/7") in skipped["link-broken"]


# --- memory -------------------------------------------------------------------------------


def test_a_second_check_within_a_day_asks_nobody(follow: Follow, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "links.json"
    with WebServer({"/": Page(), "/a": Page(status=302, to="/1"), "/1": Page()}) as web:
        first = follow(web.url("/"), web.url("/#poissa"), cache=cache)
        asked = len(web.asked)
        later = NOW + dt.timedelta(hours=23)
        second = follow(web.url("/"), web.url("/#poissa"), cache=cache, now=later)

    assert first == second
    assert [finding.id for finding in second[0]] == ["link-fragment"]
    assert len(web.asked) == asked


def test_after_a_day_links_are_asked_for_again(follow: Follow, tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    with WebServer({"/": Page()}) as web:
        follow(web.url("/"), cache=cache)
        follow(web.url("/"), cache=cache, now=NOW + dt.timedelta(hours=24))

    assert len(web.asked) == 2


def test_a_broken_link_is_asked_for_again_at_once(follow: Follow, tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    with WebServer({}) as web:
        assert follow(web.url("/"), cache=cache)[0]
        web.pages["/"] = Page()
        assert follow(web.url("/"), cache=cache) == ([], {})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 1}',
        b'{"format": 1, "visits": {"http://x/": {}}}',
        b'{"format": 1, "visits": {"http://x/": {"at": "2026-11-24T08:00:00"}}}',
        b'{"format": 99, "visits": {}}',
    ],
)
def test_a_memory_that_cannot_be_read_is_none(
    follow: Follow, tmp_path: Path, content: bytes
) -> None:
    cache = tmp_path / "links.json"
    cache.write_bytes(content)
    with WebServer({"/": Page()}) as web:
        assert follow(web.url("/"), cache=cache) == ([], {})

    assert list(json.loads(cache.read_text())["visits"]) == [web.url("/")]
    assert [path.name for path in tmp_path.iterdir()] == ["links.json"]


def test_a_time_from_the_future_is_not_believed(follow: Follow, tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    with WebServer({"/": Page()}) as web:
        follow(web.url("/"), cache=cache)

    assert recall(cache, NOW - dt.timedelta(hours=1)) == {}


def test_a_folder_that_takes_no_files_is_no_reason_to_stop(follow: Follow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with WebServer({"/": Page()}) as web:
        assert follow(web.url("/"), cache=tmp_path / "file" / "links.json") == ([], {})
