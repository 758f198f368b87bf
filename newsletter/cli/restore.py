"""`newsletter restore`: makes a ledger of a backup."""

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    gathered,
    insist,
    json_option,
    settings_of,
    tell,
    write_json,
    yes_option,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.safekeeping import Ready, Revived, Since, prepared, revive
from newsletter.settings import check_database_url


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions:
    """What the editor says of a backup and of the time after it."""

    replace: bool
    nothing_sent_since: bool
    newer: str  # the address of a ledger; empty: none but the one that is put aside
    yes: bool
    as_json: bool

    @property
    def since(self) -> Since:
        """Return what is known of the time after the backup; raise UsageError for no address."""
        return Since(nothing_sent=self.nothing_sent_since, lost=_checked(self.newer))


@click.command(cls=Ruled)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Put the ledger that is there aside: with --yes this must be said, else it is asked.",
)
@click.option(
    "--nothing-sent-since",
    is_flag=True,
    help="Nothing was sent after the backup, so nothing is in doubt.",
)
@click.option(
    "--newer",
    metavar="URL",
    default="",
    help="The ledger that went on from the backup, if it can be read: who left since is taken "
    "over from it. The default is the one that is put aside.",
)
@yes_option
@json_option
@click.pass_context
@gathered(RestoreOptions)
def command(ctx: click.Context, file: Path, options: RestoreOptions) -> None:
    """Make a ledger of a backup.

    It comes to the place that newsletter.toml names. The backup is read whole before anything is
    touched, and a ledger that is there is put aside, not deleted. What was open in the backup may
    have been sent since: it is in doubt, is looked up at the provider, and what cannot be found out
    you decide. So nobody gets mail twice. Who left, complained or was erased since is taken over
    from the newer ledger, if it can be read, else asked for before anything is sent.

    \b
    Example:
      newsletter restore subscribers/backups/newsletter-20261201-030000.db
    """
    settings, since = settings_of(ctx), options.since
    with prepared(settings, file) as ready:
        if ready.replaces and options.yes and not options.replace:
            raise UsageError(
                say(
                    "there is a ledger in {place}; say --replace, too, to put it aside",
                    place=str(ready.replaces),
                )
            )
        if not options.yes:
            insist(_question(settings, ready))
        now = dt.datetime.now(dt.UTC)
        done = revive(settings, ready, since, now=now)
    if options.as_json:
        write_json(_as_data(done))
    _tell(settings, done, is_sure=options.nothing_sent_since)


def _checked(url: str) -> str:
    try:
        return check_database_url(url) if url else ""
    except ValueError as err:
        raise UsageError(say_list(("--newer", err.args[0]), ": ")) from err


def _question(settings: Settings, ready: Ready) -> Wording:
    when = _when(settings, ready.made_at)
    if ready.replaces is None:
        return say("Make a ledger of {file}, {when}?", file=str(ready.file), when=when)
    return say(
        "Make a ledger of {file}, {when}, and put {place} aside, with all that it knows of since?",
        file=str(ready.file),
        when=when,
        place=str(ready.replaces),
    )


def _when(settings: Settings, made_at: dt.datetime | None) -> Wording:
    if made_at is None:
        return say("which does not say when it was made")
    return say("made {time}", time=settings.local_time(made_at))


def _tell(settings: Settings, done: Revived, *, is_sure: bool) -> None:
    when = _when(settings, done.made_at)
    tell(say("The ledger is that of {file}, {when}.", file=str(done.file), when=when))
    if done.aside:
        tell(
            say(
                "The one that was there is {file}; nothing can be sent from it.",
                file=str(done.aside),
            )
        )
    if done.is_dated_ahead:
        tell(
            say(
                "The backup is dated in the future: a clock was wrong there, or is wrong here. "
                "Set it right before you send."
            )
        )
    _tell_gone(done)
    if is_sure:
        return
    if done.in_doubt:
        tell(
            say_many(
                "{n:,} delivery was open and may have been sent since: it is in doubt. “newsletter "
                "status” shows the send, “newsletter send ID” looks it up and goes on.",
                "{n:,} deliveries were open and may have been sent since: they are in doubt. "
                "“newsletter status” shows the sends, “newsletter send ID” looks them up and goes "
                "on.",
                n=done.in_doubt,
            )
        )
    tell(
        say(
            "Who was sent a new issue after the backup is not known here: answer with care when "
            "“newsletter send” asks."
        )
    )
    tell(say("No other copy of this ledger may send any more: end its workers, wherever they run."))


def _tell_gone(done: Revived) -> None:
    """Tell what is known of those who left after the backup."""
    carried = done.carried
    if carried:
        tell(
            say_many(
                "From the newer ledger: {n:,} person whom the backup would mail gets no mail, as "
                "they left, complained, bounced, paused or were erased since.",
                "From the newer ledger: {n:,} people whom the backup would mail get no mail, as "
                "they left, complained, bounced, paused or were erased since.",
                n=carried.gone,
            )
        )
        if carried.joined:
            tell(
                say_many(
                    "{n:,} person joined it after the backup, and is not on the list.",
                    "{n:,} people joined it after the backup, and are not on the list.",
                    n=carried.joined,
                )
            )
    if carried is None or not carried.is_whole:
        tell(
            say(
                "Who left, complained or was erased after the backup is not known, so nothing is "
                "sent yet: run “newsletter sync”, which asks the provider and reads the mailbox "
                "from where the backup left off. Erase again who was erased since. If a newer "
                "ledger can be read, restore anew with --newer, which takes all of it over."
            )
        )


def _as_data(done: Revived) -> dict[str, object]:
    return {
        "file": str(done.file),
        "made_at": done.made_at.isoformat(timespec="seconds") if done.made_at else None,
        "in_doubt": done.in_doubt,
        "put_aside": str(done.aside) if done.aside else None,
        "taken_over": asdict(done.carried) if done.carried else None,
    }
