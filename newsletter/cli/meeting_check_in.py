"""`newsletter meetings check-in`: who came, as marked at the door, by name or by a report."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from newsletter.audience.attendance import MOST, read_report
from newsletter.cli.common import (
    ConfigError,
    Ruled,
    Rules,
    Settings,
    UsageError,
    confirm,
    gathered,
    json_option,
    settings_of,
    tell,
    write_json,
    write_lines,
)
from newsletter.cli.meeting_shown import named_meeting, named_person
from newsletter.files import read_file
from newsletter.language import Wording, say, say_many
from newsletter.ledger import Ledger
from newsletter.ledgers import ledger_of
from newsletter.links import write_door_pass
from newsletter.meetings import (
    AROUND,
    Attending,
    Meeting,
    Participant,
    Recognised,
    Refused,
    Registration,
    check_in,
    clean_line,
    list_expected,
    recognise,
    take_back,
    walk_in,
)
from newsletter.press import link_secret

_RULES = Rules(
    one_of=(("--file", "--person", "--walk-in", "--link"),),
    needs={"--remote": "--person", "--undo": "--person", "--at-least": "--file"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Who came, and how that is known."""

    link: bool
    people: tuple[str, ...]
    walk_in: tuple[str, ...]
    remote: bool
    undo: bool
    file: Path | None
    at_least: int
    yes: bool
    as_json: bool


