"""Whatever a subscriber is called arrives as those characters and does no more."""

import re
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.composing.slots import (
    for_header,
    split_at_slots,
    split_html_at_slots,
    split_text_at_slots,
)
from newsletter.model import Edition, Slot
from tests.render.conftest import Render
from tests.render.newsletters import fill

FRONT = 'subject: "Hei {{ name }}!"\npreheader: "{{ name }}: kysely"\ndate: 2026-12-15'
BODY = (
    "Hei {{ name }}!\n\n"
    '[{{ name }}](https://example.org/{{ name }}?n={{ name }}&x=1 "{{ name }}")\n\n'
    '![{{ name }}](https://example.org/a.png "{{ name }}")\n\n'
    "| {{ name }} |\n|---|\n| {{ name }} |\n\n"
    "::: button https://example.org/?n={{ name }}\n{{ name }}\n:::\n"
)
HOSTILE = [
    "<b>",  # markup
    '"><script>alert(1)</script>',  # markup that leaves an attribute
    "' onload='x",  # an attribute
    "{{7*7}}",  # template languages
    "{{ email }}",
    "{% if x %}",
    "%recipient.x%",
    "\\g<0>\\1$1",  # references of regular expressions
    "&amp;&lt;",  # character references
    "a&b=c#d/../e?f g",  # parts of addresses
    "=?utf-8?q?a?=",  # an encoded word
    "א\u202eב\u2066",  # right to left, override
    "👩🏽‍🚀 e\u0301",  # several code points for one sign
    "x" * 998,
    "Ä" * 998,
]


@pytest.fixture(scope="module")
def edition(render: Render) -> Edition:
    """Return an edition with the name in every kind of place."""
    return render(BODY, front=FRONT)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_arrives_as_its_characters(name: str, edition: Edition) -> None:
    subject, html, text = fill(edition, {"name": name})

    assert subject == f"Hei {for_header(name)}!"
    assert f"Hei {name}!" in text.replace("\n", " ")
    assert page_text(html).count(name) == 7
    assert attributes(html, "title", "alt").count(name) == 3


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_changes_no_element(name: str, edition: Edition) -> None:
    _, harmless, _ = fill(edition, {"name": "Maija"})

    _, html, _ = fill(edition, {"name": name})

    assert elements(html) == elements(harmless)


@pytest.mark.parametrize("name", HOSTILE)
def test_name_within_an_address_is_percent_encoded(name: str, edition: Edition) -> None:
    _, html, _ = fill(edition, {"name": name})

    [link, button] = [url for url in attributes(html, "href") if "example.org/" in url]
    assert re.fullmatch(r"https://example\.org/[\w.~%-]*\?n=[\w.~%-]*&x=1", link)
    assert unquote(button.removeprefix("https://example.org/?n=")) == name


@pytest.mark.parametrize(
    ("value", "subject", "text"),
    [
        ("A\nB", "A B", "A\nB"),
        ("A\r\nB\rC", "A B C", "A\nB\nC"),
        ("A\r\nBcc: x@example.org", "A Bcc: x@example.org", "A\nBcc: x@example.org"),
        ("A\u2028B\u2029C\tD", "A B C D", "A\u2028B\u2029C\tD"),  # other line ends
        ("A\0B\x1b\x7f\x85C", "ABC", "ABC"),  # controls
        ("A\ud800B\udfffC\ufffe\uffff", "ABC", "ABC"),  # what UTF-8 cannot say
        ("A\u202eB\u2066C", "ABC", "A\u202eB\u2066C"),  # directions, in a header
        ("  A  ", "A", "  A  "),  # spaces around
    ],
)
def test_forbidden_characters_are_left_out_and_a_header_stays_one_line(
    value: str, subject: str, text: str
) -> None:
    slot = Slot(marker="zq0z", name="name")
    edition = Edition(
        issue_id="1",
        variant="fi",
        language="fi",
        subject="zq0z",
        html="<p>zq0z</p>",
        text="zq0z",
        slots=(slot,),
    )

    assert fill(edition, {"name": value}) == (subject, f"<p>{text}</p>", text)


