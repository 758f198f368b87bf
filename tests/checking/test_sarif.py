"""Reports in SARIF are what the standard's own schema and code hosts take."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checking.report import Report, Silenced
from newsletter.checking.sarif import to_sarif
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity, Skipped
from tests.conftest import Site

# Published by OASIS with the standard (errata 01, 28 August 2023).
SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
RULES = (
    Rule(id="image-alt", summary="each picture has an alternative text", source="WCAG 1.1.1"),
    Rule(id="link-broken", summary="each link leads somewhere"),
)


def finding(id: str, severity: Severity = Severity.ERROR, line: int | None = 7) -> Finding:
    """Return a finding."""
    return Finding(
        id=id, severity=severity, path="issues/2026 12.md", line=line, message="m", hint="h"
    )


def run_of(report: Report) -> dict[str, Any]:
    """Return the one run of a report's SARIF, checked against the schema."""
    log = json.loads(json.dumps(to_sarif(report, RULES, "0.1.0")))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return dict(run)


@pytest.mark.parametrize("severity", Severity)
def test_a_finding_is_a_result_with_its_line_and_weight(severity: Severity) -> None:
    (result,) = run_of(Report(findings=(finding("image-alt", severity),)))["results"]

    assert result["level"] == severity.value
    assert result["message"]["text"] == "m (h)"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "issues/2026%2012.md"
    assert place["region"]["startLine"] == 7
    assert "suppressions" not in result


def test_a_finding_without_a_line_stands_at_the_top() -> None:
    (result,) = run_of(Report(findings=(finding("image-alt", line=None),)))["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_what_is_silenced_is_suppressed_with_the_reason() -> None:
    silenced = Silenced(finding=finding("image-alt"), reason="kuva on koriste")

    (result,) = run_of(Report(silenced=(silenced,)))["results"]

    (suppression,) = result["suppressions"]
    assert suppression["justification"] == "kuva on koriste"
    assert suppression["status"] == "accepted"


def test_what_is_skipped_is_told_and_is_no_result() -> None:
    run = run_of(Report(skipped=(Skipped(id="link-broken", reason=say("only with --online")),)))

    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["associatedRule"]["id"] == "link-broken"
    assert "only with --online" in told["message"]["text"]
    assert run["results"] == []


def test_every_rule_is_described() -> None:
    rules = run_of(Report())["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["image-alt", "link-broken"]
    assert "WCAG 1.1.1" in rules[0]["help"]["text"]
    assert rules[0]["defaultConfiguration"] == {"level": "warning"}


def test_a_rule_weighs_as_much_as_its_worst_finding() -> None:
    found = (finding("image-alt", Severity.NOTE), finding("image-alt", Severity.ERROR))

    rules = run_of(Report(findings=found))["tool"]["driver"]["rules"]

    assert rules[0]["defaultConfiguration"] == {"level": "error"}


_findings = st.builds(
    Finding,
    id=st.sampled_from(["image-alt", "link-broken", "undeclared"]),
    severity=st.sampled_from(Severity),
    path=st.text(min_size=1),
    message=st.text(),
    hint=st.text(),
    line=st.none() | st.integers(1, 10**6),
)


@given(
    st.lists(_findings, max_size=4),
    st.lists(st.builds(Silenced, finding=_findings, reason=st.text(min_size=1)), max_size=2),
    st.lists(st.builds(Skipped, id=st.just("other"), reason=st.text()), max_size=1),
)
def test_any_report_fits_the_schema(
    findings: list[Finding], silenced: list[Silenced], skipped: list[Skipped]
) -> None:
    run_of(Report(findings=tuple(findings), silenced=tuple(silenced), skipped=tuple(skipped)))


# --- the command --------------------------------------------------------------------------


BROKEN = """\
---
subject: "Kirje"
preheader: "Tässä kirjeessä kerrotaan kesän kuulumiset ja syksyn suunnitelmat."
date: 2026-06-15
---
Lue [tämä](#poissa).
"""


def test_the_command_writes_a_file_and_still_reports(site: Site) -> None:
    site.write("issues/2026-07.md", BROKEN)
    target = site.root / "check.sarif"

    done = site.run("check", "issues/2026-07.md", "2026-06", "--sarif", str(target), code=1)

    log = json.loads(target.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    places = [
        (r["ruleId"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for r in run["results"]
    ]
    assert ("link-anchor", "issues/2026-07.md") in places
    assert "link-anchor" in done.stdout


def test_the_command_writes_to_stdout_and_nothing_beside_it(site: Site) -> None:
    done = site.run("check", "2026-06", "--sarif", "-", code=None)

    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(done.stdout))


def test_two_forms_do_not_fit_on_one_stdout(site: Site) -> None:
    done = site.run("check", "2026-06", "--json", "--sarif", "-", code=2)

    assert "choose one" in done.stderr


def test_json_fits_beside_a_file(site: Site) -> None:
    target = site.root / "check.sarif"

    done = site.run("check", "2026-06", "--json", "--sarif", str(target), code=None)

    assert json.loads(done.stdout)[0]["issue"] == "2026-06"
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == "2.1.0"
