"""Every kind of feed becomes plain text, whatever stands in it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from newsletter.collecting.feeds import LONGEST_TEXT, MOST_ITEMS, Feed, read_feed, shorten
from newsletter.collecting.items import Item, Window
from newsletter.errors import FeedError
from tests.collecting.conftest import rss, rss_item

HELSINKI = ZoneInfo("Europe/Helsinki")
URL = "https://www.example.org/news/feed.xml"

RSS_1 = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://www.example.org/"><title>Arkisto</title></channel>
<item rdf:about="https://www.example.org/1"><title>Tutkimus</title>
<link>https://www.example.org/1</link><description>Uusi.</description>
<dc:date>2026-12-01T23:30:00Z</dc:date></item></rdf:RDF>"""

ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Blogi</title>
<entry><title type="html">Työ &amp;amp; &lt;b&gt;arki&lt;/b&gt;</title>
<link rel="alternate" href="../juttu"/><id>tag:example.org,2026:1</id>
<updated>2026-12-03T10:00:00+02:00</updated><published>2026-12-02T10:00:00+02:00</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Yksi.</p><p>Kaksi.</p></div>
</content></entry></feed>"""


def read(body: str | bytes, *, name: str = "", content_type: str = "application/xml") -> Feed:
    """Read a feed as it would come from the web."""
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, url=URL, content_type=content_type, name=name, zone=HELSINKI)


def only(body: str | bytes) -> Item:
    """Read a feed of one item."""
    [item] = read(body).items
    return item


def test_rss_2_is_read() -> None:
    text = "&lt;p&gt;Haku on auki.&lt;/p&gt;"

    item = only(rss(rss_item("Avustukset", link="https://www.example.org/a", text=text)))

    assert item == Item(
        source="Example Foundation",
        title="Avustukset",
        link="https://www.example.org/a",
        date=dt.date(2026, 12, 1),
        summary="Haku on auki.",
    )


def test_rss_1_is_read_and_its_day_is_that_of_the_newsletter() -> None:
    item = only(RSS_1)

    assert (item.source, item.title, item.summary) == ("Arkisto", "Tutkimus", "Uusi.")
    assert item.date == dt.date(2026, 12, 2)  # 23.30 in Greenwich


def test_atom_is_read() -> None:
    item = only(ATOM)

    assert (item.source, item.title, item.summary) == ("Blogi", "Työ & arki", "Yksi. Kaksi.")
    assert item.link == "https://www.example.org/juttu"
    assert item.date == dt.date(2026, 12, 2)  # published, not updated


def test_the_editors_name_for_a_feed_wins() -> None:
    assert read(rss(rss_item("a")), name="Säätiö").items[0].source == "Säätiö"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("A &amp; B", "A & B"),
        ("1 &lt; 2", "1 < 2"),
        ("&lt;b&gt;Uutta&lt;/b&gt;", "Uutta"),
        # words, not markup: harmless, as an issue shows them letter for letter
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<![CDATA[<b>Uutta</b> &amp; vanhaa]]>", "Uutta & vanhaa"),
        ("{{ name }} ::: button", "{{ name }} ::: button"),
        ("kaksi\n   riviä", "kaksi riviä"),
        ("ny&#x202e;t", "nyt"),
    ],
)
def test_a_title_is_plain_text(title: str, shown: str) -> None:
    assert only(rss(rss_item(title))).title == shown


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/juttu", "https://www.example.org/juttu"),
        ("https://www.example.org/a?utm_source=rss&amp;id=3", "https://www.example.org/a?id=3"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_link_is_a_web_address_that_counts_nobody(link: str, kept: str) -> None:
    assert only(rss(rss_item("a", link=link))).link == kept


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Foo 99999 10:00:00 GMT"])
def test_a_date_that_is_missing_or_none_is_left_out(date: str) -> None:
    assert only(rss(rss_item("a", date=date))).date is None


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_a_feed_may_be_in_any_encoding(encoding: str) -> None:
    text = rss(rss_item("Työ ja äly")).replace("UTF-8", encoding)

    assert only(text.encode(encoding)).title == "Työ ja äly"


def test_a_feed_that_names_a_wrong_encoding_is_read_and_not_called_broken() -> None:
    feed = read(rss(rss_item("Työ")), content_type="text/xml; charset=us-ascii")

    assert feed.items[0].title == "Työ"
    assert not feed.is_broken


def test_of_broken_xml_what_can_be_read_is_taken() -> None:
    feed = read(rss(rss_item("Ehjä"), "<item><title>Rikki & poikki</title>"))

    assert feed.is_broken
    assert feed.items[0].title == "Ehjä"


def test_a_web_page_names_its_feed() -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/f.xml"></head>'

    with pytest.raises(FeedError, match=r"a web page.*https://www\.example\.org/f\.xml"):
        read(page, content_type="text/html")


@pytest.mark.parametrize("body", ["", "words", "{}", "<html></html>", b"\x00\xff\x89PNG"])
def test_what_is_no_feed_is_said_to_be_none(body: str | bytes) -> None:
    with pytest.raises(FeedError, match=r"no(t a)? feed"):
        read(body)


def test_a_feed_without_items_is_a_feed() -> None:
    assert read(rss()).items == ()


def test_entities_do_not_multiply() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )

    feed = read(f"{bomb}]>" + rss(rss_item("&i; a")).partition("?>")[2])

    assert all(len(item.title) <= LONGEST_TEXT for item in feed.items)


def test_the_same_news_come_once_and_only_so_many() -> None:
    many = [rss_item(str(n), link=f"https://www.example.org/{n}") for n in range(MOST_ITEMS + 9)]

    feed = read(rss(many[0], *many))

    assert len(feed.items) == MOST_ITEMS - 1  # of those looked at, two are one


def test_an_item_without_a_title_is_called_by_its_words() -> None:
    item = only(rss(rss_item("", text="Lyhyt viesti.")))

    assert (item.title, item.summary) == ("Lyhyt viesti.", "")


def test_long_words_end_after_a_word() -> None:
    text = "sana " * 100

    assert shorten(text.strip()) == "sana " * 39 + "sana…"
    assert len(shorten("x" * 999)) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2026-11-30", False), ("2026-12-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_month_holds_its_days(day: str, holds: bool) -> None:
    item = Item(source="a", title="b", link="", date=dt.date.fromisoformat(day), summary="")

    assert Window.of_month("2026-12").holds(item) is holds


@pytest.mark.parametrize("text", ["2026", "12/2026", "2026-1", "2026-12-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Window.of_month(text)


# --- addresses, order, days ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("spip.php?article123&amp;utm_source=rss", "spip.php?article123"),
        ("?/uutiset/kevat&amp;utm_source=rss&amp;UTM_medium=rss", "?/uutiset/kevat"),
        ("haku?q=ty%F6&amp;utm_campaign=x", "haku?q=ty%F6"),
        ("a?x=1;y=2&amp;utm_source=x", "a?x=1;y=2"),
        (
            "a?$filter=id%20eq%205&amp;d=1:2,3/4&amp;utm_source=x",
            "a?$filter=id%20eq%205&d=1:2,3/4",
        ),
        ("a?utm_source=x&amp;b=%2b+c&amp;utm_id=1&amp;d#osa", "a?b=%2b+c&d#osa"),
        ("a?utm_source=x#osa", "a#osa"),
        ("a?nutm_b=1", "a?nutm_b=1"),
        ("a?p=1#utm_source=x", "a?p=1#utm_source=x"),  # a place in a page is its site's own
        ("haku?q=ty%F6&amp;article123", "haku?q=ty%F6&article123"),
    ],
)
def test_marks_that_count_readers_go_and_not_a_byte_beside_them(link: str, kept: str) -> None:
    item = only(rss(rss_item("a", link=f"https://www.example.org/{link}")))

    assert item.link == f"https://www.example.org/{kept}"


def test_items_that_only_their_feed_tells_apart_stay_apart() -> None:
    page = "<link>https://www.example.org/uutiset</link>"
    one = [f"<item><title>Haku</title>{page}<guid>a{n}</guid></item>" for n in range(3)]
    by_place = [rss_item("Osa", link=f"https://www.example.org/u#o{n}") for n in range(2)]

    assert len(read(rss(*one, *by_place, *one)).items) == 5


def test_the_newest_come_first_and_are_kept_whatever_the_order() -> None:
    day = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
    dates = [f"{day + dt.timedelta(hours=n):%a, %d %b %Y %H:%M:%S +0000}" for n in range(300)]

    items = read(rss(*(rss_item(f"{n}", date=date) for n, date in enumerate(dates)))).items

    assert [item.title for item in items] == [str(n) for n in range(299, 99, -1)]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Tue, 01 Dec 2026 23:30:00", 1),  # without a zone: the newsletter's own
        ("Tue, 01 Dec 2026 23:30:00 EET", 1),  # with one that nobody listed
        ("2026-12-01T23:30:00", 1),
        ("2026-12-01", 1),
        ("Tue, 01 Dec 2026 23:30:00 +0000", 2),
        ("Tue, 01 Dec 2026 23:30:00 GMT", 2),
        ("2026-12-01T23:30:00Z", 2),
        ("2026-12-01T23:30:00.000-02:00", 2),
        ("Tue, 01 Dec 2026 18:30:00 EST", 2),
    ],
)
def test_a_time_without_a_zone_is_the_newsletters(date: str, day: int) -> None:
    assert only(rss(rss_item("a", date=date))).date == dt.date(2026, 12, day)


def test_a_day_without_a_time_stays_that_day_west_of_greenwich() -> None:
    body = rss(rss_item("a", date="2026-12-01")).encode()
    zone = ZoneInfo("America/New_York")

    [item] = read_feed(body, url=URL, content_type="", name="", zone=zone).items

    assert item.date == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    "inner",
    [
        "<a " + " ".join(f'a{n}="1"' for n in range(500)) + "/>",
        "".join(f'<q{n}:a xmlns:q{n}="u{n}"/>' for n in range(2500)),
    ],
    ids=["attributes", "namespaces"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_would_cost_more_than_its_length_is_refused(inner: str, encoding: str) -> None:
    with pytest.raises(FeedError, match=r"no(t a)? feed"):
        read(rss(inner).replace("UTF-8", encoding).encode(encoding))


def test_deep_html_costs_no_more_than_its_head() -> None:
    deep = "&lt;table&gt;&lt;tr&gt;&lt;td&gt;" * 30_000

    assert only(rss(rss_item("a", text=f"Alku. {deep}"))).summary == "Alku."


def test_a_picture_that_carries_its_bytes_hides_no_words() -> None:
    picture = f"&lt;img src='data:image/png;base64,{'A' * 50_000}'&gt;"

    assert only(rss(rss_item("a", text=f"{picture}Teksti."))).summary == "Teksti."
