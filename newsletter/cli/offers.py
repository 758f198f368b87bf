"""A new send: its plan is shown, the editor is asked, and it is frozen."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import click

from newsletter import mailing, pipeline
from newsletter.audience import work_name
from newsletter.cli.common import (
    confirm,
    plural,
    show_findings,
    tell,
    write_json,
)
from newsletter.cli.typed_addresses import read_address
from newsletter.errors import AudienceError, StalePlanError, UsageError
from newsletter.gateway import counts_by_tag, is_rehearsal
from newsletter.ledger import Ledger, Send
from newsletter.model import AT_ONCE, Condition, Severity, Standing, Timing, WhenUnknown
from newsletter.plans import Addressees, Plan
from newsletter.settings import Settings

_ROUNDS = 10  # attempts when a list keeps changing while the plan is made
_GONE = {
    Standing.COMPLAINED: "complained",
    Standing.UNSUBSCRIBED: "left",
    Standing.BOUNCED: "bounced",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """What the editor asks of a send: the options of the command besides the issue."""

    tests: tuple[str, ...]  # addresses
    segment: Condition | None
    at: dt.datetime | None  # in the newsletter's time zone, which is added later
    canary: int | None  # people who get it first
    canary_wait: float | None  # seconds; None: the editor is asked
    max_bounce: float | None  # share of the canary, from 0 to 1
    not_sent_before: bool  # according to the ledger the list came from
    retry_failed: bool
    unknown: str | None
    late: bool
    pause: bool
    resume: bool
    cancel: bool
    dry_run: bool
    as_json: bool
    yes: bool  # nobody is there to be asked

    @property
    def is_for_a_new_send(self) -> bool:
        """Return whether they apply only before a send is planned."""
        return bool(self.segment or self.at or self.canary)

    @property
    def decisions(self) -> mailing.Decisions:
        """Return what the editor decides about a send that has begun."""
        return mailing.Decisions(
            order=next((order for order in mailing.Order if getattr(self, order)), None),
            unknown=WhenUnknown(self.unknown) if self.unknown else None,
            retry_failed=self.retry_failed,
        )


def begin(settings: Settings, ledger: Ledger, issue_id: str, wishes: SendOptions) -> Send | None:
    """Plan, show, ask and freeze; None if nothing is to be sent."""
    if wishes.tests and wishes.is_for_a_new_send:
        raise UsageError("--test goes out at once, to the addresses it names; leave out the rest")
    wishes = replace(wishes, tests=tuple(map(_read_test_address, wishes.tests)))
    timing = AT_ONCE
    if wishes.at:
        timing = mailing.decide_timing(
            settings, ledger, wishes.at, has_canary=bool(wishes.canary), now=dt.datetime.now(dt.UTC)
        )
    if not wishes.tests:
        is_told = wishes.dry_run or is_rehearsal(settings)
        clear_list(ledger, yes=wishes.yes, report_only=is_told)
    return ask_until_stable(lambda: _offer(settings, ledger, issue_id, wishes, timing))


def ask_until_stable(offer: Callable[[], Send | None]) -> Send | None:
    """Show, ask and freeze; start again if the recipients are no longer those shown."""
    for _ in range(_ROUNDS):
        try:
            return offer()
        except StalePlanError:
            tell("The list changed while you were asked, so nothing was sent. It is now like this:")
            tell()
    return offer()


def _offer(
    settings: Settings, ledger: Ledger, issue_id: str, wishes: SendOptions, timing: Timing
) -> Send | None:
    """Plan, check, show, ask and freeze once."""
    now = dt.datetime.now(dt.UTC)
    whom = Addressees(segment=wishes.segment, tests=wishes.tests)
    plan = pipeline.plan(settings, pipeline.read(settings, issue_id), ledger, whom, now=now)
    _show_plan(settings, plan, wishes, timing)
    if plan.errors:
        tell("Nothing was sent: mend the errors first.")
        raise click.exceptions.Exit(1)
    if not plan.recipients and not wishes.tests:
        raise UsageError(_nobody(plan))
    if wishes.dry_run:
        tell("Dry run: nothing was sent.")
        if wishes.as_json:
            write_json(_described(plan))
        return None
    mailing.require_secrets(settings)
    if not all(map(confirm, _questions(settings, plan, wishes, timing))):
        tell("Nothing was sent.")
        return None
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
        "findings": [asdict(finding) for finding in plan.findings],
    }


def _nobody(plan: Plan) -> str:
    if segment := plan.census.choice.segment:
        name = work_name(segment.key)
        meant = f"; did you mean {name}={segment.value}?" if name not in ("", segment.key) else ""
        return f"nobody on the list meets {segment}{meant}"
    return "nobody is on the list; bring people in with “newsletter subscribers import FILE.csv”"


# --- checking -----------------------------------------------------------------------------


def _questions(
    settings: Settings, plan: Plan, wishes: SendOptions, timing: Timing
) -> Iterator[str]:
    """Yield what the editor is asked before anything is sent."""
    if _may_be_sent_before(settings, plan, wishes):
        issue = plan.manuscript.lead.id
        yield f"Send {issue}, though its readers may have it from the other ledger?"
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
            f"the list comes from a ledger that had sent issues of dates up to {sent_until}; "
            f"if {plan.manuscript.lead.id} was not among them, say --not-sent-before, else its "
            "readers get it twice"
        )
    return True


def _question(settings: Settings, plan: Plan, wishes: SendOptions, timing: Timing) -> str:
    issue = plan.manuscript.lead.id
    count = len(wishes.tests) or plan.recipients
    people = plural(count, "person", "people")
    if wishes.canary and wishes.canary < count:
        people = f"{wishes.canary:,} of {people} first,"
    when = f"at {settings.local_time(timing.at)}" if timing.at else "now"
    warnings = plan.report.count(Severity.WARNING)
    spite = f", with {plural(warnings, 'warning')}" if warnings else ""
    if is_rehearsal(settings) and wishes.tests:
        return f"Write a test of {issue} for {people} to the outbox{spite}? Nobody is mailed."
    if is_rehearsal(settings):
        return f"Rehearse {issue} with {people} {when}{spite}? No reader is mailed."
    is_older = plan.census.began and not plan.census.sent_until and not wishes.tests
    older = ", though it is older than this ledger" if is_older else ""
    return f"Send {issue} to {people} {when}{spite}{older}?"


def _read_test_address(address: str) -> str:
    try:
        return read_address(address).address
    except AudienceError as err:
        raise UsageError(f"--test: “{address}” is not an address: {err}") from err


# --- what is shown ------------------------------------------------------------------------


def _show_plan(settings: Settings, plan: Plan, wishes: SendOptions, timing: Timing) -> None:
    lead, census = plan.manuscript.lead, plan.census
    tell(f"Issue       {lead.id} ({', '.join(plan.manuscript.issues)})")
    tell(f"Subject     {lead.readable(lead.subject)}")
    tell(f"From        {plan.sender}")
    tell(f"Provider    {mailing.where_to(settings)}")
    if earlier := census.rehearsal:
        when = settings.local_time(earlier.planned_at)
        tell(f"Rehearsed   {when}, to the local outbox; no reader was mailed")
    if census.sent_until and not wishes.tests:
        tell(f"Moved       the list is of a ledger that had sent issues up to {census.sent_until}:")
        tell("            if this was among them, its readers would get it twice")
    elif census.began and not wishes.tests:
        tell(f"Ledger      began on {census.began}, after the issue's date: if the issue was sent")
        tell("            from another ledger, its readers would get it twice")
    if census.tagged and not wishes.tests and counts_by_tag(settings):
        tell(
            f"Tag         {lead.tag}, as {census.tagged} has it: the provider counts them together;"
        )
        tell("            for figures of its own, give it another provider_tag")
    if wishes.tests:
        tell(f"Test to     {', '.join(wishes.tests)}")
    else:
        _show_audience(plan, wishes)
    if timing.at:
        keeper = settings.provider.name if timing.by_provider else "newsletter worker"
        tell(f"Time        {settings.local_time(timing.at)}, kept by {keeper}")
    show_findings(plan.findings)
    for silenced in plan.report.silenced:
        tell(f"{silenced.finding.place}: silenced [{silenced.finding.id}]: {silenced.reason}")
    tell()


def _show_audience(plan: Plan, wishes: SendOptions) -> None:
    tell(f"Recipients  {plan.recipients:,}")
    for variant, count in plan.census.counts.items():
        tell(f"            {count:,} get {variant}")
    for language, count in plan.census.strangers.items():
        file = f"{plan.manuscript.lead.id}.{language}.md"
        if language:
            tell(f"            {count:,} read {language}, but there is no {file}")
    if wishes.canary:
        tell(f"Canary      {min(wishes.canary, plan.recipients):,} chosen at random get it first")
    for reason, count in plan.census.left_out.items():
        tell(f"Left out    {count:,} {reason}")


# --- who is gone --------------------------------------------------------------------------


def clear_list(ledger: Ledger, *, yes: bool, report_only: bool = False) -> None:
    """List who is known to be gone but still on the list, and take them off."""
    departed = mailing.find_departed(ledger)
    if not departed:
        return
    tell(f"On the list, but known to be gone: {_described_gone(departed)}.")
    if report_only:
        tell("A send takes those who complained or left off the list, and asks about the others.")
        return
    now = dt.datetime.now(dt.UTC)
    done = mailing.take_off_gone(ledger, departed, is_asked=not yes, now=now)
    if done.said_no:
        tell(f"{plural(done.said_no, 'person', 'people')} who complained or left get no more mail.")
    if done.bounced:
        tell(f"{plural(done.bounced, 'person', 'people')} whose mailbox bounced get no more mail.")
    if done.to_ask:
        people = plural(done.to_ask, "person", "people")
        if confirm(f"Take {people} whose mailbox cannot be reached off the list?"):
            mailing.take_off_unreached(ledger, now=now)


def _described_gone(departed: mailing.Departed) -> str:
    told = [f"{departed.gone[s]:,} {word}" for s, word in _GONE.items() if s in departed.gone]
    if departed.refused:
        told.append(f"{departed.refused:,} refused for good when the last issue was sent")
    return ", ".join(told)
