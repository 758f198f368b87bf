"""The result of checking: what was found, what was passed, and what could not be checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from newsletter.checking.instruments import Check, CheckResult, Draft
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A finding that the editor has silenced in newsletter.toml."""

    finding: Finding
    reason: str  # the reason, in the editor's words


_ISSUES = "issues/"  # where the files of issues are
_MOST = 1_000  # findings of one check about an issue: nobody reads more, and each costs time


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that was found about an issue; findings are sorted by file and line."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    passed: tuple[str, ...] = ()  # ids of rules that found nothing

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)


def run_checks(draft: Draft, run: Iterable[Check]) -> list[CheckResult]:
    """Return all findings of the checks, each once."""
    return list(dict.fromkeys(said for check in run for said in _bounded(draft, check)))


def _bounded(draft: Draft, check: Check) -> Iterator[CheckResult]:
    """Yield the findings of a check, up to a thousand; whether there are more is unknown."""
    for count, said in enumerate(check(draft)):
        yield said
        if count + 1 == _MOST and isinstance(said, Finding):
            message = say(
                "{most:,} things are reported here, and no more were looked for", most=_MOST
            )
            hint = say("mend those, then look again")
            yield replace(said, severity=Severity.ERROR, message=message, hint=hint)
            return


def make_report(
    said: Iterable[CheckResult], rules: Iterable[Rule], *, silence: Mapping[str, str]
) -> Report:
    """Sort the findings of checks; `silence` maps the ids of rules to the editor's reasons."""
    said = list(dict.fromkeys(said))
    found = [s for s in said if isinstance(s, Finding)]
    skipped = {s.id: s for s in said if isinstance(s, Skipped)}
    spoken = {finding.id for finding in found} | set(skipped)
    return Report(
        findings=_in_order(f for f in found if f.id not in silence),
        skipped=tuple(sorted(skipped.values(), key=lambda s: s.id)),
        silenced=tuple(
            Silenced(finding=f, reason=silence[f.id]) for f in _in_order(found) if f.id in silence
        ),
        passed=tuple(sorted({rule.id for rule in rules} - spoken)),
    )


def join_reports(reports: Iterable[Report]) -> Report:
    """Join the reports of an issue's languages: a rule has passed if it passed in all of them."""
    joined = list(reports)
    found = {f.id for r in joined for f in r.findings} | {
        s.finding.id for r in joined for s in r.silenced
    }
    skipped = {s.id: s for r in joined for s in r.skipped}
    passed = {id for report in joined for id in report.passed}
    # What is wrong with a template is found in each language.
    findings = dict.fromkeys(f for report in joined for f in report.findings)
    return Report(
        findings=tuple(sorted(findings, key=_file_order)),
        skipped=tuple(sorted(skipped.values(), key=lambda s: s.id)),
        silenced=tuple(s for report in joined for s in report.silenced),
        passed=tuple(sorted(passed - found - set(skipped))),
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (_file_order(f), f.line or 0)))


def _file_order(finding: Finding) -> tuple[bool, str]:
    """Return what puts the issue's own files first, and then each other file together."""
    is_other = not finding.path.startswith(_ISSUES)
    return is_other, finding.path if is_other else ""
