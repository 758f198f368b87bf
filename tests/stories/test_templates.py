"""An editor chooses a look, makes templates their own, and keeps what they changed."""

import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from newsletter.render import Look, recall
from newsletter.render.looks import LOOKS, files_of, is_packaged
from newsletter.upgrades import Relation, take_stock
from tests.conftest import ISSUE, Site
from tests.render.shipped import noted


@pytest.mark.parametrize("look", LOOKS)
def test_a_newsletter_begins_with_the_look_asked_for(look: str, tmp_path: Path) -> None:
    Site(tmp_path).run("init", "kirje", "--look", look)
    site = Site(tmp_path / "kirje")

    found = json.loads(site.run("templates", "--json").stdout)

    assert found["look"] == look
    assert not any(t["changed"] for t in found["templates"])
    relations = {t["name"]: t["relation"] for t in found["templates"]}
    copied = [name for name, relation in relations.items() if relation == "as-in-package"]
    assert copied == ["issue.en.md", "issue.fi.md", "issue.sv.md", "style.jinja"]
    assert {relations[name] for name in set(relations) - set(copied)} == {"package"}


def test_what_is_not_in_the_folder_comes_from_the_package(site: Site) -> None:
    before = json.loads(site.run("templates", "--json").stdout)["templates"]
    site.run("templates", "copy", "quote", "style.jinja")
    path = site.root / "templates" / "style.jinja"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    after = json.loads(site.run("templates", "--json").stdout)["templates"]
    shown = site.run("templates").stdout

    assert {t["origin"] for t in before} == {"package"}
    mine = {t["name"]: t["changed"] for t in after if t["origin"] == "yours"}
    assert mine == {"blocks/quote.mjml": False, "style.jinja": True}
    assert re.search(r"style\.jinja +yours\n", shown)
    assert "* default" in shown


def test_a_changed_template_is_never_replaced_by_accident(site: Site) -> None:
    site.run("templates", "copy", "blocks/quote.mjml")
    path = site.root / "templates" / "blocks" / "quote.mjml"
    packaged = path.read_bytes()
    path.write_text("<mj-text>MINE</mj-text>", encoding="utf-8")

    refused = site.run("templates", "copy", "quote", "pull", code=2)

    assert "blocks/quote.mjml" in refused.stderr
    assert "--overwrite" in refused.stderr
    assert "MINE" in path.read_text(encoding="utf-8")
    assert not (site.root / "templates" / "blocks" / "pull.mjml").exists()

    told = site.run("templates", "copy", "quote", "--overwrite").stderr
    assert path.read_bytes() == packaged
    assert "quote.mjml.before" in told
    assert "MINE" in path.with_name("quote.mjml.before").read_text(encoding="utf-8")


def test_another_look_takes_the_place_of_the_old_one(site: Site) -> None:
    style = site.root / "templates" / "style.jinja"
    site.run("templates", "use", "letter")
    site.run("templates", "copy", "extra.css", "quote")
    assert style.read_bytes() == files_of("letter")["style.jinja"].read_bytes()

    site.run("templates", "use", "default")

    assert style.read_bytes() == files_of("default")["style.jinja"].read_bytes()
    assert not (site.root / "templates" / "extra.css").exists()
    assert (site.root / "templates" / "blocks" / "quote.mjml").exists()
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    assert settings.count("look =") == 1
    assert json.loads(site.run("templates", "--json").stdout)["look"] == "default"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("begun", LOOKS)
def test_untouched_copies_follow_the_look_that_is_written_by_hand(
    tmp_path: Path, begun: str, look: str
) -> None:
    """No mixture of two looks: the page is the one that the look makes without any copies."""
    Site(tmp_path).run("init", "kirje", "--look", begun)
    site = Site(tmp_path / "kirje")
    site.write("issues/2026-06.md", ISSUE)
    _name_look(site, look)

    site.run("build", "2026-06")
    shutil.rmtree(site.root / "templates")
    site.run("build", "2026-06", "--out", "bare")

    pages = [(site.root / out / "2026-06.html").read_bytes() for out in ("out", "bare")]
    assert pages[0] == pages[1]


def test_copies_are_known_by_what_was_ever_in_the_package() -> None:
    current = files_of("letter")["style.jinja"].read_bytes()

    assert len(noted()) > 50
    assert all(len(digest) == 16 for _, digest in noted())
    assert is_packaged("style.jinja", current)
    assert is_packaged("style.jinja", current.replace(b"\n", b"\r\n"))
    assert not is_packaged("style.jinja", current + b"\n")


def test_a_changed_template_of_another_look_is_named_with_the_way_out(tmp_path: Path) -> None:
    Site(tmp_path).run("init", "kirje")
    site = Site(tmp_path / "kirje")
    site.write("issues/2026-06.md", ISSUE)
    path = site.root / "templates" / "style.jinja"
    path.write_text(path.read_text(encoding="utf-8") + "{# mine #}\n", encoding="utf-8")
    assert "template-look" not in site.run("check", "2026-06", code=None).stdout

    _name_look(site, "letter")
    told = site.run("check", "2026-06", code=None).stdout

    assert "templates/style.jinja:1: warning: this is a changed copy of the look “default”" in told
    assert "“newsletter templates copy style.jinja --overwrite”" in told
    assert "made from the look “default”" in site.run("templates").stdout
    site.run("templates", "copy", "style.jinja", "--overwrite")
    assert "template-look" not in site.run("check", "2026-06", code=None).stdout


