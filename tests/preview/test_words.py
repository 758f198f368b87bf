"""Every word of the preview stands in every catalog, translated and sure."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import newsletter.preview
from newsletter.language.catalogs import LOCALE, spoken_language, words_in

_PACKAGE = Path(newsletter.preview.__file__).parent
_SOURCES = [*(_PACKAGE / "pages").glob("*.html"), *(_PACKAGE / "static").glob("*.js")]
_WORDS = {
    word
    for path in _SOURCES
    for word in re.findall(r'\b_\("((?:[^"\\]|\\.)*)"\)', path.read_text(encoding="utf-8"))
}
every_language = pytest.mark.parametrize("language", ["fi", "sv"])


@every_language
def test_a_catalog_has_every_word_and_no_other(language: str) -> None:
    assert set(words_in(language)) == _WORDS


@every_language
def test_no_translation_is_in_doubt(language: str) -> None:
    path = LOCALE / language / "LC_MESSAGES" / "preview.po"
    with path.open("rb") as file:
        catalog = read_po(file)

    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    assert list(catalog.obsolete) == []


@every_language
def test_translations_end_as_their_source_does(language: str) -> None:
    """A colon, a full stop or an ellipsis says how a text goes on; a unit must not get lost."""
    for source, translation in words_in(language).items():
        assert translation.strip() == translation
        for end in (":", ".", "…") if source != "No." else ():  # an abbreviation
            assert source.endswith(end) == translation.endswith(end), source
        assert re.findall(r"newsletter\.toml|\.eml|102", source) == re.findall(
            r"newsletter\.toml|\.eml|102", translation
        )


def test_words_are_asked_for_in_one_way() -> None:
    """A word in other quotes, or put together from parts, would not be found in a catalog."""
    for path in _SOURCES:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?<![\w.])_\((?!\"|text\))", text) == [], path.name


def test_a_language_without_a_catalog_is_english() -> None:
    assert spoken_language("de-AT") == "en"
    assert spoken_language("sv-FI") == "sv"
