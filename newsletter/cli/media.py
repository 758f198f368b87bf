"""`newsletter media`: pictures of mails on a static host."""

import click

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
from newsletter.hosting import pictures_in, put_pictures, verify_pictures
from newsletter.language import say, say_many
from newsletter.ledger import list_pictures
from newsletter.ledgers import existing_ledger
from newsletter.model import Picture
from newsletter.press import read_manuscript, render_manuscript


@click.group(cls=RuledGroup)
def command() -> None:
    """Put pictures of mails on a static host.

    \b
    Example:
      newsletter media push
    """


@command.command(cls=Ruled)
@click.argument("issue_id", type=as_issue_id, metavar="[ID]", required=False)
@json_option
@click.pass_context
def push(ctx: click.Context, issue_id: str | None, *, as_json: bool) -> None:
    """Put the pictures of an issue, or of all that was sent, where [media] says.

    What is there already stays. Afterwards each is loaded from media_url, as a reader's program
    would. “newsletter send” does the same before anybody is mailed.

    \b
    Example:
      newsletter media push 2026-12
      newsletter media push
    """
    settings = settings_of(ctx)
    pictures = _of_issue(settings, issue_id) if issue_id else _of_ledger(settings)
    pushed = put_pictures(settings, pictures)
    verify_pictures(settings, pictures)
    if as_json:
        write_json({"new": pushed.new, "there": pushed.there, "names": sorted(pictures)})
    if not pictures:
        tell(say("There is no picture to put anywhere."))
        return
    if not pushed.new:
        tell(
            say_many(
                "Nothing new: {n:,} picture is at {url} already.",
                "Nothing new: {n:,} pictures are at {url} already.",
                n=pushed.there,
                url=settings.newsletter.media_url or "",
            )
        )
        return
    tell(
        say(
            "Put {new:,} of {count:,} pictures to {place}; all of them are at {url}.",
            new=pushed.new,
            count=len(pictures),
            place=settings.media.to or "",
            url=settings.newsletter.media_url or "",
        )
    )


def _of_issue(settings: Settings, issue_id: str) -> dict[str, Picture]:
    manuscript = read_manuscript(settings, issue_id)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    return pictures_in(editions.values())


def _of_ledger(settings: Settings) -> dict[str, Picture]:
    """Return every picture that a mail was frozen with."""
    ledger = existing_ledger(settings)
    if ledger is None:
        raise UsageError(say("nothing was sent yet: name the issue whose pictures are meant"))
    try:
        with ledger.read() as connection:
            return {picture.filename: picture for picture in list_pictures(connection)}
    finally:
        ledger.close()
