"""`newsletter returns`: what came back about mails, and what the editor says to it."""

import datetime as dt
from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter.cli.common import (
    Ruled,
    Rules,
    Settings,
    in_words,
    insist,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
    yes_option,
)
from newsletter.consent import decide
from newsletter.language import Wording, say, say_many
from newsletter.ledger import Kept, Ledger, returns
from newsletter.ledgers import existing_ledger

_MOST = 1000  # that are held; more are decided by another round
_SHOWN = 20  # of each of the other kinds
_ABOUT_US, _UNKNOWN = "about-us", "unknown"  # as `returns.list_odd` has them


@click.command(cls=Ruled, rules=Rules(one_of=(("--gone", "--stay", "--json"),)))
@click.option("--gone", is_flag=True, help="What is held is true: those get no more mail.")
@click.option("--stay", is_flag=True, help="What is held was a server's fault: they stay.")
@yes_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, gone: bool, stay: bool, yes: bool, as_json: bool) -> None:
    """Show what came back about mails, and decide on held bounces.

    When many addresses bounce at once, a server's fault is likelier than theirs: nobody is taken
    off the list then until you have said so. Besides, it lists what is about nobody who is known,
    what was refused because of you, and what nobody here understands. The exit code is 1 where
    something waits for you.

    \b
    Example:
      newsletter returns
      newsletter returns --gone
      newsletter returns --stay
    """
    settings = settings_of(ctx)
    ledger = existing_ledger(settings)
    if ledger is None:
        tell(say("There is no ledger yet, so nothing came back."))
        return
    ctx.call_on_close(ledger.close)
    found = _find(ledger)
    if gone or stay:
        _decide(ledger, found[returns.HELD], are_gone=gone, yes=yes)
        return
    if as_json:
        write_json({name: [_row(one) for one in some] for name, some in found.items()})
    else:
        _show_all(settings, found)
    ctx.exit(1 if found[returns.HELD] else 0)


def _find(ledger: Ledger) -> Mapping[str, list[Kept]]:
    """Return what the editor may want to see, by what it is."""
    with ledger.read() as connection:
        return {
            returns.HELD: returns.list_in(connection, returns.HELD, most=_MOST),
            returns.UNASSIGNED: returns.list_in(connection, returns.UNASSIGNED, most=_SHOWN),
            **returns.list_odd(connection, most=_SHOWN),
        }


def _decide(ledger: Ledger, held: Sequence[Kept], *, are_gone: bool, yes: bool) -> None:
    if not held:
        tell(say("Nothing is held."))
        return
    people = len({one.address.lower() for one in held})
    if not yes:
        question = (
            say_many(
                "{n:,} address gets no more mail.", "{n:,} addresses get no more mail.", n=people
            )
            if are_gone
            else say_many("{n:,} address stays.", "{n:,} addresses stay.", n=people)
        )
        insist(question, otherwise=say("Nothing was changed."))
    with ledger.write() as connection:
        ids = [one.id for one in held]
        changed = decide(connection, ids, are_gone=are_gone, now=dt.datetime.now(dt.UTC))
    if are_gone:
        count = len(changed)
        tell(say_many("{n:,} address was taken off.", "{n:,} addresses were taken off.", n=count))
    else:
        tell(say("They stay; the provider is told to send to them again."))


def _said(one: Kept) -> str:
    return one.text if one.status in one.text else f"{one.status} {one.text}".strip()


def _row(one: Kept) -> dict[str, str]:
    return {
        "kind": one.kind,
        "source": one.source,
        "at": one.at.isoformat(timespec="milliseconds"),
        "address": one.address,
        "status": one.status,
        "text": one.text,
    }


def _show_all(settings: Settings, found: Mapping[str, Sequence[Kept]]) -> None:
    heads = {
        returns.HELD: say("Held: bounced together with many others"),
        _ABOUT_US: say("Refused because of the sender"),
        returns.UNASSIGNED: say("About nobody who is known"),
        _UNKNOWN: say("Of a kind that is not known here"),
    }
    for name, head in heads.items():
        if found[name]:
            show(head)
            _print(settings, found[name])
            click.echo()
    if found[returns.HELD]:
        tell(say("They are gone: newsletter returns --gone"))
        tell(say("It was a server's fault: newsletter returns --stay"))
    if not any(found.values()):
        show(say("Nothing waits for you."))


def _print(settings: Settings, some: Sequence[Kept]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in (say("When"), say("Address"), say("Told by"), say("What was said")):
        table.add_column(in_words(head), overflow="fold")
    for one in some:
        at: Wording = say("{at:%Y-%m-%d %H:%M}", at=one.at.astimezone(settings.zone))
        cells = (in_words(at), one.address, one.source, _said(one))
        table.add_row(*map(escape, cells))
    Console().print(table)
