"""Checks the size of the largest mail anybody gets: Gmail clips long ones, relays refuse some."""

import binascii
from collections.abc import Iterator
from html import escape

from newsletter.checking.instruments import Draft, checks
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Severity, Specimen

# Gmail shows about the first 102 KB; exactly what it counts is not documented, hence margins.
_NOTE, _WARNING, _ERROR = 80_000, 95_000, 500_000  # bytes
_STEPS = ((Severity.ERROR, _ERROR), (Severity.WARNING, _WARNING), (Severity.NOTE, _NOTE))
_CLIP = 100_000  # bytes
_CLIP_AS_SENT = 102_400  # bytes, in case Gmail counts what is transferred instead of what is shown
_HEAVY, _REFUSED = 1_000_000, 10_000_000  # bytes


HTML_SIZE_CLIP = Rule(
    id="html-size-clip",
    summary="The HTML is shorter than what Gmail shows",
    source="SpamResource, January 2022",
)
UNSUBSCRIBE_BEFORE_CLIP = Rule(
    id="unsubscribe-before-clip",
    summary="The way to leave stands before the place where Gmail cuts",
    source="Google sender rules; SpamResource, January 2022",
)


@checks(HTML_SIZE_CLIP, UNSUBSCRIBE_BEFORE_CLIP)
def check_size(draft: Draft) -> Iterator[Finding]:
    """The largest mail, with the longest values in its slots, is not clipped."""
    if not draft.specimens:
        return
    largest = max(draft.specimens, key=lambda specimen: len(specimen.html.encode()))
    size = len(largest.html.encode())
    severity = next((s for s, limit in _STEPS if size >= limit), None)
    if severity:
        sent = _size_as_sent(largest)
        if severity is Severity.NOTE and sent > _CLIP_AS_SENT:
            severity = Severity.WARNING  # it depends on which way of counting is right
        yield HTML_SIZE_CLIP.finding(
            severity,
            "the HTML of {variant} has {size:,} bytes ({sent:,} encoded, {total:,} the whole "
            "mail); Gmail cuts at about 102,000",
            "shorten the issue, or link to a page for the rest",
            variant=str(largest.persona.variant),
            size=size,
            sent=sent,
            total=len(largest.raw),
        )
    lost = list(_clipped(draft, largest))
    if lost:
        yield UNSUBSCRIBE_BEFORE_CLIP.error(
            say("Gmail would cut off {what}", what=lost[0])
            if len(lost) == 1
            else say("Gmail would cut off {first} and {second}", first=lost[0], second=lost[1]),
            "shorten the issue",
        )


TOTAL_WEIGHT = Rule(
    id="total-weight",
    summary="The whole mail is light enough to be taken and read",
    source="limits of relays, 10 to 25 MB",
)


@checks(TOTAL_WEIGHT)
def check_weight(draft: Draft) -> Iterator[Finding]:
    """The heaviest mail, with its pictures, is accepted by every server."""
    weight = max((len(specimen.raw) for specimen in draft.specimens), default=0)
    if weight > _HEAVY:
        yield TOTAL_WEIGHT.finding(
            Severity.ERROR if weight > _REFUSED else Severity.WARNING,
            "each mail weighs {weight:.1f} MB; many servers refuse it"
            if weight > _REFUSED
            else "each mail weighs {weight:.1f} MB",
            "show fewer pictures, or smaller ones",
            weight=weight / 1e6,
        )


def _size_as_sent(specimen: Specimen) -> int:
    """Return how many bytes of HTML are transferred, encoded for old servers."""
    encoded = binascii.b2a_qp(specimen.html.encode(), istext=True)
    return len(encoded) + encoded.count(b"\n")  # each line ends in two characters


def _clipped(draft: Draft, specimen: Specimen) -> Iterator[Wording]:
    """Yield what comes after the point where Gmail clips."""
    own = any(slot.name == "unsubscribe_url" for slot in specimen.edition.slots)
    by_link = own and draft.public_url
    way_out = f"{draft.public_url}/u/" if by_link else escape(draft.unsubscribe)
    for what, words in (
        (say("the unsubscribe link"), way_out),
        (say("the sender"), escape(draft.sender)),
    ):
        place = specimen.html.rfind(words)
        if len(specimen.html[: max(0, place)].encode()) > _CLIP:
            yield what
