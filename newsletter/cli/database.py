"""`newsletter database`: moves the ledger to another database."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import click

from newsletter.cli.common import (
    RuledGroup,
    UsageError,
    insist,
    json_option,
    settings_of,
    tell,
    write_json,
    yes_option,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledgers import as_written
from newsletter.safekeeping import Moved, move, reopen
from newsletter.settings import check_database_url

_REMARK_EVERY = 100_000  # rows


@click.group(cls=RuledGroup, name="database")
def command() -> None:
    """Move the ledger to another database.

    \b
    Example:
      newsletter database move sqlite:///subscribers/newsletter.db postgresql://me@db.example.org/news
    """


def _as_url(_ctx: click.Context, option: click.Parameter, text: str) -> str:
    try:
        return check_database_url(text)
    except ValueError as err:
        name = (option.name or "").upper()
        raise UsageError(say_list((name, err.args[0]), ": ")) from err


@command.command(name="move")
@click.argument("origin", metavar="FROM", callback=_as_url)
@click.argument("goal", metavar="TO", callback=_as_url)
@yes_option
@json_option
@click.pass_context
def move_ledger(ctx: click.Context, origin: str, goal: str, *, yes: bool, as_json: bool) -> None:
    """Move the ledger with all its history from one database to another.

    FROM and TO are written as url is in newsletter.toml. TO must be empty. A send may be under way:
    its calls are waited for, and it goes on from the new ledger. The old one is closed, so that it
    sends nothing more. If the move is cut off, run the same command again.

    \b
    Example:
      newsletter database move sqlite:///subscribers/newsletter.db postgresql://me@db.example.org/news
    """
    settings = settings_of(ctx)
    if not yes:
        here, there = as_written(origin), as_written(goal)
        question = say(
            "Move {here} to {there}? The old one is closed then.", here=here, there=there
        )
        insist(question)
    done = move(settings, origin, goal, now=dt.datetime.now(dt.UTC), progress=_Remarks())
    if as_json:
        write_json(_as_data(done))
    _tell(done)


@command.command(name="reopen")
@click.argument("place", metavar="URL", callback=_as_url)
@click.pass_context
def reopen_ledger(ctx: click.Context, place: str) -> None:
    """Use a ledger again whose move was cut off and shall not be finished.

    What was moved so far can never be used then. A move that was finished is not taken back: move
    the new ledger back instead.

    \b
    Example:
      newsletter database reopen sqlite:///subscribers/newsletter.db
    """
    reopen(settings_of(ctx), place)
    tell(say("{place} is in use again.", place=as_written(place)))


class _Remarks:
    """Tells how a move gets on, now and then."""

    def __init__(self) -> None:
        self._rows = 0
        self._said = ""

    def __call__(self, rows: int, remark: Wording) -> None:
        before, self._rows = self._rows // _REMARK_EVERY, self._rows + rows
        if rows and self._rows // _REMARK_EVERY > before:
            tell(say("{count:,} rows copied", count=self._rows))
        if not rows and remark != self._said:
            self._said = remark
            tell(remark)


def _tell(done: Moved) -> None:
    if done.was_done:
        tell(say("The move was finished before."))
    else:
        tell(
            say_many(
                "Moved {n:,} row; counts and hashes of all tables are the same.",
                "Moved {n:,} rows; counts and hashes of all tables are the same.",
                n=done.rows,
            )
        )
    tell(
        say(
            "The old ledger is closed. Write this into newsletter.toml, wherever it sends from, "
            "and start workers again:"
        )
    )
    lines = f'    [database]\n    url = "{as_written(done.goal)}"'
    tell(say("{lines}", lines=lines))


def _as_data(done: Moved) -> dict[str, Any]:
    return {
        "from": as_written(done.origin),
        "to": as_written(done.goal),
        "was_done": done.was_done,
        "rows": done.rows,
        "tables": [asdict(tally) for tally in done.tables],
    }
