"""A new send: its plan is shown, the editor is asked, and it is frozen."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import click

from newsletter.audience.headers import work_name
from newsletter.cli.common import (
    confirm,
    has_errors,
    plural,
    read_address,
    say,
    show_findings,
    write_json,
)
from newsletter.cli.departed import clear_list
from newsletter.errors import AudienceError, UsageError
from newsletter.gateway import open_provider, provider_class
from newsletter.ledger import Ledger
from newsletter.ledger.choosing import Choice
from newsletter.ledger.planning import StalePlanError
from newsletter.ledger.sends import Send
from newsletter.mailing.accounts import destination, is_rehearsal
from newsletter.mailing.crew import has_serving_worker, worker_of
from newsletter.mailing.latecomers import LatePlan
from newsletter.model import Condition, Severity
from newsletter.pipeline import AT_ONCE, Plan, Timing, draft_plan, freeze_plan, freeze_test
from newsletter.press import link_secret
from newsletter.settings import Settings

_ROUNDS = 10  # of a list that changes again and again while the plan is made


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the editor asks of a send."""

    tests: tuple[str, ...] = ()  # addresses
    segment: Condition | None = None
    at: dt.datetime | None = None  # on the newsletter's clock, without a zone
    canary: int = 0  # people who get it first
    not_sent_before: bool = False  # by the ledger the list came from
    dry_run: bool = False
    as_json: bool = False
    yes: bool = False

    @property
    def is_for_a_new_send(self) -> bool:
        """Tell whether they can be fulfilled only before it is planned."""
        return bool(self.segment or self.at or self.canary)


def begin(settings: Settings, ledger: Ledger, issue_id: str, wishes: Wishes) -> Send | None:
    """Plan, show, ask and freeze; None when nothing is to be sent."""
    if wishes.tests and wishes.is_for_a_new_send:
        raise UsageError("--test goes out at once, to the addresses it names; leave out the rest")
    wishes = replace(wishes, tests=tuple(map(_read_test_address, wishes.tests)))
    timing = _timing(settings, ledger, wishes) if wishes.at else AT_ONCE
    if not wishes.tests:
        clear_list(ledger, yes=wishes.yes, only_tell=wishes.dry_run or is_rehearsal(settings))
    return until_agreed(lambda: _offer(settings, ledger, issue_id, wishes, timing))


def until_agreed(offer: Callable[[], Send | None]) -> Send | None:
    """Show, ask and freeze; all anew where others would get the issue than were shown."""
    for _ in range(_ROUNDS):
        try:
            return offer()
        except StalePlanError:
            say("The list changed while you were asked, so nothing was sent. It is now like this:")
            say()
    return offer()


def _offer(
    settings: Settings, ledger: Ledger, issue_id: str, wishes: Wishes, timing: Timing
) -> Send | None:
    """Plan, check, show, ask and freeze once."""
    plan = draft_plan(settings, issue_id, ledger, segment=wishes.segment, tests=wishes.tests)
    _show_plan(settings, plan, wishes, timing)
    if has_errors(plan.findings):
        say("Nothing was sent: mend the errors first.")
        raise click.exceptions.Exit(1)
    if not plan.recipients and not wishes.tests:
        raise UsageError(_nobody(plan))
    if wishes.dry_run:
        say("Dry run: nothing was sent.")
        if wishes.as_json:
            write_json(_described(plan))
        return None
    _require_secrets(settings)
    questions = _questions(settings, issue_id, plan, wishes, timing)
    if not all(map(confirm, questions)):
        say("Nothing was sent.")
        return None
    now = dt.datetime.now(dt.UTC)
    if wishes.tests:
        return freeze_test(settings, plan, wishes.tests, ledger, now)
    return freeze_plan(settings, plan, ledger, now, timing=timing, canary=wishes.canary)


def _may_be_sent_before(settings: Settings, plan: Plan, wishes: Wishes) -> bool:
    """Tell whether to ask if another ledger sent the issue; raise UsageError if nobody is asked."""
    is_real = not wishes.tests and not is_rehearsal(settings)
    if not (plan.sent_until and is_real) or wishes.not_sent_before:
        return False
    if wishes.yes:
        raise UsageError(
            f"the list comes from a ledger that had sent issues of dates up to {plan.sent_until}; "
            f"if {plan.manuscript.lead.id} was not among them, say --not-sent-before, else its "
            "readers get it twice"
        )
    return True