@settings(max_examples=60, derandomize=True)
@given(name=st.text(st.characters(exclude_categories=()), min_size=1))
def test_any_name_changes_no_element_and_no_line_of_a_header(name: str, edition: Edition) -> None:
    _, harmless, _ = fill(edition, {"name": "Maija"})

    subject, html, text = fill(edition, {"name": name})

    assert elements(html) == elements(harmless)
    assert len(subject.splitlines()) == 1
    for part in (subject, html, text):
        assert re.search(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]", part) is None


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"name": "Maija"}, "Maija"),  # a value
        ({"name": ""}, "ystävä <b>"),  # an empty one counts as none
        ({}, "ystävä <b>"),  # none
        ({"Name": "Maija"}, "ystävä <b>"),  # another's
    ],
)
def test_missing_value_is_the_fallback(values: dict[str, str], shown: str, render: Render) -> None:
    fallback = '{{ name|"ystävä <b>" }}'
    edition = render(f"Hei {fallback}!", front=f"subject: '{fallback}'\ndate: 2026-12-15")

    subject, html, text = fill(edition, values)

    assert subject == shown
    assert f"Hei {shown}!" in text
    assert f"Hei {shown}!" in page_text(html)


def test_each_slot_is_filled_with_its_own_value(render: Render) -> None:
    slots = " ".join(f'{{{{ a{n}|"b{n}" }}}}' for n in range(12))
    edition = render(slots)

    _, _, text = fill(edition, {"a1": "{{ a2 }}", "a11": "y"})

    expected = " ".join({1: "{{ a2 }}", 11: "y"}.get(n, f"b{n}") for n in range(12))
    assert expected in " ".join(text.split())


def test_filling_leaves_no_marker(edition: Edition) -> None:
    key = edition.slots[0].marker.rsplit("q", 1)[0]

    assert not any(key in part for part in fill(edition, {"name": "x"}))


def test_unsubscribe_link_is_left_whole_and_others_cannot_forge_it(render: Render) -> None:
    edition = render(
        "[x]({{ unsubscribe_url }}) [y](https://example.org/{{ unsubscribe_url }})",
        public_url="https://news.example.org",
    )

    _, html, _ = fill(edition, {"unsubscribe_url": "https://news.example.org/u/a.b?c=d&e"})

    assert attributes(html, "href").count("https://news.example.org/u/a.b?c=d&e") == 2
    assert "https://example.org/https%3A%2F%2Fnews.example.org" in html


def test_text_without_slots_is_taken_apart_as_it_is() -> None:
    assert split_at_slots("a {{ b }}", (), for_header).fill({}) == "a {{ b }}"
    assert split_html_at_slots("<p>a", ()).fill({"a": "b"}) == "<p>a"


def page_of(html: str) -> list[Any]:
    """Return all elements of a page."""
    return list(html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False).iter())


def page_text(html: str) -> str:
    """Return the text of a page's body, without comments."""
    return "".join(
        (e.text or "") * isinstance(e.tag, str) + (e.tail or "")
        for e in next(e for e in page_of(html) if e.tag == "body").iter()
    )


def elements(html: str) -> list[tuple[str, list[str]]]:
    """Return the elements of a page with the names of their attributes."""
    return [(str(e.tag), sorted(e.keys())) for e in page_of(html)]


def attributes(html: str, *names: str) -> list[str]:
    """Return the values of some attributes of a page, in order."""
    return [e.get(name) for e in page_of(html) for name in names if e.get(name) is not None]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("mailto:a@example.org?subject=zq0z!", "mailto:a@example.org?subject=%C3%85ke%20%26%20Co!"),
        ("[1] https://example.org/?n=zq0z", "[1] https://example.org/?n=%C3%85ke%20%26%20Co"),
        ("mailto: zq0z", "mailto: Åke & Co"),  # a word of the text
        ("Hei zq0z!", "Hei Åke & Co!"),
    ],
)  # fmt: skip
def test_addresses_in_the_text_part_are_encoded_too(text: str, filled: str) -> None:
    slot = Slot(marker="zq0z", name="name")

    assert split_text_at_slots(text, (slot,)).fill({"name": "Åke & Co"}) == filled
