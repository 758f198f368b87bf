"""`newsletter status`: how far sending has come, and who was left out."""

from collections.abc import Callable
from typing import Any

import click

from newsletter.cli.common import (
    Ruled,
    Rules,
    as_issue_id,
    json_option,
    plural,
    settings_of,
    tell,
    write_json,
    write_lines,
)
from newsletter.errors import UsageError
from newsletter.ledger import (
    Ledger,
    NoticeTally,
    Send,
    Situation,
    find_situation,
    list_notices,
    sends,
)
from newsletter.ledgers import existing_ledger
from newsletter.masking import mask
from newsletter.model import SendState, State
from newsletter.moments import stamp

# The words of `status --json`; an abandoned delivery counts as skipped.
_REPORTED = ("queued", "sending", "accepted", "rejected", "unknown", "skipped")


@click.command(cls=Ruled, rules=Rules(only_with={"--notices": ("--json",)}))
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@click.option("--notices", is_flag=True, help="Show the mails that are no issue, by their kind.")
@click.option("--recipients", is_flag=True, help="List the addresses.")
@click.option("--state", type=click.Choice([s.value for s in State]), help="Only those in a state.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    issue_id: str | None,
    *,
    notices: bool,
    recipients: bool,
    state: str | None,
    as_json: bool,
) -> None:
    """Show how far sending has come.

    \b
    Example:
      newsletter status 2026-12
      newsletter status 2026-12 --recipients --state unknown
      newsletter status --notices
    """
    if (recipients or state) and not issue_id:
        raise UsageError("--recipients and --state need the id of an issue")
    ledger = existing_ledger(settings_of(ctx))
    if ledger:
        ctx.call_on_close(ledger.close)
    if notices:
        _show_notices(ledger, issue_id, as_json=as_json)
        return
    found = _situations(ledger, issue_id) if ledger else []
    if issue_id and not found:
        raise UsageError(f"“{issue_id}” was not sent; “newsletter send {issue_id}” shows the plan")
    reports = list(map(describe, found))
    if (recipients or state) and ledger:
        _show_recipients(ledger, found[0].send, State(state) if state else None, as_json=as_json)
    elif as_json:
        write_json(reports[0] if issue_id else reports)
    else:
        for report in reports:
            show_report(report)
        if not reports:
            tell("Nothing was sent yet.")


def describe(situation: Situation) -> dict[str, Any]:
    """Return the report of a send, with stable keys."""
    send, rehearsal = situation.send, situation.rehearsal
    return {
        "issue": send.issue_id,
        "rehearsal": send.is_rehearsal,
        "rehearsed_at": stamp(rehearsal.planned_at) if rehearsal else None,
        "send": send.key,
        "provider": send.provider,
        "hash": send.digest,
        "state": send.state,
        "counts": _reported(situation.count),
        "left_out": dict(send.left_out),
        "left_out_since": situation.left_out_since,
        "reason": send.reason,
        "overrides": [dict(override) for override in send.overrides],
        "scheduled_at": send.scheduled_at.isoformat() if send.scheduled_at else None,
        "late": [{"at": stamp(late.at), "count": late.count} for late in send.late],
        "held": send.is_held and send.state is SendState.SENDING,
    }


def show_report(report: dict[str, Any], *, is_test: bool = False) -> None:
    """Show the report of a send to people."""
    counts = ", ".join(f"{n:,} {name}" for name, n in report["counts"].items() if n)
    kind = " (rehearsal: no reader was mailed)" if report["rehearsal"] else ""
    click.echo(
        f"{report['issue']}  {report['state']}  by {report['provider']}: {counts or 'nobody'}{kind}"
    )
    for reason, count in report["left_out"].items():
        click.echo(f"    left out: {count:,} {reason}")
    for reason, count in report["left_out_since"].items():
        click.echo(f"    left out: {count:,} {reason}, of those who joined since")
    for override in () if report["rehearsal"] else report["overrides"]:
        why = f" ({override['reason']})" if "reason" in override else ""
        place = override.get("place", report["issue"])
        what = f"{place}: {override['message']} [{override['id']}]{why}"
        click.echo(f"    sent all the same: {what}")
    if report["reason"]:
        click.echo(f"    stopped: {mask(report['reason'])}")
    for late in report["late"]:
        click.echo(f"    late: {late['count']:,} who joined by {late['at'][:10]} are among them")
    if report["scheduled_at"]:
        click.echo(f"    time: {report['scheduled_at'][:16].replace('T', ' ')} UTC")
    if report["held"]:
        click.echo(f"    held: “newsletter send {report['issue']}” goes on after its canary")
    if report["counts"]["unknown"] and not is_test:
        click.echo(
            f"    unknown: see “newsletter status {report['issue']} --recipients --state unknown”, "
            f"then decide with “newsletter send {report['issue']} --unknown resend” or “skip”"
        )


def _situations(ledger: Ledger, issue_id: str | None) -> list[Situation]:
    with ledger.read() as connection:
        if issue_id is None:
            found = sends.list_attempts(connection)
        else:
            send = sends.find_send(connection, issue_id)
            send = send or sends.find_rehearsal(connection, issue_id)
            found = [send] if send else []
        return [find_situation(connection, send) for send in found]


def _show_notices(ledger: Ledger | None, issue_id: str | None, *, as_json: bool) -> None:
    if issue_id:
        raise UsageError(f"--notices are of no issue; leave out {issue_id}")
    tallies: list[NoticeTally] = []
    if ledger:
        with ledger.read() as connection:
            tallies = list(list_notices(connection))
    if as_json:
        write_json([_notice_report(tally) for tally in tallies])
        return
    for tally in tallies:
        counts = ", ".join(f"{n:,} {name}" for name, n in _reported(tally.count).items() if n)
        click.echo(f"{tally.kind}  {plural(tally.notices, 'notice')}: {counts or 'nobody'}")
        for scope in tally.unknown:
            click.echo(
                f"    unknown: decide with “newsletter send {scope} --unknown resend” or “skip”"
            )
    if not tallies:
        tell("No notice was sent yet.")


def _notice_report(tally: NoticeTally) -> dict[str, Any]:
    counts = _reported(tally.count)
    return {
        "notice": tally.kind,
        "notices": tally.notices,
        "counts": counts,
        "unknown": list(tally.unknown),
    }


def _reported(count: Callable[[State], int]) -> dict[str, int]:
    """Return deliveries by the words of the report; abandoned ones count as skipped."""
    reported = {name: count(State(name)) for name in _REPORTED}
    reported["skipped"] += count(State.ABANDONED)
    return reported


def _show_recipients(ledger: Ledger, send: Send, state: State | None, *, as_json: bool) -> None:
    with ledger.read() as connection:
        rows = sends.list_deliveries(connection, send.id, state)
        if as_json:
            keys = ("address", "state", "message_id", "reason")
            write_json(dict(zip(keys, row, strict=True)) for row in rows)
            return
        write_lines(
            f"{address}\t{row_state}" + (f"\t{mask(reason)}" if reason else "")
            for address, row_state, _, reason in rows
        )
