"""`newsletter contributions`: what people sent in by the forms, and what becomes of it."""

import datetime as dt
from pathlib import Path
from threading import Event

import click

from newsletter import contributions, mailing, pipeline
from newsletter.cli.common import (
    Ruled,
    RuledGroup,
    Settings,
    UsageError,
    as_issue_id,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.contribution_screens import as_values, show_list, show_one, tell_disguises
from newsletter.cli.issue_in_work import issue_in_work
from newsletter.cli.signals import signals
from newsletter.collecting import head_of
from newsletter.language import say, say_many
from newsletter.ledger import Ledger
from newsletter.ledgers import ledger_of
from newsletter.model import (
    REQUEST_STATES,
    Contribution,
    ContributionKind,
    ContributionState,
    End,
)
from newsletter.settings import find_secret

_STOPPED, _INTERRUPTED = 4, 130  # exit codes
_id = click.argument("id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
_ids = click.argument("ids", type=click.IntRange(1, 2**31 - 1), metavar="ID...", nargs=-1)
_note = click.option(
    "--note", default="", metavar="TEXT", help="Keep a note of your own beside it."
)
_KINDS = click.Choice([kind.value for kind in ContributionKind])
_MARKS = click.Choice([state.value for state in REQUEST_STATES])


@click.group(cls=RuledGroup)
def command() -> None:
    """Show what people sent in, and decide it.

    That is news for an issue, and requests to the network.

    \b
    Example:
      newsletter contributions list
    """


@command.command("list", cls=Ruled)
@click.option("--all", "with_decided", is_flag=True, help="Those that are decided, too.")
@click.option("--kind", type=_KINDS, help="Only news, or only requests.")
@json_option
@click.pass_context
def list_command(
    ctx: click.Context, *, with_decided: bool, kind: str | None, as_json: bool
) -> None:
    """List what waits for you.

    What came in a flood, without a proof of work, stands last.

    \b
    Example:
      newsletter contributions list
      newsletter contributions list --all --kind request --json
    """
    settings = settings_of(ctx)
    found = contributions.list_for_editor(_ledger(ctx, settings), with_decided=with_decided)
    shown = [one for one in found if kind in (None, one.kind)]
    if as_json:
        write_json({"contributions": [as_values(one) for one in shown]})
    elif shown:
        show_list(settings, shown)
    else:
        tell(say("Nothing waits for you."))


@command.command(cls=Ruled)
@_id
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write its picture to a new file, to look at it.",
)
@json_option
@click.pass_context
def show(ctx: click.Context, id: int, *, picture: Path | None, as_json: bool) -> None:
    """Show all of one, with the address to answer to.

    \b
    Example:
      newsletter contributions show 12
      newsletter contributions show 12 --picture kuva.jpg
    """
    settings = settings_of(ctx)
    ledger = _ledger(ctx, settings)
    found = contributions.look_up(ledger, id)
    if picture:
        _write_picture(ledger, found, picture)
    if as_json:
        write_json(as_values(found))
    else:
        show_one(settings, found)


@command.command(cls=Ruled)
@_ids
@click.option("--issue", type=as_issue_id, metavar="ISSUE", help="Otherwise the newest not sent.")
@click.option("--no-mail", is_flag=True, help="Thank nobody by mail.")
@json_option
@click.pass_context
def accept(
    ctx: click.Context, ids: tuple[int, ...], *, issue: str | None, no_mail: bool, as_json: bool
) -> None:
    """Write news into material/ISSUE.md, and thank whoever sent it.

    Their words are escaped, so that they show as they were typed; the picture lies beside. Copy
    from there what you use. Accepting again adds nothing, and goes on where a killed run ended.

    \b
    Example:
      newsletter contributions accept 12
      newsletter contributions accept 12 14 --issue 2027-01 --no-mail
    """
    settings = settings_of(ctx)
    _insist_on(ids)
    issue = issue or issue_in_work(settings)
    ledger, folder = _ledger(ctx, settings), settings.root / "material"
    head = head_of(issue, settings.newsletter.language)
    shelf = contributions.Shelf(folder=folder, issue=issue, head=head)
    decision = _decision(settings, is_mailed=not no_mail)
    done = [contributions.accept(ledger, id, shelf, decision) for id in ids]
    for one in done:
        tell(say("{id}: “{title}” is in {path}.", id=one.id, title=one.title, path=str(shelf.path)))
        tell_disguises(one)
    _end(ctx, settings, ledger, done, as_json=as_json)


@command.command(cls=Ruled)
@_ids
@click.option("--mail", is_flag=True, help="Tell whoever sent it, in a few set words.")
@_note
@json_option
@click.pass_context
def decline(
    ctx: click.Context, ids: tuple[int, ...], *, mail: bool, note: str, as_json: bool
) -> None:
    """Decline news or requests; their pictures are deleted.

    Nobody is mailed unless you wish it.

    \b
    Example:
      newsletter contributions decline 13 15 16
      newsletter contributions decline 13 --mail
    """
    settings = settings_of(ctx)
    _insist_on(ids)
    ledger = _ledger(ctx, settings)
    decision = _decision(settings, is_mailed=mail, note=note)
    done = contributions.decline(ledger, ids, decision)
    for one in done:
        tell(say("{id}: “{title}” is declined.", id=one.id, title=one.title))
    _end(ctx, settings, ledger, done, as_json=as_json)


@command.command(cls=Ruled)
@_id
@click.argument("state", metavar="[STATE]", type=_MARKS, required=False)
@_note
@json_option
@click.pass_context
def mark(ctx: click.Context, id: int, state: str | None, *, note: str, as_json: bool) -> None:
    """Say how far a request is: new, answered, agreed or done; or keep a note.

    \b
    Example:
      newsletter contributions mark 14 answered --note "Ehdotin toukokuuta"
      newsletter contributions mark 14 done
    """
    settings = settings_of(ctx)
    ledger = _ledger(ctx, settings)
    if state:
        decision = _decision(settings, note=note)
        found = contributions.mark(ledger, id, ContributionState(state), decision)
    elif note:
        found = contributions.annotate(ledger, id, note)
    else:
        raise UsageError(say("say how far it is, or write a --note"))
    tell(say("{id}: {state}.", id=found.id, state=found.state.words))
    if as_json:
        write_json(as_values(found))


def _ledger(ctx: click.Context, settings: Settings) -> Ledger:
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    return ledger


def _decision(
    settings: Settings, *, is_mailed: bool = False, note: str = ""
) -> contributions.Decision:
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    return contributions.Decision(
        now=dt.datetime.now(dt.UTC),
        secret=secret.reveal() if secret else "",
        is_mailed=is_mailed,
        note=contributions.clean_line(note),
    )


def _insist_on(ids: tuple[int, ...]) -> None:
    if not ids:
        raise UsageError(say("name one by its number; “newsletter contributions list” shows them"))


def _write_picture(ledger: Ledger, found: Contribution, file: Path) -> None:
    data = contributions.picture_of(ledger, found.id)
    if not data:
        raise UsageError(say("{id} has no picture", id=found.id))
    if file.exists():
        raise UsageError(say("{file} is there already; name a new file", file=str(file)))
    file.write_bytes(data)


def _end(
    ctx: click.Context,
    settings: Settings,
    ledger: Ledger,
    done: list[Contribution],
    *,
    as_json: bool,
) -> None:
    """Mail those who are to be told, and report."""
    code = _mail_partings(settings, ledger)
    if as_json:
        write_json([as_values(one) for one in done])
    ctx.exit(code)


def _mail_partings(settings: Settings, ledger: Ledger) -> int:
    """Mail all who are to be told what became of what they sent in; return the exit code."""
    now, stop = dt.datetime.now(dt.UTC), Event()
    ends = []
    with signals(stop):
        for send in mailing.freeze_partings(settings, ledger, now):
            result = pipeline.deliver(
                settings, ledger, send, now=now, progress=lambda *_: None, stop=stop
            )
            ends.append(result.state)
    mailed = ends.count(End.DONE)
    if mailed:
        tell(say_many("{n:,} mail is on its way.", "{n:,} mails are on their way.", n=mailed))
    if mailed == len(ends):
        return 0
    tell(say("Not all mails went out yet; “newsletter worker” goes on with them."))
    return _INTERRUPTED if End.INTERRUPTED in ends else _STOPPED
