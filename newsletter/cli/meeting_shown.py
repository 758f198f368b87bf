"""Shows meetings in the terminal: in a list, one with its people, its line; and as JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter import meetings
from newsletter.cli.common import Settings, UsageError, in_words, show, tell
from newsletter.content import find_odd_names, judge_feedback, read_meeting, read_meetings
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger
from newsletter.model import Attending, Finding, Meeting, Registration, ToldMeeting

_FACTS: Mapping[str, Wording] = {
    "start": say("the beginning"),
    "end": say("the end"),
    "zone": say("the time zone"),
    "place": say("the place"),
    "address": say("the address"),
    "link": say("the link"),
}


def all_meetings(settings: Settings) -> tuple[tuple[Meeting, ...], tuple[Finding, ...]]:
    """Return the meetings of a newsletter, and what is wrong with their files."""
    folder, language = settings.root / "meetings", settings.newsletter.language
    known, findings = read_meetings(folder, language=language, zone=settings.zone)
    told = {finding.path for finding in findings}
    odd = (one for one in find_odd_names(settings.root, "meetings") if one.path not in told)
    table = settings.meetings
    asked = judge_feedback(
        known,
        settings.root / "surveys",
        language=language,
        zone=settings.zone,
        thanks_at=table.thanks_at if table.thanks else None,
    )
    return known, (*findings, *odd, *asked)


def named_meeting(settings: Settings, meeting_id: str) -> Meeting:
    """Return one of them; raise UsageError if there is none, FindingsError if it is broken."""
    folder = settings.root / "meetings"
    language, has_pages = settings.newsletter.language, bool(settings.newsletter.public_url)
    meeting = read_meeting(folder, meeting_id, language=language, zone=settings.zone)
    return replace(meeting, has_pages=has_pages)


def named_person(people: Sequence[Registration], who: str) -> Registration:
    """Return who is meant; raise UsageError where that is nobody, or several people."""
    found = meetings.meant_by(who, people)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            say(
                "several people are called {name}; name an address or a number: {people}",
                name=who,
                people=say_list([_told_apart(one) for one in found], between="; "),
            )
        )
    raise UsageError(
        say(
            "{name} is not registered; “newsletter meetings register” adds somebody until it "
            "begins, and “newsletter meetings check-in --walk-in” adds whoever came",
            name=who,
        )
    )


def _told_apart(one: Registration) -> Wording:
    own = filter(None, (one.name, one.address, one.organisation))
    return say_list([f"{one.id}:", *own, one.attending.words], between=" ")


def report_of(
    ledger: Ledger | None, meeting: Meeting, now: dt.datetime, *, with_people: bool = False
) -> dict[str, Any]:
    """Return what there is to tell of a meeting, as JSON has it."""
    seating = meetings.find_seating(ledger, meeting, now) if ledger else _empty(meeting)
    people: list[Registration] = []
    told: ToldMeeting | None = None
    if ledger:
        told = meetings.find_told(ledger, meeting.id)
        people = meetings.list_people(ledger, meeting.id)
    changes = meetings.changes_of(told, meeting)
    is_full = now < meeting.starts_at and any(way.surplus for way in seating.ways.values())
    untold = meeting.is_cancelled and any(one.is_live for one in people)
    report: dict[str, Any] = {
        "meeting": meeting.id,
        "title": meeting.text_in("").title,
        "start": meeting.starts_at.isoformat(),
        "end": meeting.ends_at.isoformat(),
        "timezone": meeting.zone.key,
        "deadline": meeting.closes_at.isoformat(),
        "begun": now >= meeting.starts_at,
        "cancelled": meeting.is_cancelled,
        "drafts": list(meeting.drafts),
        "seats": {way.value: _seats(seats) for way, seats in seating.ways.items()},
        "paused": seating.is_paused,
        "late": sum(one.is_late for one in people),
        "changes": list(changes),
        "stale": dict(meetings.stale_in(told, meeting)),
        "waits": bool(changes) or is_full or untold,
    }
    if with_people:
        report["people"] = [_person(one, people) for one in people]
        report["sums"] = dict(told.sums) if told else {}
    return report


def list_shown(known: Sequence[Meeting], reports: Sequence[Mapping[str, Any]]) -> None:
    """List meetings, a line each."""
    if not known:
        tell(say("There are no meetings yet; “newsletter meetings new ID” begins one."))
        return
    heads = (say("Meeting"), say("When"), say("Title"), say("On site"), say("Remotely"))
    rows = []
    for meeting, report in zip(known, reports, strict=True):
        cells = [_in_seats(report["seats"].get(way.value)) for way in Attending]
        title = report["title"]
        if meeting.is_cancelled:
            title = f"{title} ({in_words(say('called off'))})"
        elif meeting.written is None:
            title = f"{title} ({in_words(say('draft'))})"
        rows.append((meeting.id, in_words(_day(meeting.start)), title, *cells))
    print_table(heads, rows)


def show_meeting(meeting: Meeting, report: Mapping[str, Any]) -> None:
    """Show all of one."""
    text = meeting.text_in("")
    show(say("{title}, {day}", title=text.title, day=in_words(_day(meeting.start))))
    if text.place:
        click.echo(", ".join(filter(None, (text.place, text.address))))
    for way in Attending:
        if way.value in report["seats"]:
            seats = _in_seats(report["seats"][way.value])
            show(say("{way}: {seats}", way=way.words, seats=seats))
    _show_what_is_unwritten(meeting)
    _show_who_came(report)
    _show_what_waits(report)
    rows = [_row(person) for person in report["people"] if person["state"] != "cancelled"]
    if rows:
        click.echo()
        print_table((say("Name"), say("Address"), say("Attends"), say("State")), rows)


def show_line(report: Mapping[str, Any]) -> None:
    """Show who is in line."""
    if report["paused"]:
        show(say("The line is paused: nobody is offered a seat. “--go-on” lets it move."))
    people = [person for person in report["people"] if person["line"]]
    if not people:
        show(say("Nobody is in line."))
        return
    people.sort(key=lambda person: (person["line"], person["place"] or 0))
    rows = [
        (
            str(person["place"] or ""),
            person["name"],
            person["address"],
            in_words(Attending(person["line"]).words),
            person["offer_until"] or "",
        )
        for person in people
    ]
    heads = (say("Place"), say("Name"), say("Address"), say("In line for"), say("Offer until"))
    print_table(heads, rows)


def _show_what_is_unwritten(meeting: Meeting) -> None:
    if meeting.written is None:
        show(
            say(
                "A draft, which nobody else sees: write what is marked in {file}, and remove the "
                "marks.",
                file=meeting.path,
            )
        )
    elif drafts := meeting.drafts:
        show(
            say(
                "Still to be translated: {languages}. Until then these readers see its page in "
                "the newsletter’s own language.",
                languages=", ".join(drafts),
            )
        )


def _show_who_came(report: Mapping[str, Any]) -> None:
    came = [person["came"] for person in report["people"] if person["came"]]
    if came:
        show(
            say(
                "Came: {here:,} on site, {remote:,} remotely",
                here=came.count(Attending.ON_SITE),
                remote=came.count(Attending.REMOTE),
            )
        )


def _show_what_waits(report: Mapping[str, Any]) -> None:
    if report["cancelled"]:
        show(say("It does not take place."))
        if report["waits"]:
            show(
                say(
                    "Those who registered were not told: newsletter meetings message {meeting} "
                    "--changes",
                    meeting=report["meeting"],
                )
            )
        return
    if report["changes"]:
        names = ", ".join(in_words(_FACTS[name]) for name in report["changes"])
        show(say("Changed, and nobody was told: {names}", names=names))
        show_stale(report["stale"])
        show(
            say(
                "Mail them: newsletter meetings message {meeting} --changes",
                meeting=report["meeting"],
            )
        )
    for way in Attending:
        seats = report["seats"].get(way.value, {})
        if (surplus := seats.get("surplus")) and not report["begun"]:
            show(
                say_many(
                    "{n:,} person more than there are seats {way}: nobody is removed, and who "
                    "comes now is in line.",
                    "{n:,} people more than there are seats {way}: nobody is removed, and who "
                    "comes now is in line.",
                    n=surplus,
                    way=way.words,
                )
            )
        elif seats.get("waiting"):
            show(_why_waiting(report, seats))
    if report["late"]:
        show(
            say_many(
                "{n:,} person registered or changed something after the deadline:",
                "{n:,} people registered or changed something after the deadline:",
                n=report["late"],
            )
        )
        for person in filter(lambda each: each["late"], report["people"]):
            state = meetings.RegistrationState(person["state"]).words
            show(say("{name}: {state}", name=person["name"], state=state))


def show_changes(changed: Mapping[str, tuple[str, str]]) -> None:
    """Print what people were told, and what they will be; of the link only that it is another."""
    for name, pair in changed.items():
        before, now = (_fact(name, value) for value in pair)
        change = say("{before} → {now}", before=before, now=now)
        told = say("another one") if name == "link" else change
        show(say_list([_FACTS[name], told], ": "))


def _fact(name: str, value: str) -> str:
    if name not in ("start", "end") or not value:
        return value or "–"
    return in_words(say("{at:%Y-%m-%d %H:%M}", at=dt.datetime.fromisoformat(value)))


def show_stale(stale: Mapping[str, str]) -> None:
    """Show which languages say still where the meeting was, as their files were forgotten."""
    for tongue, words in stale.items():
        show(say("In “{language}” it still says: {words}", language=tongue, words=words))


def _why_waiting(report: Mapping[str, Any], seats: Mapping[str, Any]) -> Wording:
    """Return why nobody in line is moved up."""
    if report["paused"]:
        return say("The line is paused: nobody is offered a seat. “--go-on” lets it move.")
    if seats["free"]:
        return say("Seats are free for who comes first, as it is less than a day until it begins.")
    if seats["offered"]:
        return say("All free seats are offered to people in line, who have yet to answer.")
    return say("All seats are taken; who is in line is offered the next one that is free.")


def _empty(meeting: Meeting) -> meetings.Seating:
    nobody = {
        way: meetings.WaySeats(seats=seats, taken=0, offered=0, waiting=0)
        for way, seats in meeting.seats.items()
    }
    return meetings.Seating(ways=nobody, is_paused=False)


def _seats(way: meetings.WaySeats) -> dict[str, int | None]:
    return {
        "seats": way.seats,
        "taken": way.taken,
        "offered": way.offered,
        "waiting": way.waiting,
        "free": way.free,
        "surplus": way.surplus,
    }


def _person(one: Registration, people: Sequence[Registration]) -> dict[str, Any]:
    return {
        "name": one.name,
        "address": one.address,
        "organisation": one.organisation,
        "region": one.region,
        "attending": one.attending.value,
        "state": one.state.value,
        "line": one.line.value if one.line else None,
        "place": meetings.place_among([each for each in people if each.is_live], one),
        "offer_until": one.offer_until.isoformat() if one.offer_until else None,
        "late": one.is_late,
        "came": one.came.value if one.came else None,
    }


def _in_seats(seats: Mapping[str, Any] | None) -> str:
    """Return how many seats are taken, of how many, and how many people are in line."""
    if seats is None:
        return ""
    taken = seats["taken"] + seats["offered"]
    shown = str(taken) if seats["seats"] is None else f"{taken}/{seats['seats']}"
    if seats["waiting"]:
        waiting = in_words(say("{n:,} in line", n=seats["waiting"]))
        return f"{shown} ({waiting})"
    return shown


def _row(person: Mapping[str, Any]) -> tuple[str, ...]:
    state = meetings.RegistrationState(person["state"]).words
    place = f" ({person['place']})" if person["place"] else ""
    return (
        person["name"],
        person["address"],
        in_words(Attending(person["attending"]).words),
        f"{in_words(state)}{place}",
    )


def _day(start: dt.datetime) -> Wording:
    return say("{at:%Y-%m-%d %H:%M}", at=start)


def print_table(heads: Sequence[Wording], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(in_words(head), overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
