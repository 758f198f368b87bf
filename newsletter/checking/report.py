"""What checking comes to: what was found, what was passed, and what could not be looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from newsletter.checking.draft import Draft
from newsletter.language.wording import say
from newsletter.model import Finding, Severity
from newsletter.model.rules import Rule, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A finding the editor has decided about in newsletter.toml."""

    finding: Finding
    reason: str  # in the editor's words


_MOST = 1_000  # things that one check says of an issue: nobody reads more, and each costs time
Said = Finding | Skipped


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks at a draft, and the rules it speaks for."""

    rules: tuple[Rule, ...]
    run: Callable[[Draft], Iterator[Said]]

    def __call__(self, draft: Draft) -> Iterator[Said]:
        return self.run(draft)


def checks(*rules: Rule) -> Callable[[Callable[[Draft], Iterator[Said]]], Check]:
    """Declare above a function which rules it looks after."""
    return lambda run: Check(rules, run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything there is to say about an issue; findings stand in order of line."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    passed: tuple[str, ...] = ()  # ids of rules that found nothing

    def count(self, severity: Severity) -> int:
        """Return how many findings weigh so much."""
        return sum(1 for finding in self.findings if finding.severity is severity)


def run_checks(draft: Draft, run: Iterable[Check]) -> list[Said]:
    """Return all that the checks say, each thing once."""
    return list(dict.fromkeys(said for check in run for said in _bounded(draft, check)))


def _bounded(draft: Draft, check: Check) -> Iterator[Said]:
    """Yield what a check says, up to a thousand things; what it might say besides is unknown."""
    for count, said in enumerate(check(draft)):
        yield said
        if count + 1 == _MOST and isinstance(said, Finding):
            message = say("{most:,} things are told here, and no more were looked for", most=_MOST)
            hint = say("mend those, then look again")
            yield replace(said, severity=Severity.ERROR, message=message, hint=hint)
            return


def make_report(
    said: Iterable[Said], rules: Iterable[Rule], *, silence: Mapping[str, str]
) -> Report:
    """Sort what checks said; `silence` maps the ids of rules to the editor's reasons."""
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
    """Join the reports of an issue's languages: passed is what passed in all of them."""
    joined = list(reports)
    found = {f.id for r in joined for f in r.findings} | {
        s.finding.id for r in joined for s in r.silenced
    }
    skipped = {s.id: s for r in joined for s in r.skipped}
    passed = {id for report in joined for id in report.passed}
    return Report(
        findings=tuple(f for report in joined for f in report.findings),
        skipped=tuple(sorted(skipped.values(), key=lambda s: s.id)),
        silenced=tuple(s for report in joined for s in report.silenced),
        passed=tuple(sorted(passed - found - set(skipped))),
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))
