"""Feeds are valid, have whole addresses, and hold whatever an issue may say."""

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive import Access, ArchivedIssue, PublicEdition, Served, atom_feed, json_feed
from newsletter.archive.gist import Gist
from newsletter.face import Face
from newsletter.face.faces import Imprint

_ATOM = "{http://www.w3.org/2005/Atom}"
_AT = Served(base="/kirje", root="https://news.example.org/kirje", leave="/kirje/leave")
_OWN = Imprint(
    title="Kirje & co", sender="S", reply_to="a@example.org", emblem=None, social=(), legal=()
)
_FACE = Face(
    language="fi",
    imprints=dict.fromkeys(("fi", "sv", "en"), _OWN),
    assets={},
    sheet="",
    bar="",
    icon="",
    themes=("", ""),
    colours={},
    dark={},
)


def _issue(number: int, subject: str = "Aihe", article: str = "<p>Hei</p>") -> ArchivedIssue:
    gist = Gist(
        summary=subject,
        headings="",
        words="",
        picture=f"{'a' * 20}.png",
        picture_alt="",
        article=article,
    )
    edition = PublicEdition(
        language="fi",
        subject=subject,
        digest="",
        gist=gist,
        marked_html="",
        pictures=frozenset(),
    )
    day = dt.date(2026, 1, 1) - dt.timedelta(days=number)
    return ArchivedIssue(
        id=f"n{number}",
        date=day,
        at=dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC),
        access=Access.LISTED,
        editions={"fi": edition},
    )


def test_a_feed_has_twenty_issues_and_leads_to_the_next() -> None:
    issues = [_issue(number) for number in range(45)]

    pages = [ET.fromstring(atom_feed(_FACE, issues, "fi", _AT, page=n)) for n in (1, 2, 3)]  # noqa: S314 - our own

    ids = [[entry.findtext(f"{_ATOM}id") for entry in p.iter(f"{_ATOM}entry")] for p in pages]
    assert [len(page) for page in ids] == [20, 20, 5]
    assert ids[0][0] == "https://news.example.org/kirje/n0?lang=fi"
    following = [p.find(f"{_ATOM}link[@rel='next']") for p in pages]
    assert [link.get("href") if link is not None else None for link in following] == [
        "https://news.example.org/kirje/feed.atom?lang=fi&page=2",
        "https://news.example.org/kirje/feed.atom?lang=fi&page=3",
        None,
    ]


def test_each_page_of_a_feed_names_itself_and_its_neighbours() -> None:
    issues = [_issue(number) for number in range(45)]

    feed = ET.fromstring(atom_feed(_FACE, issues, "fi", _AT, page=2))  # noqa: S314 - our own

    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{_ATOM}link")}
    place = "https://news.example.org/kirje/feed.atom?lang=fi"
    assert links["self"] == f"{place}&page=2"
    assert (links["previous"], links["next"]) == (place, f"{place}&page=3")


def test_a_feed_says_in_which_language_each_issue_is() -> None:
    feed = ET.fromstring(atom_feed(_FACE, [_issue(1)], "sv", _AT))  # noqa: S314 - our own

    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [feed.get(lang), *(e.get(lang) for e in feed.iter(f"{_ATOM}entry"))] == ["sv", "fi"]


def test_all_addresses_of_a_feed_are_whole() -> None:
    article = (
        f'<p><img alt="x" src="pictures/{"a" * 20}.png"><a href="https://a.example/">x</a></p>'
    )

    atom = atom_feed(_FACE, [_issue(1, article=article)], "sv", _AT).decode()
    told = json.loads(json_feed(_FACE, [_issue(1, article=article)], "sv", _AT))

    assert not re.findall(r"(?:href|src)=(?:\"|&quot;)(?!https://)", atom)
    assert "localhost" not in atom
    [item] = told["items"]
    assert item["image"] == f"https://news.example.org/kirje/pictures/{'a' * 20}.png"
    assert f'src="{item["image"]}"' in item["content_html"]
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "home_page_url", "feed_url", "items"} <= told.keys()


def test_a_feed_is_what_readers_of_feeds_understand() -> None:
    found = feedparser.parse(atom_feed(_FACE, [_issue(1), _issue(2)], "fi", _AT))

    assert not found.bozo
    assert found.feed.title == "Kirje & co"
    assert [entry.title for entry in found.entries] == ["Aihe", "Aihe"]
    assert found.entries[0].published_parsed is not None


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ufffe", "]]>", "<&\"'"])
def test_no_sign_makes_a_feed_invalid(sign: str) -> None:
    issue = _issue(1, subject=f"a{sign}b", article=f"<p>{sign}</p>")

    assert ET.fromstring(atom_feed(_FACE, [issue], "fi", _AT)) is not None  # noqa: S314 - our own


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_feed_is_xml_whatever_an_issue_says(subject: str, article: str) -> None:
    issue = _issue(1, subject=subject, article=article)

    ET.fromstring(atom_feed(_FACE, [issue], "fi", _AT))  # noqa: S314 - our own
    json.loads(json_feed(_FACE, [issue], "fi", _AT))
