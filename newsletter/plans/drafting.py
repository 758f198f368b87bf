"""What sending an issue would do: who gets which edition, and the findings about it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from newsletter.addresses import check_address
from newsletter.checking import Report
from newsletter.ledger import Ledger
from newsletter.model import Edition, Finding, Segment, Severity, Variant
from newsletter.plans.census import Census, audience_of, take_census
from newsletter.plans.known_names import check_segment
from newsletter.press import Manuscript, from_of, render_manuscript
from newsletter.reviewing import review
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressees:
    """Whom an issue is planned for."""

    segment: Segment | None = None  # instead of the issue's own
    tests: tuple[str, ...] = ()  # addresses of a test: the checks look at what they get, too
    shown: Variant | None = None  # what a test gets, instead of what its addresses would
    are_kept: bool = True  # the plan is to be frozen, so it records who was counted


EVERYBODY = Addressees()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What sending an issue would do."""

    manuscript: Manuscript
    census: Census
    editions: Mapping[Variant, Edition]
    report: Report
    sender: str  # the From mailbox
    tests: tuple[str, ...] = ()  # addresses of a test, in the form they are compared in
    shown: Variant | None = None  # what these get, instead of what they would

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of the checks."""
        return self.report.findings

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that forbid sending."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def recipients(self) -> int:
        """Return how many people would get the issue."""
        return sum(self.census.counts.values())

    def overrides(self) -> Iterator[dict[str, str]]:
        """Yield what the editor overrides by sending: warnings, and silenced findings."""
        for finding in self.findings:
            if finding.severity is Severity.WARNING:
                yield {"id": finding.id, "place": finding.place, "message": finding.message}
        for silenced in self.report.silenced:
            finding = silenced.finding
            yield {
                "id": finding.id,
                "place": finding.place,
                "message": finding.message,
                "reason": silenced.reason,
            }


def draft_plan(
    settings: Settings,
    manuscript: Manuscript,
    ledger: Ledger | None,
    addressees: Addressees = EVERYBODY,
    *,
    now: dt.datetime,
    made: Mapping[Variant, Edition] | None = None,
) -> Plan:
    """Render and check an issue for those who would get it; nothing is written.

    Without a ledger, or without subscribers, the issue is checked in its fullest form; for a test,
    also as these addresses get it. Editions that were `made` from these very files are not made
    again.
    """
    tests = tuple(check_address(address) for address in addressees.tests)
    if ledger and addressees.segment:
        check_segment(ledger, addressees.segment)
    census = take_census(
        ledger,
        manuscript,
        addressees.segment,
        zone=settings.zone,
        tests=tests,
        are_kept=addressees.are_kept,
    )
    tested = [addressees.shown] if addressees.shown else census.tested
    wanted = dict.fromkeys([*(census.counts or manuscript.variants()), *tested])
    editions = _editions(settings, manuscript, wanted, made or {})
    report = review(
        settings,
        manuscript,
        editions,
        audience=audience_of(ledger, manuscript, census, now),
        now=now,
        is_sent=census.is_sent,
    )
    return Plan(
        manuscript=manuscript,
        census=census,
        editions=editions,
        report=report,
        sender=from_of(settings, manuscript),
        tests=tests,
        shown=addressees.shown,
    )


def _editions(
    settings: Settings,
    manuscript: Manuscript,
    wanted: Iterable[Variant],
    made: Mapping[Variant, Edition],
) -> Mapping[Variant, Edition]:
    missing = [variant for variant in wanted if variant not in made]
    more = render_manuscript(settings, manuscript, missing)
    return {variant: made.get(variant) or more[variant] for variant in wanted}
