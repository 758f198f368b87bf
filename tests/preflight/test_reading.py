"""Whatever reading an issue may find is a rule: it has a row in the table, and can be silenced."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from newsletter import content, press, render
from newsletter.preflight.reading import RULES

READERS = [
    *Path(content.__file__).parent.glob("*.py"),
    *Path(render.__file__).parent.glob("*.py"),
    Path(press.__file__),
]
# What keeps an issue from being read or shown at all: no report tells it, nothing silences it.
_STOPS = {"template", "issue-files"}
_MAKES = {"Finding", "template_finding"}  # calls that are given an id by its name
_SAYS = {"_error", "_warn", "_stop"}  # calls whose first argument is an id
_DIRECTIVE = re.compile(r"^def _(\w+)\(given: Given\)(.*?)(?=^def |\Z)", re.M | re.S)


def ids_in(path: Path) -> Iterator[str]:
    """Yield the ids of findings that a module makes."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        said = [k.value for k in node.keywords if name in _MAKES and k.arg == "id"]
        for value in [*said, *(node.args[:1] if name in _SAYS else ())]:
            # An id may be chosen: "image-missing" if ... else "image-format".
            yield from (str(n.value) for n in ast.walk(value) if isinstance(n, ast.Constant))
    for name, body in _DIRECTIVE.findall(source):
        if "raise DirectiveError" in body:
            yield f"directive-{name}"


def test_whatever_reading_may_find_is_a_rule() -> None:
    found = {id for path in READERS for id in ids_in(path) if not id.endswith("-")}

    assert (found - _STOPS) | {"directive-poll"} == {rule.id for rule in RULES}
