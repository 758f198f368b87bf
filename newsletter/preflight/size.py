"""Checks the size of the largest mail anybody gets: Gmail cuts long ones."""

from collections.abc import Iterator

from newsletter.model import Edition, Finding, Severity
from newsletter.preflight.draft import Draft, unsubscribe_target

# Gmail shows about the first 102 KB; what exactly it counts is not documented, hence margins.
_NOTE, _WARNING, _ERROR = 80_000, 95_000, 500_000  # bytes
_CLIP = 100_000  # bytes


def check_size(draft: Draft) -> Iterator[Finding]:
    """The largest edition, with the longest values in its slots, is not cut."""
    if not draft.editions:
        return
    largest = max(draft.editions, key=lambda edition: _size(draft, edition))
    size = _size(draft, largest)
    severity = next(
        (s for s, limit in _STEPS if size >= limit),
        None,
    )
    if severity:
        yield draft.finding(
            "html-size-clip",
            severity,
            f"the HTML of {largest.variant} has {size:,} bytes; Gmail cuts at about 102,000",
            hint="shorten the issue, or link to a page for the rest",
        )
    way_out = largest.html.rfind(unsubscribe_target(draft, largest))
    if len(largest.html[: max(0, way_out)].encode()) > _CLIP:
        yield draft.finding(
            "unsubscribe-before-clip",
            Severity.ERROR,
            "Gmail would cut off the unsubscribe link and the sender",
            hint="shorten the issue",
        )


_STEPS = ((Severity.ERROR, _ERROR), (Severity.WARNING, _WARNING), (Severity.NOTE, _NOTE))


def _size(draft: Draft, edition: Edition) -> int:
    html = edition.html
    for slot in edition.slots:
        longest = draft.audience.longest.get(slot.name, "") if draft.audience else ""
        html = html.replace(slot.marker, max(longest, slot.fallback or "", key=len))
    return len(html.encode())
