"""A poll in a mail: its question, its answers as links that count nothing by themselves."""

import datetime as dt
import re
from pathlib import Path

import pytest

from newsletter.content.polls import fill_polls
from newsletter.model import Edition, Variant
from newsletter.render import Look, render_edition
from newsletter.render.looks import LOOKS
from tests.questionnaires import TOPICS, survey_of
from tests.render.newsletters import FRONT, LETTERHEAD, read_body, render_issue
from tests.render.oracle import read_html
from tests.render.test_html import all_of, text_of

CLOSES = dt.datetime(2026, 12, 20, 23, 59)  # noqa: DTZ001 - on the readers' clock
PUBLIC = "https://kirje.example.org"
BODY = "## a\n\n::: poll aiheet\nSano *se*.\n:::"


def with_poll(root: Path, body: str = BODY, *, lang: str = "fi") -> Edition:
    """Return an issue with a poll, rendered."""
    issue = read_body(root, body, front=f"{FRONT}\nlang: {lang}")
    issue, _ = fill_polls(issue, lambda _: survey_of(TOPICS, closes=CLOSES))
    return render_issue(root, issue, public_url=PUBLIC)


def test_each_answer_is_a_link_that_names_it(tmp_path: Path) -> None:
    edition = with_poll(tmp_path)

    links = [a.get("href") for a in all_of(edition, "a") if "/surveys/" in a.get("href", "")]
    plain = [re.sub(r"\?z\w+zlang", "?lang", link) for link in links]  # without who reads
    assert plain != links
    assert plain == [
        f"{PUBLIC}/surveys/aiheet?lang=fi&choice={choice}" for choice in ("law", "methods", "else")
    ]
    assert [text_of(h) for h in all_of(edition, "h3")] == ["Mistä seuraava teemapäivä?"]


def test_the_text_part_has_the_same_answers(tmp_path: Path) -> None:
    text = re.sub(r"\?z\w+zlang", "?lang", with_poll(tmp_path).text)

    assert "Mistä seuraava teemapäivä?\n" in text
    assert f"=> Lainsäädäntö\n   {PUBLIC}/surveys/aiheet?lang=fi&choice=law\n" in text
    assert "Sano *se*." in text or "Sano se." in text


@pytest.mark.parametrize(
    ("lang", "counted", "until"),
    [
        ("fi", "lasketaan, kun vahvistat sen", "Voit muuttaa vastaustasi 20.12.2026 asti."),
        ("sv", "räknas när du bekräftar det", "till och med den 20\xa0december 2026."),
    ],
)
def test_readers_are_told_what_a_press_does_and_until_when(
    lang: str, counted: str, until: str, tmp_path: Path
) -> None:
    edition = with_poll(tmp_path, lang=lang)

    for part in (re.sub(r"\s+", " ", edition.text), " ".join(map(text_of, all_of(edition, "p")))):
        assert counted in part
        assert re.sub(r"\s+", " ", until) in re.sub(r"\s+", " ", part)


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_a_poll_in_well_formed_html(look: str, tmp_path: Path) -> None:
    issue, _ = fill_polls(read_body(tmp_path, BODY), lambda _: survey_of(TOPICS))

    edition = render_edition(
        issue,
        Variant(language="fi"),
        LETTERHEAD,
        pictures={},
        look=Look(folder=tmp_path / "templates", name=look),
    )

    shown, faults = read_html(edition.html)
    assert faults == set()
    assert {"teemapäivä", "Lainsäädäntö", "Muu"} <= {*shown}
