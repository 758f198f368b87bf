"""What a report tells of one issue: its sums, its links, its sections, its groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newsletter.drawing import (
    NOT_KNOWN,
    NOT_TOLD,
    Calendar,
    Grid,
    bounced_told,
    count,
    count_range,
    part,
    percent,
    percent_ranges,
    range_told,
    share_range,
    silence_of,
)
from newsletter.language import Wording, say
from newsletter.model.figures import (
    BestRead,
    GroupFigures,
    IssueFigures,
    OpenRange,
    SectionFigures,
    Split,
)
from newsletter.stats_report.charts import Head, HeatDrawing, draw_heat
from newsletter.stats_report.followed import (
    READERS,
    TIMES,
    Followed,
    followed_in,
    harmless_words,
    knows_people,
    languages_of,
    measure_of,
    ranked,
)

_UNSORTED = say("people or machines, nobody tells which")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A figure that stands by itself, large."""

    name: str
    number: str
    more: str = ""  # said in small below it

    @property
    def is_known(self) -> bool:
        """Return whether there is a figure."""
        return self.number not in (NOT_KNOWN, NOT_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFollowed:
    """How the links of one language's edition were followed."""

    language: str  # its name
    drawing: HeatDrawing
    links: Sequence[Followed]  # those that were followed most first
    most: int  # of any link
    measure: str  # what is counted


def sums_of(issue: IssueFigures) -> list[Sum]:
    """Return the few figures of an issue that everybody asks for."""
    told = issue.delivered
    of_sent = part(told.delivered, told.sent)
    sums = [
        Sum(
            name=say("Delivered"),
            number=count(told.delivered),
            more=say("of {sent:,} sent, {share}", sent=told.sent, share=percent(of_sent))
            if of_sent is not None
            else say("of {sent:,} sent", sent=told.sent),
        )
    ]
    if issue.open_range:
        of = issue.open_range.outer.of
        sums.append(
            Sum(
                name=say("Opened"),
                number=range_told(issue.open_range),
                more=say("of {of:,} whose opens can be seen", of=of),
            )
        )
    else:
        sums.append(_loaded(issue))
    sums.append(_clicked(issue))
    sums.append(Sum(name=say("Bounced"), number=bounced_told(told)))
    sums.append(Sum(name=say("Left since"), number=count(told.unsubscribed)))
    sums.append(Sum(name=say("Replied"), number=count(told.replied)))
    return sums


def _loaded(issue: IssueFigures) -> Sum:
    """Return how often pictures were loaded by no machine, where no share of readers is known."""
    times = issue.shown.opens
    if times.human is None:
        return Sum(name=say("Opened"), number=silence_of(issue))
    more = say(
        "but for {machines:,} by machines; nobody is told apart", machines=times.machine or 0
    )
    return Sum(name=say("Image loads"), number=count_range(times), more=more)


def _clicked(issue: IssueFigures) -> Sum:
    shown = issue.shown
    people, times = shown.clickers, shown.clicks
    if people.human is not None:
        more = _share_of(people, issue.click_range)
        return Sum(name=say("Followed a link"), number=count_range(people), more=more)
    if people.unknown is not None:
        return Sum(name=say("Followed a link"), number=count(people.unknown), more=_UNSORTED)
    if times.human is not None:
        more = say("likely by people") if knows_people([times]) else _UNSORTED
        return Sum(name=say("Clicks"), number=count_range(times), more=more)
    if times.unknown is not None:
        return Sum(name=say("Clicks"), number=count(times.unknown), more=_UNSORTED)
    return Sum(name=say("Followed a link"), number=silence_of(issue))


def _share_of(people: Split, told: OpenRange | None) -> str:
    """Return in which range the share lies that followed a link, and whether they were people."""
    is_certain = knows_people([people])
    if told is None:
        return say("likely people") if is_certain else _UNSORTED
    if not is_certain:
        return say("{share}, {whose}", share=range_told(told), whose=_UNSORTED)
    between, of = range_told(told), told.outer.of
    return say("likely people; {range} of {of:,} readers", range=between, of=of)


def editions_of(
    issue: IssueFigures, titles: Callable[[str], str], calendar: Calendar
) -> list[EditionFollowed]:
    """Return how the links of each edition of an issue were followed; none if it is not known.

    `titles` tells what the newsletter is called in a language.
    """
    measure = measure_of(issue.shown.links)
    editions: list[EditionFollowed] = []
    for language in languages_of(issue):
        followed = followed_in(issue, language)
        heat = draw_heat(
            [one for one in followed if one.at],
            measure,
            name=f"heat-{len(editions) + 1}",
            head=Head(
                title=harmless_words(titles(language)),
                subject=harmless_words(issue.subject) if language == issue.language else "",
            ),
            calendar=calendar,
        )
        editions.append(
            EditionFollowed(
                language=calendar.tongue(language),
                drawing=heat,
                links=ranked(followed),
                most=max((one.number or 0 for one in followed), default=0),
                measure=measure.words,
            )
        )
    return editions


def sections_of(issue: IssueFigures, calendar: Calendar) -> Grid | None:
    """Return how much each section was followed; None if nothing is known of sections.

    By readers, if these are told apart, else by clicks, of which no share can be made. Languages
    are told where an issue has several.
    """
    has_several = len({section.language for section in issue.sections}) > 1
    named = [
        _name_of(one.name, calendar.tongue(one.language) if has_several else "")
        for one in issue.sections
    ]
    if any(section.clickers for section in issue.sections):
        is_certain = any(one.clickers and one.clickers.count for one in issue.sections)
        readers = READERS.words if is_certain else say("Readers")
        heads = [say("Section"), readers, say("Share"), say("95% interval")]
        intervals = percent_ranges([section.bounds for section in issue.sections])
        told = list(map(_readers_of, issue.sections, intervals))
    elif any(section.clicks.human is not None for section in issue.sections):
        is_certain = knows_people(section.clicks for section in issue.sections)
        heads = [say("Section"), TIMES.words if is_certain else say("Clicks")]
        told = [[count_range(section.clicks)] for section in issue.sections]
    else:
        return None
    return Grid(heads=heads, rows=[[name, *cells] for name, cells in zip(named, told, strict=True)])


def _readers_of(section: SectionFigures, interval: Wording) -> list[Wording]:
    """Return the readers of a section, their share, and its interval; ranges where they are."""
    least = section.clickers
    if least is None:
        return [NOT_KNOWN] * 3
    readers = section.readers
    return [count_range(readers), share_range(readers, least.of), interval]


def _name_of(section: str, language: str) -> str:
    name = harmless_words(section) or say("Above the first heading")
    return say("{section} ({language})", section=name, language=language) if language else name


def groups_of(by: str, groups: Sequence[GroupFigures], calendar: Calendar) -> Grid:
    """Return what is told of groups of an issue's readers, by language or an attribute."""
    heads = [say("Group"), say("Readers"), say("Opened"), say("Followed a link")]
    named = calendar.tongue if by == "language" else harmless_words
    rows = [_group(group, named) for group in groups]
    mails = [group.delivered for group in groups]
    if any(mail.bounced is not None or mail.bounced_at_least for mail in mails):
        heads.append(say("Bounced"))
        rows = [[*row, bounced_told(mail)] for row, mail in zip(rows, mails, strict=True)]
    return Grid(heads=heads, rows=rows)


def _group(group: GroupFigures, named: Callable[[str], str]) -> list[str]:
    return [
        named(group.name) or say("all others"),
        count(group.delivered.readers),
        range_told(group.open_range),
        count_range(group.clickers),
    ]


def best_read_of(sections: Sequence[BestRead]) -> Grid | None:
    """Return the sections that are read most over the year; None if nothing is known of any."""
    if not sections:
        return None
    heads = [say("Section"), say("Issues"), say("Share"), say("95% interval")]
    intervals = percent_ranges([section.bounds for section in sections])
    rows: list[list[str]] = [
        [
            _name_of_section(section),
            count(section.issues),
            share_range(section.readers, section.clickers.of),
            interval,
        ]
        for section, interval in zip(sections, intervals, strict=True)
    ]
    return Grid(heads=heads, rows=rows)


def _name_of_section(section: BestRead) -> str:
    name = harmless_words(section.name)
    return say("{section} (ahead of all others)", section=name) if section.is_ahead else name
