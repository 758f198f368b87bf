"""The pages about blocks and looks show each one, as it is written and as it looks."""

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
from tests.browser.pictures import LIMIT, OWN, PAGES, examples
from tests.questionnaires import POLL_FILE

_PICTURE = re.compile(r"!\[[^\]]+\]\((images/[^)]+)\)")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter's folder with the pictures that the examples name."""
    root = tmp_path_factory.mktemp("page")
    draw_pictures(root / "issues" / "2026-12")
    for name in OWN:
        begin_block(root / "templates" / "blocks", name, ("fi", "sv"))
    return root


def test_every_block_has_an_example() -> None:
    text = PAGES[0].read_text(encoding="utf-8")

    assert set(NAMES) <= set(examples())
    assert set(re.findall(r"^## (\w+)$", text, flags=re.M)) >= set(NAMES)


@pytest.mark.parametrize("name", examples())
def test_each_example_is_read_without_a_finding(name: str, root: Path) -> None:
    path = root / "issues" / f"{name}.md"
    path.write_text(examples()[name], encoding="utf-8")

    kinds = find_own_blocks(Look(folder=root / "templates")).kinds
    issue = read_issue(path, root=root, language="fi", kinds=kinds)

    assert issue.findings == ()
    assert issue.blocks


def test_the_poll_of_the_page_is_the_one_of_its_picture() -> None:
    assert f"```md\n{POLL_FILE}```" in PAGES[0].read_text(encoding="utf-8")


def test_every_picture_of_the_pages_is_there_and_light() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = {PAGES[0].parent / name for name in _PICTURE.findall(text)}

    assert {PAGES[0].parent / f"images/looks/{look}.png" for look in LOOKS} <= pictures
    assert {picture for picture in pictures if not picture.is_file()} == set()
    assert {p for p in pictures if p.stat().st_size > _most_of(p)} == set()


def _most_of(picture: Path) -> int:
    """Return the most bytes of a picture; a JPEG shows several mails at once."""
    return LIMIT if picture.suffix == ".png" else 2 * LIMIT
