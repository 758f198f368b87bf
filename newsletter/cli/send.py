"""`newsletter send`: the plan, the confirmation, the sending; running it again goes on."""

import datetime as dt
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.cli.common import (
    confirm,
    has_errors,
    json_option,
    plural,
    say,
    settings_of,
    show_findings,
    write_json,
    yes_option,
)
from newsletter.cli.status import describe_send, show_report
from newsletter.config import Settings
from newsletter.delivery import Clock, Result, finish
from newsletter.errors import ConfigError, UsageError
from newsletter.ledger import Ledger, open_ledger
from newsletter.ledger.sends import (
    Send,
    count_joined_since,
    count_states,
    find_send,
)
from newsletter.model import Condition, State
from newsletter.pipeline import Plan, deliver, draft_plan, freeze_plan, freeze_test, open_provider
from newsletter.press import link_secret

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@click.command()
@click.argument("issue_id", metavar="ID")
@click.option(
    "--test", "tests", multiple=True, metavar="ADDR", help="Send to ADDR only; repeatable."
)
@click.option("--dry-run", is_flag=True, help="Show the plan and end.")
@click.option("--segment", metavar="KEY=VALUE", help="Send only to those, such as region=Lappi.")
@click.option(
    "--unknown",
    type=click.Choice(["resend", "skip"]),
    help="Decide about deliveries nobody knows the outcome of.",
)
@yes_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    issue_id: str,
    tests: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001
    segment: str | None,
    unknown: str | None,
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Send an issue, or go on with sending it.

    The plan is shown first, and only the word “yes” (or --yes) sends. The issue is frozen then:
    running the command again goes on with exactly that, and mails nobody twice.

    \b
    Example:
      newsletter send 2026-12 --test me@example.org
      newsletter send 2026-12 --dry-run
      newsletter send 2026-12
    """
    settings = settings_of(ctx)
    ledger = open_ledger(settings.database_path)
    ctx.call_on_close(ledger.close)
    with ledger.read() as connection:
        send = None if tests else find_send(connection, issue_id)
    chosen = _condition(segment)
    if send is None:
        if unknown:
            raise UsageError("--unknown decides about an issue whose sending was begun")
        send = _begin(settings, ledger, issue_id, tests, chosen, dry_run=dry_run, yes=yes)
    else:
        if chosen:
            raise UsageError(f"{issue_id} is planned already; its recipients are fixed")
        send = _go_on(settings, ledger, send, unknown, dry_run=dry_run, yes=yes)
    if send is None:
        ctx.exit(0 if dry_run else 1)
    ctx.exit(_finish(settings, ledger, send, unknown, as_json=as_json))


def _require_secrets(settings: Settings) -> None:
    """Raise ConfigError for a missing key before anything is promised."""
    if settings.newsletter.public_url:
        link_secret(settings)
    with open_provider(settings):
        pass


def _condition(segment: str | None) -> Condition | None:
    try:
        return Condition.parse(segment) if segment else None
    except ValueError as err:
        raise UsageError(f"--segment: {err}") from err


# --- a new send ---------------------------------------------------------------------------


def _begin(
    settings: Settings,
    ledger: Ledger,
    issue_id: str,
    tests: tuple[str, ...],
    segment: Condition | None,
    *,
    dry_run: bool,
    yes: bool,
) -> Send | None:
    """Plan, show, ask and freeze; None when nothing is to be sent."""
    plan = draft_plan(settings, issue_id, ledger, segment=segment)
    _show_plan(settings, plan, tests)
    if has_errors(plan.findings):
        say("Nothing was sent: mend the errors first.")
        raise click.exceptions.Exit(1)
    if not plan.recipients and not tests:
        raise UsageError(_nobody(plan))
    if dry_run:
        say("Dry run: nothing was sent.")
        return None
    _require_secrets(settings)
    count = len(tests) or plan.recipients
    if not yes and not confirm(f"Send {issue_id} to {plural(count, 'person', 'people')} now?"):
        say("Nothing was sent.")
        return None
    now = dt.datetime.now(dt.UTC)
    if tests:
        return freeze_test(settings, plan, tests, ledger, now)
    return freeze_plan(settings, plan, ledger, now)


def _nobody(plan: Plan) -> str:
    if plan.choice.segment:
        return f"nobody on the list meets {plan.choice.segment}"
    return "nobody is on the list; bring people in with “newsletter subscribers import FILE.csv”"


def _show_plan(settings: Settings, plan: Plan, tests: tuple[str, ...]) -> None:
    lead = plan.manuscript.lead
    subject = lead.subject
    for slot in lead.slots:
        subject = subject.replace(slot.marker, slot.source)
    say(f"Issue       {lead.id} ({', '.join(plan.manuscript.issues)})")
    say(f"Subject     {subject}")
    say(f"From        {plan.sender}")
    say(f"Provider    {_destination(settings)}")
    if tests:
        say(f"Test to     {', '.join(tests)}")
    else:
        say(f"Recipients  {plan.recipients:,}")
        for variant, count in plan.counts.items():
            say(f"            {count:,} get {variant}")
        for reason, count in plan.left_out.items():
            say(f"Left out    {count:,} {reason}")
    show_findings(plan.findings)
    say()


def _destination(settings: Settings) -> str:
    table = settings.provider
    if table.name == "outbox":
        return f"outbox (files in {settings.root / table.path}; nothing leaves this machine)"
    return f"{table.name}" + (f" at {table.base_url}" if table.base_url else "")


# --- a send that was begun ----------------------------------------------------------------


def _go_on(
    settings: Settings,
    ledger: Ledger,
    send: Send,
    unknown: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> Send | None:
    """Show what is left of a send and ask; None when nothing is to be sent."""
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
        later = count_joined_since(connection, send.planned_at)
    open_ = sum(counts.get(s, 0) for s in (State.QUEUED, State.SENDING, State.UNKNOWN))
    accepted = counts.get(State.ACCEPTED, 0)
    if not open_:
        say(f"{send.issue_id} was sent already: {accepted:,} accepted. Nothing was sent now.")
        if later:
            say(f"{plural(later, 'person', 'people')} joined after it was planned.")
        return send
    if send.provider != settings.provider.name:
        raise ConfigError(
            f"{send.issue_id} was begun through {send.provider}, but newsletter.toml now names "
            f"{settings.provider.name}; set it back to go on"
        )
    say(f"Going on with {send.issue_id}, frozen {send.planned_at[:16].replace('T', ' ')} UTC:")
    say(f"{accepted:,} accepted, {open_:,} to go.")
    if counts.get(State.UNKNOWN):
        decision = f"; decided: {unknown}" if unknown else ""
        say(f"{counts[State.UNKNOWN]:,} of them unknown{decision}.")
    if dry_run:
        say("Dry run: nothing was sent.")
        return None
    if not yes and not confirm("Go on now?"):
        say("Nothing was sent.")
        return None
    return send


# --- sending ------------------------------------------------------------------------------


def _finish(
    settings: Settings, ledger: Ledger, send: Send, unknown: str | None, *, as_json: bool
) -> int:
    """Send what is left, report, and return the exit code."""
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
    left = sum(counts.get(s, 0) for s in (State.QUEUED, State.SENDING, State.UNKNOWN))
    if left:
        result = _send(settings, ledger, send, unknown, left)
    else:
        finish(ledger, send, dt.datetime.now(dt.UTC))
        result = Result(state="done")
    with ledger.read() as connection:
        send = find_send(connection, send.scope) or send
    report = describe_send(ledger, send)
    if as_json:
        write_json(report)
    elif left:
        show_report(report, is_test=send.is_test)
    return _tell(settings, send, result, report["counts"], quiet=as_json or not left)


def _tell(
    settings: Settings, send: Send, result: Result, counts: dict[str, int], *, quiet: bool
) -> int:
    """Say how it ended and what to do next; return the exit code."""
    again = "send the test again" if send.is_test else f"“newsletter send {send.issue_id}” goes on"
    if result.state == "interrupted":
        say(f"Interrupted: {result.reason}." if result.reason else f"Interrupted. {again}.")
        return 130
    if result.state in ("stopped", "unknown"):
        say(f"Stopped: {result.reason}.")
        say(f"What was sent stays sent; {again}.")
        return 4 if result.state == "stopped" else 1
    if not quiet:
        say(f"Done. {_destination(settings)}")
    return 1 if counts["rejected"] else 0


def _send(settings: Settings, ledger: Ledger, send: Send, unknown: str | None, left: int) -> Result:
    stop = Event()
    clock = Clock(
        now=lambda: dt.datetime.now(ZoneInfo(settings.newsletter.timezone)),
        sleep=stop.wait,
        random=random.Random(),  # noqa: S311 - spreads waiting times
    )
    columns = (TextColumn("Sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with _signals(stop), Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=left)

        def progress(decided: int, remark: str) -> None:
            bar.advance(task, decided)
            if remark:
                bar.console.print(remark, markup=False, highlight=False)

        return deliver(
            settings, send, ledger, clock=clock, progress=progress, stop=stop, unknown=unknown
        )


@contextmanager
def _signals(stop: Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM finish the call in flight; a second one ends at once."""

    def ask(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
