"""`newsletter backup`: writes the ledger to one file."""

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.common import (
    Ruled,
    UsageError,
    insist,
    json_option,
    settings_of,
    tell,
    write_json,
    yes_option,
)
from newsletter.language import say
from newsletter.safekeeping import back_up, usual_file


@click.command(cls=Ruled)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@yes_option
@json_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, *, yes: bool, as_json: bool) -> None:
    """Write a backup of the ledger to FILE.

    Whoever sends meanwhile goes on. Without FILE it goes to subscribers/backups/, named by the
    time. Only you may read it: it holds people and what they were sent. A ledger on a server is
    written by pg_dump, one in a file as SQLite copies it.

    \b
    Example:
      newsletter backup
      newsletter backup /media/stick/newsletter.db
    """
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    goal = file or usual_file(settings, now)
    if goal.exists() and not yes:
        insist(
            say("{file} is there already. Replace it?", file=str(goal)),
        )
    if goal.is_dir():
        raise UsageError(say("{file} is a folder; name a file in it", file=str(goal)))
    saved = back_up(settings, goal, now=now)
    if as_json:
        write_json(
            {
                "file": str(saved.file),
                "ledger": saved.ledger,
                "made_at": saved.made_at.isoformat(timespec="seconds"),
                "bytes": saved.size,
            }
        )
    tell(
        say(
            "Backed up {ledger} to {file} ({size:.1f} MB), which was read whole once more.",
            ledger=saved.ledger,
            file=str(saved.file),
            size=saved.size / 1e6,
        )
    )
