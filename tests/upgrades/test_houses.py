"""Templates of a chain follow the folder behind: one's own the house look, that the package."""

import json
from pathlib import Path

import pytest

from newsletter.render import Look, Memory, Origin, look_named, recall, remember
from newsletter.render.templating import environment_of
from newsletter.upgrades import Relation, copy_templates, renew, renewal_of, template_of
from tests.conftest import Site

NAME = "row.mjml"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A look that newsletters share, with one template of its own."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "look.toml").write_text('name = "House"\nversion = "2"\n', encoding="utf-8")
    (folder / NAME).write_text("{# one #}\n<mj-text>a</mj-text>\n", encoding="utf-8")
    return folder


@pytest.fixture
def look(tmp_path: Path, house: Path) -> Look:
    """The look of a newsletter beside it, which copied that template."""
    made = look_named("../house", folder=tmp_path / "kirje" / "templates")
    assert list(copy_templates(made, [NAME], recall(made.folder))) == [(NAME, None)]
    return made


def test_a_copy_that_nobody_changed_follows_the_house_look(look: Look, house: Path) -> None:
    assert _relation(look) is Relation.SAME

    (house / NAME).write_text("{# two #}\n<mj-text>a</mj-text>\n", encoding="utf-8")

    assert _relation(look) is Relation.NEWER
    loader = environment_of(look).loader
    assert loader is not None
    assert loader.get_source(environment_of(look), NAME)[0].startswith("{# two #}")


def test_what_is_new_in_the_house_look_is_merged_into_a_changed_copy(
    look: Look, house: Path
) -> None:
    path = look.folder / NAME
    path.write_text(f"{path.read_text('utf-8')}<mj-text>mine</mj-text>\n", encoding="utf-8")
    assert _relation(look) is Relation.YOURS
    (house / NAME).write_text("{# two #}\n<mj-text>a</mj-text>\n", encoding="utf-8")

    assert _relation(look) is Relation.BOTH
    memory = recall(look.folder)
    renew(look, renewal_of(template_of(NAME, look, memory), look, is_named=False), memory)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == ["{# two #}", "<mj-text>a</mj-text>", "<mj-text>mine</mj-text>"]
    assert _relation(look) is Relation.YOURS


def test_the_house_look_is_listed_and_updated_as_well(site: Site, house: Path) -> None:
    text = Look(folder=house).find(NAME).read_text(encoding="utf-8")  # type: ignore[union-attr]
    origin = Origin(look="default", text=f"{{# old #}}\n{text}")
    remember(Memory(folder=house), NAME, origin, before=None, after=b"")
    (house / NAME).write_text(f"{{# old #}}\n{text}\n<!-- ours -->\n", encoding="utf-8")
    site.run("templates", "use", str(house))

    [listed] = json.loads(site.run("templates", "--json").stdout)["houses"]
    assert (listed["name"], listed["version"]) == ("House", "2")
    assert [(t["name"], t["relation"]) for t in listed["templates"]] == [(NAME, "both-changed")]
    shown = site.run("templates").stdout
    assert "from the look “House”" in shown
    assert "House look “House”" in shown
    site.run("templates", "update")  # has nothing to do with the house look

    site.run("templates", "update", "--house")

    merged = (house / NAME).read_text(encoding="utf-8")
    assert merged == f"{text}\n<!-- ours -->\n"


def test_a_newsletter_without_a_house_look_is_told_so(site: Site) -> None:
    refused = site.run("templates", "update", "--house", code=2)

    assert "there is no house look" in refused.stderr


def _relation(look: Look) -> Relation:
    return template_of(NAME, look, recall(look.folder)).relation
