"""Writes the report as a mail: the same figures in the same words, without drawings."""

from collections.abc import Iterator, Sequence

from newsletter.drawing import Calendar, count, count_range, range_told, silence_of
from newsletter.language import say, say_in, spoken_language
from newsletter.model.figures import IssueFigures, MonthOfGrowth, Split, StatsReport
from newsletter.stats_report.followed import (
    followed_in,
    harmless_words,
    languages_of,
    measure_of,
    ranked,
)
from newsletter.stats_report.issue_parts import sums_of
from newsletter.stats_report.mail_parts import Listing, Part, Row, Words, write_html, write_text
from newsletter.stats_report.unknowns import list_unknowns, newest_issue, without_rehearsals
from newsletter.stats_report.until_now import until_now

_ISSUES, _LINKS, _MONTHS = 12, 10, 6  # as many as a mail tells of; the page has all


def render_mail(report: StatsReport) -> tuple[str, str]:
    """Return the report as HTML of a mail, and as plain text."""
    calendar = Calendar(report.language, report.timezone)
    title = harmless_words(report.title)
    heading = report.statements[0] if report.statements else say("What is known of the readers")
    parts = list(_parts(report, calendar))
    code = spoken_language(report.language)
    return (
        write_html(title, heading, parts, calendar.said, code),
        write_text(title, heading, parts, calendar.said),
    )


def mail_subject(report: StatsReport) -> str:
    """Return the subject of the mail about the newest issue, in the report's language."""
    newest = newest_issue(report)
    subject = say("{title}: {issue} in figures", title=report.title, issue=newest.issue)
    return say_in(spoken_language(report.language), subject)


def _parts(report: StatsReport, calendar: Calendar) -> Iterator[Part]:
    unknowns = list_unknowns(report)
    report = without_rehearsals(report)
    for words in report.statements[1:]:
        yield Words(words=words)
    if not report.issues:
        yield Words(words=say("No issue was sent yet."))
    else:
        newest = report.issues[-1]
        yield from _newest(newest)
        yield from _until_now(newest, calendar)
        yield from _links(newest, calendar)
        yield _opens(report.issues[-_ISSUES:])
    if report.growth:
        yield _growth(report.growth[-_MONTHS:], calendar)
    yield Words(words=say("What is not known"), is_heading=True)
    yield Words(
        words=say(
            "Whoever reads without pictures is seen in no figure of opens, unless they click."
        )
    )
    for words in unknowns:
        yield Words(words=words)


def _newest(issue: IssueFigures) -> Iterator[Part]:
    rows = [Row(name=one.name, figure=one.number, more=one.more) for one in sums_of(issue)]
    yield Listing(heading=say("The newest issue: {issue}", issue=issue.issue), rows=rows)
    if issue.shown.source:
        yield Words(words=say("Counted by: {source}.", source=issue.shown.source.words))


def _until_now(issue: IssueFigures, calendar: Calendar) -> Iterator[Part]:
    told = until_now(issue, calendar)
    _, first, to_date = told.heads
    rows = [
        Row(name=name, figure=late, more=say("{span}: {figure}", span=first, figure=early))
        for name, early, late in told.rows
    ]
    if rows:
        yield Listing(heading=to_date, rows=rows)


def _links(issue: IssueFigures, calendar: Calendar) -> Iterator[Part]:
    languages = languages_of(issue)
    for language in languages:
        followed = ranked(followed_in(issue, language))[:_LINKS]
        most = max((one.number or 0 for one in followed), default=0) or 1
        rows = [
            Row(
                name=one.words,
                figure=one.told,
                more=one.section,
                band=(0.0, one.number / most) if one.number else None,
            )
            for one in followed
        ]
        heading = say("Links, the most followed first")
        if len(languages) > 1:
            heading = say(
                "{heading} ({language})", heading=heading, language=calendar.tongue(language)
            )
        yield Listing(heading=heading, rows=rows, note=measure_of(issue.shown.links).words)


def _opens(issues: Sequence[IssueFigures]) -> Part:
    loads = [issue.shown.opens for issue in issues]
    most = max((split.human or 0) + (split.unknown or 0) for split in loads)
    if any(issue.open_range for issue in issues) or not most:
        return _ranges(issues)
    rows = [
        Row(name=issue.issue, figure=count_range(split), band=_band(split, most))
        for issue, split in zip(issues, loads, strict=True)
    ]
    note = say("by people, likely, up to all that were by no machine")
    return Listing(heading=say("Image loads of each issue"), rows=rows, note=note)


def _band(split: Split, most: int) -> tuple[float, float] | None:
    low = split.human or 0
    if split.unknown:
        return (low / most, (low + split.unknown) / most)
    return (0.0, low / most) if low else None


def _ranges(issues: Sequence[IssueFigures]) -> Part:
    heading, note = say("How many opened each issue"), say("the range in which the share lies")
    return Listing(heading=heading, rows=[_range(issue) for issue in issues], note=note)


def _range(issue: IssueFigures) -> Row:
    told = issue.open_range
    if told is None:
        figure = silence_of(issue)
        return Row(name=issue.issue, figure=figure)
    return Row(name=issue.issue, figure=range_told(told), band=told.bounds)


def _growth(months: Sequence[MonthOfGrowth], calendar: Calendar) -> Part:
    rows = [
        Row(
            name=calendar.month(month.month),
            figure=count(month.at_end),
            more=say(
                "joined {joined:,}, left {left:,}, taken off after bounces {bounced:,}, "
                "complained {complained:,}",
                joined=sum(month.joined.values()),
                left=month.left,
                bounced=month.bounced,
                complained=month.complained,
            ),
        )
        for month in months
    ]
    return Listing(heading=say("Readers at the end of the month"), rows=rows)
