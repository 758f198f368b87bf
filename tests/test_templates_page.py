"""The page about blocks shows each one, as it is written and as it looks."""

import re
from pathlib import Path

import pytest

from newsletter.content import read_issue
from newsletter.content.directives import NAMES
from newsletter.render import Look
from newsletter.render.block_patterns import begin_block
from newsletter.render.looks import LOOKS
from newsletter.render.own_blocks import find_own_blocks
from tests.browser.drawings import draw_pictures
from tests.browser.pictures import LIMIT, OWN, PAGE, examples


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter's folder with the pictures that the examples name."""
    root = tmp_path_factory.mktemp("page")
    draw_pictures(root / "issues" / "2026-12")
    for name in OWN:
        begin_block(root / "templates" / "blocks", name, ("fi", "sv"))
    return root


def test_every_block_has_an_example() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert set(NAMES) <= set(examples())
    assert set(re.findall(r"^### (\w+)$", text, flags=re.M)) >= set(NAMES)


@pytest.mark.parametrize("name", examples())
def test_each_example_is_read_without_a_finding(name: str, root: Path) -> None:
    path = root / "issues" / f"{name}.md"
    path.write_text(examples()[name], encoding="utf-8")

    kinds = find_own_blocks(Look(folder=root / "templates")).kinds
    issue = read_issue(path, root=root, language="fi", kinds=kinds)

    assert issue.findings == ()
    assert issue.blocks


def test_every_picture_of_the_page_is_there_and_light() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\((images/[^)]+)\)", PAGE.read_text(encoding="utf-8"))

    assert {f"images/looks/{look}.png" for look in LOOKS} <= set(pictures)
    assert {p for p in pictures if not (PAGE.parent / p).is_file()} == set()
    assert {p for p in pictures if (PAGE.parent / p).stat().st_size > LIMIT} == set()
