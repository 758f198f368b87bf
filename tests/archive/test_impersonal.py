"""What anybody reads of an issue has no reader in it, and no words become markup."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.gist import gist_of
from newsletter.archive.impersonal import as_anybody_reads
from newsletter.model import Edition, Picture, Slot

_URL = "https://news.example.org"
_SLOTS = (
    Slot(marker="zqkez", name="email"),
    Slot(marker="zqkuz", name="unsubscribe_url"),
    Slot(marker="zqkpz", name="preferences_url"),
    Slot(marker="zqkq0z", name="name", fallback="hyvä lukija", source="{{ name }}"),
    Slot(marker="zqkq1z", name="region", source="{{ region }}"),
)
_HTML = """<!doctype html><html><head><title>x</title></head><body>
<p class="edition">Nro 6 · <a href="https://news.example.org/2026-06?lang=fi">täällä</a></p>
<div role="main"><h1>Otsikko</h1><p>Hei zqkq0z, zqkq1z!</p>
<p><a href="https://a.example/?n=zqkq0z">x</a></p>
<img src="cid:0123456789abcdef0123" width="536" alt="Järvi"></div>
<div><p>Kerrottu</p><p>Sait tämän osoitteeseen <b>zqkez</b>.</p>
<p>Laskemme. <a href="zqkpz">Valitse</a></p><p><a href="zqkuz">Pois</a>
 · <a href="zqkpz">Asetukset</a></p>
</div>
</body></html>"""


def _edition(html: str = _HTML, subject: str = "Hei zqkq0z") -> Edition:
    picture = Picture(
        source="a.png",
        digest="0123456789abcdef0123",
        media_type="image/png",
        width=1072,
        height=600,
        data=b"",
    )
    return Edition(
        issue_id="2026-06",
        variant="fi",
        language="fi",
        subject=subject,
        html=html,
        text="",
        slots=_SLOTS,
        pictures=(picture,),
    )


def test_places_of_readers_have_their_fallbacks_or_are_gone() -> None:
    read = as_anybody_reads(_edition(), public_url=_URL)

    html = read.html(lambda path: f"/p/{path}")

    assert read.subject == "Hei hyvä lukija"
    assert "Hei hyvä lukija, !" in html
    assert "?n=hyv%C3%A4%20lukija" in html
    assert "Sait tämän" not in html
    assert "Laskemme" not in html
    assert "Asetukset" not in html
    assert '<p><a href="/p/leave">Pois</a></p>' in html
    assert "zqk" not in html


def test_pictures_are_found_and_the_way_to_this_very_page_is_gone() -> None:
    read = as_anybody_reads(_edition(), public_url=_URL)

    html = read.html(lambda path: f"/p/{path}")

    assert 'src="/p/pictures/0123456789abcdef0123.png"' in html
    assert '<p class="edition">Nro 6</p>' in html
    assert read.pictures == {"0123456789abcdef0123.png"}
    assert read.gist.picture == "0123456789abcdef0123.png"


@pytest.mark.parametrize("media_url", ["", "https://static.example.net/kirje"])
def test_hosted_pictures_are_the_archives_own(media_url: str) -> None:
    place = f"{media_url or _URL}/pictures"
    hosted = f'<img srcset="{place}/{"a" * 20}.jpg 1x, {place}/{"b" * 20}.jpg 2x">'
    other = "https://evil.example/pictures/cccccccccccccccccccc.jpg"
    edition = replace(_edition(f'{hosted}<img src="{other}">'), pictures=())

    read = as_anybody_reads(edition, public_url=_URL, media_url=media_url)
    html = read.html(lambda path: path)

    assert f"pictures/{'a' * 20}.jpg 1x, pictures/{'b' * 20}.jpg 2x" in html
    assert other in html


@pytest.mark.parametrize("place", ['x"><script>', "javascript:alert(1)"])
def test_a_place_stays_within_its_attribute(place: str) -> None:
    html = as_anybody_reads(_edition(), public_url=_URL).html(lambda _path: place)

    assert "<script>" not in html


def test_a_gist_says_what_the_page_says_and_no_more() -> None:
    page = """<html><head><title>t</title><style>p{}</style></head>
    <body><div style="display:none">Esikatselu&#847; &#847;</div><div role="main">
    <table role="presentation"><tr><td><h1>Työn&shy;haku</h1>
    <p>Yksi <b>kak</b>si.</p></td></tr></table>
    <table><tr><th>Nimi</th><td>5 %</td></tr></table><script>alert(1)</script>
    <p><a href="javascript:x" onclick="y">linkki</a></p></div>
    <div role="contentinfo"><p>Katu 1</p></div></body></html>"""

    gist = gist_of(page)

    assert gist.summary == "Esikatselu"
    assert gist.words == "Työnhaku\nYksi kaksi.\nNimi\n5 %\nlinkki"
    assert gist.headings == "Työnhaku"
    assert "<table><tbody><tr><th>Nimi</th><td>5 %</td></tr></tbody></table>" in gist.article
    assert "alert" not in gist.article
    assert "javascript" not in gist.article
    assert "<a>linkki</a>" in gist.article


def test_what_a_feed_shows_has_no_link_that_leads_nowhere_there() -> None:
    """A template may have no main part, so that the foot with its ways is in the feed, too."""
    html = _HTML.replace(' role="main"', "").replace("Otsikko", '<a href="#top">Otsikko</a>')

    article = as_anybody_reads(_edition(html), public_url=_URL).gist.article

    assert re.findall('href="([^"]*)"', article) == ["https://a.example/?n=hyv%C3%A4%20lukija"]
    assert "Pois" in article


@given(st.text(max_size=200))
def test_any_page_has_a_gist(html: str) -> None:
    gist_of(f"<html><body>{html}</body></html>")
