"""`newsletter meetings message`: the editor writes to those who registered, or tells of changes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.cli.common import (
    Ruled,
    Rules,
    UsageError,
    confirm,
    gathered,
    settings_of,
    show,
    tell,
    yes_option,
)
from newsletter.cli.meeting_shown import named_meeting, show_changes, show_stale
from newsletter.files import read_words
from newsletter.language import say, say_list, say_many
from newsletter.ledger import Ledger
from newsletter.ledgers import ledger_of
from newsletter.meetings import (
    Group,
    Meeting,
    Registration,
    changes_of,
    find_told,
    list_group,
    list_unreachable,
    list_without,
    stale_in,
    tell_changes,
    touched_by,
    write_to,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What is given on the command line."""

    file: Path | None
    group: str | None
    changes: bool
    dry_run: bool
    yes: bool

    def may_mail(self) -> bool:
        """Return whether mail is to leave, and ask where it was not said."""
        return not self.dry_run and (self.yes or confirm(say("Mail them?")))


_RULES = Rules(one_of=(("--file", "--changes"),), needs={"--to": "--file"})


@click.command("message", cls=Ruled, rules=_RULES)
@click.argument("meeting_id", metavar="ID")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Markdown; its first line, “# ...”, is the subject. FILE.sv.md beside it is in Swedish.",
)
@click.option("--to", "group", type=click.Choice([str(g) for g in Group]), help="Who gets it.")
@click.option("--changes", is_flag=True, help="Tell what changed of time, place or link.")
@click.option("--dry-run", is_flag=True, help="Only show who would get it.")
@yes_option
@click.pass_context
@gathered(_Typed)
def message(ctx: click.Context, meeting_id: str, options: _Typed) -> None:
    """Write to those who registered, in your own words, or tell them what changed.

    Each of them gets a mail of their own with the link to their registration, and the same words
    only once. Changes come with an invitation that moves the meeting in their calendars.

    \b
    Example:
      newsletter meetings message teemapaiva --file viesti.md --to on-site
      newsletter meetings message teemapaiva --changes
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    if options.changes:
        link_to_all = settings.meetings.link_to == "all"
        _tell_changes(ledger, meeting, options, link_to_all=link_to_all)
    elif options.file:
        _write(ledger, meeting, _read_words(options.file, settings.newsletter.language), options)
    else:
        raise UsageError(say("what is to be said? Name a --file, or --changes"))


def _write(
    ledger: Ledger, meeting: Meeting, words: dict[str, dict[str, str]], options: _Typed
) -> None:
    group = Group(options.group or Group.REGISTERED)
    chosen = list_group(ledger, meeting, group)
    people = list_without(ledger, chosen, words)
    had = len(chosen) - len(people)
    show(say_list([next(iter(words.values()))["subject"]]))
    show(say_many("To {n:,} person.", "To {n:,} people.", n=len(people)))
    _show_unreachable(list_unreachable(ledger, meeting, group))
    if had:
        show(say_many("{n:,} has had it already.", "{n:,} have had it already.", n=had))
    if people and options.may_mail():
        _tell_count(write_to(ledger, people, words, dt.datetime.now(dt.UTC)))


def _tell_changes(ledger: Ledger, meeting: Meeting, options: _Typed, *, link_to_all: bool) -> None:
    if meeting.written is None:
        raise UsageError(
            say(
                "{meeting} is a draft, so nobody can be told of it: write what is marked in "
                "{file}, and remove the marks",
                meeting=meeting.id,
                file=meeting.path,
            )
        )
    told, people = find_told(ledger, meeting.id), list_group(ledger, meeting, Group.ALL)
    unreachable = list_unreachable(ledger, meeting, Group.ALL)
    changed = changes_of(told, meeting)
    if meeting.is_cancelled:
        show(say("The meeting is called off."))
    elif changed:
        show_changes(changed)
        show_stale(stale_in(told, meeting))
        people, unreachable = (
            list(touched_by(told, meeting, each, link_to_all=link_to_all))
            for each in (people, unreachable)
        )
    else:
        tell(say("Everybody knows how it is: nothing has changed."))
        return
    show(say_many("To {n:,} person.", "To {n:,} people.", n=len(people)))
    _show_unreachable(unreachable)
    if options.may_mail():
        now = dt.datetime.now(dt.UTC)
        _tell_count(tell_changes(ledger, meeting, now, link_to_all=link_to_all))


def _show_unreachable(people: Sequence[Registration]) -> None:
    if people:
        show(
            say_many(
                "{n:,} has no address and gets nothing, so tell them yourself: {names}.",
                "{n:,} have no address and get nothing, so tell them yourself: {names}.",
                n=len(people),
                names=say_list([one.name for one in people]),
            )
        )


def _tell_count(count: int) -> None:
    told = say_many(
        "{n:,} mail is written by “newsletter worker”.",
        "{n:,} mails are written by “newsletter worker”.",
        n=count,
    )
    tell(told)


def _read_words(file: Path, language: str) -> dict[str, dict[str, str]]:
    """Return a message by language, the newsletter's own first."""
    found = {language: _split(file)}
    for other in sorted(file.parent.glob(f"{file.stem}.*{file.suffix}")):
        code = other.name.removeprefix(f"{file.stem}.").removesuffix(file.suffix)
        found[code] = _split(other)
    return found


def _split(file: Path) -> dict[str, str]:
    head, _, text = read_words(file).lstrip().partition("\n")
    subject = head.removeprefix("#").strip()
    if not head.startswith("# ") or not subject or not text.strip():
        raise UsageError(
            say("{file}: expected “# Subject” in the first line, and the message", file=str(file))
        )
    return {"subject": subject, "text": text.strip()}
