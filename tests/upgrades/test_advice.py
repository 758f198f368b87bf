"""What is said of templates that nobody updates: whether they go with the look."""

from pathlib import Path

import pytest

from newsletter.render import Look
from newsletter.render.looks import find_packaged
from newsletter.upgrades import advise

OWN = ".prose p { color: #123456 }\n"


def told(look: Look, text: str, name: str = "extra.css") -> list[str]:
    """Return what is said of a file of one's own."""
    look.folder.mkdir()
    (look.folder / name).write_text(text, encoding="utf-8")
    return [f"{f.place}: {f.message} ({f.hint})" for f in advise(look, named=look.name)]


@pytest.mark.parametrize("name", ["extra.css", "extra_screen.css"])
@pytest.mark.parametrize("look", ["letter", "magazine"])
def test_an_addition_that_hides_what_the_look_adds_is_told(
    look: str, name: str, tmp_path: Path
) -> None:
    [said] = told(Look(folder=tmp_path / "templates", name=look), OWN, name)

    assert said.startswith(f"templates/{name}:1: ")
    assert f'{{% include "next:{name}" %}}' in said


def test_an_addition_that_hides_nothing_is_no_fault(tmp_path: Path) -> None:
    assert told(Look(folder=tmp_path / "templates", name="default"), OWN) == []


def test_an_addition_to_what_the_look_adds_is_no_fault(tmp_path: Path) -> None:
    text = f'{{% include "next:extra.css" %}}\n{OWN}'

    assert told(Look(folder=tmp_path / "templates", name="magazine"), text) == []


def test_a_copy_with_an_addition_is_no_fault_though_nobody_remembers_it(tmp_path: Path) -> None:
    copy = find_packaged("extra.css", "magazine")
    assert copy

    text = f"{copy.read_text(encoding='utf-8')}{OWN}"
    assert told(Look(folder=tmp_path / "templates", name="magazine"), text) == []
