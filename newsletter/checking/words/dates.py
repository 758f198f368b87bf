"""Checks that weekdays fit their dates, and that what is announced is still to come."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newsletter.checking.instruments import (
    Day,
    Draft,
    Passage,
    calendar_words,
    checks,
    days_in,
    is_asked,
    line_in,
    names_deadline,
    passages_of,
    shown,
    vocabulary,
)
from newsletter.language import say
from newsletter.model import Finding, Occasion, Rule, walk

# As findings call them, Monday first.
_WEEKDAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÅÄÖ])")
_WHEN = re.compile(vocabulary.PATTERNS["when"], re.I)
_WORD = re.compile(r"[^\W\d_]{2}")
_SOON = dt.timedelta(days=300)  # a last day without a year that is farther ahead is last year's
_PAST = re.compile(vocabulary.PATTERNS["past"], re.I)
_RELATIVE = re.compile(vocabulary.PATTERNS["relative_day"], re.I)


DATE_WEEKDAY = Rule(
    id="date-weekday",
    summary="Each day of the week fits its date",
    source="Gregorian calendar, ISO 8601",
)
DATE_IMPOSSIBLE = Rule(
    id="date-impossible",
    summary="Each date is in the calendar",
    source="Gregorian calendar, ISO 8601",
)
TIME_IMPOSSIBLE = Rule(
    id="time-impossible", summary="Each time is one of the clock", source="ISO 8601"
)
DATE_RELATIVE = Rule(id="date-relative", summary="Days are named, for mail is read later")


@checks(DATE_WEEKDAY, DATE_IMPOSSIBLE, TIME_IMPOSSIBLE, DATE_RELATIVE)
def check_dates(draft: Draft) -> Iterator[Finding]:
    """Dates and times exist, and weekdays fit them."""
    for passage in passages_of(draft):
        for day in days_in(draft, passage.text):
            if fault := _fault_of_day(draft, day):
                yield fault.at(line_in(draft, passage, day.text, start=day.start))
        yield from _impossible_times(draft, passage)
        for word in dict.fromkeys(_RELATIVE.findall(passage.text)):
            yield DATE_RELATIVE.note(
                "“{word}” is another day for those who read the mail later",
                "name the day",
                line=line_in(draft, passage, word),
                word=word,
            )


DATE_PAST = Rule(id="date-past", summary="What readers are asked to do is still possible")
DATE_DEADLINE_AFTER_EVENT = Rule(
    id="date-deadline-after-event", summary="Registration ends before the event begins"
)


@checks(DATE_PAST, DATE_DEADLINE_AFTER_EVENT)
def check_order(draft: Draft) -> Iterator[Finding]:
    """What is announced is still to come, and registration ends before it."""
    yield from _past_events(draft)
    # An event is that of its paragraph, item or row; one announced by a heading, or by a line that
    # says nothing else, “Aika: ke 20.1.2027 klo 9”, is that of its whole section.
    near: dict[tuple[int, int], list[dt.date]] = {}  # by the numbers of passage and line
    wide: dict[tuple[int, int], list[dt.date]] = {}  # by those of the headings
    deadlines: list[tuple[list[dt.date], Passage, Day, dt.date]] = []
    for number, passage in enumerate(passages_of(draft)):
        shared = wide.setdefault(passage.section, [])
        for day, dates, said in _judged(draft, passage):
            own = near.setdefault((number, said.line), [])
            meant = _last_day(dates, draft.issue.date)
            if said.asks and meant < draft.issue.date:
                yield _past(draft, passage, day, meant)
            elif said.is_deadline:
                deadlines.append((own, passage, day, dates[0]))
            elif day.weekday is not None or said.is_timed:
                own.append(dates[0])
                shared += dates[:1] if said.is_for_all else ()
    for own, passage, day, date in deadlines:
        last = max(own or wide[passage.section], default=None)
        if last and date > last:
            yield DATE_DEADLINE_AFTER_EVENT.warning(
                "registration ends on {end}, after the event of {event}",
                "one of the two dates is wrong",
                line=line_in(draft, passage, day.text, start=day.start),
                end=shown(date),
                event=shown(last),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """What a sentence says about its dates, judged once for all of them."""

    line: int  # of the passage
    asks: bool  # readers are asked to do something
    is_deadline: bool
    is_timed: bool  # it gives a time of day
    is_for_all: bool  # it gives the date of its section's event


def _judged(draft: Draft, passage: Passage) -> Iterator[tuple[Day, tuple[dt.date, ...], _Sentence]]:
    """Yield the days of a passage, except past ones, with their dates and context."""
    lines = enumerate(passage.text.split("\n"))
    for line, sentence in ((n, part) for n, text in lines for part in _SENTENCE.split(text)):
        days = days_in(draft, sentence)
        if not days or _PAST.search(sentence):
            continue
        said = _Sentence(
            line=line,
            asks=is_asked(sentence, passage.role),
            is_deadline=names_deadline(sentence),
            is_timed=bool(calendar_words.CLOCK.search(sentence)),
            is_for_all=passage.role == "heading" or _is_bare(sentence, days),
        )
        for day in days:
            if dates := day.dates(draft.issue.date):
                yield day, dates, said


def _is_bare(sentence: str, days: Iterable[Day]) -> bool:
    """Return whether a sentence says when something is, and nothing else."""
    for day in days:
        sentence = sentence.replace(day.text, " ", 1)
    return not _WORD.search(_WHEN.sub("", calendar_words.CLOCK.sub(" ", sentence)))


def _fault_of_day(draft: Draft, day: Day) -> Finding | None:
    """Return what is wrong with a date, or None."""
    if day.is_slashed and not day.is_possible and _swapped(day).is_possible:
        day = _swapped(day)
    if not day.is_possible:
        # Two numbers with dots may be a chapter, a time or a price.
        if day.is_plausible or day.year or (day.weekday is not None and 1 <= day.month <= 12):
            return DATE_IMPOSSIBLE.error(
                "there is no day “{day}”", "look the date up in a calendar", day=day.text
            )
        return None
    dates = day.dates(draft.issue.date)
    if day.weekday is None or dates[0].weekday() == day.weekday:
        return None
    if day.is_slashed and draft.issue.language == "en" and _fits_swapped(day, draft.issue.date):
        return None
    date, right = dates[0], _weekday_like(day, dates[0])
    if len(dates) > 1 and dates[1].weekday() == day.weekday:
        return DATE_WEEKDAY.warning(
            "{date} is a {weekday}; “{wrong}” fits {other}",
            "write the year with the date, or “{right}” as the day of the week",
            date=shown(date),
            weekday=_WEEKDAYS[date.weekday()],
            wrong=day.word,
            other=shown(dates[1]),
            right=right,
        )
    return DATE_WEEKDAY.error(
        "{date} is a {weekday}, not “{wrong}”",
        "write “{right}”, or mend the date",
        date=shown(date),
        weekday=_WEEKDAYS[date.weekday()],
        wrong=day.word,
        right=right,
    )


def _fits_swapped(day: Day, issued: dt.date) -> bool:
    return any(date.weekday() == day.weekday for date in _swapped(day).dates(issued))


def _swapped(day: Day) -> Day:
    """Return a day with the month first, as written in America."""
    return replace(day, day=day.month, month=day.day)


def _weekday_like(day: Day, date: dt.date) -> str:
    """Return a weekday in the same form and length as the one that is wrong."""
    language = day.word_language
    short = {
        number: word for word, number in reversed(calendar_words.SHORT.get(language, {}).items())
    }
    is_short = day.word.lower() in calendar_words.SHORT.get(language, {})
    word = short[date.weekday()] if is_short else calendar_words.NAMES[language][date.weekday()]
    if language == "fi" and day.word.lower().endswith("na"):
        word += "na"  # “keskiviikkona”: on that day
    return word.capitalize() if day.word[0].isupper() else word


def _impossible_times(draft: Draft, passage: Passage) -> Iterator[Finding]:
    for match in calendar_words.clocks_in(passage.text):
        hours = [(match[1], match[2]), (match[3], match[4])]
        if any(_is_impossible(hour, minute) for hour, minute in hours if hour):
            yield TIME_IMPOSSIBLE.error(
                "there is no time “{time}”",
                "hours go to 24, minutes to 59",
                line=line_in(draft, passage, match[0].strip(), start=match.start()),
                time=match[0].strip(),
            )


def _is_impossible(hour: str, minute: str | None) -> bool:
    return int(hour) * 60 + int(minute or 0) > 24 * 60 or int(minute or 0) > 59


def _past_events(draft: Draft) -> Iterator[Finding]:
    for block in walk(draft.issue.blocks):
        if isinstance(block, Occasion) and block.start.date() < draft.issue.date:
            yield DATE_PAST.warning(
                "“{event}” is on {day}, before the date of the issue",
                "mend the date, or leave the event out",
                line=draft.line_of(f"events.{block.name}.start") or block.line,
                event=block.title,
                day=shown(block.start),
            )


def _last_day(dates: tuple[dt.date, ...], issued: dt.date) -> dt.date:
    """Return which date a deadline for readers means."""
    return dates[-1] if dates[0] - issued > _SOON else dates[0]


def _past(draft: Draft, passage: Passage, day: Day, date: dt.date) -> Finding:
    return DATE_PAST.warning(
        "“{day}” ({date}) is before the date of the issue"
        if day.year is None
        else "“{day}” is before the date of the issue",
        "mend the date, or leave the request out",
        line=line_in(draft, passage, day.text, start=day.start),
        day=day.text,
        date=shown(date),
    )
