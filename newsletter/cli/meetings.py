"""`newsletter meetings`: theme days and other gatherings, and who comes to them."""

import datetime as dt
from pathlib import Path

import click

from newsletter import meetings
from newsletter.cli import meeting_message
from newsletter.cli.common import (
    RuledGroup,
    Rules,
    UsageError,
    as_language,
    as_local_time,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.meeting_check_in import check_in_command
from newsletter.cli.meeting_figures import figures
from newsletter.cli.meeting_lists import check_export, write_export
from newsletter.cli.meeting_papers import papers
from newsletter.cli.meeting_shown import (
    all_meetings,
    list_shown,
    named_meeting,
    report_of,
    show_line,
    show_meeting,
)
from newsletter.cli.registration_commands import cancel_command, change_command, register_command
from newsletter.content.meeting_drafts import check_meeting_id, draft_meeting, draft_other
from newsletter.language import say, say_many
from newsletter.ledgers import existing_ledger, ledger_of

_AHEAD = dt.timedelta(days=60)  # of a new meeting whose day is not given


@click.group(cls=RuledGroup)
def command() -> None:
    """Begin meetings, see who comes, register people, write lists.

    \b
    Example:
      newsletter meetings new teemapaiva --start "2026-12-09 9.00"
      newsletter meetings show teemapaiva
    """


@command.command("new")
@click.argument("meeting_id", metavar="ID")
@click.option("--start", "day", type=as_local_time, metavar="TIME", help="When it begins.")
@click.option(
    "--lang", "language", type=as_language, metavar="LANG", help="In this language, such as sv."
)
@click.pass_context
def new(ctx: click.Context, meeting_id: str, day: dt.datetime | None, language: str | None) -> None:
    """Begin a new meeting: meetings/ID.md.

    Where it is there already, --lang begins it in another language, with its texts to translate.

    \b
    Example:
      newsletter meetings new teemapaiva --start "2026-12-09 9.00"
      newsletter meetings new teemapaiva --lang sv
    """
    settings = settings_of(ctx)
    check_meeting_id(meeting_id)
    own = settings.newsletter.language
    is_other = language is not None and language != own
    name = f"{meeting_id}.{language}.md" if is_other else f"{meeting_id}.md"
    path = settings.root / "meetings" / name
    if path.exists():
        raise UsageError(say("{file} is there already", file=f"meetings/{name}"))
    if is_other and (path.parent / f"{meeting_id}.md").exists():
        text = draft_other(named_meeting(settings, meeting_id), language or own)
    else:
        now = dt.datetime.now(settings.zone)
        text = draft_meeting((day or now + _AHEAD).date(), language or own)
        if day:
            text = text.replace(f"start: {day.date()} 09:00", f"start: {day:%Y-%m-%d %H:%M}")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    tell(say("{file} is written; it says what to fill in", file=f"meetings/{name}"))


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """List meetings in order of time, with how many come.

    The exit code is 1 where a file cannot be read.

    \b
    Example:
      newsletter meetings list
    """
    settings = settings_of(ctx)
    known, findings = all_meetings(settings)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    now = dt.datetime.now(dt.UTC)
    reports = [report_of(ledger, meeting, now) for meeting in known]
    if as_json:
        write_json({"meetings": reports, "findings": [f.as_data() for f in findings]})
    else:
        list_shown(known, reports)
        for finding in findings:
            tell(finding.words)
    ctx.exit(1 if findings else 0)


@command.command("show")
@click.argument("meeting_id", metavar="ID")
@json_option
@click.pass_context
def show_(ctx: click.Context, meeting_id: str, *, as_json: bool) -> None:
    """Show a meeting: its facts, its seats, who comes, and what waits for you.

    The exit code is 1 where something waits for you: a change of time or place that people were not
    told, or more people than seats.

    \b
    Example:
      newsletter meetings show teemapaiva
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    report = report_of(ledger, meeting, dt.datetime.now(dt.UTC), with_people=True)
    if as_json:
        write_json(report)
    else:
        show_meeting(meeting, report)
    ctx.exit(1 if report["waits"] else 0)


@command.command("waiting", rules=Rules(one_of=(("--pause", "--go-on"),)))
@click.argument("meeting_id", metavar="ID")
@click.option("--pause", is_flag=True, help="Nobody is offered a seat any more.")
@click.option("--go-on", is_flag=True, help="Seats are offered again, in order.")
@json_option
@click.pass_context
def waiting(
    ctx: click.Context, meeting_id: str, *, pause: bool, go_on: bool, as_json: bool
) -> None:
    """Show who is in line for a seat, or let the line pause.

    \b
    Example:
      newsletter meetings waiting teemapaiva
      newsletter meetings waiting teemapaiva --pause
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    now = dt.datetime.now(dt.UTC)
    if pause:
        meetings.pause(ledger, meeting, now)
    elif go_on:
        meetings.go_on(ledger, meeting, now)
    report = report_of(ledger, meeting, now, with_people=True)
    in_line = [person for person in report["people"] if person["line"]]
    if as_json:
        write_json({"paused": report["paused"], "line": in_line})
    else:
        show_line(report)


@command.command("export")
@click.argument("meeting_id", metavar="ID")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="A file named .csv or .xlsx; - is stdout.",
)
@click.option("--excel", is_flag=True, help="CSV as Excel reads it, with semicolons.")
@click.option("--all", "is_all", is_flag=True, help="Also who cancelled or never confirmed.")
@click.pass_context
def export(ctx: click.Context, meeting_id: str, out: Path, *, excel: bool, is_all: bool) -> None:
    """Write a list of who comes, with what they answered.

    It holds special needs and other things that people told you: delete it after the meeting.

    \b
    Example:
      newsletter meetings export teemapaiva --out ~/teemapaiva.xlsx
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    check_export(settings, out)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    people = meetings.list_people(ledger, meeting.id) if ledger else []
    some = [one for one in people if is_all or one.is_live]
    write_export(out, meeting, some, for_excel=excel)
    tell(say_many("{n:,} person.", "{n:,} people.", n=len(some)))


command.add_command(register_command)
command.add_command(change_command)
command.add_command(cancel_command)
command.add_command(meeting_message.message)
command.add_command(check_in_command)
command.add_command(papers)
command.add_command(figures)
