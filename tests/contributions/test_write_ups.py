"""Whatever a stranger sends in, an issue shows their words, and nothing of it works."""

from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings

from newsletter.content.escaping import plain_line
from newsletter.contributions.write_ups import find_disguises, marker_of, write_passage
from newsletter.model import Heading, Prose
from tests.content.conftest import read_bytes
from tests.content.test_escaping import TEXTS, every_evil, text_of
from tests.contributions.offers import offer

FRONT = "subject: x\ndate: 2026-12-15\nliteral: true"
NEWS = replace(offer().contribution, id=7, digest="abcdef0123")


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    """Return the empty folder of a newsletter's issues."""
    folder = tmp_path / "issues"
    folder.mkdir()
    return folder


@every_evil
@given(text=TEXTS)
@settings(max_examples=60)
def test_what_was_typed_comes_out_letter_for_letter(text: str, issues: Path) -> None:
    line = plain_line(text)
    if not line:
        return
    typed = f"{text}\n3. joulukuuta {text}\n\n{text}"
    news = replace(NEWS, title=line, text=typed, name=line, region="Lappi", link=text)

    issue = read_bytes(issues, f"---\n{FRONT}\n---\n{write_passage(news)}".encode())

    words = "\n".join(
        text_of(block.html) for block in issue.blocks if isinstance(block, Heading | Prose)
    )
    lines = [plain_line(each) for each in typed.split("\n")]
    shown = [line, *(each for each in lines if each)]
    assert [each.strip() for each in words.split("\n") if each.strip()][: len(shown)] == shown
    assert not issue.slots
    assert all(isinstance(block, Heading | Prose) for block in issue.blocks)
    pages = "".join(block.html for block in issue.blocks if isinstance(block, Heading | Prose))
    root = lxml.html.fragment_fromstring(pages, create_parent="div")
    assert {element.tag for element in root.iter()} <= {"div", "h2", "p", "br", "a", "em", "strong"}
    assert len(list(root.iter("a"))) <= 1


def test_a_passage_has_the_link_the_picture_and_who_sent_it() -> None:
    news = replace(
        NEWS,
        text="Eka rivi\ntoka rivi\n\n1. Kolmas",
        link="https://www.example.org/paja?a=1",
        organisation="Esimerkkisäätiö",
        region="Lappi",
        picture_words="Kuva [pajasta]",
    )

    assert write_passage(news, "../material/2027-01/contribution-7.jpg") == (
        "## Työpajan kuulumiset\n\n"
        "<!-- contribution 7-abcdef01 -->\n\n"
        "Eka rivi\\\ntoka rivi\n\n"
        "1\\. Kolmas\n\n"
        "![Kuva \\[pajasta\\]](../material/2027-01/contribution-7.jpg)\n\n"
        "[www.example.org](https://www.example.org/paja?a=1)\n\n"
        "*Aino Esimerkki, Esimerkkisäätiö (Lappi)*\n"
    )


def test_nobody_can_type_the_marker_of_another() -> None:
    news = replace(NEWS, text="<!-- contribution 8 -->", title="<!-- contribution 8 -->")

    assert marker_of(replace(NEWS, id=8)) not in write_passage(news).splitlines()


def test_no_link_is_made_of_an_address_that_hides_where_it_leads_and_the_editor_is_told() -> None:
    news = replace(NEWS, link="https://bank.fi@evil.example/", text="Ks. https:\\\\evil.example")

    assert "](" not in write_passage(news)
    assert find_disguises(news) == [
        ("https:\\\\evil.example", "evil.example"),
        ("https://bank.fi@evil.example/", "evil.example"),
    ]
