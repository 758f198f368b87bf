"""Checks do not know one another: what several of them need is an instrument."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from newsletter import checking
from newsletter.checking.checks import CHECKS
from newsletter.checking.instruments import Check

FOLDER = Path(checking.__file__).parent
ROOMS = ("words", "looks", "post")  # what is checked, by who mends it
MODULES = [
    path for room in (*ROOMS, "instruments") for path in sorted((FOLDER / room).glob("*.py"))
]
THEMES = [path for path in MODULES if path.parent.name in ROOMS and path.name != "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_check_and_no_instrument_imports_a_check(path: Path) -> None:
    rooms = tuple(f"newsletter.checking.{room}" for room in ROOMS)

    assert [name for name in _imported(path) if name.startswith(rooms)] == []


@pytest.mark.parametrize("path", THEMES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whatever_stands_beside_the_checks_is_a_check_that_runs(path: Path) -> None:
    theme = import_module(f"newsletter.checking.{path.parent.name}.{path.stem}")

    assert {check for check in vars(theme).values() if isinstance(check, Check)} & set(CHECKS)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
