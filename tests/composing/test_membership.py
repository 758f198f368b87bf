"""Links to meetings and surveys say who reads: in the copies of readers, and nowhere else."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from newsletter.archive.impersonal import as_anybody_reads
from newsletter.composing import Composer
from newsletter.errors import TamperedLinkError
from newsletter.gateway import options_of, provider_class
from newsletter.links import MemberLinks, member_in, read_member_token, without_member
from newsletter.model import Copy, Counting, Edition, Recipient, Stationery, Tracking
from newsletter.personas import personas_of, take_specimens
from newsletter.press import read_manuscript, render_manuscript, stationery_for
from newsletter.providers import PROVIDERS
from newsletter.settings import Settings, load_settings

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
PUBLIC = "https://news.example.org/kirje"
MEETING, POLL = f"{PUBLIC}/meetings/teemapaiva", f"{PUBLIC}/surveys/toive?vastaus=2&b=1"
NOW = dt.datetime(2026, 12, 15, 7, tzinfo=dt.UTC)
ISSUE = f"""\
---
subject: "Joulukuu"
preheader: "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu."
date: 2026-12-15
---
Tule [teemapäivään]({MEETING}#ohjelma) ja lue [arkistoa]({PUBLIC}/archive).

## Toinen

[Vastaa]({POLL}) tai katso {MEETING}.

::: button {MEETING}
Ilmoittaudu
:::
"""
SETTINGS = f"""\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Example Foundation, Street 1, 00100 Helsinki"
public_url = "{PUBLIC}"
[tracking]
opens = "%s"
"""

Made = tuple[Settings, Edition, Stationery]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-12.md").write_text(ISSUE, encoding="utf-8")
    return tmp_path


def made_of(folder: Path, opens: str = "off") -> Made:
    (folder / "newsletter.toml").write_text(SETTINGS % opens, encoding="utf-8")
    settings = load_settings(folder)
    manuscript = read_manuscript(settings, "2026-12")
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    [edition] = editions.values()
    stationery = stationery_for(settings, manuscript, editions.values())
    return settings, edition, replace(stationery, secret=SECRET, names_readers=True)


def copy_for(
    made: Made, key: str, *, through: str = "outbox", tracking: Tracking = Tracking.GRANTED
) -> Copy:
    """Return the copy that a send makes for the reader with a key, empty for a stranger."""
    settings, edition, stationery = made
    provider = provider_class(settings, through)
    recipient = Recipient(
        delivery=1,
        address="aino@example.org",
        key=key,
        name="Aino",
        language="fi",
        attributes_json="",
        standing="active",
        tracking=tracking,
    )
    composer = Composer(
        stationery,
        provider,
        options_of(settings),
        load_edition=lambda _id: edition,
        now=lambda: NOW,
    )
    call = composer.compose(0, [recipient], key="0" * 32, batch=0)
    return next(iter(provider.read_back(call)))


def hrefs(html: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'<a\b[^>]*\shref="([^"]*)"', html)]


@pytest.mark.parametrize("through", sorted(PROVIDERS))
def test_a_readers_links_say_who_they_are_with_every_provider(folder: Path, through: str) -> None:
    token = MemberLinks(SECRET).link_for("k" * 16)

    copy = copy_for(made_of(folder), "k" * 16, through=through)

    links = hrefs(copy.html)
    assert f"{MEETING}?me={token}#ohjelma" in links
    assert links.count(f"{MEETING}?me={token}") == 1
    assert POLL.replace("?", f"?me={token}&") in links
    assert f"{PUBLIC}/archive" in links
    assert f"{MEETING}?me={token}." in copy.text
    assert POLL.replace("?", f"?me={token}&") in copy.text
    assert read_member_token(SECRET, token) == "k" * 16


def test_a_strangers_test_has_the_plain_links(folder: Path) -> None:
    copy = copy_for(made_of(folder), "")

    assert {f"{MEETING}#ohjelma", MEETING, POLL} <= set(hrefs(copy.html))
    assert "?me=" not in copy.html + copy.text


def test_what_is_checked_built_and_previewed_has_the_plain_links(folder: Path) -> None:
    settings, edition, stationery = made_of(folder)
    [variant] = read_manuscript(settings, "2026-12").variants()
    stationery = replace(stationery, names_readers=False)

    [copy] = take_specimens(
        settings, stationery, {variant: edition}, personas_of({variant: edition}), now=NOW
    )

    assert {MEETING, POLL} <= set(hrefs(copy.html))
    assert "?me=" not in copy.html + copy.text


def test_the_archive_has_the_plain_links_and_every_paragraph(folder: Path) -> None:
    _, edition, _ = made_of(folder)

    html = as_anybody_reads(edition, public_url=PUBLIC).html(lambda place: place)

    assert {f"{MEETING}#ohjelma", MEETING, POLL} <= set(hrefs(html))
    assert "Tule" in html


@pytest.mark.parametrize("opens", [Counting.AGGREGATE, Counting.CONSENTED])
def test_a_counted_link_keeps_what_it_says_behind_its_own_address(
    folder: Path, opens: Counting
) -> None:
    token = MemberLinks(SECRET).link_for("k" * 16)

    made = made_of(folder, opens)
    counted = {link.url for link in made[1].links if link.leads}
    led = [url for url in hrefs(copy_for(made, "k" * 16).html) if url.startswith(f"{PUBLIC}/r/")]

    assert counted == {f"{MEETING}#ohjelma", MEETING, POLL}
    assert {url.partition("?")[2] for url in led} == {
        f"me={token}#ohjelma",
        f"me={token}",
        f"me={token}&vastaus=2&b=1",
    }


def test_whoever_takes_no_part_in_counting_has_their_own_links(folder: Path) -> None:
    plain = hrefs(copy_for(made_of(folder), "k" * 16).html)

    made = made_of(folder, Counting.CONSENTED)
    refusing = hrefs(copy_for(made, "k" * 16, tracking=Tracking.DENIED).html)

    assert [url for url in refusing if "/p/" not in url] == [u for u in plain if "/p/" not in u]


def test_blocks_are_where_they_were_on_the_page(folder: Path) -> None:
    _, edition, _ = made_of(folder)

    assert {edition.html[at] for at, _ in edition.places} == {"<"}
    assert "Ilmoittaudu" in edition.html[edition.places[-2][0] :]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ""),
        ("me=abc.def", "me=abc.def"),
        ("a=1&me=abc.def&b=2", "me=abc.def"),
        ("time=abc.def", ""),
        ("me=abc", ""),
        ("me=abc.def%0d%0aX", ""),
    ],
)
def test_only_a_whole_token_is_passed_on(query: str, told: str) -> None:
    assert member_in(query) == told


PLAIN: Mapping[str, str] = {
    "https://a.example/x?me=abc.def": "https://a.example/x",
    "https://a.example/x?me=abc.def#y": "https://a.example/x#y",
    "https://a.example/x?a=1&me=abc.def": "https://a.example/x?a=1",
    "https://a.example/x?me=abc.def&a=1": "https://a.example/x?a=1",
    "https://a.example/x?name=abc.def": "https://a.example/x?name=abc.def",
}


@pytest.mark.parametrize("url", PLAIN)
def test_a_link_is_known_whosever_it_is(url: str) -> None:
    assert without_member(url) == PLAIN[url]


def test_a_token_that_was_changed_is_nobodys() -> None:
    token = MemberLinks(SECRET).link_for("k" * 16)

    with pytest.raises(TamperedLinkError):
        read_member_token(SECRET, f"x{token}")
