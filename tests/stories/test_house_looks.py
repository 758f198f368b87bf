"""Newsletters share a look that lies in a folder of its own."""

import json
from pathlib import Path

import pytest

from newsletter.cli.look_choice import name_for
from tests.conftest import ISSUE, Site

HOUSE = 'name = "Säätiö"\nversion = "2.1"\nbased_on = "magazine"\n'


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house look with a colour of its own."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "look.toml").write_text(HOUSE, encoding="utf-8")
    style = '{% set light = {"link": "#123456"} %}'
    (folder / "style.jinja").write_text(style, encoding="utf-8")
    return folder


def _page(site: Site) -> str:
    site.write("issues/2026-06.md", ISSUE)
    site.run("build", "2026-06", "--out", "out")
    return (site.root / "out" / "2026-06.html").read_text(encoding="utf-8")


def test_a_newsletter_begins_with_a_house_look_and_another_takes_it(
    tmp_path: Path, house: Path
) -> None:
    Site(tmp_path).run("init", "one", "--look", "house")
    Site(tmp_path).run("init", "other")
    one, other = Site(tmp_path / "one"), Site(tmp_path / "other")

    told = other.run("templates", "use", "../house").stderr

    assert "The newsletter now looks like “Säätiö 2.1”." in told
    for site in (one, other):
        settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
        assert 'look = "../house"' in settings
        assert not (site.root / "templates" / "style.jinja").exists()
        assert "#123456" in _page(site)
    listed = json.loads(one.run("templates", "--json").stdout)
    assert listed["look"] == "../house"
    assert "* ../house: Säätiö 2.1" in one.run("templates").stdout
    (house / "style.jinja").unlink()
    assert "#123456" not in _page(one)


def test_what_was_changed_is_not_hidden_by_a_house_without_being_asked(
    tmp_path: Path, house: Path
) -> None:
    Site(tmp_path).run("init", "one")
    site = Site(tmp_path / "one")
    style = site.root / "templates" / "style.jinja"
    style.write_text(style.read_text(encoding="utf-8") + "{# mine #}\n", encoding="utf-8")

    refused = site.run("templates", "use", str(house), code=2)

    assert "style.jinja" in refused.stderr
    assert "mine" in style.read_text(encoding="utf-8")
    assert 'look = "default"' in (site.root / "newsletter.toml").read_text(encoding="utf-8")


def test_a_newsletter_whose_house_is_gone_says_so_and_takes_another_look(
    tmp_path: Path, house: Path
) -> None:
    Site(tmp_path).run("init", "one", "--look", "house")
    site = Site(tmp_path / "one")
    site.write("issues/2026-06.md", ISSUE)
    house.rename(tmp_path / "moved")

    told = site.run("check", "2026-06", code=3)
    refused = site.run("templates", "use", "../house", code=2)
    site.run("templates", "use", "../moved")

    assert "“../house” is no look: there is no" in told.stderr + told.stdout
    assert "“../house” is no look: there is no" in refused.stderr
    assert "#123456" in _page(site)


def test_an_unknown_look_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    Site(tmp_path).run("init", "one", "--look", "./nothing", code=2)
    Site(tmp_path).run("init", "one", "--look", "magazin", code=2)

    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("magazine", "magazine"),
        ("house", "../house"),
        ("./one/house", "./house"),
        ("../shared/house", "../../shared/house"),
    ],
)
def test_a_folder_is_noted_as_seen_from_the_newsletter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, noted: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert name_for(Path("one"), typed) == noted
