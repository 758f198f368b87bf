"""`newsletter jobs`: what there is to do in the background, what failed, and what comes round."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    in_words,
    indented,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
)
from newsletter.jobs import Round, list_rounds
from newsletter.language import Wording, say, say_list, say_many, without_addresses
from newsletter.ledgers import existing_ledger
from newsletter.mailing import Backlog, Halted, Task, find_backlog, retry_tasks

_ALL = "all"  # what --retry means without a name
_WORDS = 30  # columns, at least, for what a job does


@click.command(cls=Ruled)
@click.option(
    "--retry",
    is_flag=False,
    flag_value=_ALL,
    metavar="[NAME/KEY]",
    help="Try what failed again: all of it, or one job.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, *, retry: str | None, as_json: bool) -> None:
    """Show what is done in the background, and what failed there.

    The exit code is 1 where something has failed or stopped.

    \b
    Example:
      newsletter jobs
      newsletter jobs --retry
      newsletter jobs --retry pull-figures
    """
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    ledger = existing_ledger(settings)
    if ledger is None:
        if as_json:
            write_json({"served": False, "stopped": [], "jobs": [], "schedules": []})
        else:
            tell(say("There is no ledger yet, so there is nothing to do."))
        return
    ctx.call_on_close(ledger.close)
    if retry is not None:
        chosen = _choose(find_backlog(settings, ledger), retry)
        retry_tasks(ledger, chosen)
        told = say_many("{n:,} job is tried again.", "{n:,} jobs are tried again.", n=len(chosen))
        tell(told if chosen else say("No job has failed."))
    backlog = find_backlog(settings, ledger)
    rounds = list_rounds(ledger, now)
    if as_json:
        write_json(_report(backlog, rounds))
    else:
        _show(settings, backlog, rounds, now)
    ctx.exit(1 if backlog.needs_a_hand else 0)


def _choose(backlog: Backlog, which: str) -> list[Task]:
    """Return the failed jobs that are called so; raise UsageError if none is."""
    chosen = [task for task in backlog.failed if which in (_ALL, *_names(task))]
    if chosen or which == _ALL:
        return chosen
    known = list(dict.fromkeys(task.id for task in backlog.failed))
    if not known:
        raise UsageError(say("no job called “{name}” has failed; none has", name=which))
    raise UsageError(
        say(
            "no job called “{name}” has failed; these have: {names}",
            name=which,
            names=say_list(known),
        )
    )


def _names(task: Task) -> set[str]:
    return {task.id, task.job.name, f"{task.job.name}/{task.job.key}"}


# --- for machines -------------------------------------------------------------------------


def _report(backlog: Backlog, rounds: Iterable[Round]) -> dict[str, Any]:
    return {
        "served": backlog.is_served,
        "stopped": [
            {"issue": send.issue_id, "reason": without_addresses(send.reason)}
            for send in backlog.stopped
        ],
        "jobs": [_job(task) for task in backlog.tasks],
        "schedules": [
            {
                "name": each.name,
                "schedule": each.schedule,
                "last": _stamp(each.last),
                "next": _stamp(each.next),
            }
            for each in rounds
        ],
    }


def _job(task: Task) -> dict[str, Any]:
    job = task.job
    return {
        "id": task.id,
        "name": job.name,
        "key": job.key,
        "queue": job.queue,
        "state": job.state,
        "issue": task.send.issue_id if task.send else None,
        "attempt": job.attempt,
        "asked_at": _stamp(job.asked_at),
        "due": _stamp(job.due),
        "failed_at": _stamp(job.failed_at),
        "reason": without_addresses(job.reason),
    }


def _stamp(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None


# --- for people ---------------------------------------------------------------------------


def _show(settings: Settings, backlog: Backlog, rounds: Iterable[Round], now: dt.datetime) -> None:
    failed = {task.id: task for task in backlog.failed}
    for task in failed.values():
        _show_failed(settings, task)
    for send in backlog.stopped:
        _show_stopped(send)
    others = {(t.id, t.job.state, t.job.due): t for t in backlog.tasks if not t.has_failed}
    if others:
        _print(
            (say("Job"), say("State"), say("Since"), say("Next attempt")),
            [_row(settings, task, now) for task in others.values()],
        )
        click.echo()
    _print(
        (say("By schedule"), say("How often"), say("Last"), say("Next")),
        [_round(settings, each, now, is_served=backlog.is_served) for each in rounds],
    )
    if backlog.is_astray:
        tell()
        tell(say("A worker is running, but with another account or key than is set now."))
        tell(say("End it and start “newsletter worker” again."))
    elif not backlog.is_served:
        tell()
        tell(say("No worker is running, so nothing of this is done."))
        tell(say("Start “newsletter worker” and leave it running."))
    if not (backlog.needs_a_hand or others):
        tell(say("Nothing waits, and nothing has failed."))


def _show_failed(settings: Settings, task: Task) -> None:
    at = task.job.failed_at
    told = say("Failed: {job}", job=task.words)
    show(say_list([told, settings.local_time(at)], between="  ") if at else told)
    reason = without_addresses(task.job.reason) or say("why is not known")
    show(indented(say("why: {reason}", reason=reason)))
    command = f"newsletter jobs --retry {task.id}"
    show(indented(say("mend the cause, then: {command}", command=command)))
    click.echo()


def _show_stopped(send: Halted) -> None:
    show(say("Stopped: {mail}", mail=send.mail))
    reason = without_addresses(send.reason) or say("why is not known")
    show(indented(say("why: {reason}", reason=reason)))
    show(indented(say("mend the cause, then: {command}", command=send.command)))
    click.echo()


def _row(settings: Settings, task: Task, now: dt.datetime) -> tuple[str, ...]:
    job = task.job
    due = job.due if job.due and job.due > now else None
    since, coming = _time(settings, job.asked_at, now), _time(settings, due, now)
    return task.words, job.state.words, since, coming


def _round(
    settings: Settings, each: Round, now: dt.datetime, *, is_served: bool
) -> tuple[str, ...]:
    last = _time(settings, each.last, now) or say("never")
    return each.words, each.rhythm, last, _time(settings, each.next, now) if is_served else "–"


def _time(settings: Settings, moment: dt.datetime | None, now: dt.datetime) -> str:
    """Return a moment as the newsletter's clocks show it; of today, the time alone."""
    if moment is None:
        return ""
    at = moment.astimezone(settings.zone)
    is_today = at.date() == now.astimezone(settings.zone).date()
    return say("{at:%H:%M}", at=at) if is_today else say("{at:%Y-%m-%d %H:%M}", at=at)


def _print(heads: Iterable[Wording], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; where the terminal is narrow, its first column keeps room for words."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(in_words(head), min_width=0 if number else _WORDS)
    for row in rows:
        table.add_row(*(escape(in_words(cell)) for cell in row))
    Console().print(table)