def show_late(settings: Settings, plan: LatePlan) -> None:
    """Show who would get an issue that was sent before they joined."""
    send = plan.send
    frozen = local_time(settings, dt.datetime.fromisoformat(send.planned_at))
    say(f"Issue       {send.issue_id}, as it was frozen {frozen}")
    say(f"Subject     {send.subject}")
    say(f"From        {_mailbox(*send.sender)}")
    say(f"Provider    {where_to(settings)}")
    say(f"Recipients  {plan.recipients:,} who joined since")
    for variant, count in plan.counts.items():
        say(f"            {count:,} get {variant}")
    for language, count in plan.strangers.items():
        if language:
            say(f"            {count:,} read {language}, which the issue was not in when frozen")
    for reason, count in plan.left_out.items():
        say(f"Left out    {count:,} {reason}, of those who joined since")
    if told := to_those_outside(send, plan.left_out):
        say(f"            {told}")
    for variant, count in plan.without.items():
        if variant in plan.faulty:
            say(f"Left out    {count:,} who would get {variant}: nobody had it, so it was not")
            say("            checked then, and now it has errors:")
            continue
        if variant.language not in plan.languages:
            say(
                f"Left out    {count:,} who would get {variant}: nobody had it in that language, so"
            )
            say("            it was neither checked nor frozen; an issue of their own, with")
            say(f"            “segment: language={variant.language}” at its top, reaches them")
            continue
        ending = "" if variant.language == settings.newsletter.language else f".{variant.language}"
        file = f"issues/{send.issue_id}{ending}.md"
        say(f"Left out    {count:,} who would get {variant}: nobody had it then, and {file}")
        say("            changed since, or nothing was frozen of it to compare it with")
    show_findings(plan.faults)
    say()


def to_those_outside(send: Send, left_out: Mapping[str, int]) -> str:
    """Say what would reach those whom the segment of a send left out; "" where it left nobody."""
    segment = Choice.from_json(send.choice).segment if send.choice else None
    if segment is None or f"not {segment}" not in left_out:
        return ""
    return (
        f"{send.issue_id} is for {segment} alone; a copy of it under an id of its own, with a "
        "“segment:” of theirs at its top, reaches them"
    )


def where_to(settings: Settings) -> str:
    """Say where mail goes."""
    provider, place = destination(settings)
    if is_rehearsal(settings):
        return f"{provider} (files in {place}; nothing leaves this machine)"
    return f"{provider} at {place}" if place else provider


def local_time(settings: Settings, moment: dt.datetime) -> str:
    """Return a moment as the newsletter's own clock shows it."""
    zone = ZoneInfo(settings.newsletter.timezone)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({settings.newsletter.timezone})"


def _timing(settings: Settings, ledger: Ledger, wishes: Wishes) -> Timing:
    """Decide who waits for the time; raise UsageError where nobody would."""
    assert wishes.at is not None  # noqa: S101 - asked for only then
    now = dt.datetime.now(dt.UTC)
    years = wishes.at.year - now.year
    if abs(years) > 1:  # a slip; and the first and the last year cannot be reckoned with
        told = "is years away; is the year right?" if years > 0 else "is past"
        raise UsageError(f"--at: {wishes.at.isoformat(' ', 'minutes')} {told}")
    at = wishes.at.replace(tzinfo=ZoneInfo(settings.newsletter.timezone)).astimezone(dt.UTC)
    shown = at.astimezone(ZoneInfo(settings.newsletter.timezone)).replace(tzinfo=None)
    if shown != wishes.at:
        raise UsageError(f"--at: {wishes.at:%Y-%m-%d %H:%M} does not exist: clocks are put forward")
    ahead = at - now
    if ahead <= dt.timedelta():
        raise UsageError(f"--at: {local_time(settings, at)} is past")
    can = provider_class(settings).capabilities
    if can.schedule and ahead <= can.schedule and not wishes.canary:
        return Timing(at=at, by_provider=True)
    if has_serving_worker(ledger, worker_of(settings, ledger)):
        return Timing(at=at)
    name = settings.provider.name
    why = (
        f"{name} holds mail for {can.schedule.days} days at most"
        if can.schedule and not wishes.canary
        else f"{name} does not hold {'a canary' if wishes.canary else 'mail'} for later"
    )
    raise UsageError(
        f"--at: nobody would send it then: {why}, and no “newsletter worker” is running; "
        "start one and leave it running, or send at that time yourself"
    )


def _described(plan: Plan) -> dict[str, Any]:
    """Return a plan as it stands in JSON."""
    return {
        "issue": plan.manuscript.lead.id,
        "state": "draft",
        "recipients": plan.recipients,
        "variants": {str(variant): count for variant, count in plan.counts.items()},
        "left_out": dict(plan.left_out),
        "findings": [asdict(finding) for finding in plan.findings],
    }


