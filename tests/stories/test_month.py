"""An editor's month in Finnish and in Swedish, as docs/fi and docs/sv show it, is what happens."""

import re
import tempfile
from pathlib import Path

import pytest

from tests.stories.month import PAGES, page_of


@pytest.mark.parametrize("language", PAGES)
def test_the_pages_show_what_a_terminal_says(language: str) -> None:
    """`python -m tests.stories.month` writes them anew; counts, days and times may differ."""
    with tempfile.TemporaryDirectory() as folder:  # a short name, which no line breaks
        played = page_of(language, Path(folder))

    assert _told_by(played) == _told_by(PAGES[language].read_text("utf-8"))


def _told_by(page: str) -> list[str]:
    """Return the words of a page, wherever its lines end."""
    return re.sub(r"\d+(?:[\s.,:]\d+)*", "0", page).split()