@click.command("check-in", cls=Ruled, rules=_RULES)
@click.argument("meeting_id", metavar="ID")
@click.option("--link", is_flag=True, help="Print the address for the phone at the door.")
@click.option(
    "--person", "people", multiple=True, metavar="WHO", help="Address or name; repeatable."
)
@click.option(
    "--walk-in", multiple=True, metavar="NAME", help="Somebody who is not on the list; repeatable."
)
@click.option("--remote", is_flag=True, help="They took part remotely.")
@click.option("--undo", is_flag=True, help="Take their marks back.")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A report of Teams or Zoom: who took part remotely.",
)
@click.option(
    "--at-least",
    type=click.IntRange(min=0, max=10_000),
    default=0,
    metavar="MINUTES",
    help="Leave out who was there for less.",
)
@click.option("--yes", is_flag=True, help="Take those in whom names alone tell, without asking.")
@json_option
@click.pass_context
@gathered(_Asked)
def check_in_command(ctx: click.Context, meeting_id: str, options: _Asked) -> None:
    """Mark who came: on a phone at the door, by name, or by the report of a meeting tool.

    Marking somebody again changes nothing. In a report an address is sure; who is told by a name
    alone is shown, and taken once you agree. It is told for how long each was there, which is not
    kept.

    \b
    Example:
      newsletter meetings check-in teemapaiva --link
      newsletter meetings check-in teemapaiva --person aino@example.org
      newsletter meetings check-in teemapaiva --file ~/report.csv
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    if options.link:
        _show_link(settings, meeting)
        return
    if not (options.file or options.people or options.walk_in):
        raise UsageError(
            say("say who came: --person WHO, --walk-in NAME, --file FILE, or --link for a phone")
        )
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    now = dt.datetime.now(dt.UTC)
    if now < meeting.starts_at - AROUND:
        raise UsageError(Refused.TOO_EARLY.words)
    if options.file:
        told = _take_report(ledger, meeting, options.file, options, now=now)
    elif options.walk_in:
        told = _take_in(ledger, meeting, options.walk_in, now=now)
    else:
        way = Attending.REMOTE if options.remote else Attending.ON_SITE
        told = _take_people(ledger, meeting, options.people, way, undo=options.undo, now=now)
    if options.as_json:
        write_json(told)


def _show_link(settings: Settings, meeting: Meeting) -> None:
    public_url = settings.newsletter.public_url
    if not public_url:
        raise ConfigError(
            say("the page at the door is one of “newsletter serve”: set public_url first")
        )
    written = write_door_pass(link_secret(settings), meeting.id, meeting.start.date())
    write_lines([f"{public_url}/door/{quote(written)}"])
    tell(
        say(
            "Whoever has this address sees the names of all who are registered, and marks who "
            "comes; it works from the day before the meeting until the day after it."
        )
    )


def _take_in(
    ledger: Ledger, meeting: Meeting, names: Sequence[str], *, now: dt.datetime
) -> dict[str, Any]:
    known = {one.id for one in list_expected(ledger, meeting.id) if one.came}
    taken = [
        walk_in(ledger, meeting, name, by="editor", now=now)
        for name in map(clean_line, names)
        if name
    ]
    marked = {one.id: one for one in taken if one.id not in known}
    tell(_marked(len(marked), len(taken) - len(marked)))
    return {"marked": [one.name for one in marked.values()]}


def _take_people(
    ledger: Ledger,
    meeting: Meeting,
    people: Sequence[str],
    way: Attending,
    *,
    undo: bool,
    now: dt.datetime,
) -> dict[str, Any]:
    expected = list_expected(ledger, meeting.id)
    found = [named_person(expected, who) for who in people]
    if undo:
        for one in found:
            take_back(ledger, one.id)
        tell(say_many("{n:,} mark is taken back.", "{n:,} marks are taken back.", n=len(found)))
        return {"taken_back": [one.name for one in found]}
    marked = check_in(ledger, {one.id: way for one in found}, by="editor", now=now)
    tell(_marked(len(marked), len(found) - len(marked)))
    return {"marked": [one.name for one in marked]}


def _take_report(
    ledger: Ledger, meeting: Meeting, file: Path, options: _Asked, *, now: dt.datetime
) -> dict[str, Any]:
    rows = read_report(read_file(file, at_most=MOST), file.name, meeting.start.date())
    found = recognise(rows, list_expected(ledger, meeting.id), meeting)
    told, brief = found.split(options.at_least)
    _show_recognised(told)
    for one, who in brief:
        tell(say("too short: {name}, {n:,} min", name=one.name, n=who.stayed or 0))
    by_name = bool(told.proposed) and (
        options.yes
        or confirm(
            say_many(
                "Take {n:,} who is told by the name alone?",
                "Take {n:,} who are told by their names alone?",
                n=len(told.proposed),
            )
        )
    )
    taken = (*told.sure, *(told.proposed if by_name else ()))
    ways = {one.id: Attending.REMOTE for one, _ in taken}
    marked = check_in(ledger, ways, by="report", now=now)
    tell(_marked(len(marked), len(taken) - len(marked)))
    return {
        "marked": [one.name for one in marked],
        "proposed": [_pair(one, who) for one, who in told.proposed],
        "unknown": [who.name or who.address for who in told.unknown],
        "minutes": [
            {"name": one.name, "minutes": who.stayed} for one, who in (*found.sure, *found.proposed)
        ],
        "too_short": [one.name for one, _ in brief],
    }


def _show_recognised(told: Recognised) -> None:
    if told.is_shifted:
        tell(say("The times in the report are those of another zone: durations alone count."))
    for one, who in told.sure:
        if who.stayed is not None:
            tell(say("{name}: {n:,} min", name=one.name, n=who.stayed))
    for one, who in told.proposed:
        tell(say("by the name: {name} in the report, {own} here", name=who.name, own=one.name))
        if who.stayed is not None:
            tell(say("{name}: {n:,} min", name=one.name, n=who.stayed))
    for who in told.unknown:
        tell(say("not registered: {name}", name=who.name or who.address))


def _pair(one: Registration, who: Participant) -> dict[str, str]:
    return {"name": one.name, "in_report": who.name}


def _marked(new: int, known: int) -> Wording:
    again = say_many("; {n:,} was marked before", "; {n:,} were marked before", n=known)
    return say_many(
        "{n:,} person is marked as having come{again}.",
        "{n:,} people are marked as having come{again}.",
        n=new,
        again=again if known else "",
    )
