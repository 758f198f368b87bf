"""An editor makes a block of their own: it works at once, and everything knows it."""

import json

import pytest

from newsletter.render.looks import LOOKS
from tests.conftest import Site
from tests.render.own import declare

_FRONT = (
    "---\nsubject: Joulukuun uutiset\n"
    'preheader: "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtui."\ndate: 2026-12-15\n---\n'
)


def _write(site: Site, body: str, name: str = "2026-12") -> None:
    site.write(f"issues/{name}.md", f"{_FRONT}{body}\n")


def _found(site: Site, *, code: int = 1) -> list[dict[str, object]]:
    [report] = json.loads(site.run("check", "2026-12", "--json", code=code).stdout)
    return [f for f in report["findings"] if f["id"] in _IDS]


_IDS = ("block-declared", "directive-own", "directive-unknown", "words-lost", "link-scheme")


def test_a_block_that_was_begun_works_at_once_in_both_parts(site: Site) -> None:
    told = site.run("templates", "new", "tip").stderr
    _write(site, "Hei.\n\n::: tip Ennen kuin aloitat\nVaraa **tunti** aikaa.\n:::")

    assert "templates/blocks/tip.toml" in told
    assert _found(site, code=0) == []
    site.run("build", "2026-12", "--out", str(site.root / "out"))
    html = (site.root / "out" / "2026-12.html").read_text(encoding="utf-8")
    text = (site.root / "out" / "2026-12.txt").read_text(encoding="utf-8")
    for words in ("Hyvä tietää", "Ennen kuin aloitat", "Varaa"):
        assert words in html
        assert words in text
    assert "own-tip" in html


def test_nothing_that_is_there_is_written_over(site: Site) -> None:
    site.run("templates", "new", "tip")
    path = site.root / "templates" / "blocks" / "tip.toml"
    path.write_text('holds = "text"\n', encoding="utf-8")
    (path.parent / "tip.css").unlink()

    refused = site.run("templates", "new", "tip", code=2)

    assert "is there already" in refused.stderr
    assert path.read_text(encoding="utf-8") == 'holds = "text"\n'
    assert not (path.parent / "tip.css").exists()


@pytest.mark.parametrize("name", ["templates", "templates/blocks"])
def test_a_block_is_not_begun_through_a_link_out_of_the_folder(name: str, site: Site) -> None:
    outside = site.root.parent / "outside"
    (outside / "blocks").mkdir(parents=True)
    link = site.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)

    refused = site.run("templates", "new", "tip", code=3)

    assert "a link to a file outside" in refused.stderr
    assert [path.name for path in outside.rglob("*")] == ["blocks"]


def test_a_block_that_shares_a_template_is_copied_by_its_name(site: Site) -> None:
    for name in ("box", "columns"):
        assert "row.mjml" in site.run("templates", "copy", name).stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("quote", "templates copy quote"),
        ("box", "templates copy box"),
        ("Tip", "small letters"),
        ("../x", "small letters"),
    ],
)
def test_a_name_that_no_block_of_ones_own_can_have_is_refused(
    name: str, said: str, site: Site
) -> None:
    assert said in site.run("templates", "new", name, code=2).stderr
    assert not (site.root / "templates" / "x.toml").exists()


def test_blocks_of_ones_own_are_listed(site: Site) -> None:
    site.run("templates", "new", "tip")

    listed = json.loads(site.run("templates", "--json").stdout)["blocks"]

    assert [(b["name"], b["about"]) for b in listed] == [("tip", "Words on a ground of their own")]
    assert "tip  Words on a ground" in site.run("templates").stdout


def test_a_faulty_declaration_is_in_the_report_with_file_and_line(site: Site) -> None:
    declare(site.root, "tip", 'summary = "A"\nholds = "all"\n')
    _write(site, "Hei.\n\n::: tip\nA\n:::")

    [finding] = _found(site)

    assert (finding["id"], finding["severity"]) == ("block-declared", "error")
    assert (finding["path"], finding["line"]) == ("templates/blocks/tip.toml", 2)


def test_a_warning_about_declarations_keeps_no_issue_back(site: Site) -> None:
    declare(site.root, "tip", None)
    _write(site, "Hei kaikille.")

    [finding] = _found(site, code=0)

    assert (finding["severity"], finding["path"]) == ("warning", "templates/blocks/tip.mjml")


def test_words_and_links_of_arguments_are_checked_like_all_others(site: Site) -> None:
    declare(
        site.root,
        "tip",
        "[arguments.title]\n[arguments.link]\nkind = 'address'",
        '<mj-text><a href="{{ block.arguments.link }}">Lue</a>'
        '{% for inner in block.blocks %}{% include "blocks/flow.mjml" %}{% endfor %}</mj-text>',
    )
    _write(site, "Hei.\n\n::: tip title=Unohtunut link=www.example.org\nA\n:::")

    found = {f["id"]: f["message"] for f in _found(site)}

    assert "“Unohtunut” is lost from the HTML part" in str(found["words-lost"])
    assert "www.example.org" in str(found["link-scheme"])


def test_an_unknown_directive_says_how_to_make_one(site: Site) -> None:
    _write(site, "Hei.\n\n::: vinkki\nA\n:::")

    [finding] = _found(site)

    assert "newsletter templates new vinkki" in str(finding["hint"])


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_found_in_a_block_that_was_begun(look: str, site: Site) -> None:
    site.run("templates", "use", look)
    site.run("templates", "new", "tip")
    site.write("templates/blocks/box.toml", 'variants = ["quiet"]\n')
    site.write(
        "templates/style.jinja",
        '{% set light = {"box-quiet": "#dfeaf2"} %}\n{% set dark = {"box-quiet": "#1f3040"} %}\n',
    )
    _write(site, "Hei.\n\n::: tip warning Ennen\nA\n:::\n\n::: box quiet\nB\n:::")

    [report] = json.loads(site.run("check", "2026-12", "--json").stdout)

    found = [f["id"] for f in report["findings"] if f["path"].startswith("templates/")]
    assert found == []
