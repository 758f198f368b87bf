"""`newsletter meetings`: theme days and other gatherings, and who comes to them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter import meetings
from newsletter.cli import meeting_message
from newsletter.cli.common import (
    RuledGroup,
    Rules,
    UsageError,
    as_local_time,
    gathered,
    in_words,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
)
from newsletter.cli.door_commands import check_in_command, papers
from newsletter.cli.meeting_figures import figures
from newsletter.cli.meeting_lists import check_export, write_export
from newsletter.cli.meeting_shown import (
    all_meetings,
    list_shown,
    named_meeting,
    report_of,
    show_line,
    show_meeting,
)
from newsletter.cli.typed_addresses import read_address
from newsletter.content.meeting_drafts import check_meeting_id, draft_meeting, draft_other
from newsletter.language import say, say_many
from newsletter.ledger import Ledger, registrations
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
@click.option("--lang", "language", metavar="LANG", help="In this language, such as sv.")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What is told of somebody who is registered by the editor."""

    name: str
    address: str | None
    remote: bool
    organisation: str
    region: str
    needs: str
    language: str | None
    answer: tuple[str, ...]


@command.command("register")
@click.argument("meeting_id", metavar="ID")
@click.option("--name", required=True, help="Who comes.")
@click.option("--address", metavar="ADDR", help="Where mails go; without one there are none.")
@click.option("--remote", is_flag=True, help="They take part remotely.")
@click.option("--organisation", default="", help="Where they work.")
@click.option("--region", default="", help="Where in the country.")
@click.option("--needs", default="", help="Accessibility and diet; deleted a week afterwards.")
@click.option("--lang", "language", metavar="LANG", help="In which language they are mailed.")
@click.option("--answer", multiple=True, metavar="ID=TEXT", help="To a question; repeatable.")
@click.pass_context
@gathered(_Typed)
def register(ctx: click.Context, meeting_id: str, options: _Typed) -> None:
    """Register somebody, such as a colleague without an address.

    It is done at once, after the deadline too; where all seats are taken they are in line.

    \b
    Example:
      newsletter meetings register teemapaiva --name "Aino Esimerkki"
      newsletter meetings register teemapaiva --name "Bo Ek" --address bo@example.org --remote
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    asked = {question.id for question in meeting.questions}
    answers = dict(each.partition("=")[::2] for each in options.answer)
    if unknown := sorted(set(answers) - asked):
        raise UsageError(say("{meeting} asks no “{name}”", meeting=meeting_id, name=unknown[0]))
    entry = meetings.Entry(
        attending=meetings.Attending.REMOTE if options.remote else meetings.Attending.ON_SITE,
        name=" ".join(options.name.split()),
        organisation=options.organisation,
        region=options.region,
        needs=options.needs,
        language=options.language or settings.newsletter.language,
        answers=answers,
    )
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    address = read_address(options.address).address if options.address else ""
    now = dt.datetime.now(dt.UTC)
    own = meetings.register(ledger, meeting, entry, address=address, now=now, by_editor=True)
    place = meetings.find_place(ledger, own)
    state = in_words(own.state.words)
    if place:
        show(say("{name}: {state}, place {place}", name=own.name, state=state, place=place))
    else:
        show(say("{name}: {state}", name=own.name, state=state))


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
    people = _people(existing_ledger(settings), meeting.id)
    some = [one for one in people if is_all or one.is_live]
    write_export(out, meeting, some, for_excel=excel)
    tell(say_many("{n:,} person.", "{n:,} people.", n=len(some)))


command.add_command(meeting_message.message)


def _people(ledger: Ledger | None, meeting_id: str) -> list[meetings.Registration]:
    if ledger is None:
        return []
    with ledger.read() as connection:
        found = registrations.list_registrations(connection, meeting_id)
    ledger.close()
    return found


command.add_command(check_in_command)
command.add_command(papers)
command.add_command(figures)
