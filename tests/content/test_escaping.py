"""Whatever a stranger calls their news, an issue shows it letter for letter."""

import re
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.content.escaping import escape_markdown, escape_url, plain_line
from newsletter.model import Heading, Prose
from tests.content.conftest import read_bytes

# Signs that mean something somewhere, far more often than chance would bring them together.
SIGNS = st.lists(
    st.sampled_from([*"\\`*_[](){}<>#+-.!|~^:=&;\"'$%@/ \t\n1aäж😀", "{{ ", " }}", ":::"])
).map("".join)
TEXTS = st.one_of(SIGNS, st.text())
EVIL = [
    "{{ name }}",
    "{{{ email }}",
    "::: button https://evil.example/",
    "<script>alert(1)</script>",
    "<!-- unclosed",
    "&lt;b&gt; &amp;amp; &copy",
    "[^1]: footnote",
    "^]: footnote",
    "![x](https://evil.example/p.gif)",
    "](https://evil.example/) [",
    "https://evil.example/ <https://evil.example/>",
    "1. one",
    "12) twelve",
    "- - -",
    "=====",
    "# C# ##",
    "a | b",
    "~~~",
    "\\",
    "*[HTML]: words",
    "\u202egnp.exe",
    "\ud800",
]


def every_evil(test: Callable[..., None]) -> Callable[..., None]:
    """Try each known trick, whatever else is tried."""
    for text in EVIL:
        test = example(text=text)(test)
    return test


@every_evil
@given(text=TEXTS)
@settings(max_examples=150)
def test_a_title_and_a_summary_come_out_as_they_went_in(text: str, issues: Path) -> None:
    line = plain_line(text)
    if not line:
        return
    words = escape_markdown(line)
    body = (
        f"## {words}\n\n- [{words}](https://www.example.org/) – 1.12.2026\n  {words}\n\n{words}\n"
    )

    front = "subject: x\ndate: 2026-12-15\nliteral: true"
    issue = read_bytes(issues, f"---\n{front}\n---\n{body}".encode())

    heading, items, last = issue.blocks
    assert isinstance(heading, Heading)
    assert isinstance(items, Prose)
    assert isinstance(last, Prose)
    assert text_of(heading.html) == line
    assert text_of(items.html) == f"{line} – 1.12.2026\n{line}"
    assert text_of(last.html) == line
    [link] = lxml.html.fragment_fromstring(items.html, create_parent="div").iter("a")
    assert link.text_content() == line
    assert not issue.slots


def text_of(html: str) -> str:
    """Return the words of a piece of HTML."""
    return str(lxml.html.fragment_fromstring(html, create_parent="div").text_content()).strip()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" Uutisia \n\t tänään ", "Uutisia tänään"),
        # what turns text around, or is not to be seen
        ("hyvä\u202eätyh\u200b\ufeff", "hyväätyh"),
        # joiners hold an emoji together
        ("👩\u200d🏫", "👩\u200d🏫"),
        # controls and what is no character
        ("a\x00b\x1b[31m\ud800\ufffe", "ab[31m"),
    ],
)
def test_a_line_holds_nothing_that_cannot_be_seen(text: str, line: str) -> None:
    assert plain_line(text) == line


def test_ordinary_words_stay_as_they_are() -> None:
    text = 'Työkyvyn tuki – mikä muuttuu 1.1.2027? (Osa 2/3, "uutta" & vanhaa: 50 %)'

    assert escape_markdown(text) == text


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://www.example.org/a?b=1&c=2#d", "https://www.example.org/a?b=1&c=2#d"),
        ("https://www.example.org/työ (1)", "https://www.example.org/ty%C3%B6%20%281%29"),
        ("https://työ.example.org/", "https://xn--ty-gka.example.org/"),
        ("https://www.example.org/{{ name }}", "https://www.example.org/%7B%7B%20name%20%7D%7D"),
        ("https://www.example.org/?a=1&copy;=2", "https://www.example.org/?a=1&amp;copy;=2"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        # no web address, or none that can be read
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("/only/a/path", ""),
        ("https://", ""),
        ("https://user:secret@evil\\host/", ""),
        ("https://[::1", ""),
        ("https://www.example.org:port/", ""),
    ],
)
def test_only_a_web_address_becomes_a_link(url: str, written: str) -> None:
    assert escape_url(url) == written


@given(path=TEXTS)
@settings(max_examples=60)
def test_a_link_leads_where_it_says(path: str, issues: Path) -> None:
    url = escape_url(f"https://www.example.org/{path}")
    if not url:
        return

    body = f"---\nsubject: x\ndate: 2026-12-15\n---\n[sana]({url})\n"
    [prose] = read_bytes(issues, body.encode()).blocks

    assert isinstance(prose, Prose)
    [link] = lxml.html.fragment_fromstring(prose.html, create_parent="div").iter("a")
    assert link.get("href") == re.sub("&amp;", "&", url)
    assert link.text_content() == "sana"
