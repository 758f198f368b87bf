"""An issue that holds more than anybody reads is refused at once, with its line and the cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.content import read_issue
from newsletter.content.limits import LENGTH, LINES
from newsletter.errors import FindingsError
from newsletter.model import Finding

pytestmark = pytest.mark.long  # issues of hundreds of thousands of letters

FRONT = "---\nsubject: Kirje\ndate: 2026-12-15\n---\n"  # the body begins on line 5


@pytest.fixture
def refusals(tmp_path: Path) -> Callable[[str], list[Finding]]:
    """Return what reads a body and gives what keeps it from being read."""

    def read(body: str) -> list[Finding]:
        path = tmp_path / "2026-12.md"
        path.write_text(FRONT + body, encoding="utf-8")
        try:
            read_issue(path, root=tmp_path, language="fi")
        except FindingsError as err:
            return [f for f in err.findings if f.id == "issue-size"]
        return []

    return read


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("\n" * LINES, LINES + 1, "20,000 lines"),
        ("a\n\n" + "b" * (LENGTH + 1), 7, "100,001 characters"),
        ("[a](https://www.example.org/) " * 3_000 + "\n\n" + "[a][b] " * 2_001
         + "\n\n[b]: https://www.example.org/", 7, "5,000 links"),
        ("![a](https://www.example.org/a.png)\n" * 501, 5, "500 pictures"),
        ("a[^1]\n" * 2_001 + "\n[^1]: b", 5, "2,000 footnotes"),
        ("|a|b|\n|-|-|\n" + "|a|b|\n" * 10_001, 10_007, "20,000 cells"),
        ("::: box\na\n:::\n" * 2_001, 6_005, "2,000 blocks"),
    ],
    ids=["lines", "line", "links", "pictures", "footnotes", "cells", "blocks"],
)  # fmt: skip
def test_what_is_too_much_is_told_where_it_becomes_so(
    body: str, line: int, words: str, refusals: Callable[[str], list[Finding]]
) -> None:
    (found,) = refusals(body)

    assert found.line == line
    assert words in found.message
    assert found.path == "2026-12.md"
    assert found.hint


def test_the_longest_issue_is_read(refusals: Callable[[str], list[Finding]]) -> None:
    assert refusals("a\n" * (LINES - 6) + "b" * LENGTH) == []
