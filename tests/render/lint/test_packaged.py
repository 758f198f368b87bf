"""The package's own templates never complain: each file of each look, as if it were one's own."""

from pathlib import Path

import pytest

from newsletter.render import Look, lint_templates
from newsletter.render.chain import House
from newsletter.render.looks import LOOKS, files_of
from tests.render.lint.corpus import write

READ = (".css", ".jinja", ".mjml")
REMARK = "{# own #}"


@pytest.mark.parametrize("look", LOOKS)
def test_the_files_of_a_look_have_no_faults(look: str, tmp_path: Path) -> None:
    files = {name: path for name, path in files_of(look).items() if path.suffix in READ}
    for name, path in files.items():  # a remark makes each a file of one's own
        write(tmp_path, f"templates/{name}", path.read_text("utf-8") + REMARK)

    found = lint_templates(Look(folder=tmp_path / "templates", name=look))

    assert [(one.path, one.line, one.message) for one in found] == []


@pytest.mark.parametrize("look", LOOKS)
def test_without_own_templates_nothing_is_found(look: str, tmp_path: Path) -> None:
    assert lint_templates(Look(folder=tmp_path / "templates", name=look)) == ()


def test_the_files_of_a_house_look_are_told_by_their_way(tmp_path: Path) -> None:
    write(tmp_path, "house/look.toml", 'name = "Talo"\n')
    write(tmp_path, "house/blocks/prose.mjml", "<mj-txt>{{ block.html|html }}</mj-txt>\n")
    house = House(folder=tmp_path / "house", name="Talo")
    look = Look(folder=tmp_path / "kirje" / "templates", houses=(house,))

    [found] = lint_templates(look)

    assert (found.path, found.line, found.id) == (
        "../house/blocks/prose.mjml",
        1,
        "template-elements",
    )
