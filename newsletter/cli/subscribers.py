"""`newsletter subscribers`: import, list and change the people on the list."""

import datetime as dt
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import click

from newsletter.audience import (
    RESERVED,
    clean_value,
    read_language,
    work_name,
)
from newsletter.cli import embedding, exporting, importing, pausing, private_data, undoing
from newsletter.cli.common import (
    RuledGroup,
    gathered,
    in_words,
    json_option,
    settings_of,
    tell,
    write_json,
    write_lines,
)
from newsletter.cli.person_shown import entry_of, fields_of, line_of, object_of
from newsletter.cli.segment_typed import segment_option
from newsletter.cli.typed_addresses import read_address
from newsletter.errors import AudienceError, UsageError
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, people
from newsletter.ledgers import ledger_of
from newsletter.model import Basis, Segment, Standing, Subscriber
from newsletter.plans import check_segment
from newsletter.register import (
    Details,
    Entered,
    Ground,
    enter_person,
    find_person,
    look_back,
    rename_person,
    take_people_off,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """The options of adding somebody."""

    name: str
    language: str
    values: tuple[str, ...]
    again: bool
    basis: str | None
    evidence: str
    agreed: dt.datetime | None


@click.group(cls=RuledGroup, name="subscribers")
def command() -> None:
    """Import, list and change subscribers.

    \b
    Example:
      newsletter subscribers import people.csv
      newsletter subscribers list --segment region=Lappi
    """


command.add_command(importing.command)
command.add_command(undoing.command, name="undo")
command.add_command(embedding.command, name="form")


@command.command()
@click.argument("address")
@click.option("--name", default="", help="Name of the person.")
@click.option("--language", default="", help="fi, sv, en ...")
@click.option(
    "--set", "values", multiple=True, metavar="KEY=VALUE", help="An attribute; repeatable."
)
@click.option("--again", is_flag=True, help="Bring back someone who left, at their wish.")
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis if basis is not Basis.UNKNOWN]),
    help="Why they may be mailed; with --evidence it is consent if not said.",
)
@click.option("--evidence", default="", metavar="TEXT", help="What shows that, in your words.")
@click.option(
    "--agreed",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    metavar="DAY",
    help="When they agreed, such as 2026-12-01 or 1.12.2026.",
)
@click.pass_context
@gathered(Addition)
def add(ctx: click.Context, address: str, options: Addition) -> None:
    """Add one person, or change their details, or note why they may be mailed.

    \b
    Example:
      newsletter subscribers add aino@example.org --name "Aino Aalto" --set region=Lappi
      newsletter subscribers add aino@example.org --evidence "asked by phone" --agreed 1.12.2026
    """
    mended = read_address(address)
    ground = _ground_of(options, dt.datetime.now(settings_of(ctx).zone).date())
    attributes = _attributes(options.values, settings_of(ctx).import_.columns.values())
    if reserved := RESERVED & set(attributes):
        raise UsageError(
            say("“{word}” is not an attribute; --name and --language set those", word=min(reserved))
        )
    _check_language(options.language)
    details = Details(
        name=options.name or mended.name, language=options.language, attributes=attributes
    )
    now = dt.datetime.now(dt.UTC)
    entry = enter_person(
        _ledger(ctx),
        mended.address,
        details,
        again=options.again,
        now=now,
        secret=private_data.secret_of(settings_of(ctx)),
        ground=ground,
    )
    tell(_told(entry, mended.address))


def _ground_of(options: Addition, today: dt.date) -> Ground | None:
    """Return why somebody may be mailed, as typed; None if nothing was."""
    agreed = options.agreed.date() if options.agreed else None
    if agreed and agreed > today:
        raise UsageError(say("--agreed: “{day:%Y-%m-%d}” is a day to come", day=agreed))
    evidence = clean_value(options.evidence)
    if not evidence and (agreed or options.basis == Basis.CONSENT):
        raise UsageError(
            say("--evidence is missing: what shows that they agreed, such as “asked by phone”")
        )
    if not evidence and not options.basis:
        return None
    basis = Basis(options.basis or Basis.CONSENT)
    return Ground(basis=basis, evidence=evidence, agreed=agreed)


def _check_language(typed: str) -> None:
    """Raise UsageError for what is no language."""
    try:
        read_language(typed)
    except AudienceError as err:
        raise UsageError(say("--language: {fault}", fault=err.words)) from err


def _told(entry: Entered, address: str) -> Wording:
    match entry:
        case Entered.SAME:
            return say("{address} is on the list already.", address=address)
        case Entered.ADDED:
            return say("Added {address}.", address=address)
        case Entered.CHANGED:
            return say("Changed {address}.", address=address)


