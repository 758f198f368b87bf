"""The words of the preview in the newsletter's language, from Babel's catalogs."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"


@lru_cache
def words_in(language: str) -> Mapping[str, str]:
    """Return English words -> the same in a language; empty where the preview does not speak it."""
    path = LOCALE / language.split("-", maxsplit=1)[0] / "LC_MESSAGES" / "preview.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string and not m.fuzzy}


def spoken_language(language: str) -> str:
    """Return the language the preview speaks to the editor of such a newsletter."""
    return language.split("-", maxsplit=1)[0] if words_in(language) else "en"