def _require_secrets(settings: Settings) -> None:
    """Raise ConfigError for a missing key before anything is promised."""
    if settings.newsletter.public_url:
        link_secret(settings)
    with open_provider(settings):
        pass


def _nobody(plan: Plan) -> str:
    if segment := plan.choice.segment:
        name = work_name(segment.key)
        meant = f"; did you mean {name}={segment.value}?" if name not in ("", segment.key) else ""
        return f"nobody on the list meets {segment}{meant}"
    return "nobody is on the list; bring people in with “newsletter subscribers import FILE.csv”"


def _questions(
    settings: Settings, issue_id: str, plan: Plan, wishes: Wishes, timing: Timing
) -> Iterator[str]:
    """Yield what the editor is asked before anything goes out."""
    if _may_be_sent_before(settings, plan, wishes):
        yield f"Send {issue_id}, though its readers may have it from the other ledger?"
    if not wishes.yes:
        yield _question(settings, issue_id, plan, wishes, timing)


def _question(settings: Settings, issue_id: str, plan: Plan, wishes: Wishes, timing: Timing) -> str:
    count = len(wishes.tests) or plan.recipients
    people = plural(count, "person", "people")
    if wishes.canary and wishes.canary < count:
        people = f"{wishes.canary:,} of {people} first,"
    when = f"at {local_time(settings, timing.at)}" if timing.at else "now"
    warnings = plan.report.count(Severity.WARNING)
    spite = f", with {plural(warnings, 'warning')}" if warnings else ""
    if is_rehearsal(settings) and wishes.tests:
        return f"Write a test of {issue_id} for {people} to the outbox{spite}? Nobody is mailed."
    if is_rehearsal(settings):
        return f"Rehearse {issue_id} with {people} {when}{spite}? No reader is mailed."
    is_older = plan.began and not plan.sent_until and not wishes.tests
    older = ", though it is older than this ledger" if is_older else ""
    return f"Send {issue_id} to {people} {when}{spite}{older}?"


def _read_test_address(address: str) -> str:
    try:
        return read_address(address).address
    except AudienceError as err:
        raise UsageError(f"--test: “{address}” is no address: {err}") from err


def _mailbox(name: str, address: str) -> str:
    """Return a sender as people read it, not as headers are encoded."""
    return f"{name} <{address}>" if name else address


def _show_plan(settings: Settings, plan: Plan, wishes: Wishes, timing: Timing) -> None:
    lead = plan.manuscript.lead
    say(f"Issue       {lead.id} ({', '.join(plan.manuscript.issues)})")
    say(f"Subject     {lead.readable(lead.subject)}")
    say(f"From        {plan.sender}")
    say(f"Provider    {where_to(settings)}")
    if earlier := plan.rehearsal:
        when = local_time(settings, dt.datetime.fromisoformat(earlier.planned_at))
        say(f"Rehearsed   {when}, to the local outbox; no reader was mailed")
    if plan.sent_until and not wishes.tests:
        say(f"Moved       the list is of a ledger that had sent issues up to {plan.sent_until}:")
        say("            if this was among them, its readers would get it twice")
    elif plan.began and not wishes.tests:
        say(f"Ledger      began on {plan.began}, after the issue's date: if the issue was sent")
        say("            from another ledger, its readers would get it twice")
    if wishes.tests:
        say(f"Test to     {', '.join(wishes.tests)}")
    else:
        _show_audience(plan, wishes)
    if timing.at:
        keeper = settings.provider.name if timing.by_provider else "newsletter worker"
        say(f"Time        {local_time(settings, timing.at)}, kept by {keeper}")
    show_findings(plan.findings)
    for silenced in plan.report.silenced:
        say(f"{silenced.finding.place}: silenced [{silenced.finding.id}]: {silenced.reason}")
    say()


def _show_audience(plan: Plan, wishes: Wishes) -> None:
    say(f"Recipients  {plan.recipients:,}")
    for variant, count in plan.counts.items():
        say(f"            {count:,} get {variant}")
    for language, count in plan.strangers.items():
        file = f"{plan.manuscript.lead.id}.{language}.md"
        if language:
            say(f"            {count:,} read {language}, but there is no {file}")
    if wishes.canary:
        say(f"Canary      {min(wishes.canary, plan.recipients):,} drawn by lot get it first")
    for reason, count in plan.left_out.items():
        say(f"Left out    {count:,} {reason}")
