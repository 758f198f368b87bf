"""`newsletter status`: how far sending has come, and who was left out."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from newsletter.cli.common import (
    Ruled,
    Rules,
    Settings,
    UsageError,
    as_issue_id,
    gathered,
    in_words,
    indented,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
    write_lines,
)
from newsletter.cli.states import say_counts, say_left_out, say_state
from newsletter.language import Wording, say, say_list, say_many
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
from newsletter.model import SendState, State
from newsletter.moments import stamp

# The words of `status --json`; an abandoned delivery counts as skipped.
_REPORTED = ("queued", "sending", "accepted", "rejected", "unknown", "skipped")


_RULES = Rules(
    only_with={"--notices": ("--json",)},
    # What an issue went out with is of the send, not of one of its readers.
    one_of=(("--findings", "--recipients"), ("--findings", "--state")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions:
    """What the editor wants to know, besides of which issue."""

    notices: bool
    recipients: bool
    state: str | None
    findings: bool
    as_json: bool


@click.command(cls=Ruled, rules=_RULES)
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@click.option("--notices", is_flag=True, help="Show the mails that are no issue, by their kind.")
@click.option("--recipients", is_flag=True, help="List the addresses.")
@click.option("--state", type=click.Choice([s.value for s in State]), help="Only those in a state.")
@click.option("--findings", is_flag=True, help="List the warnings that a send went out with.")
@json_option
@click.pass_context
@gathered(StatusOptions)
def command(ctx: click.Context, issue_id: str | None, options: StatusOptions) -> None:
    """Show how far sending has come.

    \b
    Example:
      newsletter status 2026-12
      newsletter status 2026-12 --findings
      newsletter status 2026-12 --recipients --state unknown
      newsletter status --notices
    """
    is_of_readers = options.recipients or options.state is not None
    if is_of_readers and not issue_id:
        raise UsageError(say("--recipients and --state need the id of an issue"))
    settings = settings_of(ctx)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    if options.notices:
        _show_notices(ledger, issue_id, as_json=options.as_json)
        return
    found = _situations(ledger, issue_id) if ledger else []
    if issue_id and not found:
        raise UsageError(
            say("“{issue}” was not sent; “newsletter send {issue}” shows the plan", issue=issue_id)
        )
    if is_of_readers and ledger:
        _show_recipients(ledger, found[0].send, options)
    else:
        _show_reports(settings, list(map(describe, found)), options, is_one=bool(issue_id))


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


def _show_reports(
    settings: Settings, reports: list[dict[str, Any]], options: StatusOptions, *, is_one: bool
) -> None:
    if options.as_json:
        write_json(reports[0] if is_one else reports)
        return
    for report in reports:
        show_report(settings, report, findings=options.findings)
        if _waits_for_the_editor(report):
            show(indented(say("“newsletter send {issue}” goes on", issue=report["issue"])))
    if not reports:
        tell(say("Nothing was sent yet."))


def _waits_for_the_editor(report: dict[str, Any]) -> bool:
    """Return whether somebody is still to be mailed, now, and no other line says how."""
    is_open = report["state"] == SendState.SENDING and bool(report["counts"]["queued"])
    return is_open and not report["held"] and not report["scheduled_at"]


def show_report(
    settings: Settings, report: dict[str, Any], *, is_test: bool = False, findings: bool = False
) -> None:
    """Show the report of a send to people; what it went out with only when that is asked for."""
    template = say(
        "{issue}  {state}  by {provider}: {counts}",
        issue=report["issue"],
        state=say_state(report["state"]),
        provider=report["provider"],
        counts=say_counts(report["counts"]),
    )
    if report["rehearsal"]:
        template = say("{report} (rehearsal: no reader was mailed)", report=template)
    show(template)
    for line in _details(settings, report, is_test=is_test, findings=findings):
        show(indented(line))


def _details(
    settings: Settings, report: dict[str, Any], *, is_test: bool, findings: bool
) -> Iterator[str]:
    """Yield what else there is to know about a send."""
    issue = report["issue"]
    for reason, count in report["left_out"].items():
        yield say("left out: {who}", who=say_left_out(reason, count))
    for reason, count in report["left_out_since"].items():
        yield say("left out: {who}, of those who joined since", who=say_left_out(reason, count))
    if findings and not report["rehearsal"]:
        yield from map(_say_override, report["overrides"])
    if report["reason"]:
        yield say("stopped: {reason}", reason=report["reason"])
    for late in report["late"]:
        yield say_many(
            "late: {n:,} who joined by {day:%Y-%m-%d} is among them",
            "late: {n:,} who joined by {day:%Y-%m-%d} are among them",
            n=late["count"],
            day=dt.datetime.fromisoformat(late["at"]).astimezone(settings.zone).date(),
        )
    if report["scheduled_at"]:
        at = dt.datetime.fromisoformat(report["scheduled_at"])
        yield say("time: {time}", time=settings.local_time(at))
    if report["held"]:
        yield say("held: “newsletter send {issue}” goes on after its canary", issue=issue)
    if report["counts"]["unknown"] and not is_test:
        yield say(
            "unknown: see “newsletter status {issue} --recipients --state unknown”, then decide "
            "with “newsletter send {issue} --unknown resend” or “skip”",
            issue=issue,
        )


def _say_override(override: Mapping[str, str]) -> Wording:
    """Return a warning that a send went out with, or what the editor had silenced."""
    place = override.get("place", "")
    told = say_list((place, override["message"]) if place else (override["message"],), ": ")
    if "reason" in override:
        return say(
            "sent all the same: {finding} [{id}] ({reason})",
            finding=told,
            id=override["id"],
            reason=override["reason"],
        )
    return say("sent all the same: {finding} [{id}]", finding=told, id=override["id"])


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
        raise UsageError(say("--notices are of no issue; leave out {issue}", issue=issue_id))
    tallies: list[NoticeTally] = []
    if ledger:
        with ledger.read() as connection:
            tallies = list(list_notices(connection))
    if as_json:
        write_json([_notice_report(tally) for tally in tallies])
        return
    for tally in tallies:
        told = say_many(
            "{kind}  {n:,} notice: {counts}",
            "{kind}  {n:,} notices: {counts}",
            n=tally.notices,
            kind=tally.kind,
            counts=say_counts(_reported(tally.count)),
        )
        click.echo(in_words(told))
        for scope in tally.unknown:
            told = say(
                "unknown: decide with “newsletter send {scope} --unknown resend” or “skip”",
                scope=scope,
            )
            click.echo(f"    {in_words(told)}")
    if not tallies:
        tell(say("No notice was sent yet."))


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


def _show_recipients(ledger: Ledger, send: Send, options: StatusOptions) -> None:
    state = State(options.state) if options.state else None
    with ledger.read() as connection:
        rows = sends.list_deliveries(connection, send.id, state)
        if options.as_json:
            keys = ("address", "state", "message_id", "reason")
            write_json(dict(zip(keys, row, strict=True)) for row in rows)
            return
        write_lines(
            "\t".join([address, in_words(State(known).words), in_words(reason or "")]).rstrip()
            for address, known, _, reason in rows
        )
