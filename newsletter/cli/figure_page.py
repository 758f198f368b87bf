"""All that is known of one issue, on a terminal of any width."""

from collections.abc import Mapping, Sequence
from itertools import count
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter.cli.figure_signs import (
    count_bar,
    hours_line,
    number,
    people,
    range_bar,
    share_bar,
    times,
)
from newsletter.cli.fitted_tables import Column, cut, fixed, print_fitted
from newsletter.cli.telling import in_words, spoken, wrap_words
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model.figures import (
    Counts,
    GroupFigures,
    IssueFigures,
    LinkCounts,
    OpenRange,
    SectionFigures,
    Share,
    Split,
)
from newsletter.stats_report import (
    Calendar,
    changes_of,
    percent,
    percent_range,
    percent_ranges,
    range_told,
)

_LEAST_BAR, _BAR, _WIDEST_BAR = 8, 24, 60
_LEAST_WORDS, _WORDS, _ADDRESS = 14, 60, 80
_MARKS = (1, 6, 24, 72)  # hours after which it is told how many opens were there


def print_issue(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    """Print a page about an issue: its mail, its readers, what they followed, and when."""
    _print_mail(console, issue, zone)
    _print_heading(console, say("Opened"))
    _print_opened(console, issue)
    _print_source(console, issue, zone)
    if issue.shown.links:
        _print_heading(console, say("Links"))
        _print_links(console, issue.shown.links)
    if issue.sections:
        _print_heading(console, say("Sections"))
        _print_sections(console, issue.sections)
    if any(issue.shown.curve):
        _print_hours(console, issue.shown)
    for by, groups in issue.groups.items():
        _print_groups(console, by, groups)
    _print_whole(console, issue, zone)
    if issue.revisions:
        _print_heading(console, say("Changed after its days were over"))
        for change in changes_of([issue], Calendar(spoken(), zone.key)):
            _print(console, change)


# --- the mail -----------------------------------------------------------------------------


def _print_mail(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    name = say("{issue} (rehearsal)", issue=issue.issue) if issue.is_rehearsal else issue.issue
    console.print(escape(f"{in_words(name)}  {issue.subject}"), style="bold", highlight=False)
    mail = issue.delivered
    state = say("final") if issue.is_final else say("still being counted")
    hard, soft = _known(mail.bounced_hard), _known(mail.bounced_soft)
    delivered = _known(mail.delivered)
    rows: dict[Wording, str] = {
        say("Sent"): say("{at:%Y-%m-%d %H:%M}", at=issue.sent_at.astimezone(zone)),
        say("Counted for"): say_many(
            "{n} day, {state}", "{n} days, {state}", n=issue.window_days, state=state
        ),
        say("Delivered"): say("{delivered} of {sent:,}", delivered=delivered, sent=mail.sent),
        say("Bounced"): say("{hard} for good, {soft} for now", hard=hard, soft=soft),
        say("Left since"): _known(mail.unsubscribed),
        say("Complained"): _known(mail.complained),
        say("Replied"): _known(mail.replied),
    }
    _print_rows(console, rows)


# --- opens --------------------------------------------------------------------------------


def _print_opened(console: Console, issue: IssueFigures) -> None:
    if issue.hidden_because:
        _print(console, say("Not told: {why}.", why=issue.hidden_because))
        if issue.shown.source is None:
            _print(console, say("Of issues to come, “newsletter setup” asks who counts them."))
    elif issue.open_range:
        _print_range(console, issue.open_range)
    else:
        _print(console, say("How many readers opened it is not known."))
    if not issue.open_range and (loaded := times(issue.shown.opens)):
        _print(
            console,
            say("Pictures were loaded {times}, but for those loaded by machines.", times=loaded),
        )


def _print_range(console: Console, told: OpenRange) -> None:
    console.print(range_bar(told, min(console.width, _WIDEST_BAR)), highlight=False)
    whole = say("Of {n:,} readers, {range} opened it.", n=told.outer.of, range=range_told(told))
    _print(console, whole)
    bounds: dict[Wording, Share | None] = {
        say("opened by people, likely"): told.least,
        say("with those of whom it is not known"): told.most,
        say("with those whose mail program hides it"): told.outer,
    }
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, share in bounds.items():
        table.add_row(
            escape(in_words(name)),
            number(share.count) if share else in_words(_known(None)),
            in_words(percent(share.value)) if share else "",
            f"({in_words(percent_range((share.low, share.high)))})" if share else "",
        )
    console.print(table)
    _print(
        console,
        say("In brackets: 95% intervals. Who loads no pictures is seen only if they click."),
    )


def _print_source(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    shown = issue.shown
    if shown.source:
        _print(console, say("Source: {why}.", why=issue.why))
    if shown.as_of:
        rules = ", ".join(shown.rules) or say("not known")
        at = shown.as_of.astimezone(zone)
        _print(console, say("Heard last {at:%Y-%m-%d %H:%M}; rules: {rules}.", at=at, rules=rules))
    if issue.others:
        _print(
            console,
            say("Others counted, too: “newsletter stats {issue} --sources”.", issue=issue.issue),
        )


# --- what was followed --------------------------------------------------------------------


def _print_links(console: Console, links: Sequence[LinkCounts]) -> None:
    """Print links, those that most people followed first; times where nobody is told apart."""
    are_people = any(people(link.people) for link in links)
    ranked = sorted(
        links, key=lambda link: (not link.number, _rank(_split(link, are_people=are_people)))
    )
    splits = [_split(link, are_people=are_people) for link in ranked]
    told = people if are_people else times
    heading = say("Readers") if are_people else say("Clicks")
    columns = {
        "rank": fixed("", [f"{place}." for place, _ in zip(count(1), ranked, strict=False)]),
        "words": cut(
            in_words(say("Link")), [_named(link) for link in ranked], _LEAST_WORDS, _WORDS
        ),
        "section": cut(
            in_words(say("Section")), [link.section for link in ranked], _LEAST_WORDS, _WORDS
        ),
        "language": fixed("", _languages(ranked), is_number=False),
        "followed": fixed(in_words(heading), list(map(told, splits))),
        "bar": _bars(splits),
        "machines": fixed(in_words(say("Machines")), [number(s.machine) for s in splits]),
        "address": cut(in_words(say("Address")), [link.url for link in ranked], 24, _ADDRESS),
    }
    wanted = (
        "words", "followed", "language", "rank", "bar", "section", "machines", "address",
    )  # fmt: skip
    print_fitted(console, columns, wanted)


def _print_sections(console: Console, sections: Sequence[SectionFigures]) -> None:
    """Print sections, those first of which most people followed a link."""
    ranked = sorted(sections, key=lambda section: _rank(section.clicks))
    if all(section.clickers for section in sections):
        ranked = sorted(sections, key=lambda section: _rank(section.readers))
    shares = [section.bounds for section in ranked]
    top = max((share[1] for share in shares if share), default=1.0)

    def draw(width: int) -> list[str]:
        return ["", *(share_bar(share, width, top) if share else "" for share in shares)]

    told_of = list(zip(shares, percent_ranges(shares), strict=True))
    columns = {
        "name": cut(in_words(say("Section")), [_section(s) for s in ranked], _LEAST_WORDS, _WORDS),
        "readers": fixed(in_words(say("Readers")), [people(part.readers) for part in ranked]),
        "share": fixed(
            in_words(say("Share")),
            [in_words(told) if share else "" for share, told in told_of],
        ),
        "bar": Column(draw=draw, least=_LEAST_BAR, most=_BAR),
        "clicks": fixed(in_words(say("Clicks")), [times(section.clicks) for section in ranked]),
    }
    print_fitted(console, columns, ("name", "share", "readers", "bar", "clicks"))
    if any(shares):
        _print(console, say("Shares are 95% intervals; bars end at {top}.", top=percent(top)))


def _bars(splits: Sequence[Split]) -> Column:
    top = max((s.human or 0) + (s.unknown or 0) for s in splits)

    def draw(width: int) -> list[str]:
        return ["", *(count_bar(split, width, top) for split in splits)]

    return Column(draw=draw, least=_LEAST_BAR, most=_BAR)


def _split(link: LinkCounts, *, are_people: bool) -> Split:
    return link.people if are_people else link.times


def _rank(split: Split) -> tuple[int, int]:
    return (-(split.human or 0), -(split.unknown or 0))


def _named(link: LinkCounts) -> str:
    return link.words or link.url or in_words(say("all other links of the mail"))


def _section(section: SectionFigures) -> str:
    return section.name or in_words(say("Above the first heading"))


def _languages(links: Sequence[LinkCounts]) -> list[str]:
    """Return the languages of links, if there are several."""
    languages = [_tongue(link.language) for link in links]
    return languages if len(set(languages)) > 1 else [""] * len(links)


def _tongue(code: str) -> str:
    return Calendar(spoken(), "UTC").tongue(code)


# --- when, by whom, until when ------------------------------------------------------------


def _print_hours(console: Console, shown: Counts) -> None:
    """Print how many opens were there after some hours: shares once it is known of how many."""
    of = (shown.opens.human or 0) + (shown.opens.unknown or 0)
    curve, is_over = shown.curve, shown.half_after is not None
    _print_heading(console, say_many("The first hour", "The first {n} hours", n=len(curve)))
    console.print(hours_line(curve, console.width), highlight=False)
    shares = [
        say("{n} h: {share:.0%}", n=hours, share=sum(curve[:hours]) / of)
        if is_over
        else say("{n} h: {opens:,}", n=hours, opens=sum(curve[:hours]))
        for hours in _MARKS
        if of and hours < len(curve) + is_over  # the last one may still be going on
    ]
    if shares:
        _print(console, say("Opens that were there after {shares}.", shares=say_list(shares)))
    if shown.half_after is not None:
        _print(console, say("Half of all opens came within {hours} h.", hours=shown.half_after))
    else:
        _print(
            console, say("When half of them were there is known once the days counted are over.")
        )


def _print_groups(console: Console, by: str, groups: Sequence[GroupFigures]) -> None:
    _print_heading(console, say("By language") if by == "language" else say("By {name}", name=by))
    ranges = [group.open_range for group in groups]

    def draw(width: int) -> list[str]:
        return ["", *(range_bar(told, width) if told else "" for told in ranges)]

    named = _tongue if by == "language" else str
    names = [named(group.name) or in_words(say("all others")) for group in groups]
    readers = [number(group.delivered.readers) for group in groups]
    columns = {
        "name": cut(in_words(say("Group")), names, 10, 40),
        "readers": fixed(in_words(say("Readers")), readers),
        "opened": fixed(
            in_words(say("Opened")), [in_words(range_told(told)) if told else "" for told in ranges]
        ),
        "bar": Column(draw=draw, least=_LEAST_BAR, most=_BAR),
        "clicked": fixed(in_words(say("Clicked")), [people(group.clickers) for group in groups]),
    }
    print_fitted(console, columns, ("name", "opened", "readers", "clicked", "bar"))


def _print_whole(console: Console, issue: IssueFigures, zone: ZoneInfo) -> None:
    whole = issue.whole
    told = {
        say("Opened"): people(whole.openers),
        say("Image loads"): times(whole.opens),
        say("Followed a link"): people(whole.clickers),
        say("Clicks"): times(whole.clicks),
    }
    rows: dict[Wording, str] = {name: value for name, value in told.items() if value}
    if rows and whole.as_of:
        at = whole.as_of.astimezone(zone)
        _print_heading(console, say("Until {at:%Y-%m-%d %H:%M}", at=at))
        _print_rows(console, rows)


# --- how it is printed --------------------------------------------------------------------


def _known(count: int | None) -> Wording:
    return say("not known") if count is None else say("{count:,}", count=count)


def _print(console: Console, words: str) -> None:
    for line in wrap_words(in_words(words), console.width):
        console.print(escape(line), highlight=False)


def _print_heading(console: Console, words: Wording) -> None:
    console.print()
    console.print(escape(in_words(words)), style="bold", highlight=False)


def _print_rows(console: Console, rows: Mapping[Wording, str]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in rows.items():
        table.add_row(escape(in_words(name)), escape(in_words(value)))
    console.print(table)
