"""`newsletter segments`: what a segment means, and how many on the list are in it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import click

from newsletter.cli.common import RuledGroup, in_words, json_option, settings_of, write_json
from newsletter.cli.segment_typed import as_segment
from newsletter.language import Wording, say, say_many
from newsletter.ledger import people
from newsletter.ledgers import ledger_of
from newsletter.plans import check_segment
from newsletter.segments import Dated, Segment


@click.group(cls=RuledGroup, name="segments")
def command() -> None:
    """Look at a segment before it is used.

    \b
    Example:
      newsletter segments show "region in (Lappi, Kainuu) and joined before 2026"
    """


@command.command()
@click.argument("segment", callback=as_segment, metavar="SEGMENT")
@json_option
@click.pass_context
def show(ctx: click.Context, segment: Segment, *, as_json: bool) -> None:
    """Show how a segment is read, and how many are in it.

    Counted are those who may be mailed. Who has no value differs from every value: “not
    region=Lappi” has them in it, so it is told how many they are.

    \b
    Example:
      newsletter segments show "region in (Lappi, Kainuu) and joined before 2026"
      newsletter segments show "not region = Lappi" --json
    """
    settings = settings_of(ctx)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    check_segment(ledger, segment)
    with ledger.read() as connection:
        facts: dict[str, Any] = {
            "segment": str(segment),
            "members": people.count_members(connection, segment, settings.zone),
            "list": people.count_members(connection, None, settings.zone),
            "without_value": people.empty_values(connection, segment.names, None, settings.zone),
            "members_without_value": people.empty_values(
                connection, segment.names, segment, settings.zone
            ),
        }
    if as_json:
        write_json([facts])
    else:
        _tell(segment, facts)


def _tell(segment: Segment, facts: Mapping[str, Any]) -> None:
    click.echo(str(segment))
    for test in segment.asked():
        if isinstance(test, Dated):
            click.echo(f"  {in_words(_meaning(test))}")
    members = say_many(
        "{n:,} of {all:,} who may be mailed is in it.",
        "{n:,} of {all:,} who may be mailed are in it.",
        n=facts["members"],
        all=facts["list"],
    )
    click.echo(in_words(members))
    for name, count in facts["without_value"].items():
        if not count:
            continue
        click.echo(in_words(_unknown(name, count, facts["members_without_value"][name])))


def _meaning(test: Dated) -> Wording:
    """Return which days are meant, however they were written."""
    rule = test.written()
    last = test.end - dt.timedelta(days=1) if test.end else None
    if test.begin and last:
        return say(
            "{rule}: from {first:%Y-%m-%d} to {last:%Y-%m-%d}, whole days",
            rule=rule,
            first=test.begin,
            last=last,
        )
    if test.begin:
        return say("{rule}: from {first:%Y-%m-%d} on", rule=rule, first=test.begin)
    return say("{rule}: up to {last:%Y-%m-%d}, that day too", rule=rule, last=last or dt.date.max)


def _unknown(name: str, count: int, members: int) -> Wording:
    return say_many(
        "{n:,} has no value for “{name}”, of whom {members:,} in it.",
        "{n:,} have no value for “{name}”, of whom {members:,} in it.",
        n=count,
        name=name,
        members=members,
    )
