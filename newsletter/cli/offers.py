"""A new send: its plan is shown, the editor is asked, and it is frozen."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import click

from newsletter import mailing, pipeline
from newsletter.cli.common import Settings, insist, tell, write_json
from newsletter.cli.planned import show_plan
from newsletter.cli.settling import clear_list
from newsletter.cli.typed_addresses import read_address
from newsletter.errors import StalePlanError, UsageError
from newsletter.gateway import is_rehearsal
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, Restoration, Send
from newsletter.model import AT_ONCE, Finding, Segment, Severity, Timing, WhenUnknown
from newsletter.plans import Addressees, Plan, fullest_in

_ROUNDS = 10  # attempts when a list keeps changing while the plan is made


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """What the editor asks of a send: the options of the command besides the issue."""

    tests: tuple[str, ...]  # addresses
    lang: str | None  # of the test
    segment: Segment | None
    at: dt.datetime | None  # in the newsletter's time zone, which is added later
    canary: int | None  # people who get it first
    canary_wait: float | None  # seconds; None: the editor is asked
    max_bounce: float | None  # share of the canary, from 0 to 1
    not_sent_before: bool  # according to the ledger the list came from
    despite_departures: bool  # that nobody knows of, after a backup
    retry_failed: bool
    unknown: str | None
    late: bool
    pause: bool
    resume: bool
    cancel: bool
    dry_run: bool
    no_sync: bool
    as_json: bool
    yes: bool  # nobody is there to be asked

    @property
    def is_for_a_new_send(self) -> bool:
        """Return whether they apply only before a send is planned."""
        return bool(self.segment or self.at or self.canary)

    @property
    def syncs(self) -> bool:
        """Return whether it is asked first who left or bounced since."""
        return not (self.no_sync or self.tests or self.dry_run)

    @property
    def decisions(self) -> mailing.Decisions:
        """Return what the editor decides about a send that has begun."""
        return mailing.Decisions(
            order=next((order for order in mailing.Order if getattr(self, order)), None),
            unknown=WhenUnknown(self.unknown) if self.unknown else None,
            retry_failed=self.retry_failed,
        )


def begin(settings: Settings, ledger: Ledger, issue_id: str, wishes: SendOptions) -> Send | None:
    """Plan, show, ask and freeze; None after a dry run."""
    if wishes.tests and wishes.is_for_a_new_send:
        raise UsageError(
            say("--test goes out at once, to the addresses it names; leave out the rest")
        )
    wishes = replace(wishes, tests=tuple(map(_read_test_address, wishes.tests)))
    timing = AT_ONCE
    if wishes.at:
        timing = mailing.decide_timing(
            settings, ledger, wishes.at, has_canary=bool(wishes.canary), now=dt.datetime.now(dt.UTC)
        )
    if not wishes.tests:
        is_told = wishes.dry_run or is_rehearsal(settings)
        clear_list(ledger, yes=wishes.yes, report_only=is_told)
    told: set[Finding] = set()
    return ask_until_stable(lambda: _offer(settings, ledger, issue_id, wishes, timing, told))


def ask_until_stable(offer: Callable[[], Send | None]) -> Send | None:
    """Show, ask and freeze; start again if the recipients are no longer those shown."""
    for _ in range(_ROUNDS):
        try:
            return offer()
        except StalePlanError:
            tell(
                say(
                    "The list changed while you were asked, so nothing was sent. "
                    "It is now like this:"
                )
            )
            tell()
    return offer()


def _offer(
    settings: Settings,
    ledger: Ledger,
    issue_id: str,
    wishes: SendOptions,
    timing: Timing,
    told: set[Finding],
) -> Send | None:
    """Plan, check, show, ask and freeze once."""
    now = dt.datetime.now(dt.UTC)
    manuscript = pipeline.read(settings, issue_id)
    shown = fullest_in(manuscript, wishes.lang) if wishes.lang is not None else None
    if wishes.lang is not None and not shown:
        raise UsageError(
            say(
                "--lang: {issue} is not written in “{language}”; it is in {languages}",
                issue=issue_id,
                language=wishes.lang,
                languages=", ".join(manuscript.issues),
            )
        )
    whom = Addressees(segment=wishes.segment, tests=wishes.tests, shown=shown)
    plan = pipeline.plan(settings, manuscript, ledger, whom, now=now)
    if not (plan.recipients or wishes.tests or plan.errors):
        raise UsageError(_nobody(plan))
    show_plan(settings, plan, timing, canary=wishes.canary, told=told)
    if plan.errors:
        tell(say("Nothing was sent: mend the errors first."))
        raise click.exceptions.Exit(1)
    if wishes.dry_run:
        tell(say("Dry run: nothing was sent."))
        if wishes.as_json:
            write_json(_described(plan))
        return None
    mailing.require_secrets(settings)
    for question in _questions(settings, plan, wishes, timing):
        insist(question, otherwise=say("Nothing was sent."))
    now = dt.datetime.now(dt.UTC)
    if wishes.tests:
        return mailing.freeze_test(settings, plan, ledger, now)
    return pipeline.freeze(
        settings, plan, ledger, now=now, timing=timing, canary=wishes.canary or 0
    )


def _described(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    return {
        "issue": plan.manuscript.lead.id,
        "state": "draft",
        "recipients": plan.recipients,
        "variants": {str(variant): count for variant, count in plan.census.counts.items()},
        "left_out": dict(plan.census.left_out),
        "findings": [finding.as_data() for finding in plan.findings],
    }


def _nobody(plan: Plan) -> Wording:
    segment = plan.census.choice.segment
    if not segment:
        return say(
            "nobody is on the list; bring people in with “newsletter subscribers import FILE.csv”"
        )
    return say("nobody on the list meets {segment}", segment=str(segment))


# --- what is asked -----------------------------------------------------------------------------


def _questions(
    settings: Settings, plan: Plan, wishes: SendOptions, timing: Timing
) -> Iterator[Wording]:
    """Yield what the editor is asked before anything is sent."""
    if _may_be_lost(settings, plan, wishes):
        yield say(
            "Send {issue}, though the ledger that was lost may have sent it?",
            issue=plan.manuscript.lead.id,
        )
    elif _may_be_sent_before(settings, plan, wishes):
        yield say(
            "Send {issue}, though its readers may have it from the other ledger?",
            issue=plan.manuscript.lead.id,
        )
    if not wishes.yes:
        yield _question(settings, plan, wishes, timing)


def _may_be_sent_before(settings: Settings, plan: Plan, wishes: SendOptions) -> bool:
    """Ask, if another ledger sent the issue; raise UsageError if nobody is there to be asked."""
    sent_until = plan.census.sent_until
    is_real = not wishes.tests and not is_rehearsal(settings)
    if not (sent_until and is_real) or wishes.not_sent_before:
        return False
    if wishes.yes:
        raise UsageError(
            say(
                "the list comes from a ledger that had sent issues of dates up to {day:%Y-%m-%d}; "
                "if {issue} was not among them, say --not-sent-before, else its readers get it "
                "twice",
                day=dt.date.fromisoformat(sent_until),
                issue=plan.manuscript.lead.id,
            )
        )
    return True


def _may_be_lost(settings: Settings, plan: Plan, wishes: SendOptions) -> bool:
    """Ask, if the issue may have been sent after a backup; raise UsageError as above."""
    is_real = not wishes.tests and not is_rehearsal(settings)
    if not (plan.census.restoration and is_real) or wishes.not_sent_before:
        return False
    if wishes.yes:
        raise UsageError(say_restored(settings, plan.census.restoration, plan.manuscript.lead.id))
    return True


def say_restored(settings: Settings, restoration: Restoration, issue: str) -> Wording:
    """Return why nobody but the editor knows whether an issue was sent."""
    return say(
        "the ledger came back from a backup on {time}, and {issue} may have been sent between "
        "both; if it was not, say --not-sent-before, else its readers get it twice",
        time=settings.local_time(restoration.restored_at),
        issue=issue,
    )


def _question(settings: Settings, plan: Plan, wishes: SendOptions, timing: Timing) -> Wording:
    issue = plan.manuscript.lead.id
    warnings = plan.report.count(Severity.WARNING)
    spite = ""
    if warnings:
        spite = say_many(", with {n:,} warning", ", with {n:,} warnings", n=warnings)
    if wishes.tests:
        return _ask_to_test(issue, len(plan.tests), spite, is_rehearsal=is_rehearsal(settings))
    when = say("now")
    if timing.at:
        when = say("at {time}", time=settings.local_time(timing.at))
    count = plan.recipients
    if is_rehearsal(settings):
        return say_many(
            "Rehearse {issue} with {n:,} person {when}{spite}? No reader is mailed.",
            "Rehearse {issue} with {n:,} people {when}{spite}? No reader is mailed.",
            n=count,
            issue=issue,
            when=when,
            spite=spite,
        )
    if plan.census.began and not plan.census.sent_until:
        older = say(", though it is older than this ledger")
        spite = say_list([spite, older], "") if spite else older
    if wishes.canary and wishes.canary < count:
        return say(
            "Send {issue} to {first:,} of {count:,} people first, {when}{spite}?",
            first=wishes.canary,
            count=count,
            issue=issue,
            when=when,
            spite=spite,
        )
    return say_many(
        "Send {issue} to {n:,} person {when}{spite}?",
        "Send {issue} to {n:,} people {when}{spite}?",
        n=count,
        issue=issue,
        when=when,
        spite=spite,
    )


def _ask_to_test(issue: str, count: int, spite: str, *, is_rehearsal: bool) -> Wording:
    if is_rehearsal:
        return say_many(
            "Write a test of {issue} for {n:,} person to the outbox{spite}? Nobody is mailed.",
            "Write a test of {issue} for {n:,} people to the outbox{spite}? Nobody is mailed.",
            n=count,
            issue=issue,
            spite=spite,
        )
    return say_many(
        "Send a test of {issue} to {n:,} person now{spite}?",
        "Send a test of {issue} to {n:,} people now{spite}?",
        n=count,
        issue=issue,
        spite=spite,
    )


def _read_test_address(address: str) -> str:
    try:
        return read_address(address).address
    except UsageError as err:
        raise UsageError(say("--test: {fault}", fault=err.words)) from err
