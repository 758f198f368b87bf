"""`newsletter meetings papers`: what is printed for a door without a network."""

from pathlib import Path

import click

from newsletter.cli.common import Ruled, UsageError, in_words, settings_of, tell
from newsletter.cli.meeting_shown import named_meeting
from newsletter.cli.outputs import check_page
from newsletter.files import write_private
from newsletter.language import say, say_many
from newsletter.language.timespans import format_span
from newsletter.ledgers import ledger_of
from newsletter.meetings import Attending, Guest, list_expected, write_badges, write_sign_in
from newsletter.printer import print_page

_PDF, _BEGINS = ".pdf", b"%PDF-"


@click.command("papers", cls=Ruled)
@click.argument("meeting_id", metavar="ID")
@click.option(
    "--badges", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Name badges."
)
@click.option(
    "--sign-in",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A sheet on which people sign.",
)
@click.pass_context
def papers(ctx: click.Context, meeting_id: str, badges: Path | None, sign_in: Path | None) -> None:
    """Print what a door needs where no network is: badges, and a sheet to sign, as PDF.

    What is signed there is typed in afterwards by “check-in --person”.

    \b
    Example:
      newsletter meetings papers teemapaiva --badges ~/badges.pdf --sign-in ~/sheet.pdf
    """
    settings = settings_of(ctx)
    meeting = named_meeting(settings, meeting_id)
    if not (badges or sign_in):
        raise UsageError(say("name what to print: --badges FILE, --sign-in FILE, or both"))
    for file in filter(None, (badges, sign_in)):
        check_page(settings, file, _PDF, _BEGINS)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    guests = [
        Guest(name=one.name, badge=one.badge, organisation=one.organisation)
        for one in list_expected(ledger, meeting.id)
        if one.attending is Attending.ON_SITE
    ]
    language = settings.newsletter.language
    text = meeting.text_in(language)
    if badges:
        write_private(badges, print_page(write_badges(guests, text.title, language=language)))
    if sign_in:
        span = format_span(meeting.start, meeting.end, language=language, zone="")
        heads = (
            in_words(say("Name")),
            in_words(say("Organisation")),
            in_words(say("Signature")),
        )
        sheet = write_sign_in(guests, text.title, span, language=language, heads=heads)
        write_private(sign_in, print_page(sheet))
    tell(say_many("{n:,} person on site.", "{n:,} people on site.", n=len(guests)))