@command.command()
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@json_option
@click.pass_context
def remove(ctx: click.Context, addresses: tuple[str, ...], *, as_json: bool) -> None:
    """Take people off the list; a later import does not bring them back.

    With - the addresses are read from stdin, one a line.

    \b
    Example:
      newsletter subscribers remove aino@example.org
      newsletter subscribers remove - < left.txt
    """
    wanted, faulty = _checked(addresses)
    done = take_people_off(_ledger(ctx), wanted, now=dt.datetime.now(dt.UTC))
    if as_json:
        removed = [person.address for person in done.left]
        write_json({"removed": removed, "unknown": list(done.strangers), "faulty": faulty})
    for person in done.left:
        tell(say("{address} gets no more mail.", address=person.address))
    troubles = [*done.strangers.values(), *faulty]
    if troubles and not done.left:
        raise UsageError(say_list(troubles, between="; "))
    for trouble in troubles:
        tell(trouble, fg="red")
    ctx.exit(1 if troubles else 0)


@command.command()
@click.argument("old")
@click.argument("new")
@click.pass_context
def rename(ctx: click.Context, old: str, new: str) -> None:
    """Correct an address; standing, history and the link to leave stay theirs.

    Who left stays away under both addresses. A list that still has the old one adds nobody.

    \b
    Example:
      newsletter subscribers rename aino@gmail.con aino@gmail.com
    """
    old, new = read_address(old).address, read_address(new).address
    person = rename_person(_ledger(ctx), old, new, now=dt.datetime.now(dt.UTC))
    tell(say("{address} is {new} now.", address=person.address, new=new))


@command.command()
@click.argument("address")
@json_option
@click.pass_context
def show(ctx: click.Context, address: str, *, as_json: bool) -> None:
    """Show what is known of one person, and what happened to them: when, by whom and why.

    \b
    Example:
      newsletter subscribers show aino@example.org
    """
    ledger = _ledger(ctx)
    found, remark = find_person(ledger, read_address(address).address)
    if remark:
        tell(say_list([remark, "."], between=""))
    known, agreed = look_back(ledger, found)
    if as_json:
        entries = [entry_of(record) for record in known]
        write_json({**object_of(found), "history": entries, "agreed": list(map(asdict, agreed))})
        return
    rows = [(in_words(heading), value) for heading, value in fields_of(settings_of(ctx), found)]
    width = max(len(heading) for heading, _ in rows) + 1
    for heading, value in rows:
        click.echo(f"{heading:<{width}} {value}")
    click.echo()
    for record in known:
        click.echo(in_words(line_of(settings_of(ctx), record)))
    for wording in agreed:
        told = say("Agreed to, word for word ({language}):", language=wording.language)
        click.echo(f"\n{in_words(told)}\n{wording.text}")


@command.command("list")
@segment_option
@click.option("--standing", type=click.Choice([s.value for s in Standing]), help="Only those.")
@json_option
@click.pass_context
def list_(
    ctx: click.Context, segment: Segment | None, standing: str | None, *, as_json: bool
) -> None:
    """List subscribers, an address a line.

    \b
    Example:
      newsletter subscribers list --segment region=Lappi
      newsletter subscribers list --segment "region in (Lappi, Kainuu) and joined before 2026"
    """
    ledger = _ledger(ctx)
    if segment:
        check_segment(ledger, segment)
    with ledger.read() as connection:
        rows = people.list_subscribers(
            connection,
            standing=Standing(standing) if standing else None,
            segment=segment,
            zone=settings_of(ctx).zone,
        )
        if as_json:
            write_json(object_of(person) for person in rows)
            return
        count = write_lines(map(_line, rows))
    if segment and not count:
        tell(
            say(
                "Nobody meets “{condition}”; “newsletter subscribers show ADDR” shows what is "
                "known.",
                condition=str(segment),
            )
        )
    tell(say_many("{n:,} subscriber.", "{n:,} subscribers.", n=count))


def _line(person: Subscriber) -> str:
    left = "" if person.standing is Standing.ACTIVE else in_words(person.standing.words)
    return "\t".join([person.address, person.name, person.language, left]).rstrip()


def _checked(addresses: Iterable[str]) -> tuple[list[str], list[Wording]]:
    """Return the distinct addresses among some words, and what is wrong with the others."""
    wanted: dict[str, str] = {}
    faulty = []
    words = (line for word in addresses for line in (sys.stdin if word == "-" else [word]))
    for word in filter(None, map(str.strip, words)):
        try:
            address = read_address(word).address
            wanted[address.lower()] = address
        except UsageError as err:
            faulty.append(err.words)
    return list(wanted.values()), faulty


def _ledger(ctx: click.Context) -> Ledger:
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    return ledger


def _attributes(values: Iterable[str], given: Iterable[str]) -> dict[str, str]:
    """Return attributes as an import names them: “alue” becomes “region”, unless told otherwise."""
    own = set(given)
    pairs = map(_pair, values)
    return {
        key if key in own else work_name(key) or key: clean_value(value) for key, value in pairs
    }


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = (part.strip() for part in text.partition("="))
    if not (equals and value and re.fullmatch(r"[^\W\d]\w*", key)):
        raise UsageError(
            say("“{text}” is not of the form key=value, such as region=Lappi", text=text)
        )
    return key.lower(), value.strip("\"'")


command.add_command(exporting.export)
command.add_command(pausing.pause)
command.add_command(pausing.resume)
command.add_command(private_data.forget)
command.add_command(private_data.purge_command)
