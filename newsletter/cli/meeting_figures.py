"""`newsletter meetings figures`: what became of meetings, in numbers that name nobody."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import click

from newsletter import pipeline
from newsletter.cli.common import (
    Ruled,
    Settings,
    in_words,
    json_option,
    settings_of,
    show,
    write_json,
)
from newsletter.cli.figure_signs import number
from newsletter.cli.meeting_shown import all_meetings, named_meeting, print_table
from newsletter.drawing import range_told
from newsletter.language import Wording, regions_of_finland, say, say_list
from newsletter.ledger import Ledger, registrations
from newsletter.ledgers import existing_ledger
from newsletter.meetings import Attending, Invitation, Meeting, Turnout, turnout_of

_HEADS = (say("Meeting"), say("Day"), say("Invited"), say("Registered"), say("Came"))


@click.command("figures", cls=Ruled)
@click.argument("meeting_id", metavar="[ID]", required=False)
@json_option
@click.pass_context
def figures(ctx: click.Context, meeting_id: str | None, *, as_json: bool) -> None:
    """Show what became of a meeting, or of all of them beside one another.

    Invited are the readers of the issue that led to its page and reached most of them. Of regions
    it is only told from which five people or more registered.

    \b
    Example:
      newsletter meetings figures teemapaiva
      newsletter meetings figures
    """
    settings = settings_of(ctx)
    ledger = existing_ledger(settings)
    if ledger:
        ctx.call_on_close(ledger.close)
    known = [named_meeting(settings, meeting_id)] if meeting_id else all_meetings(settings)[0]
    told = _turnouts(settings, ledger, known)
    if as_json:
        write_json([_as_data(one) for one in told])
    elif meeting_id:
        _show_one(settings, known[0], told[0])
    else:
        _show_all(told)


def _turnouts(settings: Settings, ledger: Ledger | None, known: Sequence[Meeting]) -> list[Turnout]:
    now = dt.datetime.now(dt.UTC)
    if ledger is None:
        return [turnout_of(meeting, (), (), now=now) for meeting in known]
    issues = pipeline.report(settings, ledger, now=now).issues
    with ledger.read() as connection:
        people = {one.id: registrations.list_registrations(connection, one.id) for one in known}
    return [turnout_of(meeting, people[meeting.id], issues, now=now) for meeting in known]


def _show_all(told: list[Turnout]) -> None:
    rows = []
    for one in told:
        invited = max((each.invited or 0 for each in one.invitations), default=0)
        cells = (
            number(invited or None),
            number(sum(one.registered.values())),
            number(sum(one.came.values())) if one.is_known else "",
        )
        rows.append((one.meeting, in_words(say("{day:%Y-%m-%d}", day=one.date)), *cells))
    print_table(_HEADS, rows)


def _show_one(settings: Settings, meeting: Meeting, told: Turnout) -> None:
    language = settings.newsletter.language
    show(say("{title}, {day:%Y-%m-%d}", title=meeting.text_in(language).title, day=told.date))
    for one in told.invitations:
        show(_invited(one))
    for way in told.seats:
        show(_of_way(told, way))
    show(
        say(
            "in line: {waiting:,}; cancelled: {cancelled:,}",
            waiting=told.waiting,
            cancelled=told.cancelled,
        )
    )
    if told.is_over and not told.is_known:
        show(say("Who came is not known: “newsletter meetings check-in” marks it."))
    if told.regions:
        names = [regions_of_finland()[code].name_in(language) for code in told.regions]
        show(say("five people or more from: {regions}", regions=say_list(names)))


def _invited(one: Invitation) -> Wording:
    seen, clicked = range_told(one.seen), number(one.clicked)
    return say(
        "{issue}: {invited:,} invited, {seen} opened it, {clicked} came to the page",
        issue=one.issue,
        invited=one.invited or 0,
        seen=seen,
        clicked=clicked or in_words(say("not known how many")),
    )


def _of_way(told: Turnout, way: Attending) -> Wording:
    seats = told.seats[way]
    came = number(told.came[way]) if told.is_known else in_words(say("not known"))
    return say(
        "{way}: {registered:,} registered, seats: {seats}, came: {came}",
        way=way.words,
        registered=told.registered[way],
        seats=number(seats) if seats is not None else in_words(say("without end")),
        came=came,
    )


def _as_data(told: Turnout) -> dict[str, Any]:
    return {
        "meeting": told.meeting,
        "date": told.date.isoformat(),
        "over": told.is_over,
        "seats": {way.value: seats for way, seats in told.seats.items()},
        "invitations": [
            {
                "issue": one.issue,
                "date": one.date.isoformat(),
                "invited": one.invited,
                "seen": list(one.seen.bounds) if one.seen else None,
                "clicked": one.clicked,
            }
            for one in told.invitations
        ],
        "registered": {way.value: count for way, count in told.registered.items()},
        "waiting": told.waiting,
        "cancelled": told.cancelled,
        "came": {w.value: n for w, n in told.came.items()} if told.is_known else None,
        "regions_of_five": list(told.regions),
    }
