"""What is counted of an issue until now, beside its first days: the same figures, no share."""

from collections.abc import Iterator
from dataclasses import replace

from newsletter.drawing import NOT_KNOWN, Calendar, Grid, count, count_range
from newsletter.language import Wording, say, say_many
from newsletter.model.figures import Counts, Delivered, IssueFigures, Split


def until_now(issue: IssueFigures, calendar: Calendar) -> Grid:
    """Return figures of the first days and to date, as far as they are known."""
    first = say_many("First day", "First {n} days", n=issue.window_days)
    early = dict(_figures(issue.shown, issue.delivered))
    late = dict(_figures(issue.whole, issue.delivered_whole))
    known = [name for name in late if late[name] != NOT_KNOWN]
    return Grid(
        heads=[say("Figure"), first, _until(issue, calendar)],
        rows=[[name, early[name], late[name]] for name in known],
    )


def _until(issue: IssueFigures, calendar: Calendar) -> Wording:
    if issue.whole.as_of is None:
        return say("To date")
    return say("To date ({at})", at=calendar.date(issue.whole.as_of))


def _figures(counts: Counts, mail: Delivered) -> Iterator[tuple[Wording, Wording]]:
    yield say("Delivered"), count(mail.delivered)
    yield say("Readers who opened it"), _told(_with_hidden(counts.openers))
    yield say("Image loads"), _told(_with_hidden(counts.opens))
    yield say("Readers who followed a link"), _told(counts.clickers)
    yield say("Clicks"), _told(counts.clicks)
    yield say("Bounced"), count(mail.bounced)
    yield say("Left since"), count(mail.unsubscribed)
    yield say("Complained"), count(mail.complained)
    yield say("Replied"), count(mail.replied)


def _with_hidden(split: Split) -> Split:
    """Return classes in which those whose program hides it are among those who may be people."""
    if split.unknown is None:
        return split
    hidden = split.machine if split.hidden is None else split.hidden
    return replace(split, unknown=split.unknown + (hidden or 0))


def _told(split: Split) -> Wording:
    """Return a range; its end alone where nobody tells people from machines."""
    if split.human is None and split.unknown is not None:
        return say("at most {count:,}", count=split.unknown)
    return count_range(split)
