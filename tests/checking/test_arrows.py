"""Checks do not know one another: what several of them need is an instrument."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter import checking

FOLDER = Path(checking.__file__).parent
ROOMS = ("words", "looks", "post")  # what is checked, by who mends it
MODULES = [
    path for room in (*ROOMS, "instruments") for path in sorted((FOLDER / room).glob("*.py"))
]
CHECKS = [path for path in MODULES if path.parent.name in ROOMS and path.name != "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_check_and_no_instrument_imports_a_check(path: Path) -> None:
    rooms = tuple(f"newsletter.checking.{room}" for room in ROOMS)

    assert [name for name in _imported(path) if name.startswith(rooms)] == []


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whatever_stands_beside_the_checks_is_a_check(path: Path) -> None:
    assert "\nCHECKS = (" in path.read_text(encoding="utf-8")


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
