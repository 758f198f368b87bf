"""How deep markup goes is known before parsers are asked that crash, or give up in silence."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter.markup.nesting import is_safe_to_clean, shape_of

# Each opens elements that browsers leave open, in another way, and crashed the cleaner.
DEEP = {
    "plain": "<div>",
    "closed by others": "<b><div></b>",
    "in cells": "<div><table><tr><td></div>",
    "behind a quote that is none": '<p a"b>{}"',
    "behind an equals sign that is none": '<p ="x>{}"',
    "in an unquoted value": '<p a=b=">{}"',
    "in a comment that ends early": "<!-- --!>{}-->",
    "in a comment of nothing": "<!-->{}-->",
    "in a style that ends early": "<style><!--</style>{}-->",
    "in a picture's style": "<svg><style>{}",
    "whole by a slash": "<div/>",
    "with capitals": "<DIV>",
    "with attributes": "<div a='>'>",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_html_that_would_crash_the_cleaner_is_known_beforehand(text: str) -> None:
    deep = text.format("<div>" * 100_000) if "{}" in text else text * 100_000

    assert not is_safe_to_clean(deep)


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "<p>a" * 50_000,
        "<ul>" + "<li>a" * 50_000 + "</ul>",
        "<table>" + "<tr><td>a<td>b" * 50_000 + "</table>",
        "<dl>" + "<dt>a<dd>b" * 50_000 + "</dl>",
        "a<br>b<img src=a><hr>" * 50_000,
        "<div><p>a</div>" * 50_000,
        "1 < 2 <3 <- a" * 50_000,
        "<a href='>'>b</a>" * 50_000,
    ],
)
def test_long_html_that_is_flat_is_cleaned(text: str) -> None:
    assert is_safe_to_clean(text)
    assert nh3.clean(text)


TAGS = ["<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</td>",
        "</table>", "<li>", "<ul>", "</ul>", "<br>", "<style>", "</style>", "<!--", "-->", "--!>",
        "<svg>", "</svg>", "<a href='", "'>", '"', "=", ">", "/", "<select>", "<option>", "<dd>",
        "<form>", "<title>", "</title>", "<math>", "<mi>", "<textarea>", "a"]  # fmt: skip


@given(st.lists(st.sampled_from(TAGS), max_size=60))
def test_no_html_is_deeper_than_it_was_taken_for(words: list[str]) -> None:
    """What is left of one repetition is left of each, so a thousand show what is left open."""
    text = "".join(words)
    allowed = {"div", "p", "b", "table", "tr", "td", "li", "ul", "a", "dd", "svg", "math", "mi"}

    cleaned = nh3.clean(text * 200, tags=allowed, clean_content_tags=set())

    if shape_of(cleaned, most=2_000).depth > 2_000:
        assert not is_safe_to_clean(text * 200)


@pytest.mark.parametrize(
    ("text", "depth", "fault"),
    [
        ("", 0, None),
        ("a<b>c</b>", 1, None),
        ("<a><b/><c></c></a>", 2, None),
        ("<a><!-- <b><c> --></a>", 1, None),
        ("<a title='<b>'></a>", 1, None),
        ("<a></b></a>", 1, 3),
        ("<a><b></a>", 2, 6),
        ("<a>", 1, 0),
        ("<br><img><a></a>", 1, None),
    ],
)
def test_depth_and_the_first_fault_are_told(text: str, depth: int, fault: int | None) -> None:
    shape = shape_of(text)

    assert (shape.depth, shape.fault) == (depth, fault)


@pytest.mark.parametrize("depth", [100, 240])
def test_a_page_as_deep_as_is_allowed_is_read_to_its_inmost_word(depth: int) -> None:
    page = html.document_fromstring("<div>" * depth + "inmost" + "</div>" * depth)

    assert "inmost" in page.text_content()


@given(st.lists(st.sampled_from([
    "<div>", '<div a="b">', '<div a="x" b=">">', "</div>", "<br/>", '<mj-text a="1" />', "<p >",
    "</p >", "<B>", "</b>", "<!-- <div> -->", "<1>", "word", " < ",
])))  # fmt: skip
def test_tags_are_read_alike_however_their_values_are_quoted(parts: list[str]) -> None:
    """Most are read in one step, others sign by sign."""
    plain, slow = "".join(parts), "".join(parts).replace('"', "'")

    assert shape_of(plain) == shape_of(slow)
    assert is_safe_to_clean(plain) == is_safe_to_clean(slow)
