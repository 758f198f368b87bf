"""`newsletter subscribers`: import, list and change the people on the list."""

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from newsletter.audience.cells import clean_value, read_language
from newsletter.audience.headers import RESERVED, work_name
from newsletter.audience.writing import open_rows, write_people
from newsletter.cli import importing, undoing
from newsletter.cli.common import (
    json_option,
    plural,
    read_address,
    say,
    settings_of,
    write_json,
    write_lines,
)
from newsletter.cli.options import RuledGroup
from newsletter.cli.outputs import STDOUT, check_list, written
from newsletter.errors import AudienceError, UsageError
from newsletter.ledger import Ledger, events, origins, people
from newsletter.ledgers import ledger_of
from newsletter.links import new_keys
from newsletter.model import Condition, Standing, Subscriber
from newsletter.moments import stamp


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


@command.command()
@click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default=STDOUT
)
@click.option("--excel", is_flag=True, help="As Excel reads it by a double click, in Finland too.")
@click.pass_context
def export(ctx: click.Context, file: Path, excel: bool) -> None:  # noqa: FBT001
    """Write all subscribers as CSV, to FILE or stdout (-).

    FILE is named .csv, .tsv or .txt. An older export is replaced, when the new one is whole;
    nothing else is.

    No cell is a formula to a spreadsheet: what begins like one has a ' in front, which an import
    takes away again.

    \b
    Example:
      newsletter subscribers export people.csv
      newsletter subscribers export people.csv --excel
    """
    check_list(settings_of(ctx), file)
    with _ledger(ctx).read() as connection, written(file) as out:
        names = people.attribute_names(connection)
        rows = people.list_subscribers(connection)
        until = origins.sent_until(connection)
        count = write_people(rows, names, open_rows(out, for_excel=excel), sent_until=until)
    if file != STDOUT:
        say(f"Wrote {plural(count, 'subscriber')} to {file}.")


@command.command()
@click.argument("address")
@click.option("--name", default="", help="Name of the person.")
@click.option("--language", default="", help="fi, sv, en ...")
@click.option(
    "--set", "values", multiple=True, metavar="KEY=VALUE", help="An attribute; repeatable."
)
@click.option("--again", is_flag=True, help="Bring back someone who left, at their wish.")
@click.pass_context
def add(
    ctx: click.Context,
    address: str,
    name: str,
    language: str,
    values: tuple[str, ...],
    again: bool,  # noqa: FBT001
) -> None:
    """Add one person, or change their details.

    \b
    Example:
      newsletter subscribers add aino@example.org --name "Aino Aalto" --set region=Lappi
    """
    ledger = _ledger(ctx)
    mended = read_address(address)
    address, name = mended.address, name or mended.name
    attributes = _attributes(values, settings_of(ctx).import_.columns.values())
    if reserved := RESERVED & set(attributes):
        raise UsageError(f"“{min(reserved)}” is not an attribute; --name and --language set those")
    with ledger.write() as connection:
        people.lock_people(connection)  # nobody who says no in between is overwritten
        before = people.find_subscriber(connection, address)
        if before is None:
            if not again:
                _verify_stranger(
                    address,
                    people.find_renamed(connection, address),
                    events.list_refusers(connection).get(address.lower()),
                )
            person = Subscriber(address=address, key=new_keys(1)[0], name=clean_value(name))
            person = replace(person, language=read_language(language), attributes=attributes)
            people.add_subscribers(connection, [person], _now())
            if again:
                events.note_return(connection, address, _now())
            say(f"Added {address}.")
            return
        if before.standing is not Standing.ACTIVE and not again:
            raise UsageError(
                f"{address} is {before.standing}; only at their own wish, "
                "say --again to bring them back"
            )
        person = replace(
            before,
            name=clean_value(name) or before.name,
            language=read_language(language) or before.language,
            attributes={**before.attributes, **attributes},
            standing=Standing.ACTIVE,
        )
        people.change_subscribers(connection, [person], _now())
        if again:
            events.note_return(connection, person.address, _now())
    say(f"Changed {address}." if person != before else f"{address} is on the list already.")


