"""A newsletter with changed templates goes from one version of the program to the next.

Three versions are invented, each a folder of templates; the program runs in a process of its own.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ISSUE, Site
from tests.upgrades.packages import Version, make_version, replacing

_ORNAMENT = (
    "{#- An ornament below the last words. -#}\n.ornament { color: red }\n.end { margin: 0 }\n"
)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Version, Version]:
    """The package of today with one file more, a newer one, and the newest."""
    folder = tmp_path_factory.mktemp("packages")
    first = make_version(folder / "1", {"ornament.css": lambda _: _ORNAMENT}, after=None)
    second = make_version(
        folder / "2",
        {
            "style.jinja": lambda text: replacing(
                '  "pull": 24,\n', '  "pull": 24,\n  "badge": 14,\n'
            )(replacing('"paper": "#f3ede3"', '"paper": "#f4efe6"')(text)),
            "screen.css": lambda text: f"{text}\n.badge {{ font-size: {{{{ size.badge }}}}px }}\n",
            "issue.fi.md": lambda text: f"{text}\n## Uutta ohjelmassa\n",
        },
        after=first,
    )
    third = make_version(
        folder / "3",
        {
            "style.jinja": replacing('"accent": "#b4532a"', '"accent": "#a04a20"'),
            "ornament.css": lambda _: "",
            "end.css": lambda _: f"{_ORNAMENT}.last {{ margin: 0 }}\n",
        },
        after=second,
    )
    return first, second, third


@pytest.fixture
def kirje(tmp_path: Path, versions: tuple[Version, Version, Version]) -> Path:
    """A newsletter begun with the first version, whose owner has made some templates their own."""
    first = versions[0]
    first.run(tmp_path, "init", "kirje")
    root = tmp_path / "kirje"
    (root / "issues" / "2026-06.md").write_text(ISSUE, encoding="utf-8")
    first.run(root, "templates", "copy", "screen.css", "ornament.css", "quote")
    _change(root, "style.jinja", '"accent": "#b4532a"', '"accent": "#004488"')
    _change(root, "ornament.css", "color: red", "color: green")
    _change(root, "issue.fi.md", "Tästä rungosta", "Meidän runkomme: tästä")
    return root


def test_what_is_new_is_told_and_breaks_nothing(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    first, second, _ = versions
    assert _relations(first, kirje) == {
        "style.jinja": "yours",
        "ornament.css": "yours",
        "issue.fi.md": "yours",
    }

    assert _relations(second, kirje) == {
        "style.jinja": "both-changed",
        "issue.fi.md": "both-changed",
        "ornament.css": "yours",
        "screen.css": "package-newer",
    }
    [style] = [t for t in _templates(second, kirje) if t["name"] == "style.jinja"]
    assert style["lacks"] == ["size.badge"]
    shown = second.run(kirje, "templates").stdout
    assert "from the look below: size.badge" in shown
    assert "something new for 3 templates" in shown
    found = _findings(second, kirje)
    assert ("templates/style.jinja", "template-newer", "note") in found
    assert [name for name, _, _ in found if name == "templates/screen.css"] == []
    second.run(kirje, "build", "2026-06")
    page = (kirje / "out" / "2026-06.html").read_text(encoding="utf-8")
    assert "#f3ede3" in page  # as the owner's style has it still
    assert "something new" in second.run(kirje, "doctor", code=None).stdout


def test_what_is_new_comes_in_and_what_the_owner_changed_stays(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    _, second, _ = versions
    told = second.run(kirje, "templates", "diff", "style.jinja").stdout
    mine, _, theirs = told.partition("what the package changed")
    assert '+  "accent": "#004488",' in mine
    assert '+  "badge": 14,' in theirs
    before = _contents(kirje)
    would = second.run(kirje, "templates", "update", "--dry-run").stderr
    assert "would be merged" in would
    assert _contents(kirje) == before

    told = second.run(kirje, "templates", "update").stderr
    assert "style.jinja.before" in told
    after = _contents(kirje)
    assert '"accent": "#004488"' in after["style.jinja"]
    assert '"paper": "#f4efe6"' in after["style.jinja"]
    assert '"badge": 14' in after["style.jinja"]
    assert "Meidän runkomme" in after["issue.fi.md"]
    assert "Uutta ohjelmassa" in after["issue.fi.md"]
    assert after["style.jinja.before"] == before["style.jinja"]
    assert "screen.css.before" not in after  # nobody had changed it
    assert set(_relations(second, kirje).values()) == {"yours"}
    assert "nothing new" in second.run(kirje, "templates", "update").stderr
    assert _contents(kirje) == after


def test_what_both_changed_is_for_the_owner_to_decide(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    _, second, third = versions
    second.run(kirje, "templates", "update")

    gone = {t["name"]: t for t in _templates(third, kirje)}["ornament.css"]
    assert (gone["relation"], gone["successor"]) == ("gone", "end.css")
    told = third.run(kirje, "templates", "update", code=1).stderr
    assert "style.jinja: merged, with 1 conflict for you to decide" in told
    assert "color: green" in _contents(kirje)["ornament.css"]
    refused = third.run(kirje, "check", "2026-06", "--json", code=1).stdout
    [finding] = json.loads(refused)[0]["findings"]
    assert (finding["id"], finding["path"]) == ("template-conflict", "templates/style.jinja")
    assert _contents(kirje)["style.jinja"].splitlines()[finding["line"] - 1] == "<<<<<<< yours"
    third.run(kirje, "build", "2026-06", code=1)
    assert _relations(third, kirje)["style.jinja"] == "conflict"
    told = third.run(kirje, "templates", "update", "style.jinja", code=1).stderr
    assert "a conflict is left in it" in told

    style_file = kirje / "templates" / "style.jinja"
    lines = style_file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line[:7] not in ("<" * 7, "=" * 7, ">" * 7)]
    style_file.write_text("".join(line for line in kept if "#a04a20" not in line), "utf-8")
    assert _relations(third, kirje)["style.jinja"] == "yours"
    third.run(kirje, "build", "2026-06")
    third.run(kirje, "templates", "update")


def test_a_version_may_be_left_out(kirje: Path, versions: tuple[Version, Version, Version]) -> None:
    _, _, third = versions

    third.run(kirje, "templates", "update", code=1)

    after = _contents(kirje)
    assert '"paper": "#f4efe6"' in after["style.jinja"]
    assert '"badge": 14' in after["style.jinja"]
    assert "#004488" in after["style.jinja"]
    assert "#a04a20" in after["style.jinja"]


def test_the_file_before_that_is_put_back_is_a_decision(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    _, second, _ = versions
    second.run(kirje, "templates", "update")
    kept = kirje / "templates" / "style.jinja.before"

    kept.replace(kirje / "templates" / "style.jinja")

    assert _relations(second, kirje)["style.jinja"] == "yours"


def test_an_old_newsletter_that_remembers_nothing_is_asked_about_each_difference(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    _, second, _ = versions
    (kirje / "templates" / "copied.json").unlink()
    before = _contents(kirje)

    assert _relations(second, kirje) == {
        "style.jinja": "origin-unknown",
        "issue.fi.md": "origin-unknown",
        "ornament.css": "origin-unknown",
        "screen.css": "package-newer",
    }
    told = second.run(kirje, "templates", "update").stderr
    assert "nobody remembers" in told
    assert _contents(kirje)["style.jinja"] == before["style.jinja"]
    assert "how yours differs" in second.run(kirje, "templates", "diff", "style.jinja").stdout

    second.run(kirje, "templates", "update", "style.jinja", code=1)

    after = _contents(kirje)
    assert after["style.jinja"].count("<<<<<<< yours") == 3  # accent, paper and badge
    assert after["style.jinja.before"] == before["style.jinja"]


def test_a_template_that_cannot_be_compared_is_told(site: Site) -> None:
    outside = site.root.parent / "quote.mjml"
    outside.write_text("of somebody else\n", encoding="utf-8")
    (site.root / "templates" / "blocks").mkdir(parents=True)
    (site.root / "templates" / "blocks" / "quote.mjml").symlink_to(outside)

    told = site.run("templates", "diff", "quote", code=1)

    assert "blocks/quote.mjml: it is no text that can be read" in told.stderr
    assert "somebody else" not in told.stdout + told.stderr


def test_a_short_style_has_nothing_to_decide(
    kirje: Path, versions: tuple[Version, Version, Version]
) -> None:
    _, _, third = versions
    short = '{%- set light = {"accent": "#004488"} %}\n'
    (kirje / "templates" / "style.jinja").write_text(short, encoding="utf-8")

    third.run(kirje, "templates", "update", "style.jinja")

    assert _contents(kirje)["style.jinja"] == short
    third.run(kirje, "build", "2026-06")


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_all_of_it_is_told_in_the_language_of_the_editor(
    kirje: Path, versions: tuple[Version, Version, Version], language: str
) -> None:
    third = versions[2]
    done = [
        third.run(kirje, "--lang", language, "templates"),
        third.run(kirje, "--lang", language, "templates", "diff"),
        third.run(kirje, "--lang", language, "templates", "update", "--dry-run", code=1),
        third.run(kirje, "--lang", language, "templates", "update", code=1),
        third.run(kirje, "--lang", language, "templates", "update", code=1),
    ]

    told = "".join(one.stdout + one.stderr for one in done)
    assert not [
        word for word in ("package", "yours,", "merged", "changed", "nobody") if word in told
    ]


def _change(root: Path, name: str, old: str, new: str) -> None:
    path = root / "templates" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _contents(root: Path) -> dict[str, str]:
    folder = root / "templates"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _templates(version: Version, root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(version.run(root, "templates", "--json").stdout)[
        "templates"
    ]
    return found


def _relations(version: Version, root: Path) -> dict[str, str]:
    """Return how own templates stand that are not simply the package's."""
    usual = ("package", "as-in-package")
    pairs = ((t["name"], t["relation"]) for t in _templates(version, root))
    return {name: relation for name, relation in pairs if relation not in usual}


def _findings(version: Version, root: Path) -> list[tuple[str, str, str]]:
    told = version.run(root, "check", "2026-06", "--json", code=None).stdout
    findings = json.loads(told)[0]["findings"]
    return [(f["path"], f["id"], f["severity"]) for f in findings]
