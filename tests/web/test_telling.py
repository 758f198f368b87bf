"""Pages are told findings in the editor's language, and in one language at a time."""

from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import FindingsError
from newsletter.model import Finding, Severity
from newsletter.preflight.report import Report, Silenced, Skipped
from newsletter.web.telling import tell_fault, tell_report
from newsletter.wording import say

HEAVY = Finding(
    id="total-weight",
    severity=Severity.WARNING,
    path="issues/2026-12.md",
    message=say("each mail weighs {weight:.1f} MB", weight=7.25),
    hint=say("show fewer pictures, or smaller ones"),
)
REPORT = Report(
    findings=(HEAVY,),
    skipped=(Skipped(id="fm-issue-number", reason=say("no earlier issue")),),
    silenced=(Silenced(finding=HEAVY, reason="painaa aina"),),
)


@pytest.mark.parametrize(
    ("language", "message", "reason"),
    [
        ("fi", "jokaisen kirjeen koko on 7,2 MB", "ei aiempaa numeroa"),
        ("sv", "varje brev är 7,2 MB", "inget tidigare nummer"),
        ("en", "each mail weighs 7.2 MB", "no earlier issue"),
    ],
)
def test_a_report_is_told_in_the_editors_language(language: str, message: str, reason: str) -> None:
    told = tell_report(REPORT, 1, language)

    (finding,), (skipped,), (silenced,) = told["findings"], told["skipped"], told["silenced"]
    assert (finding["message"], skipped["reason"]) == (message, reason)
    assert (silenced["message"], silenced["reason"]) == (message, "painaa aina")
    assert {part["lang"] for part in (finding, skipped, silenced)} <= {language, "en"}


def test_a_finding_half_of_which_has_no_translation_is_english_throughout() -> None:
    error = Finding(id="x", severity=Severity.ERROR, path="a.md", message=HEAVY.hint, hint="do it")

    told = tell_fault(FindingsError((error,)), Path("/"), "fi")

    finding: dict[str, Any] = told["findings"][0]
    assert (finding["message"], finding["lang"]) == ("show fewer pictures, or smaller ones", "en")