@command.command()
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@json_option
@click.pass_context
def remove(ctx: click.Context, addresses: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001
    """Take people off the list; a later import does not bring them back.

    With - the addresses are read from stdin, one a line.

    \b
    Example:
      newsletter subscribers remove aino@example.org
      newsletter subscribers remove - < left.txt
    """
    wanted, faulty = _checked(addresses)
    with _ledger(ctx).write() as connection:
        people.lock_people(connection)
        known = people.find_subscribers(connection, wanted)
        strangers = [address for address in wanted if address.lower() not in known]
        unknown = [
            _unknown(address, people.find_renamed(connection, address)) for address in strangers
        ]
        left = [
            replace(p, standing=p.standing.or_stricter(Standing.UNSUBSCRIBED))
            for p in known.values()
        ]
        people.change_subscribers(connection, left, _now())
    if as_json:
        removed = [person.address for person in left]
        write_json({"removed": removed, "unknown": strangers, "faulty": faulty})
    for person in left:
        say(f"{person.address} gets no more mail.")
    troubles = [*unknown, *faulty]
    if troubles and not left:
        raise UsageError("; ".join(troubles))
    for trouble in troubles:
        say(trouble, fg="red")
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
    with _ledger(ctx).write() as connection:
        people.lock_people(connection)
        person = people.find_subscriber(connection, old)
        if person is None:
            raise UsageError(_unknown(old, people.find_renamed(connection, old)))
        other = people.find_subscriber(connection, new)
        if other and other.key != person.key:
            raise UsageError(
                f"{new} is on the list already ({other.standing}); “newsletter subscribers remove "
                f"{old}” takes the old address off"
            )
        people.rename_subscriber(connection, person, new, _now())
        if person.standing.is_left and not other:
            [key] = new_keys(1)
            gone = Subscriber(address=person.address, key=key, standing=person.standing)
            people.add_subscribers(connection, [gone], _now())
    say(f"{person.address} is {new} now.")


@command.command()
@click.argument("address")
@json_option
@click.pass_context
def show(ctx: click.Context, address: str, as_json: bool) -> None:  # noqa: FBT001
    """Show what is known of one person.

    \b
    Example:
      newsletter subscribers show aino@example.org
    """
    with _ledger(ctx).read() as connection:
        wanted = read_address(address).address
        person = people.find_subscriber(connection, wanted)
        renamed = None if person else people.find_renamed(connection, wanted)
    found = person or renamed
    if found is None:
        raise UsageError(_unknown(wanted, None))
    if renamed:
        say(f"{_unknown(wanted, renamed)}.")
    if as_json:
        write_json(_as_object(found))
        return
    for key, value in _as_object(found).items():
        shown = ", ".join(f"{k}={v}" for k, v in value.items()) if key == "attributes" else value
        click.echo(f"{key:<11} {shown}")


@command.command("list")
@click.option("--segment", metavar="KEY=VALUE", help="Only those, such as region=Lappi.")
@click.option("--standing", type=click.Choice([s.value for s in Standing]), help="Only those.")
@json_option
@click.pass_context
def list_(
    ctx: click.Context,
    segment: str | None,
    standing: str | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """List subscribers, an address a line.

    \b
    Example:
      newsletter subscribers list --segment region=Lappi
    """
    condition = _condition(segment) if segment else None
    with _ledger(ctx).read() as connection:
        rows = people.list_subscribers(
            connection, standing=Standing(standing) if standing else None, condition=condition
        )
        if as_json:
            write_json(_as_object(person) for person in rows)
            return
        counted = _Counted(rows)
        write_lines(map(_line, counted))
        count = counted.count
    name = work_name(condition.key) if condition else ""
    if condition and not count and name not in ("", condition.key):
        say(f"Nobody meets “{condition}”; did you mean “{name}={condition.value}”?")
    elif condition and not count:
        say(f"Nobody meets “{condition}”; “newsletter subscribers show ADDR” shows what is known.")
    say(plural(count, "subscriber") + ".")


class _Counted:
    """People on their way, counted as they go by."""

    def __init__(self, people: Iterable[Subscriber]) -> None:
        self.count = 0
        self._people = people

    def __iter__(self) -> Iterator[Subscriber]:
        for person in self._people:
            self.count += 1
            yield person


def _line(person: Subscriber) -> str:
    left = "" if person.standing is Standing.ACTIVE else person.standing
    return "\t".join([person.address, person.name, person.language, left]).rstrip()


def _checked(addresses: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the addresses among some words, each once, and what is wrong with the others."""
    wanted, faulty = {}, []
    words = (line for word in addresses for line in (sys.stdin if word == "-" else [word]))
    for word in filter(None, map(str.strip, words)):
        try:
            address = read_address(word).address
            wanted[address.lower()] = address
        except AudienceError as err:
            faulty.append(f"“{word}” is no address: {err}")
    return list(wanted.values()), faulty


def _ledger(ctx: click.Context) -> Ledger:
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    return ledger


def _now() -> str:
    return stamp(dt.datetime.now(dt.UTC))


def _condition(text: str) -> Condition:
    try:
        return Condition.parse(text)
    except ValueError as err:
        raise UsageError(str(err)) from err


def _attributes(values: Iterable[str], given: Iterable[str]) -> dict[str, str]:
    """Return attributes as an import names them: “alue” is kept as “region”, unless given so."""
    own = set(given)
    conditions = map(_condition, values)
    return {
        c.key if c.key in own else work_name(c.key) or c.key: clean_value(c.value)
        for c in conditions
    }


def _verify_stranger(address: str, renamed: Subscriber | None, refused: Standing | None) -> None:
    """Raise UsageError where an address that is not on the list is somebody's all the same."""
    if renamed:
        raise UsageError(
            f"{address} is now {renamed.address}; if it is somebody else's today, and they "
            "wish for mail, say --again to add them"
        )
    if refused:
        raise UsageError(
            f"{address} is known as {refused}; only at their own wish, say --again to add them"
        )


def _unknown(address: str, renamed: Subscriber | None) -> str:
    """Say what is known of an address that is not on the list."""
    return f"{address} is now {renamed.address}" if renamed else f"{address} is not on the list"


def _as_object(person: Subscriber) -> dict[str, Any]:
    return {k: v for k, v in asdict(person).items() if k != "key"}