def test_a_template_of_ones_own_belongs_to_every_look(site: Site) -> None:
    site.write("templates/style.jinja", "{# all my own #}\n")
    site.write("templates/blocks/poem.mjml", "<mj-text>x</mj-text>\n")

    look = Look(folder=site.root / "templates", name="letter")
    templates = take_stock(look, recall(look.folder))
    assert [template for template in templates if template.other_look] == []
    assert {t.relation for t in templates if t.name == "blocks/poem.mjml"} == {Relation.OWN}


def _name_look(site: Site, look: str) -> None:
    """Write a look into the settings by hand."""
    path = site.root / "newsletter.toml"
    text = re.sub(r'(?m)^look = "\w+"', f'look = "{look}"', path.read_text(encoding="utf-8"))
    assert f'look = "{look}"' in text
    path.write_text(text, encoding="utf-8")


def test_a_look_is_not_taken_over_changed_files(site: Site) -> None:
    site.run("templates", "use", "letter")
    site.write("templates/default.mjml", "MINE")
    site.write("templates/blocks/quote.mjml", "<mj-text>the same in both looks</mj-text>")

    refused = site.run("templates", "use", "magazine", code=2)

    assert "default.mjml" in refused.stderr
    assert "quote.mjml" not in refused.stderr
    assert json.loads(site.run("templates", "--json").stdout)["look"] == "letter"
    site.run("templates", "use", "magazine", "--overwrite")
    site.run("build", "2026-06", "--out", str(site.root / "out"))


def test_the_look_changes_what_readers_get(site: Site) -> None:
    pages = {}
    for look in LOOKS:
        site.run("templates", "use", look)
        site.run("build", "2026-06", "--out", str(site.root / "out"))
        pages[look] = (site.root / "out" / "2026-06.html").read_text(encoding="utf-8")

    assert len(set(pages.values())) == len(LOOKS)
    assert all("Kesä on täällä" in page for page in pages.values())


def test_templates_that_drop_words_are_errors_with_the_line_of_each_block(site: Site) -> None:
    site.write("issues/2026-07.md", _WORDS)
    for kind in ("event", "figure", "gallery", "person", "pull", "quote"):
        site.write(f"templates/blocks/{kind}.mjml", "<mj-text>tyhjää</mj-text>")

    report = json.loads(site.run("check", "2026-07", "--json", code=1).stdout)

    found = {f["line"] for f in report[0]["findings"] if f["id"] == "words-lost"}
    lines = _WORDS.splitlines()
    shown = {n for n, line in enumerate(lines, 1) if line.startswith(("::: ", "!["))}
    assert found >= shown - {lines.index("::: gallery") + 1}  # its pictures have lines of their own


_WORDS = """\
---
subject: Kuva
date: 2026-07-15
events:
  kahvit:
    title: Aamukahvit
    start: 2026-07-22 09:00
---
::: figure https://www.example.org/a.jpg
Järvi illalla

Kuvateksti
:::

::: gallery
![Vasen](https://www.example.org/b.jpg)
![Oikea](https://www.example.org/c.jpg)
:::

::: person
Aino
:::

::: event kahvit
:::

::: pull
Nosto
:::

::: quote
Lainaus

— Eino
:::
"""


@pytest.mark.parametrize(
    ("name", "hint"), [("qoute", "did you mean “quote”"), ("zzz", "“newsletter templates” lists")]
)
def test_an_unknown_template_is_answered_with_the_nearest(name: str, hint: str, site: Site) -> None:
    refused = site.run("templates", "copy", name, code=2)

    assert hint in refused.stderr


def test_hosted_pictures_are_written_beside_the_page(site: Site) -> None:
    site.settings(language='language = "fi"\npublic_url = "https://news.example.org"')
    site.environment["NEWSLETTER_SECRET"] = "invented for this test, and long enough"  # noqa: S105
    folder = site.root / "issues" / "2026-07"
    folder.mkdir(parents=True)
    Image.linear_gradient("L").resize((2000, 1000)).save(folder / "a.jpg")
    site.write(
        "issues/2026-07.md",
        "---\nsubject: Kuva\ndate: 2026-07-15\n---\n![Järvi illalla](2026-07/a.jpg)\n",
    )

    site.run("build", "2026-07", "--out", str(site.root / "out"))

    page = (site.root / "out" / "2026-07.html").read_text(encoding="utf-8")
    names = [path.name for path in (site.root / "out" / "pictures").iterdir()]
    assert len(names) == 2
    assert all(f"https://news.example.org/pictures/{name}" in page for name in names)
