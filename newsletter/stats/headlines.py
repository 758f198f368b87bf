"""Says in words what may be said of the newest issue, of the list and of sections, and no more."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.language import Wording, say, say_many
from newsletter.model.figures import (
    BestRead,
    IssueFigures,
    MonthOfGrowth,
    OpenRange,
    Source,
    Split,
)
from newsletter.stats.recurring import are_counted_alike, comparable_year
from newsletter.stats.shares import click_range, range_difference

_FEWEST = 3  # issues whose mean is worth a comparison

# Issues by their month, as a sentence begins with them and within one.
_FIRST = (
    say("The January issue"),
    say("The February issue"),
    say("The March issue"),
    say("The April issue"),
    say("The May issue"),
    say("The June issue"),
    say("The July issue"),
    say("The August issue"),
    say("The September issue"),
    say("The October issue"),
    say("The November issue"),
    say("The December issue"),
)
_WITHIN = (
    say("the January issue"),
    say("the February issue"),
    say("the March issue"),
    say("the April issue"),
    say("the May issue"),
    say("the June issue"),
    say("the July issue"),
    say("the August issue"),
    say("the September issue"),
    say("the October issue"),
    say("the November issue"),
    say("the December issue"),
)


def statements(
    issues: Sequence[IssueFigures],
    growth: Sequence[MonthOfGrowth],
    sections: Sequence[BestRead],
    *,
    now: dt.datetime,
) -> list[Wording]:
    """Return what may be said, the most important first; issues are the oldest first."""
    mailed = [issue for issue in issues if not issue.is_rehearsal]
    said: list[Wording] = []
    if mailed:
        newest = mailed[-1]
        said += [
            *_of_opens(newest, mailed),
            *_of_its_days(newest, now),
            *_of_comparisons(newest, mailed),
            *_of_clicks(newest),
            *_of_the_mail(newest),
        ]
    return [*said, *_of_sections(sections), *_of_growth(growth)]


def _of_opens(issue: IssueFigures, issues: Sequence[IssueFigures]) -> Iterator[Wording]:
    within, times, told = _name(issue, issues, _WITHIN), issue.shown.opens, issue.open_range
    if told and _says_something(*told.bounds):
        yield say(
            "{issue} was opened by {share} of {readers:,} readers.",
            issue=_name(issue, issues, _FIRST),
            share=_between(*told.bounds),
            readers=told.outer.of,
        )
        yield from _of_what_is_seen(issue, told)
    elif issue.shown.source is Source.SERVICE and times.total:
        yield _loaded(within, times)
    elif issue.hidden_because:
        yield say(
            "Nothing is told of how many opened {issue}: {reason}",
            issue=within,
            reason=issue.hidden_because,
        )
    elif issue.shown.source:
        yield say("How many opened {issue} is not known.", issue=within)
    else:
        yield say("Nobody counted how many opened {issue}.", issue=within)


def _of_its_days(issue: IssueFigures, now: dt.datetime) -> Iterator[Wording]:
    if issue.is_final or not issue.shown.source:
        return
    if now < issue.sent_at + dt.timedelta(days=issue.window_days):
        yield say_many(
            "Its first day is not over, so more may come.",
            "Its first {n} days are not over, so more may come.",
            n=issue.window_days,
        )
    else:
        yield say("What is told late of its first days may still be added.")


def _of_what_is_seen(issue: IssueFigures, told: OpenRange) -> Iterator[Wording]:
    mailed = issue.delivered.delivered or issue.delivered.sent
    if told.outer.of < mailed:
        yield say(
            "Opens are counted of {counted:,} of the {mailed:,} readers.",
            counted=told.outer.of,
            mailed=mailed,
        )
    if told.least and told.most:
        yield say(
            "{seen:,} were seen to open it; {unknown:,} more opens may be those of programs, and "
            "the mail programs of {hidden:,} readers hide whether they opened it. Who reads "
            "without pictures is seen only if they click.",
            seen=told.least.count,
            unknown=told.most.count - told.least.count,
            hidden=told.outer.count - told.most.count,
        )
    else:
        yield say(
            "Nobody tells opens of people from those of programs here, so fewer may have opened "
            "it. Who reads without pictures is seen only if they click."
        )


def _of_comparisons(issue: IssueFigures, issues: Sequence[IssueFigures]) -> Iterator[Wording]:
    year = comparable_year(issues)
    if not issue.open_range or issue not in year[-1:] or len(issues) < 2:
        return
    before = issues[-2]
    if before.is_final:
        alike = before.open_range if before in year else None
        apart = range_difference([issue.open_range], [alike]) if alike else None
        name = _name(before, issues, _WITHIN)
        yield _of_the_one_before(apart, name) if apart else _why_alone(issue, before, name)
    ranges = [one.open_range for one in year[:-1] if one.open_range]
    mean = range_difference([issue.open_range], ranges) if len(ranges) >= _FEWEST else None
    if mean:
        yield _of_the_mean(mean, len(ranges))


def _why_alone(issue: IssueFigures, other: IssueFigures, name: Wording) -> Wording:
    """Say why the range of an issue cannot be compared with what is told of another."""
    if other.open_range is None:
        return say(
            "It cannot be compared with {before}: how many opened that one is not known.",
            before=name,
        )
    ranges = (issue.open_range, other.open_range)
    are_told_apart = {bool(one and one.least and one.most) for one in ranges}
    if not are_counted_alike(issue, other) or len(are_told_apart) > 1:
        return say(
            "It cannot be compared with {before}: they were not counted in the same way.",
            before=name,
        )
    if are_told_apart == {False}:
        return say(
            "It cannot be compared with {before}: nobody tells opens of people from those of "
            "programs.",
            before=name,
        )
    return say("It cannot be compared with {before}, which is at least a year older.", before=name)


def _of_the_one_before(apart: tuple[float, float], before: Wording) -> Wording:
    low, high = apart
    if low > 0:
        return say(
            "A larger share opened it than {before}, by {low:.1f}–{high:.1f} percentage points.",
            before=before,
            low=100 * low,
            high=100 * high,
        )
    if high < 0:
        return say(
            "A smaller share opened it than {before}, by {low:.1f}–{high:.1f} percentage points.",
            before=before,
            low=-100 * high,
            high=-100 * low,
        )
    return say("No difference from {before} can be told.", before=before)


def _of_the_mean(apart: tuple[float, float], number: int) -> Wording:
    low, high = apart
    if low > 0:
        return say(
            "The share is larger than the mean of the {issues} issues of a year before it, by "
            "{low:.1f}–{high:.1f} percentage points.",
            issues=number,
            low=100 * low,
            high=100 * high,
        )
    if high < 0:
        return say(
            "The share is smaller than the mean of the {issues} issues of a year before it, by "
            "{low:.1f}–{high:.1f} percentage points.",
            issues=number,
            low=-100 * high,
            high=-100 * low,
        )
    return say(
        "No difference from the mean of the {issues} issues of a year before it can be told.",
        issues=number,
    )


def _of_clicks(issue: IssueFigures) -> Iterator[Wording]:
    """Say how many followed links."""
    clicks, told = replace(issue.shown.clicks, hidden=0), click_range(issue.shown)
    if told and told.least and not issue.hidden_because:
        yield say("A link in it was followed by {share} of readers.", share=_between(*told.bounds))
    elif clicks.human is not None and (clicks.total or not issue.hidden_because):
        yield _followed(clicks)


def _of_the_mail(issue: IssueFigures) -> Iterator[Wording]:
    told = issue.delivered
    if told.delivered is not None:
        yield say(
            "{delivered:,} of {sent:,} mails arrived.", delivered=told.delivered, sent=told.sent
        )
    if told.unsubscribed == 0:
        yield say("Nobody left after it.")
    elif told.unsubscribed:
        yield say_many(
            "One reader left after it.", "{n:,} readers left after it.", n=told.unsubscribed
        )
    if told.complained:
        yield say_many(
            "One reader called it spam.", "{n:,} readers called it spam.", n=told.complained
        )


def _of_sections(sections: Sequence[BestRead]) -> Iterator[Wording]:
    for ahead in (section for section in sections if section.is_ahead):
        if not ahead.clickers.count:
            yield say(
                "“{section}” is followed the most of the sections that come back, but nobody tells "
                "how much of that is by machines: in {issues} issues {share} of readers followed a "
                "link there.",
                section=ahead.name,
                issues=ahead.issues,
                share=_between(*ahead.bounds),
            )
            continue
        yield say(
            "“{section}” is the most read of the sections that come back: in {issues} issues "
            "{share} of readers followed a link there.",
            section=ahead.name,
            issues=ahead.issues,
            share=_between(*ahead.bounds),
        )
    if len(sections) > 1 and not any(section.is_ahead for section in sections):
        yield say("Of the sections that come back, none can be told to be read the most.")


def _of_growth(growth: Sequence[MonthOfGrowth]) -> Iterator[Wording]:
    year = growth[-13:]
    if len(year) < 3:
        return
    months, now, then = len(year) - 1, year[-1].at_end, year[0].at_end
    if now > then:
        yield say(
            "The list has {now:,} readers, {more:,} more than {months} months before.",
            now=now,
            more=now - then,
            months=months,
        )
    elif now < then:
        yield say(
            "The list has {now:,} readers, {fewer:,} fewer than {months} months before.",
            now=now,
            fewer=then - now,
            months=months,
        )
    else:
        yield say(
            "The list has {now:,} readers, as many as {months} months before.",
            now=now,
            months=months,
        )


def _name(
    issue: IssueFigures, issues: Sequence[IssueFigures], months: Sequence[Wording]
) -> Wording:
    """Return what an issue is called: by its month, where it is the only one of that month."""
    month = (issue.date.year, issue.date.month)
    if [(one.date.year, one.date.month) for one in issues].count(month) == 1:
        return months[issue.date.month - 1]
    if months is _FIRST:
        return say("Issue {issue}", issue=issue.issue)
    return say("issue {issue}", issue=issue.issue)


def _says_something(low: float, high: float) -> bool:
    return (f"{low:.0%}", f"{high:.0%}") != ("0%", "100%")


def _between(low: float, high: float) -> Wording:
    """Return a range of shares in words; a bound that rounds to nothing, or to all, is none."""
    first, last = f"{low:.0%}", f"{high:.0%}"
    if first == last:
        return say("{high:.0%}", high=high)
    if first == "0%":
        return say("at most {high:.0%}", high=high)
    if last == "100%":
        return say("at least {low:.0%}", low=low)
    return say("{low:.0f}–{high:.0%}", low=100 * low, high=high)


def _loaded(issue: Wording, times: Split) -> Wording:
    low, high = _ends(times)
    if low == high == 1:
        return say("The pictures of {issue} were loaded once for a person.", issue=issue)
    return say(
        "The pictures of {issue} were loaded {times} times for people; for how many of them "
        "is not known.",
        issue=issue,
        times=_numbers(low, high),
    )


def _followed(times: Split) -> Wording:
    low, high = _ends(times)
    if low == high == 1:
        return say("A person followed a link in it once.")
    return say("People followed its links {times} times.", times=_numbers(low, high))


def _ends(times: Split) -> tuple[int, int]:
    """Return how often people did something: at least and at most."""
    low = times.human or 0
    hidden = times.machine if times.hidden is None else times.hidden
    return low, low + (times.unknown or 0) + (hidden or 0)


def _numbers(low: int, high: int) -> Wording:
    return (
        say("{count:,}", count=low) if low == high else say("{low:,}–{high:,}", low=low, high=high)
    )
