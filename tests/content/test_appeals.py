"""`::: contribute` asks for news until a day that is still to come, and leads to the forms."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content import Announced, read_issue
from newsletter.errors import FindingsError
from newsletter.model import Box, Button, Heading, NewsAsked, Prose, next_deadline

FORMS = Announced(
    public_url="https://news.example.org/kirje", asks=NewsAsked(has_forms=True, deadline_day=10)
)
CLOSED = Announced(
    public_url="https://news.example.org/kirje", asks=NewsAsked(contact="toimitus@example.org")
)
BODY = "::: contribute\nMuutama rivi *riittää*.\n:::\n"


def box_of(folder: Path, announced: Announced, *, body: str = BODY, lang: str = "fi") -> Box:
    """Return the appeal of an issue of 15 December 2026."""
    path = folder / "issues" / "2026-12.md"
    path.parent.mkdir(exist_ok=True)
    front = f"---\nsubject: Joulukuu\ndate: 2026-12-15\nlang: {lang}\n---\n"
    path.write_text(front + body, encoding="utf-8")
    [box] = read_issue(path, root=folder, language="fi", announced=announced).blocks
    assert isinstance(box, Box)
    return box


def test_it_has_the_authors_words_the_deadline_and_both_ways(tmp_path: Path) -> None:
    heading, own, until, button, request = box_of(tmp_path, FORMS).blocks

    assert isinstance(heading, Heading)
    assert isinstance(own, Prose)
    assert isinstance(until, Prose)
    assert isinstance(button, Button)
    assert isinstance(request, Prose)
    assert "<em>riittää</em>" in own.html
    assert "viimeistään sunnuntaina 10.1.2027" in until.html
    assert button.url == "https://news.example.org/kirje/contribute?lang=fi"
    assert 'href="https://news.example.org/kirje/request?lang=fi"' in request.html


def test_it_speaks_the_language_of_the_issue(tmp_path: Path) -> None:
    box = box_of(tmp_path, FORMS, lang="sv")

    assert [block.html for block in box.blocks if isinstance(block, Button)] == [
        "Skicka ett bidrag"
    ]
    assert "senast söndagen den 10" in str(box.blocks)


def test_without_forms_a_mail_is_written(tmp_path: Path) -> None:
    box = box_of(tmp_path, CLOSED, body="::: contribute\n:::\n")

    [button] = [block for block in box.blocks if isinstance(block, Button)]
    assert button.url == "mailto:toimitus@example.org"


@pytest.mark.parametrize("body", ["::: contribute 10.1.2027\nx\n:::\n", f"::: box\n{BODY}:::\n"])
def test_what_it_cannot_hold_is_told(tmp_path: Path, body: str) -> None:
    with pytest.raises(FindingsError) as error:
        box_of(tmp_path, FORMS, body=body)

    assert "contribute" in str(error.value.findings[0].message)


@given(
    after=st.dates(),
    day=st.one_of(st.none(), st.integers(1, 28)),
    once=st.one_of(st.none(), st.dates()),
)
def test_a_deadline_is_the_first_that_is_still_to_come(
    after: dt.date, day: int | None, once: dt.date | None
) -> None:
    found = next_deadline(after, day=day, once=once)

    assert found is None or found > after
    if once and once > after:
        assert found == once
    elif day and after < dt.date(9999, 12, 1):
        assert found is not None
        assert found.day == day
        assert (found - after).days <= 31
