"""`newsletter subscribers`: import, list and change the people on the list."""

import datetime as dt
import secrets
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from newsletter.addresses import check_address
from newsletter.audience import Changes, compare, read_roster, write_roster
from newsletter.audience.roster import RESERVED, clean_value, read_language
from newsletter.cli.common import (
    confirm,
    json_option,
    plural,
    say,
    settings_of,
    write_json,
    yes_option,
)
from newsletter.cli.options import RuledGroup
from newsletter.errors import UsageError
from newsletter.files import open_private
from newsletter.ledger import Ledger, people
from newsletter.ledgers import ledger_of
from newsletter.model import Condition, Standing, Subscriber

_SHOWN = 10  # rows of each kind that an import shows


@click.group(cls=RuledGroup, name="subscribers")
def command() -> None:
    """Import, list and change subscribers.

    \b
    Example:
      newsletter subscribers import people.csv
      newsletter subscribers list --segment region=Lappi
    """


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@yes_option
@json_option
@click.pass_context
def import_(ctx: click.Context, file: Path, yes: bool, as_json: bool) -> None:  # noqa: FBT001
    """Take in a CSV list.

    The first row names the columns: email, name, language (in Finnish, Swedish or English); each
    further column becomes an attribute. What would change is shown before it is written.

    \b
    Example:
      newsletter subscribers import people.csv
    """
    ledger = _ledger(ctx)
    roster = read_roster(file.read_bytes(), str(file))
    with ledger.read() as connection:
        known = people.find_subscribers(connection, (e.address for e in roster.entries))
    changes = compare(roster, known, _new_key)
    _show_changes(changes)
    if not changes.joins and not changes.changes:
        say("Nothing to write.")
    elif not yes and not confirm("Write this?"):
        say("Nothing was written.")
        ctx.exit(1)
    else:
        with ledger.write() as connection:
            people.add_subscribers(connection, (s for _, s in changes.joins), _now())
            people.change_subscribers(connection, (s for _, _, s in changes.changes), _now())
        say("Written.")
    if as_json:
        write_json(_as_report(changes))
    ctx.exit(1 if changes.refusals else 0)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_context
def export(ctx: click.Context, file: Path | None) -> None:
    """Write all subscribers as CSV, to FILE or stdout.

    \b
    Example:
      newsletter subscribers export people.csv
    """
    with _ledger(ctx).read() as connection:
        names = people.attribute_names(connection)
        rows = people.list_subscribers(connection)
        if file is None:
            write_roster(rows, names, sys.stdout)
            return
        with open_private(file, newline="") as out:
            count = write_roster(rows, names, out)
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
    address = check_address(address)
    attributes = {c.key: clean_value(c.value) for c in map(_condition, values)}
    if reserved := RESERVED & set(attributes):
        raise UsageError(f"“{min(reserved)}” is not an attribute; --name and --language set those")
    with ledger.write() as connection:
        before = people.find_subscriber(connection, address)
        if before is None:
            person = Subscriber(address=address, key=_new_key(), name=clean_value(name))
            person = replace(person, language=read_language(language), attributes=attributes)
            people.add_subscribers(connection, [person], _now())
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
    say(f"Changed {address}." if person != before else f"{address} is on the list already.")


@command.command()
@click.argument("address")
@click.pass_context
def remove(ctx: click.Context, address: str) -> None:
    """Take one person off the list; a later import does not bring them back.

    \b
    Example:
      newsletter subscribers remove aino@example.org
    """
    with _ledger(ctx).write() as connection:
        person = _known(people.find_subscriber(connection, check_address(address)), address)
        left = replace(person, standing=Standing.UNSUBSCRIBED)
        people.change_subscribers(connection, [left], _now())
    say(f"{person.address} gets no more mail.")


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
        person = _known(people.find_subscriber(connection, check_address(address)), address)
    if as_json:
        write_json(_as_object(person))
        return
    for key, value in _as_object(person).items():
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
            write_json([_as_object(person) for person in rows])
            return
        count = 0
        for person in rows:
            count += 1
            left = "" if person.standing is Standing.ACTIVE else person.standing
            click.echo("\t".join([person.address, person.name, person.language, left]).rstrip())
    if condition and not count:
        say(f"Nobody meets “{condition}”; “newsletter subscribers show ADDR” shows what is known.")
    say(plural(count, "subscriber") + ".")


def _ledger(ctx: click.Context) -> Ledger:
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    return ledger


def _new_key() -> str:
    return secrets.token_urlsafe(12)  # 96 bits


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _condition(text: str) -> Condition:
    try:
        return Condition.parse(text)
    except ValueError as err:
        raise UsageError(str(err)) from err


def _known(person: Subscriber | None, address: str) -> Subscriber:
    if person is None:
        raise UsageError(f"{address} is not on the list")
    return person


def _as_object(person: Subscriber) -> dict[str, Any]:
    return {k: v for k, v in asdict(person).items() if k != "key"}


def _show_changes(changes: Changes) -> None:
    rows = [
        ("join", [(line, person.address) for line, person in changes.joins]),
        ("change", [(line, _difference(old, new)) for line, old, new in changes.changes]),
        (
            "refused",
            [(r.line, f"{r.text or '(no address)'}: {r.reason}") for r in changes.refusals],
        ),
    ]
    for word, items in rows:
        limit = len(items) if word == "refused" else _SHOWN
        for line, text in items[:limit]:
            say(f"line {line}: {word} {text}", fg="red" if word == "refused" else None)
        if len(items) > limit:
            say(f"... and {len(items) - limit:,} more that {word}")
    say(
        f"{len(changes.joins):,} join, {len(changes.changes):,} change, "
        f"{changes.unchanged:,} unchanged, {len(changes.refusals):,} refused."
    )


def _difference(before: Subscriber, after: Subscriber) -> str:
    old, new = _flat(before), _flat(after)
    parts = [
        f"{key}: {old.get(key) or '(empty)'} -> {new.get(key) or '(empty)'}"
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
    return f"{after.address}: {'; '.join(parts)}"


def _flat(person: Subscriber) -> dict[str, str]:
    return {"name": person.name, "language": person.language, **person.attributes}


def _as_report(changes: Changes) -> dict[str, Any]:
    return {
        "joins": [{"line": line, "email": s.address} for line, s in changes.joins],
        "changes": [{"line": line, "email": s.address} for line, _, s in changes.changes],
        "unchanged": changes.unchanged,
        "refused": [asdict(refusal) for refusal in changes.refusals],
    }
