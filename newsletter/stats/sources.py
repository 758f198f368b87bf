"""Which source of an issue's figures is shown, why, and when none is: nobody is shown by it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from newsletter.language import Wording, say
from newsletter.model import Counting, Counts, Delivered, IssueFigures, Source
from newsletter.stats.groups import SMALLEST

WHY = {
    Source.SERVICE: say("this newsletter's own service counts it"),
    Source.WEBHOOKS: say("the provider told of each as it happened"),
    Source.REPORT: say("the provider told its sums when it was asked"),
    None: say("nobody counts opens and clicks"),
}
_NOT_ASKED = say("the provider was not asked in time, when the first days of the issue were over")


def choose_source(counting: Counting, told: Collection[str]) -> Source | None:
    """Return the source that is shown: ours where we count, else who tells of each, else of all."""
    if counting.is_ours:
        return Source.SERVICE
    return next((one for one in (Source.WEBHOOKS, Source.REPORT) if one in told), None)


def why_hidden(counting: Counting, shown: Counts, delivered: Delivered) -> Wording | None:
    """Return why no range of readers is told; None: it is."""
    if shown.source is None:
        return WHY[None]
    if is_few(shown, delivered):
        return say(
            "it went to fewer than {fewest} readers whose opens can be seen", fewest=SMALLEST
        )
    if shown.as_of is None:
        return _NOT_ASKED if shown.source is Source.REPORT else say("nothing was told yet")
    if counting is Counting.AGGREGATE:
        return say("image loads are counted for all together: nobody knows of how many readers")
    if counting is Counting.CONSENTED and shown.openers.human is None:
        return say("of how many readers these opens are was not counted in time")
    return None


def is_few(shown: Counts, delivered: Delivered) -> bool:
    """Return whether figures are of so few readers that they would tell of each.

    Where nobody knows of how many they are, they are of no more than got the mail.
    """
    reached = delivered.sent if delivered.delivered is None else delivered.delivered
    return (reached if shown.counted is None else shown.counted) < SMALLEST


def find_small(sizes: Mapping[int, int]) -> list[int]:
    """Return which editions have so few readers that their links would tell of them."""
    return [edition for edition, size in sizes.items() if size < SMALLEST]


def without_few(issue: IssueFigures) -> IssueFigures:
    """Return what is told of an issue with few readers: nothing of opens and clicks.

    Nor what changed of them later; what the ledger itself has of the mail stays.
    """
    return replace(
        issue,
        shown=_blank(issue.shown),
        whole=_blank(issue.whole),
        others=(),
        open_range=None,
        click_range=None,
        sections=(),
        groups={},
        revisions=[change for change in issue.revisions if change.source is None],
    )


def _blank(counts: Counts) -> Counts:
    return Counts(source=counts.source, span=counts.span, as_of=counts.as_of)
