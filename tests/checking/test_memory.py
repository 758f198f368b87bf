"""What is found in a reader's copy lives and dies with it: no cache keeps it for the next check."""

import ast
import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from newsletter import checking
from newsletter.checking import Draft, check_draft
from newsletter.checking.instruments import Declaration, Page, Passage
from newsletter.model import Edition, Specimen
from tests.checking.conftest import Maker
from tests.checking.desk import letter

# Caches of what the program itself brings: words of calendars, what mail
# programs can show, and under which names others own theirs.
CONSTANTS = {
    *("_weekdays", "_weekday_following", "_weekday"),
    *("failing", "platforms_of", "_platforms", "_cells", "_rows"),
    "_suffixes",
}
HELD = (Draft, Edition, Specimen, Page, Passage, Declaration)


def test_nothing_of_an_issue_or_a_reader_is_kept_after_a_check(draft_of: Maker) -> None:
    later = letter("Hei {{ name }}! Teemapäivä on 3.12.2026. https://example.org/")
    check_draft(draft_of(letter("Hei {{ name }}!"), prepare=_as_it_is))
    before = _alive()

    check_draft(draft_of(later, prepare=_as_it_is))

    assert _alive() == before


def test_only_what_the_program_itself_brings_is_cached_for_good() -> None:
    folder = Path(checking.__file__).parent

    cached = {name for path in folder.rglob("*.py") for name in _cached_in(path)}

    assert cached == CONSTANTS


def _as_it_is(_: Path) -> None:
    """Prepare nothing; but what was prepared for, the fixture does not keep."""


def _alive() -> Counter[str]:
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, HELD))


def _cached_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            said = [ast.unparse(decorator) for decorator in node.decorator_list]
            if any(words.startswith(("cache", "lru_cache", "functools.")) for words in said):
                yield node.name
