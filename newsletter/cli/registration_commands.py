"""`newsletter meetings register`, `change` and `cancel`: what the editor does for who phones in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from newsletter.cli.common import (
    Ruled,
    UsageError,
    gathered,
    insist,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
    yes_option,
)
from newsletter.cli.meeting_shown import named_meeting, named_person
from newsletter.cli.typed_addresses import read_address
from newsletter.language import (
    SPOKEN,
    Wording,
    find_country_region,
    language_of,
    say,
    say_list,
)
from newsletter.ledger import Ledger, due_mails
from newsletter.ledgers import ledger_of
from newsletter.meetings import (
    LONGEST,
    LONGEST_ANSWER,
    Attending,
    DueMail,
    Entry,
    Meeting,
    MeetingMail,
    Registration,
    RegistrationState,
    cancel,
    change,
    clean_line,
    clean_text,
    find_place,
    list_people,
    meant_by,
    register,
    undo,
)

_PERSON = click.option(
    "--person", "who", required=True, metavar="WHO", help="Address, name or number."
)
_ANSWER = click.option(
    "--answer", multiple=True, metavar="ID=TEXT", help="To a question; repeatable."
)
_OFF = RegistrationState.CANCELLED
_KEPT = ("name", "badge", "organisation", "region", "language", "needs")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Otherwise:
    """What of somebody's registration is another by now; None: as it was."""

    way: str | None
    name: str | None
    organisation: str | None
    region: str | None
    needs: str | None
    language: str | None
    answer: tuple[str, ...]
    yes: bool
    as_json: bool


@click.command("register", cls=Ruled)
@click.argument("meeting_id", metavar="ID")
@click.option("--name", required=True, help="Who comes.")
@click.option("--address", metavar="ADDR", help="Where mails go; without one there are none.")
@click.option("--remote", is_flag=True, help="They take part remotely.")
@click.option("--organisation", default="", help="Where they work.")
@click.option("--region", default="", help="Where in the country.")
@click.option("--needs", default="", help="Accessibility and diet; deleted a week afterwards.")
@click.option("--lang", "language", metavar="LANG", help="In which language they are mailed.")
@_ANSWER
@click.pass_context
@gathered(_Typed)
def register_command(ctx: click.Context, meeting_id: str, options: _Typed) -> None:
    """Register somebody, such as a colleague without an address.

    It is done at once, after the deadline too; where all seats are taken they are in line. The exit
    code is 1 where --remote changes nothing for somebody who is registered already.

    \b
    Example:
      newsletter meetings register teemapaiva --name "Aino Esimerkki"
      newsletter meetings register teemapaiva --name "Bo Ek" --address bo@example.org --remote
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    named: dict[str, Any] = {"language": settings.newsletter.language, **_named(options)}
    entry = Entry(
        **named,
        attending=Attending.REMOTE if options.remote else Attending.ON_SITE,
        answers=_answers(meeting, options.answer),
    )
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    address = read_address(options.address).address if options.address else ""
    now = dt.datetime.now(dt.UTC)
    own = register(ledger, meeting, entry, address=address, now=now, by_editor=True)
    show(_told(ledger, own))
    if own.attending is not entry.attending and options.remote:
        told = say(
            "--remote changes no registration: “newsletter meetings change --way remote” does"
        )
        tell(told)
        ctx.exit(1)


@click.command("change", cls=Ruled)
@click.argument("meeting_id", metavar="ID")
@_PERSON
@click.option("--way", type=click.Choice([way.value for way in Attending]), help="How they come.")
@click.option("--name", help="What they are called.")
@click.option("--organisation", help="Where they work.")
@click.option("--region", help="Where in the country.")
@click.option("--needs", help="Accessibility and diet; deleted a week afterwards.")
@click.option("--lang", "language", metavar="LANG", help="In which language they are mailed.")
@_ANSWER
@yes_option
@json_option
@click.pass_context
@gathered(_Otherwise)
def change_command(ctx: click.Context, meeting_id: str, who: str, options: _Otherwise) -> None:
    """Change somebody's registration, as they ask you to.

    What you do not name stays as it is; an answer without a text is taken away. They are mailed
    what has changed. Where all seats of another way are taken, they keep what they have: who wants
    to come on site is in line then. Whoever is in line for a way takes the seat that is kept for
    them by the same --way.

    \b
    Example:
      newsletter meetings change teemapaiva --person aino@example.org --way remote
      newsletter meetings change teemapaiva --person "Bo Ek" --answer lounas=Kyllä
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    found = _who_comes(ledger, meeting, who)
    entry = _entry_of(found, meeting, options)
    if not options.yes:
        _show_before(ledger, found)
        insist(say("Change this registration?"))
    before, now = _mails(ledger, meeting), dt.datetime.now(dt.UTC)
    asks = options.way is not None and options.way == found.line
    own = change(ledger, meeting, found.key, entry, now, takes_offer=asks)
    if own == found:
        tell(say("Nothing was changed."))
    _report(ledger, meeting, own, before, as_json=options.as_json)


