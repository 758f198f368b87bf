"""`newsletter check` tells what is wrong, what was not looked at, and what the editor decided."""

import json
import re
from pathlib import Path
from typing import Any

from tests.conftest import ISSUE, Site, StartBrevo

INSECURE = ISSUE.replace("https://www.example.org/", "http://www.example.org/")
SILENCE = '\n[check.silence]\nlink-http = "sivustolla ei ole salausta"\n'


def settings_with(site: Site, more: str) -> None:
    """Add settings to a newsletter."""
    path = site.root / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def report_of(site: Site, *arguments: str, code: int = 0) -> Any:
    """Return what check says to machines."""
    return json.loads(site.run("check", *arguments, "--json", code=code).stdout)


def test_a_report_tells_what_was_found_passed_and_skipped(site: Site) -> None:
    site.write("issues/2026-06.md", INSECURE)

    [report] = report_of(site, "2026-06")

    assert report["issue"] == "2026-06"
    [finding] = [f for f in report["findings"] if f["id"] == "link-http"]
    assert (finding["severity"], finding["path"], finding["line"]) == (
        "warning",
        "issues/2026-06.md",
        11,
    )
    assert "link-empty" in report["passed"]
    assert "link-http" not in report["passed"]


def test_what_was_not_looked_at_is_skipped_and_never_passed(site: Site) -> None:
    [alone] = report_of(site, "2026-06")
    site.people(2)
    [sent_to_two] = report_of(site, "2026-06")

    assert "slot-unfilled" in {s["id"] for s in alone["skipped"]}
    assert "slot-unfilled" not in alone["passed"]
    assert "slot-unfilled" in sent_to_two["passed"]


def test_an_issue_that_cannot_be_read_passes_nothing(site: Site) -> None:
    site.write("issues/2026-06.md", ISSUE.replace("date: 2026-06-15", "dat: 2026-06-15"))

    [report] = report_of(site, "2026-06", code=1)

    assert {f["id"] for f in report["findings"]} == {"front-matter"}
    assert not set(report["passed"]) & {"link-http", "subject-length", "unsubscribe-visible"}


def test_a_rule_is_silenced_with_a_reason(site: Site) -> None:
    site.write("issues/2026-06.md", INSECURE)
    settings_with(site, SILENCE)

    [report] = report_of(site, "2026-06")
    shown = site.run("check", "2026-06")

    assert [s["reason"] for s in report["silenced"]] == ["sivustolla ei ole salausta"]
    assert "link-http" not in {f["id"] for f in report["findings"]} | set(report["passed"])
    assert "silenced [link-http]: sivustolla ei ole salausta" in shown.stderr


def test_silence_needs_a_rule_that_exists_and_a_reason(site: Site) -> None:
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    settings_with(site, '\n[check.silence]\nlink-htp = "x"\n')
    unknown = site.run("check", "2026-06", code=3)
    (site.root / "newsletter.toml").write_text(text, encoding="utf-8")
    settings_with(site, '\n[check.silence]\nlink-http = ""\n')
    empty = site.run("check", "2026-06", code=3)

    line = len(text.splitlines()) + 3
    assert f"newsletter.toml:{line}: [check.silence]: no rule “link-htp”" in unknown.stderr
    assert "did you mean “link-http”?" in unknown.stderr
    assert "check.silence.link-http" in empty.stderr


def test_several_issues_are_checked_by_id_or_file(site: Site) -> None:
    site.write("issues/2026-07.md", INSECURE)

    reports = report_of(site, "2026-06", "issues/2026-07.md", str(site.root / "issues/2026-07.md"))

    assert [report["issue"] for report in reports] == ["2026-06", "2026-07"]


