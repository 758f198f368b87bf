"""How a segment is typed."""

import click

from newsletter.cli.common import UsageError, tell
from newsletter.language import say, say_list
from newsletter.segments import Segment, SegmentError, parse_segment


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


segment_option = click.option(
    "--segment",
    callback=as_segment,
    metavar="SEGMENT",
    help="Only those in a segment, such as region=Lappi.",
)
