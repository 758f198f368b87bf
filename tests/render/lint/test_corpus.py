"""Every broken template is told with its file and line, by everything that tells; none crashes."""

import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.render import lint_templates, look_named
from tests.conftest import Site
from tests.render.lint.corpus import CORPUS, ISSUE, ISSUE_ID, LOOKS, Broken, write

MISTAKES = list(dict.fromkeys(case.mistake for case in CORPUS))
FEW = [case for case in CORPUS if case.look == "magazine"][::13]


def listed(case: Broken) -> ParameterSet:
    """Return a case by its name; a mistake in three places is made in one look at each, in turn."""
    places = sorted({other.file for other in CORPUS if other.mistake == case.mistake})
    turn = MISTAKES.index(case.mistake) + places.index(case.file) + LOOKS.index(case.look)
    is_tried = len(places) == 1 or turn % len(LOOKS) == 0
    return pytest.param(case, id=case.name, marks=() if is_tried else pytest.mark.at_length)


def findings_of(root: Path) -> list[dict[str, Any]]:
    """Return what the real check finds, as it tells machines."""
    run = CliRunner().invoke(cli, ["-C", str(root), "check", ISSUE_ID, "--json"])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    [report] = json.loads(run.stdout)
    assert run.exit_code == 0 or report["findings"]
    return list(report["findings"])


def test_there_are_more_than_a_hundred_and_twenty() -> None:
    assert len({case.name for case in CORPUS}) == len(CORPUS) > 120


@pytest.mark.parametrize("case", [listed(case) for case in CORPUS])
def test_a_broken_template_is_told_with_its_line(case: Broken, tmp_path: Path) -> None:
    line = case.lay(tmp_path)

    found = findings_of(tmp_path)

    told = [
        (finding["id"], finding["line"])
        for finding in found
        if finding["path"] == f"templates/{case.file}" and finding["severity"] != "note"
    ]
    assert (case.rule, line) in told, found


@pytest.mark.long
@pytest.mark.parametrize("case", FEW, ids=lambda case: case.name)
def test_the_terminal_sarif_and_json_tell_the_same(case: Broken, tmp_path: Path) -> None:
    line = case.lay(tmp_path)
    site = Site(tmp_path)

    told = site.run("check", ISSUE_ID, "--sarif", "check.sarif", code=None)
    for_machines = site.run("check", ISSUE_ID, "--json", code=None)

    place = f"templates/{case.file}:{line}: "
    [shown] = [text for text in told.stdout.splitlines() if text.startswith(place)][:1]
    assert shown.endswith(f"[{case.rule}]")
    results = json.loads((tmp_path / "check.sarif").read_text("utf-8"))["runs"][0]["results"]
    places = [
        (result["ruleId"], where["artifactLocation"]["uri"], where["region"]["startLine"])
        for result in results
        for where in [result["locations"][0]["physicalLocation"]]
    ]
    assert (case.rule, f"templates/{case.file}", line) in places
    [report] = json.loads(for_machines.stdout)
    assert len(report["findings"]) == len(results)
    assert told.returncode == for_machines.returncode


def test_what_is_wrong_stands_file_by_file_and_that_of_the_issue_first(tmp_path: Path) -> None:
    CORPUS[0].lay(tmp_path)
    write(tmp_path, f"issues/{ISSUE_ID}.md", ISSUE.replace("Alku.", "[Alku](http://a.example)"))
    write(tmp_path, "templates/colours.css", ".prose p { colr: red }\n")
    write(tmp_path, "templates/blocks/prose.mjml", "<mj-txt>{{ block.html|html }}</mj-txt>\n")

    paths = [finding["path"] for finding in findings_of(tmp_path)]

    grouped = list(dict.fromkeys(paths))
    assert grouped[0] == f"issues/{ISSUE_ID}.md"
    assert paths == sorted(paths, key=grouped.index)
    assert len(grouped) == 4


def test_a_page_may_take_in_a_file_of_any_kind(tmp_path: Path) -> None:
    (tmp_path / "thanks.html").write_text("<b>Kiitos</b>", encoding="utf-8")
    page = (
        '{% extends "default.mjml" %}{% block nameplate %}{% include "thanks.html" %}{% endblock %}'
    )
    (tmp_path / "default.mjml").write_text(page, encoding="utf-8")

    assert lint_templates(look_named("default", folder=tmp_path)) == ()