def test_a_warning_asks_and_is_recorded_with_the_send(site: Site, start_brevo: StartBrevo) -> None:
    start_brevo(site)
    site.write("issues/2026-06.md", INSECURE)
    site.people(2)

    [report] = report_of(site, "2026-06")
    refused = site.run("send", "2026-06", answer="no\n", code=1)
    site.run("send", "2026-06", answer="yes\n")
    status = json.loads(site.run("status", "2026-06", "--json").stdout)

    warnings = [f for f in report["findings"] if f["severity"] == "warning"]
    assert re.search(rf"with {len(warnings)} warnings?[?,]", refused.stderr)
    recorded = [(o["id"], o["place"]) for o in status["overrides"]]
    assert ("link-http", "issues/2026-06.md:11") in recorded
    assert [id for id, _ in recorded] == [f["id"] for f in warnings]
    assert "not encrypted" not in site.run("status", "2026-06").stdout
    assert "not encrypted" in site.run("status", "2026-06", "--findings").stdout


def test_readers_whose_language_is_missing_are_counted_before_they_get_another(site: Site) -> None:
    swedish = "subscribers/swedish.csv"
    site.people(2)
    site.write(swedish, "email,name,language\nsaga@example.org,Saga,sv\n")
    site.run("subscribers", "import", str(site.root / swedish), "--yes")
    (site.root / "issues/2026-06.md").rename(site.root / "issues/2026-06.sv.md")

    checked = site.run("check", "2026-06")
    site.run("send", "2026-06", answer="no\n", code=1)

    assert "issues/2026-06.sv.md:1: warning: there is no issue in Finnish" in checked.stdout
    assert "2 of 3 recipients would get this one in Swedish" in checked.stdout


def test_an_error_stops_a_send_even_for_machines(site: Site, tmp_path: Path) -> None:
    site.write("issues/2026-06.md", ISSUE.replace("https://www.example.org/", "#nowhere"))
    site.people(2)

    refused = site.run("send", "2026-06", "--yes", code=1)

    assert "link-anchor" in refused.stderr
    assert not (site.root / "outbox").exists()


def test_a_template_that_cannot_be_filled_is_a_finding_for_machines_too(site: Site) -> None:
    site.write("templates/blocks/prose.mjml", "<mj-text>{{ blok.html|html }}</mj-text>\n")

    [report] = report_of(site, "2026-06", code=3)
    shown = site.run("check", "2026-06", "--sarif", "check.sarif", code=3).stdout

    [finding] = report["findings"]
    assert (finding["id"], finding["path"]) == ("template", "templates/blocks/prose.mjml")
    assert finding["line"] == 1
    assert finding["hint"] == "did you mean “block”?"
    assert "templates/blocks/prose.mjml:1: error: 'blok' is undefined [template]" in shown
    assert finding["hint"] in shown
    [result] = json.loads((site.root / "check.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == "template"


def test_settings_that_cannot_be_used_are_findings_for_machines_too(site: Site) -> None:
    settings_with(site, "\n[nonsense]\n")

    [report] = report_of(site, "2026-06", code=3)
    told = site.run("check", "2026-06", "--sarif", "check.sarif", code=3).stderr

    [finding] = report["findings"]
    assert (finding["id"], finding["path"]) == ("settings", "newsletter.toml")
    assert finding["line"]
    assert report["passed"] == []
    assert f"newsletter.toml:{finding['line']}: " in told
    [result] = json.loads((site.root / "check.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == "settings"


def test_nothing_is_sent_with_a_broken_template_and_the_cure_is_told(site: Site) -> None:
    site.people(2)
    site.write("templates/blocks/prose.mjml", "<mj-text><p>{{ block.html|html }}</mj-text>\n")

    told = [
        site.run("send", "2026-06", "--yes", code=3).stderr,
        site.run("build", "2026-06", code=3).stderr,
    ]

    assert all("templates/blocks/prose.mjml:1: <p> is still open" in text for text in told)
    assert all("write </p> where it ends" in text for text in told)
    assert json.loads(site.run("status", "--json").stdout) in ([], {"sends": []})


def test_words_that_a_template_shows_to_nobody_forbid_sending(site: Site) -> None:
    site.people(2)
    site.write("templates/blocks/prose.mjml", "Hei\n<mj-text>{{ block.html|html }}</mj-text>\n")

    told = site.run("send", "2026-06", "--yes", code=1)

    assert "templates/blocks/prose.mjml:1: error: “Hei” stands in <mj-column>" in told.stderr
