"""An editor's month in Finnish and in Swedish, as docs/fi and docs/sv show it, is what happens."""

import re
from pathlib import Path

import pytest

from tests.stories.month import PAGES, page_of


@pytest.mark.parametrize("language", PAGES)
def test_the_pages_show_what_a_terminal_says(language: str, tmp_path: Path) -> None:
    """`python -m tests.stories.month` writes them anew; counts, days and times may differ."""
    played = page_of(language, tmp_path)

    assert _told_by(played) == _told_by(PAGES[language].read_text("utf-8"))


def _told_by(page: str) -> list[str]:
    """Return the words of a page; where lines end depends on how long the folder's name is."""
    return re.sub(r"\d+(?:[\s.,:]\d+)*", "0", page).split()
