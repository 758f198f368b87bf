"""Hosts are told apart by who owns them, and by whether anybody may come in."""

import pytest

from newsletter.checking.instruments import host_of, own_domains, readable_host, registrable
from newsletter.checking.instruments.hosts import PRIVATE
from tests.checking.conftest import Maker
from tests.checking.desk import letter


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("www.example.org", "example.org"),
        ("example.org.", "example.org"),
        ("a.b.example.fi", "example.fi"),
        ("www.example.co.uk", "example.co.uk"),
        ("Example.ORG", "example.org"),
        ("xn--hmeenlinna-q5a.fi", "hämeenlinna.fi"),
        ("www.yritys.kawasaki.jp", "www.yritys.kawasaki.jp"),  # every city of Japan is shared
        ("a.b.ac.nz", "b.ac.nz"),
        ("blog.aino.github.io", "aino.github.io"),  # whoever has an account has a name there
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("10.0.0.1", "10.0.0.1"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_the_owned_part_of_a_name(host: str, owned: str) -> None:
    assert registrable(host) == owned


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org/a?b#c", "www.example.org"),
        ("https://xn--hmeenlinna-q5a.fi:8443/", "hämeenlinna.fi"),
        ("https://example.org@example.com@example.net/", "example.net"),
        ("http://[::1]:8080/", "[::1]"),
        ("https://[example.org", "[example.org"),  # what is wrong with it is said elsewhere
        ("mailto:aino@example.org", ""),
        ("#alku", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


def test_nobody_owns_a_host_without_a_name(draft_of: Maker) -> None:
    draft = draft_of(letter("Hei."), from_="Kirje <kirje@www.example.org>", public_url="")

    assert own_domains(draft) == {"example.org"}


def test_a_name_that_cannot_be_decoded_stays_as_it_is() -> None:
    assert readable_host("xn--.org") == "xn--.org"


@pytest.mark.parametrize(
    "url",
    [
        "https://example-my.sharepoint.com/:p:/g/personal/aino",
        "https://onedrive.live.com/edit.aspx?resid=1",
        "https://1drv.ms/w/s!Abc",
        "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0",
        "https://outlook.office.com/calendar/item/1",
        "https://teams.microsoft.com/l/message/19%3aabc/1",
        "https://forms.office.com/Pages/DesignPageV2.aspx?id=1",
        "https://www.canva.com/design/abc/edit",
        "https://intra.example.org",
        "https://www.example.org/wp-admin/post.php?post=5",
    ],
)
def test_a_place_of_the_house_is_private(url: str) -> None:
    assert PRIVATE.search(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.google.com/document/d/e/1AbC/pub",
        "https://forms.office.com/e/abc",
        "https://teams.microsoft.com/l/meetup-join/19%3aabc/0",
        "https://drive.google.com/file/d/1AbC/view",
        "https://www.canva.com/design/abc/view",
        "https://www.example.org/intra/",
        "https://introductions.example.org/",
    ],
)
def test_a_place_for_all_is_not(url: str) -> None:
    assert not PRIVATE.search(url)
