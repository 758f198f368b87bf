"""Writes a report in SARIF 2.1.0, the OASIS standard in which code hosts accept findings."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from newsletter.checking.report import Report, Silenced
from newsletter.model import Finding, Rule, Severity, Skipped

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

Json = dict[str, Any]


def to_sarif(report: Report, rules: Iterable[Rule], version: str) -> Json:
    """Return a report as one run of one tool; `version` is that of the tool.

    A finding keeps its id whether or not `rules` declares it. Skipped rules become notifications,
    and findings the editor has silenced become suppressed results.
    """
    described = {rule.id: _rule(rule) for rule in rules}
    findings = (*report.findings, *(silenced.finding for silenced in report.silenced))
    for id in dict.fromkeys([f.id for f in findings] + [s.id for s in report.skipped]):
        described.setdefault(id, {"id": id})
    index = {id: number for number, id in enumerate(described)}
    driver = {
        "name": "newsletter",
        "semanticVersion": version,
        "rules": [_with_level(rule, findings) for rule in described.values()],
    }
    results = [_result(finding, index) for finding in report.findings]
    results += [_suppressed(silenced, index) for silenced in report.silenced]
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report.skipped, index)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"What is right: {rule.summary}. Source: {rule.source}."},
    }


def _with_level(rule: Json, findings: Iterable[Finding]) -> Json:
    """Give a rule the level of its worst finding here; without one, that of a warning."""
    weights = [finding.severity for finding in findings if finding.id == rule["id"]]
    worst = next((s for s in Severity if s in weights), Severity.WARNING)
    return {**rule, "defaultConfiguration": {"level": worst.value}}


def _result(finding: Finding, index: dict[str, int]) -> Json:
    hint = f" ({finding.hint})" if finding.hint else ""
    place: Json = {"artifactLocation": {"uri": quote(finding.path)}}
    # Without a line, hosts show a finding at the top of its file only if it names that line.
    place["region"] = {"startLine": finding.line or 1}
    return {
        "ruleId": finding.id,
        "ruleIndex": index[finding.id],
        "level": finding.severity.value,
        "message": {"text": finding.message + hint},
        "locations": [{"physicalLocation": place}],
    }


def _suppressed(silenced: Silenced, index: dict[str, int]) -> Json:
    suppression = {"kind": "external", "status": "accepted", "justification": silenced.reason}
    return {**_result(silenced.finding, index), "suppressions": [suppression]}


def _invocation(skipped: Iterable[Skipped], index: dict[str, int]) -> Json:
    notifications = [
        {
            "level": "note",
            "message": {"text": f"skipped: {one.reason}"},
            "associatedRule": {"id": one.id, "index": index[one.id]},
        }
        for one in skipped
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}
