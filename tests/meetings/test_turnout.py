"""What became of a meeting is told in numbers that name nobody."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from newsletter.language import say
from newsletter.meetings.turnout import Turnout, turnout_of
from newsletter.model.figures import IssueFigures, LinkCounts, Split
from newsletter.model.meeting import (
    Attending,
    Meeting,
    MeetingText,
    Registration,
    RegistrationState,
)
from tests.stats import specimens

NOW = dt.datetime(2026, 12, 4, tzinfo=dt.UTC)
SITE, REMOTE = Attending.ON_SITE, Attending.REMOTE
MEETING = Meeting(
    id="teema",
    path="meetings/teema.md",
    texts={"fi": MeetingText(title="Teemapäivä")},
    start=dt.datetime(2026, 12, 3, 9),  # noqa: DTZ001 - on the clock of its place
    end=dt.datetime(2026, 12, 3, 15),  # noqa: DTZ001
    zone=ZoneInfo("Europe/Helsinki"),
    seats={SITE: 30, REMOTE: None},
)


def people(
    many: int,
    state: RegistrationState = RegistrationState.REGISTERED,
    way: Attending = SITE,
    **facts: str | Attending,
) -> list[Registration]:
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    one = Registration(
        id=1,
        key="k",
        uid="u",
        meeting="teema",
        address="a@example.org",
        name="A",
        attending=way,
        state=state,
        wanted_at=at,
        changed_at=at,
    )
    return [replace(one, **facts)] * many  # type: ignore[arg-type]


def issue(*links: LinkCounts, hidden: bool = False, rehearsal: bool = False) -> IssueFigures:
    one = specimens.issue(5)
    return replace(
        one,
        shown=replace(one.shown, links=links),
        hidden_because=say("too few") if hidden else None,
        is_rehearsal=rehearsal,
    )


def link(url: str, human: int | None, language: str = "fi") -> LinkCounts:
    split = Split(human=human)
    return LinkCounts(number=1, url=url, words="", section="", language=language, people=split)


def told(
    registrations: Sequence[Registration] = (), issues: Sequence[IssueFigures] = ()
) -> Turnout:
    return turnout_of(MEETING, registrations, issues, now=NOW)


def test_registrations_are_counted_by_way_and_those_in_line_apart() -> None:
    found = told(
        [
            *people(3),
            *people(2, way=REMOTE),
            *people(4, RegistrationState.WAITING),
            *people(1, RegistrationState.OFFERED),
            *people(5, RegistrationState.CANCELLED),
            *people(6, RegistrationState.WANTED),
        ]
    )

    assert found.registered == {SITE: 3, REMOTE: 2}
    assert (found.waiting, found.cancelled) == (5, 5)
    assert found.is_over


def test_who_came_is_counted_by_how_they_took_part_and_nobody_marked_is_not_known() -> None:
    found = told([*people(2, came=SITE), *people(1, came=REMOTE), *people(3)])

    assert (found.came, found.is_known) == ({SITE: 2, REMOTE: 1}, True)
    assert not told(people(3)).is_known


def test_regions_are_told_from_five_people_on_and_never_how_many_there_were() -> None:
    found = told([*people(5, region="19"), *people(4, region="18"), *people(9, region="06")])

    assert found.regions == ("06", "19")


def test_an_issue_that_leads_to_the_page_is_an_invitation() -> None:
    page = "https://n.example/kirje/meetings/teema"
    both = issue(link(page, 4), link(f"{page}/", 3, "sv"), link("https://n.example/x", 9))
    other = issue(link("https://n.example/kirje/meetings/teema-2", 4))

    [invitation] = told(issues=[both, other]).invitations

    assert invitation.clicked == 7
    assert invitation.invited == both.delivered.readers
    assert invitation.seen == both.open_range


def test_of_few_readers_no_clicks_are_told_and_a_rehearsal_invites_nobody() -> None:
    page = link("https://n.example/meetings/teema", 4)

    [hidden] = told(issues=[issue(page, hidden=True), issue(page, rehearsal=True)]).invitations
    [unknown] = told(issues=[issue(replace(page, people=Split()))]).invitations

    assert (hidden.clicked, unknown.clicked) == (None, None)
