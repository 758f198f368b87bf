"""Every event of the log is documented, and told by somebody."""

import ast
import re
from pathlib import Path

import pytest

import newsletter
from newsletter.cli.watched import Watching
from newsletter.observing import Observation, Place, keys_of, kinds

PACKAGE = Path(newsletter.__file__).parent
DOCS = (Path(__file__).parents[2] / "docs" / "observing.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.*) \|$", DOCS, re.MULTILINE)
_NAMED = re.compile(r"`(\w+)`")
every_event = pytest.mark.parametrize("event", kinds())


@every_event
def test_the_docs_tell_an_event_with_its_keys_in_their_order(event: str) -> None:
    [row] = [row for row in ROWS if row.startswith(f"`{event}` |")]

    _name, levels, when, keys = row.split(" | ")

    assert _NAMED.findall(keys) == list(keys_of(kinds()[event]))
    assert set(levels.split(", ")) <= {"debug", "info", "warning", "error"}
    assert _says(kinds()[event]).casefold() in when.casefold()


def _says(kind: type[Observation]) -> str:
    return (kind.__doc__ or "").strip().rstrip(".")


def test_the_docs_tell_what_each_key_means() -> None:
    keys = {key for kind in kinds().values() for key in keys_of(kind)} | set(keys_of(Place))
    told = {name for row in ROWS for name in _NAMED.findall(row.partition(" | ")[0])}

    assert keys - told == set()


def test_the_docs_tell_of_no_event_that_there_is_not() -> None:
    told = {
        name
        for row in ROWS
        if re.search(r"^`\w+` \| (debug|info|warning|error)\b", row)
        for name in _NAMED.findall(row.partition(" | ")[0])
    }

    assert told == set(kinds())


def test_every_event_is_told_by_somebody() -> None:
    told = {
        node.func.id
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert {event for event, kind in kinds().items() if kind.__name__ not in told} == set()


def test_the_docs_tell_every_way_to_ask() -> None:
    flags = [f"`--{name.replace('_', '-')}`" for name in Watching.__dataclass_fields__]

    assert [flag for flag in flags if flag not in DOCS] == []