@click.command("cancel", cls=Ruled)
@click.argument("meeting_id", metavar="ID")
@_PERSON
@click.option("--undo", "is_undo", is_flag=True, help="Take it back, within the hour.")
@yes_option
@json_option
@click.pass_context
def cancel_command(
    ctx: click.Context, meeting_id: str, *, who: str, is_undo: bool, yes: bool, as_json: bool
) -> None:
    """Cancel somebody's registration, as they ask you to.

    Their seat goes to who is next in line, at once. They are mailed that they are no longer
    registered, and so are those who move up. Cancelled once more, nothing changes.

    \b
    Example:
      newsletter meetings cancel teemapaiva --person aino@example.org
      newsletter meetings cancel teemapaiva --person "Bo Ek" --undo
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    people = list_people(ledger, meeting.id)
    open_ = [one for one in people if (one.state is _OFF) is is_undo]
    is_open = bool(meant_by(who, open_))
    found = named_person(open_ if is_open else people, who)
    if is_open and not yes:
        _show_before(ledger, found)
        insist(say("Take the cancellation back?") if is_undo else say("Cancel this registration?"))
    before = _mails(ledger, meeting)
    act = undo if is_undo else cancel
    own = act(ledger, meeting, found.key, dt.datetime.now(dt.UTC))
    if own == found:
        tell(say("Nothing was changed."))
    _report(ledger, meeting, own, before, as_json=as_json)


def _who_comes(ledger: Ledger, meeting: Meeting, who: str) -> Registration:
    """Return who is meant of those who come or are in line; raise UsageError for anybody else."""
    people = list_people(ledger, meeting.id)
    live = [one for one in people if one.is_live]
    found = named_person(live if meant_by(who, live) else people, who)
    if not found.is_live:
        raise UsageError(
            say(
                "{name}: {state}; “newsletter meetings register” registers them",
                name=found.name or who,
                state=found.state.words,
            )
        )
    return found


def _entry_of(found: Registration, meeting: Meeting, options: _Otherwise) -> Entry:
    """Return what somebody has filled in, with what is named otherwise."""
    named = _named(options)
    if not (named or options.way or options.answer):
        raise UsageError(say("say what is to change, such as --way remote or --answer ID=TEXT"))
    way = Attending(options.way) if options.way else found.attending
    kept = {name: getattr(found, name) for name in _KEPT}
    return Entry(
        **{**kept, **named},
        attending=way,
        answers={**found.answers, **_answers(meeting, options.answer)},
        # Who is in line for a seat on site stays so, but for who asks to take part remotely.
        wants_on_site=found.line is Attending.ON_SITE and way is found.attending,
    )


def _named(options: _Typed | _Otherwise) -> dict[str, str]:
    """Return what was typed of somebody, as forms keep it; raise UsageError for what none takes."""
    named = {}
    for name in ("name", "organisation", "needs"):
        typed = getattr(options, name)
        if typed is not None:
            kept = clean_text(typed) if name == "needs" else clean_line(typed)
            named[name] = _short(f"--{name}", kept, LONGEST[name])
    if named.get("name") == "":
        raise UsageError(say("--name is empty: say who comes"))
    if options.region is not None:
        named["region"] = _region(options.region)
    if options.language is not None:
        named["language"] = _language(options.language)
    return named


def _short(option: str, words: str, most: int) -> str:
    """Return words that are kept; raise UsageError for more than a form takes."""
    if len(words) > most:
        fault = say("Write {most:,} characters at most.", most=most)
        raise UsageError(say("{option}: {reason}", option=option, reason=fault))
    return words


def _language(typed: str) -> str:
    """Return the code of a language in which there are mails; raise UsageError for any other."""
    code = language_of(typed)
    if code not in SPOKEN:
        told = say("“{language}” is not a language such as fi, sv or en", language=typed)
        raise UsageError(say("{option}: {reason}", option="--lang", reason=told))
    return code


def _region(typed: str) -> str:
    """Return the code of a region, as forms keep it; raise UsageError where there is none such."""
    found = find_country_region(typed)
    if typed and not found:
        raise UsageError(say("there is no region “{value}”", value=typed))
    return found.code if found else ""


def _answers(meeting: Meeting, typed: Sequence[str]) -> Mapping[str, str]:
    """Return answers by their questions, as they are kept; raise UsageError for any other."""
    questions = {question.id: question for question in meeting.questions}
    answers = {}
    for id, _, given in (each.partition("=") for each in typed):
        words = _short(f"--answer {id}", clean_text(given), LONGEST_ANSWER)
        if id not in questions:
            raise UsageError(say("{meeting} asks no “{name}”", meeting=meeting.id, name=id))
        choices = {
            shown.casefold(): kept
            for language in meeting.texts
            for kept, own in questions[id].choices_in(language)
            for shown in (kept, own)
        }
        answers[id] = choices.get(words.casefold(), "") if choices else words
        if words and not answers[id]:
            told = say_list(dict.fromkeys(choices.values()))
            raise UsageError(say("“{name}” is answered by one of: {all}", name=id, all=told))
    return answers


def _mails(ledger: Ledger, meeting: Meeting) -> Mapping[int, DueMail]:
    with ledger.read() as connection:
        return {mail.id: mail for mail in due_mails.list_mails(connection, meeting.id)}


def _show_before(ledger: Ledger, found: Registration) -> None:
    tell(_told(ledger, found))
    if not found.address:
        tell(say("There is no address, so nobody is mailed: tell them yourself."))


def _told(ledger: Ledger, own: Registration) -> Wording:
    """Return how somebody is registered by now."""
    place = find_place(ledger, own)
    parts = [own.state.words, own.attending.words] if own.is_live else [own.state.words]
    if own.line is not None and own.line is not own.attending:
        parts.append(say("in line for a seat on site"))
    if place:
        parts.append(say("place {place}", place=place))
    return say("{name}: {state}", name=own.name, state=say_list(parts))


def _report(
    ledger: Ledger,
    meeting: Meeting,
    own: Registration,
    before: Mapping[int, DueMail],
    *,
    as_json: bool,
) -> None:
    """Tell how it is now, and who is mailed, or must be told otherwise."""
    new = [mail for id, mail in _mails(ledger, meeting).items() if id not in before]
    people = {one.id: one for one in list_people(ledger, meeting.id)}
    is_mailed = bool(own.address) and any(mail.registration_id == own.id for mail in new)
    kinds = (MeetingMail.OFFER, MeetingMail.MOVED_UP)
    ups = [mail for mail in new if mail.kind in kinds and mail.registration_id != own.id]
    if as_json:
        write_json(
            {
                "name": own.name,
                "address": own.address,
                "attending": own.attending.value,
                "state": own.state.value,
                "place": find_place(ledger, own),
                "late": own.is_late,
                "mailed": is_mailed,
                "moved_up": [_moved_up(people[mail.registration_id], mail) for mail in ups],
            }
        )
        return
    show(_told(ledger, own))
    if is_mailed:
        show(say("A mail about it goes to {address}.", address=own.address))
    for mail in ups:
        _show_moved_up(people[mail.registration_id], mail, meeting)


def _moved_up(one: Registration, mail: DueMail) -> dict[str, Any]:
    """Return who has a seat now, or is offered one until a time or as who comes first."""
    until = mail.detail.get("until")
    return {"name": one.name, "address": one.address, "state": one.state.value, "until": until}


def _show_moved_up(one: Registration, mail: DueMail, meeting: Meeting) -> None:
    if until := mail.detail.get("until"):
        at = dt.datetime.fromisoformat(until).astimezone(meeting.zone)
        moment = say("{at:%Y-%m-%d %H:%M}", at=at)
        show(say("A seat is kept for {name} until {until}.", name=one.name, until=moment))
    elif mail.kind is MeetingMail.OFFER:
        show(say("A seat is free for who comes first: {name} is told.", name=one.name))
    else:
        show(say("{name} has a seat now.", name=one.name))
    if not one.address:
        show(say("{name} has no address: tell them yourself.", name=one.name))
