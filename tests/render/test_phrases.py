"""No visible word of an issue is lost on its way into the HTML and the text part."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import FindingsError
from newsletter.model import Edition
from tests.render.conftest import Render
from tests.render.markdown import documents
from tests.render.oracle import (
    lost_words,
    read_html,
    words_of_markdown,
    words_of_text,
)

REPOSITORY = Path(__file__).parents[2]
CORPUS = REPOSITORY.parent / "shared" / "corpus"
SAMPLES = ["2021-05.md", "2021-06.md"]
OTHERS = [
    "2016-01-11-this-week-in-rust.md",  # long lists of links
    "2020-06-02-this-week-in-rust.md",  # quotes
    "2023-08-02-this-week-in-rust.md",  # comments and loose HTML
    "2025-02-19-this-week-in-rust.md",  # nested lists, code
]

# What stands before the words of a line: quotation marks, marks of lists, buttons and notes.
LINE_MARKS = re.compile(r"(?:> |- |=> |\d+\. |\(\d+\) |\[\d+\] |— | )*")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_word_of_the_sample_issues_reaches_the_reader(
    name: str, render: Render, usual_faults: set[str]
) -> None:
    _, front, body = (REPOSITORY / "issues" / name).read_text(encoding="utf-8").split("---\n", 2)
    body = body.replace("2021-06/kysely.png", "https://example.org/kysely.png")

    edition = render(body, front=front.strip())

    assert_nothing_lost(body, edition, usual_faults)


@pytest.mark.parametrize("name", OTHERS)
def test_every_word_of_strangers_newsletters_reaches_the_reader(
    name: str, render: Render, usual_faults: set[str]
) -> None:
    if not (CORPUS / name).exists():
        pytest.skip("the corpus lies outside the repository")
    head, body = (CORPUS / name).read_text(encoding="utf-8").split("\n\n", 1)
    values = dict(line.split(": ", 1) for line in head.splitlines())
    front = f'subject: "{values["Title"]}"\ndate: {values["Date"]}\nnumber: {values["Number"]}'

    edition = render(body, front=front, language="en")

    assert_nothing_lost(body, edition, usual_faults)


@pytest.mark.parametrize(
    "body",
    [
        "Osallistu [kysely](https://example.org/)yn!",  # Finnish inflects links
        "[a](https://example.org/a)[b](https://example.org/b)",  # links without a space
        "**Kys**ely",  # emphasis within a word
        "Yksi<br>kaksi",  # a line break is no space in the source
        "ennen ![kuva](https://example.org/x.png) jälkeen",  # a picture within a line
        "[![kuva](https://example.org/x.png)](https://example.org/)",  # a picture that links
        "| a |\n|---|\n| b ![kuva](https://example.org/x.png) |",  # a picture in a table
        "x[^1]\n\n[^1]: Yksi\n\n    > kaksi\n\n    - kolme",  # a footnote of several blocks
        "::: quote\n| a | b |\n|---|---|\n| c | d |\n\n— Maija\n:::",  # a table in a quote
        "::: quote\nx\n\n— ![kuva](https://example.org/x.png) Maija\n:::",  # in an attribution
        "::: columns\na\n---\n> b\n---\n```\nc\n```\n:::",  # columns of anything
        "<table><caption>a</caption><tr><th>b</th><td>c</td></tr></table>",  # a table in HTML
        "<dl><dt>a</dt><dd>b</dd></dl>\n\n<div>c<p>d</p>e</div>",  # flow within flow
        "<ul>a<li>b</li>c</ul>\n\n<blockquote>d<p>e</p></blockquote>",  # text where none belongs
        "<ul><p>a</p><li>b<ul><li>c</li></ul>d</li></ul>",  # an unusual list
        "1. a\n\n   b\n\n   ```\n   c\n   ```\n2. d",  # items of several blocks
        "# a\n\n## b\n\n###### c\n\nd\n===",  # headings of all levels
        "```role-play\na\n```",  # code in a language of any name
        "&lt;b&gt; &amp;amp; 1 < 2 > 0 \\<i\\>",  # what looks like markup
        "a</p></div></td>b\n\n</table></body></html>\n\nc",  # HTML that closes too much
        "<b>a\n\nb</b> <i>c",  # HTML that closes too late or never
        "<a href=x>a <a href=y>b</a></a>",  # links within links
        "<p>a <textarea>b</textarea> <select><option>c</option></select></p>",  # form controls
        "<center>a</center> <font color=red>b</font> <marquee>c</marquee>",  # old elements
        "a <noscript>b</noscript> <video>c</video> <button>d</button>",  # what mail cannot show
        "a\u2028b\u0085c\u000bd\u000ce\u001ff",  # characters that some take for line ends
    ],
)
def test_no_word_is_lost_in_odd_places(body: str, render: Render, usual_faults: set[str]) -> None:
    edition = render(body)

    assert_nothing_lost(body, edition, usual_faults)


@pytest.fixture(scope="module")
def usual_faults(render: Render) -> set[str]:
    """The faults of HTML that any mail has."""
    return read_html(render("Hei").html)[1]


@settings(max_examples=100, derandomize=True)
@given(body=documents())
def test_whatever_an_author_composes_is_kept_whole(
    body: str, render: Render, usual_faults: set[str]
) -> None:
    """It builds or is refused with findings; if it builds, nothing is lost or broken."""
    try:
        edition = render(body)
    except FindingsError:
        return

    assert_nothing_lost(body, edition, usual_faults)
    assert long_lines(edition.text) == []


@settings(max_examples=100, derandomize=True)
@given(body=st.text(max_size=80))
def test_whatever_an_author_types_is_built_or_refused(
    body: str, render: Render, usual_faults: set[str]
) -> None:
    try:
        edition = render(body)
    except FindingsError:
        return

    assert_nothing_lost(body, edition, usual_faults)


def assert_nothing_lost(body: str, edition: Edition, faults: set[str]) -> None:
    """Compare both parts with what an independent reading of the Markdown shows."""
    expected = words_of_markdown(body)
    shown, found = read_html(as_written(edition.html, edition))
    assert lost_words(expected, shown) == []
    assert lost_words(expected, words_of_text(as_written(edition.text, edition))) == []
    assert found <= faults


def as_written(text: str, edition: Edition) -> str:
    """Return a text with its slots as their author wrote them."""
    for slot in edition.slots:
        text = text.replace(slot.marker, slot.source)
    return text


def long_lines(text: str) -> list[str]:
    """Return lines beyond 72 characters that could have been broken."""
    lines = (LINE_MARKS.sub("", line, count=1) for line in text.split("\n") if len(line) > 72)
    return [line for line in lines if re.search(r"[ \t]", line)]
