"""Events of the front matter are read with their times, each mistake with its line and cure."""

import datetime as dt

import pytest

from newsletter.model import Occasion, Severity
from tests.content.conftest import FRONT, Read, Refuse

EVENT_LINE = 5  # dashes, subject, date and "events:" stand above it


def events(*lines: str) -> str:
    """Return front matter with one event of these lines."""
    return "\n".join([FRONT, "events:", "  day:", *(f"    {line}" for line in lines)])


GOOD = ("title: Theme day", "start: 2026-12-09 09:00")


def test_an_event_shows_what_the_front_matter_tells(read: Read) -> None:
    front = events(
        *GOOD,
        "end: 15:00",
        "place: Town hall",
        "online: https://example.org/o",
        "url: https://example.org/r",
        "deadline: 2026-12-02",
    )

    heading, event = read("## a\n\n::: event day\nCome *along*.\n:::", front=front).blocks

    assert event == Occasion(
        line=event.line,
        name="day",
        title="Theme day",
        title_html="Theme day",
        start=dt.datetime(2026, 12, 9, 9, 0),  # noqa: DTZ001 - on the readers' clock
        end=dt.datetime(2026, 12, 9, 15, 0),  # noqa: DTZ001 - as above
        place="Town hall",
        place_html="Town hall",
        online="https://example.org/o",
        url="https://example.org/r",
        deadline=dt.date(2026, 12, 2),
        html="<p>Come <em>along</em>.</p>",
        level=3,
    )
    assert event.line == heading.line + 2


def test_a_street_and_its_number_stay_on_one_line(read: Read) -> None:
    front = events(*GOOD, "place: Sturegatan 4, 00510 Helsingfors")

    (event,) = read("::: event day\n:::", front=front).blocks

    assert isinstance(event, Occasion)
    assert event.place_html == "Sturegatan\xa04, 00510 Helsingfors"
    assert event.place == "Sturegatan 4, 00510 Helsingfors"


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("2026-12-09 09:00", 9, 0),
        ("2026-12-09 09:00:00", 9, 0),  # YAML reads it as a time itself
        ("2026-12-09T14:30", 14, 30),
        ("2026-12-09 14.30", 14, 30),  # as Finns write
        ('"2026-12-09 14:30"', 14, 30),
    ],
)
def test_a_start_may_be_written_in_any_of_these_ways(
    written: str, hour: int, minute: int, read: Read
) -> None:
    issue = read("::: event day\n:::", front=events("title: a", f"start: {written}"))

    (event,) = issue.blocks
    assert isinstance(event, Occasion)
    assert (event.start.hour, event.start.minute) == (hour, minute)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("15:00", (9, 15, 0)),  # YAML reads a number to the base of 60
        ("15:45", (9, 15, 45)),
        ('"09.30"', (9, 9, 30)),
        ("2026-12-10 12:00", (10, 12, 0)),
    ],
)
def test_an_end_is_a_time_or_a_day_and_a_time(
    written: str, end: tuple[int, int, int], read: Read
) -> None:
    issue = read("::: event day\n:::", front=events(*GOOD, f"end: {written}"))

    (event,) = issue.blocks
    assert isinstance(event, Occasion)
    assert event.end is not None
    assert (event.end.day, event.end.hour, event.end.minute) == end


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (("start: 2026-12-09 09:00",), 0, "has no “title”"),
        (("title: a",), 0, "has no “start”"),
        (("title: a", "start: 2026-12-09"), 2, "a day and a time"),
        (("title: a", "start: soon"), 2, "a day and a time"),
        (("title: a", "start: 2026-13-09 09:00"), 2, "“start”"),
        ((*GOOD, "end: 15.3"), 3, "“end”"),
        ((*GOOD, "end: 99999999999999999999"), 3, "“end”"),
        ((*GOOD, "end: -99999999999999999999"), 3, "“end”"),
        ((*GOOD, "end: 08:00"), 0, "ends before it begins"),
        ((*GOOD, "deadline: 2026-12-10"), 0, "deadline is after"),
        ((*GOOD, "deadline: soon"), 3, "“deadline”"),
        ((*GOOD, "url: example.org"), 3, "expected an address"),
        ((*GOOD, "plase: a"), 3, "unknown key “plase”"),
        (("title: 7", "start: 2026-12-09 09:00"), 1, "“title”"),
        (("title: ''", "start: 2026-12-09 09:00"), 1, "“title”"),
    ],
)
def test_a_mistake_of_an_event_is_named_with_its_line(
    lines: tuple[str, ...], line: int, message: str, refuse: Refuse
) -> None:
    [finding] = refuse("::: event day\n:::", front=events(*lines))

    assert (finding.id, finding.line) == ("front-matter", EVENT_LINE + line)
    assert message in finding.message
    assert "“day”" in finding.message
    assert finding.hint or "ends before" in message or "deadline is" in message


@pytest.mark.parametrize(
    ("value", "message"), [("soon", "a name for each event"), ("[a]", "a name for each event")]
)
def test_events_that_are_no_table_are_refused(value: str, message: str, refuse: Refuse) -> None:
    [finding] = refuse("a", front=f"{FRONT}\nevents: {value}")

    assert (finding.id, finding.line) == ("front-matter", EVENT_LINE - 1)
    assert message in finding.message


def test_an_event_without_facts_is_refused(refuse: Refuse) -> None:
    findings = refuse("::: event day\n:::", front=f"{FRONT}\nevents:\n  day: soon")

    assert [(f.id, f.line) for f in findings] == [("front-matter", EVENT_LINE)]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("dya", "did you mean “day”?"), ("picnic", "known: day"), ("", "known: day")],
)
def test_an_unknown_event_is_refused_with_the_known_ones(
    name: str, hint: str, refuse: Refuse
) -> None:
    findings = refuse(f"::: event {name}\n:::\n::: event day\n:::", front=events(*GOOD))

    [finding] = [f for f in findings if f.severity is Severity.ERROR]
    assert finding.id == "directive-event"
    assert finding.hint == hint


def test_an_event_holds_text_alone(refuse: Refuse) -> None:
    [finding] = refuse("::: event day\n## a\n:::", front=events(*GOOD))

    assert finding.id == "directive-event"


def test_an_event_that_nothing_shows_is_a_warning(read: Read) -> None:
    [finding] = read("a", front=events(*GOOD)).findings

    assert (finding.id, finding.severity) == ("event-unshown", Severity.WARNING)
    assert finding.line == EVENT_LINE


@pytest.mark.parametrize(
    ("above", "level"), [("", 2), ("## a\n\n", 3), ("## a\n\n### b\n\n", 4), ("###### a\n\n", 6)]
)
def test_the_title_of_an_event_is_a_heading_below_the_one_above(
    above: str, level: int, read: Read
) -> None:
    issue = read(f"{above}::: event day\n:::", front=events(*GOOD))

    assert isinstance(issue.blocks[-1], Occasion)
    assert issue.blocks[-1].level == level
