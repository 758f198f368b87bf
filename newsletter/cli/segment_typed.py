"""How a segment is typed, and what it means on this list."""

import click

from newsletter.cli.common import settings_of, tell
from newsletter.errors import UsageError
from newsletter.language import say, say_list
from newsletter.ledger import Ledger, people
from newsletter.plans import check_segment
from newsletter.segments import Segment, SegmentError, parse_segment

FEWEST = 5  # members of a segment by which people may be written into a file


def as_segment(_: click.Context, option: click.Parameter, text: str | None) -> Segment | None:
    """Read the value of an option or an argument."""
    if text is None:
        return None
    try:
        segment = parse_segment(text)
    except SegmentError as err:
        raise UsageError(say_list((option.opts[0], err.words), ": ")) from err
    if segment.is_mixed:
        tell(say("Read as {segment}: “and” binds tighter than “or”.", segment=str(segment)))
    return segment


def refuse_few(ctx: click.Context, ledger: Ledger, segment: Segment) -> None:
    """Raise UsageError for a segment that asks for nothing known, or has too few members.

    A file of a handful of people who are chosen by what is known of them tells that of each.
    """
    check_segment(ledger, segment)
    with ledger.read() as connection:
        members = people.count_members(connection, segment, settings_of(ctx).zone)
    if members < FEWEST:
        raise UsageError(
            say(
                "{segment} has fewer than {fewest} members, and a file of them would tell what is "
                "known of each; choose a larger group",
                segment=str(segment),
                fewest=FEWEST,
            )
        )


segment_option = click.option(
    "--segment",
    callback=as_segment,
    metavar="SEGMENT",
    help='Only those, such as region=Lappi or "region in (Lappi, Kainuu) and joined before 2026".',
)
