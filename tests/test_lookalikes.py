"""One way of asking what was meant serves the whole program."""

import ast
from pathlib import Path

import pytest

import newsletter
from newsletter.language import closest

PACKAGE = Path(newsletter.__file__).parent


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("regoin", "region"),
        ("Region", "region"),
        ("NAME", "name"),
        ("xyz", ""),
        ("", ""),
        ("region" * 100_000, ""),  # no slip of anybody's
    ],
)
def test_what_looks_most_like_a_name_was_meant(name: str, meant: str) -> None:
    assert closest(name, ["name", "region", "email"]) == meant


def test_nobody_else_looks_for_what_was_meant() -> None:
    """The entry of the command line imports nothing of ours, so that its help comes at once.

    Looks, their lint and their upgrades compare whole templates, and the archive whole pages.
    """
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "difflib"
    }

    of_templates = {
        user for user in users if user.startswith(("render/", "upgrades/", "archive/impersonal"))
    }
    assert users - of_templates == {"language/lookalikes.py", "cli/guiding.py"}
