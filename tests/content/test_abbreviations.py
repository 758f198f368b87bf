"""Abbreviations are explained where they stand, and their explanations vanish from the text."""

import re

import pytest

from newsletter.model import Prose, Severity, walk
from tests.content.conftest import BODY_LINE, Read

ABBR = '<abbr title="Hyper Text">HTML</abbr>'


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("HTML is it.\n\n*[HTML]: Hyper Text", f"<p>{ABBR} is it.</p>"),
        ("*[HTML]: Hyper Text\n\nIs it HTML?", f"<p>Is it {ABBR}?</p>"),
        ("HTML:n alku\n*[HTML]: Hyper Text", f"<p>{ABBR}:n alku</p>"),  # a case ending
        ("XHTML HTMLX\n\n*[HTML]: a", "<p>XHTML HTMLX</p>"),  # within words
        ("`HTML`\n\n*[HTML]: a", "<p><code>HTML</code></p>"),
        ("*HTML*\n\n*[HTML]: Hyper Text", f"<p><em>{ABBR}</em></p>"),
        ("EU EUR\n\n*[EU]: a\n*[EUR]: b", None),  # the longer one is not cut
        ('a\n\n*[a]: "x" & <y>', '<p><abbr title="&quot;x&quot; &amp; &lt;y&gt;">a</abbr></p>'),
    ],
)
def test_an_abbreviation_carries_its_words(body: str, html: str | None, read: Read) -> None:
    (block,) = read(body).blocks

    assert isinstance(block, Prose)
    expected = html or '<p><abbr title="a">EU</abbr> <abbr title="b">EUR</abbr></p>'
    assert block.html == expected


def test_an_explanation_of_what_stands_nowhere_is_a_warning(read: Read) -> None:
    issue = read("a\n\n*[HTML]: Hyper Text")

    [finding] = issue.findings
    assert (finding.id, finding.severity) == ("abbreviation-unused", Severity.WARNING)
    assert finding.line == BODY_LINE + 2


def test_headings_and_tables_have_abbreviations_too(read: Read) -> None:
    heading, table = read("## HTML\n\n| HTML |\n|---|\n| a |\n\n*[HTML]: Hyper Text").blocks

    assert ABBR in repr(heading)
    assert ABBR in repr(table)


def test_what_is_explained_within_only_is_not_for_others(read: Read) -> None:
    issue = read(
        "Koko THL.\n\n::: only region=Lappi\n*[THL]: Tunturi- ja hiihtolaitos\nLapin THL.\n:::\n\n"
        "::: only region=Kainuu\nKainuun THL ja EU.\n:::\n\n*[EU]: Euroopan unioni"
    )

    html = {block.html for block in walk(issue.blocks) if isinstance(block, Prose)}

    assert html == {
        "<p>Koko THL.</p>",
        '<p>Lapin <abbr title="Tunturi- ja hiihtolaitos">THL</abbr>.</p>',
        '<p>Kainuun THL ja <abbr title="Euroopan unioni">EU</abbr>.</p>',
    }


def test_an_explanation_within_only_has_the_last_word_there(read: Read) -> None:
    issue = read("*[THL]: a\n\nTHL\n\n::: only region=Lappi\n*[THL]: b\n\nTHL\n:::")

    html = [block.html for block in walk(issue.blocks) if isinstance(block, Prose)]

    assert [re.findall('title="(.)"', text) for text in html] == [["a"], ["b"]]
