"""Who takes part in counting, what of a mail leads through the public service, and what never."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from newsletter.counted_links import CountedLinks
from newsletter.model import Counting, Persona, Specimen, Tracking, Variant
from newsletter.personas import take_specimens
from newsletter.press import NO_SECRET, read_manuscript, render_manuscript, stationery_for
from newsletter.providers import PROVIDERS
from newsletter.settings import Settings, load_settings

NOW = dt.datetime(2026, 12, 15, 7, tzinfo=dt.UTC)
PUBLIC = "https://news.example.org/kirje"
GUIDE, PAGE = "https://www.example.org/opas?a=1&b=%C3%A4#luku", "https://www.example.net/"
REGISTER = "https://www.example.org/ilmo"
LEGAL = "https://www.example.org/tietosuoja"
ISSUE = f"""\
---
subject: "Joulukuu"
preheader: "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu."
date: 2026-12-15
---
Hei {{{{ name|"sinä" }}}}! Lue [opas]({GUIDE}), [sivu]({PAGE}) ja [opas]({GUIDE}).

[www.example.com/x](https://www.example.com/x) on osoite, [tämä](mailto:a@example.org) toinen,
[omasi](https://www.example.org/?n={{{{ name }}}}) kolmas ja [selosteemme]({LEGAL}) neljäs.

::: button {REGISTER}
Ilmoittaudu
:::
"""
SETTINGS = """\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Example Foundation, Street 1, 00100 Helsinki"
public_url = "{public}"
[brand]
legal = "[Tietosuoja]({legal})"
[tracking]
opens = "{opens}"
"""
TYPICAL = Persona(id="typical", variant=Variant(language="fi"), values={"name": "Åke"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-12.md").write_text(ISSUE, encoding="utf-8")
    return tmp_path


def settings_in(folder: Path, opens: str) -> Settings:
    text = SETTINGS.format(public=PUBLIC, legal=LEGAL, opens=opens)
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def copies(settings: Settings, *consents: Tracking, through: str = "") -> list[Specimen]:
    manuscript = read_manuscript(settings, "2026-12")
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    stationery = stationery_for(settings, manuscript, editions.values())
    readers = [
        replace(TYPICAL, address=f"{number}@example.org", tracking=consent)
        for number, consent in enumerate(consents)  # a provider knows them by their addresses
    ]
    return take_specimens(settings, stationery, editions, readers, through=through, now=NOW)


def addresses(copy: Specimen) -> list[str]:
    return [unescape(url) for url in re.findall(r'<a\b[^>]*\shref="([^"]*)"', copy.html)]


def pictures(copy: Specimen) -> list[str]:
    return re.findall(rf'<img src="{PUBLIC}/o/[\w-]+\.gif"[^>]*>', copy.html)


@pytest.mark.parametrize(
    ("opens", "consent", "takes_part"),
    [
        ("off", Tracking.GRANTED, False),
        ("provider", Tracking.GRANTED, False),
        ("aggregate", Tracking.GRANTED, True),
        ("aggregate", Tracking.UNKNOWN, True),
        ("aggregate", Tracking.DENIED, False),
        ("consented", Tracking.GRANTED, True),
        ("consented", Tracking.UNKNOWN, False),
        ("consented", Tracking.DENIED, False),
    ],
)
def test_only_who_takes_part_is_led_through_us(
    folder: Path, opens: str, consent: Tracking, *, takes_part: bool
) -> None:
    [copy] = copies(settings_in(folder, opens), consent)

    led = [url for url in addresses(copy) if url.startswith(f"{PUBLIC}/r/")]
    assert len(led) == (4 if takes_part else 0)
    assert len(pictures(copy)) == takes_part
    assert (GUIDE in addresses(copy)) != takes_part


def test_what_the_templates_wrote_and_what_is_an_address_in_words_leads_where_it_did(
    folder: Path,
) -> None:
    plain, led = (
        [url for url in addresses(copy) if not url.startswith(f"{PUBLIC}/p/")]  # the choice itself
        for opens in ("off", "consented")
        for copy in copies(settings_in(folder, opens), Tracking.GRANTED)
    )

    changed = {before for before, after in zip(plain, led, strict=True) if before != after}
    assert changed == {GUIDE, PAGE, REGISTER}
    for kept in (LEGAL, "https://www.example.com/x", "mailto:a@example.org"):
        assert kept in led
    assert any(url.startswith(f"{PUBLIC}/u/") for url in led)


def test_the_plain_text_is_the_authors_own(folder: Path) -> None:
    taking, other = copies(settings_in(folder, "consented"), Tracking.GRANTED, Tracking.DENIED)

    assert taking.text == other.text.replace("1@example.org", "0@example.org")
    assert GUIDE in taking.text


def test_an_aggregate_address_is_the_same_for_all_and_a_persons_is_theirs(folder: Path) -> None:
    same = copies(settings_in(folder, "aggregate"), Tracking.GRANTED, Tracking.GRANTED)
    own = copies(settings_in(folder, "consented"), Tracking.GRANTED, Tracking.GRANTED)

    assert same[0].html == same[1].html.replace("1@example.org", "0@example.org")
    assert pictures(own[0]) != pictures(own[1])
    token = pictures(same[0])[0].partition("/o/")[2].partition(".")[0]
    assert CountedLinks(PUBLIC, NO_SECRET).read_opened(token) == (0, 0)


def test_a_copy_is_the_same_but_for_that(folder: Path) -> None:
    taking, other = copies(settings_in(folder, "consented"), Tracking.GRANTED, Tracking.DENIED)
    numbered = {"1": GUIDE, "2": PAGE, "5": REGISTER}  # others have numbers, and lead straight

    html = taking.html.replace(pictures(taking)[0], "")
    back = re.sub(rf"{PUBLIC}/r/[\w-]+\.(\d)", lambda m: numbered[m[1]].replace("&", "&amp;"), html)

    assert back == other.html.replace("1@example.org", "0@example.org")


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_every_provider_carries_the_same_addresses(folder: Path, provider: str) -> None:
    settings = settings_in(folder, "consented")
    consents = (Tracking.GRANTED, Tracking.DENIED)

    ours, theirs = copies(settings, *consents), copies(settings, *consents, through=provider)

    for copy, other in zip(theirs, ours, strict=True):
        foreign = [url for url in addresses(copy) if url not in addresses(other)]
        assert len(foreign) <= 1  # a way to leave that the provider itself puts there
        assert [url for url in addresses(copy) if url not in foreign] == addresses(other)
    assert [pictures(copy) for copy in theirs] == [pictures(copy) for copy in ours]


@pytest.mark.parametrize("opens", list(Counting))
def test_readers_are_told_where_something_is_counted_and_can_refuse_it(
    folder: Path, opens: Counting
) -> None:
    [copy] = copies(settings_in(folder, opens), Tracking.UNKNOWN)

    assert ("Muuta valintaasi" in copy.html) == opens.is_ours
    assert ("Muuta valintaasi" in copy.text) == opens.is_ours
    assert ("mitataan" in copy.text or "Mittaamme" in copy.text) == opens.is_ours


@pytest.mark.parametrize("opens", list(Counting))
def test_each_reader_has_a_way_to_what_they_get(folder: Path, opens: Counting) -> None:
    [copy] = copies(settings_in(folder, opens), Tracking.UNKNOWN)

    for part in (copy.html, copy.text):
        assert f"{PUBLIC}/p/" in part
        assert "Muuta asetuksia" in part
