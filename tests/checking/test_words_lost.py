"""Whatever signs are mixed: words are lost if, and only if, their author is told so."""

import lxml.html
import pytest
from hypothesis import given, seed, settings

from newsletter.checking.words.text import check_words
from newsletter.errors import FindingsError
from newsletter.model import Edition, Finding
from tests.checking.commonmark import INFO
from tests.checking.conftest import Maker
from tests.checking.desk import letter
from tests.checking.mixtures import KNOWN, bodies


@seed(2)  # and not by the test's own words, which change when something moves
@settings(max_examples=60, database=None)
@given(body=bodies())
def test_words_are_told_to_be_lost_if_they_are_and_only_then(body: str, draft_of: Maker) -> None:
    try:
        draft = draft_of(letter(body))
    except FindingsError:
        return  # it is never mailed, and its author told

    told = [found.message for found in check_words(draft) if isinstance(found, Finding)]

    assert bool(told) == bool(missing(body, draft.editions[0])), told


def test_words_around_four_tildes_are_told_to_be_lost_only_if_they_are(draft_of: Maker) -> None:
    body = "*wmz~~~~wnz~~~~*"

    draft = draft_of(letter(body))

    told = [found for found in check_words(draft) if isinstance(found, Finding)]
    assert bool(told) == bool(missing(body, draft.editions[0]))


@pytest.mark.parametrize(
    "heading",
    [
        "## **A {#b}**",
        "## <i>*A {#b}*</i> ##",
        "## [A {#b}](https://www.example.org/c)",
        "## [A {#b}][c]\n\n[c]: https://www.example.org/c",
        "**A {#b}**\n---",
    ],
)
def test_a_heading_s_fixed_name_is_no_lost_word(heading: str, draft_of: Maker) -> None:
    draft = draft_of(letter(f"Hei vaan kaikille.\n\n{heading}"))

    assert list(check_words(draft)) == []
    assert "{#" not in draft.editions[0].html + draft.editions[0].text


def missing(body: str, edition: Edition) -> list[str]:
    """Return the known words of a body that one of its parts does not show.

    The language of a block of code is for programs.
    """
    words = KNOWN.findall(INFO.sub(r"\1", body))
    page = lxml.html.document_fromstring(edition.html)
    shown = page.text_content() + " ".join(img.get("alt", "") for img in page.iter("img"))
    return [w for w in words if w not in shown or w not in edition.text]
