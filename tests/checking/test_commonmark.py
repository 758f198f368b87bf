"""Of each page of CommonMark's own test suite, readers find every word, or its author is told."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from newsletter.checking import Draft, check_draft
from newsletter.checking.words.text import check_words
from newsletter.errors import FindingsError
from newsletter.model import Finding, Severity
from tests.checking.commonmark import Page, read_pages, words_shown
from tests.checking.conftest import maker_in
from tests.checking.desk import letter

PARTS = 8  # that several processes test at once
# The rules that speak of words; that a link leads nowhere tells nothing of them.
TELLING = {"html-removed", "markdown-left", "marks-left", "text-part-present", "words-lost"}

# The pages of which something is never shown: an error says so, and of no other.
REFUSED = {  # an address that no link has, or a second one for a name
    *(204, 207, 208, 210, 317, 536, 537, 538, 544, 545, 563, 565, 567, 571, 592),
}
LOSING = {  # words behind tildes, tags that never end, a style, digits that grow together
    *(146, 156, 157, 158, 173, 356),
}


Drafts = dict[Page, Draft | None]


@pytest.fixture(scope="module", params=range(PARTS))
def drafts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    """The drafts of a part of the pages; None where an issue is refused: it is never mailed."""
    make = maker_in(tmp_path_factory.mktemp("pages"), {})
    made: Drafts = {}
    for page in read_pages()[request.param :: PARTS]:
        try:
            made[page] = make(letter(page.markdown))
        except FindingsError:
            made[page] = None
    return made


def test_no_word_of_a_page_is_lost_in_silence(drafts: Drafts) -> None:
    silent = {
        page.number: words
        for page, draft in drafts.items()
        if draft and (words := lost_in_silence(page, draft))
    }

    assert silent == {}


def test_nothing_is_said_to_be_lost_from_a_page_that_is_whole(drafts: Drafts) -> None:
    refused = {page.number for page, draft in drafts.items() if not draft}
    losing = {
        page.number
        for page, draft in drafts.items()
        if draft and any(isinstance(found, Finding) for found in check_words(draft))
    }

    numbers = {page.number for page in drafts}
    assert refused == REFUSED & numbers
    assert losing == LOSING & numbers


def lost_in_silence(page: Page, draft: Draft) -> list[str]:
    """Return the words of a page that readers do not find and of which no finding speaks."""
    lost: Counter[str] = Counter()
    for edition in draft.editions:
        wanted = page.wanted()
        lost |= wanted - Counter(words_shown(edition.html, numbers=True))
        lost |= wanted - Counter(re.findall(r"[^\W_]+", edition.text))
    findings = [f for f in check_draft(draft).findings if _tells(f)] if lost else []
    lines = letter(page.markdown).split("\n")
    return [word for word in lost if not _is_told(word, findings, lines)]


def _tells(finding: Finding) -> bool:
    return finding.id in TELLING and finding.severity is not Severity.NOTE


def _is_told(word: str, findings: Sequence[Finding], lines: Sequence[str]) -> bool:
    """Return whether a finding names a word, or stands on a line that holds it."""
    return any(word in f.message or (f.line and word in lines[f.line - 1]) for f in findings)


def test_the_pages_are_all_there() -> None:
    pages = read_pages()

    assert len(pages) > 600
    assert pages[0].wanted() == Counter(foo=1, baz=1, bim=1)
