"""An issue that names a meeting has its facts, and its link, from the meeting's own file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content import find_announced, read_issue
from newsletter.errors import FindingsError
from newsletter.model import Issue, Occasion, walk
from newsletter.render.occasions import format_deadline, format_when

MEETING = """\
---
title: Teemapäivä
start: 2027-01-20 09:00
end: 15:00
deadline: 2027-01-12
place: Kohtaamo
address: Katu 1, Helsinki
{more}
---
Tervetuloa.
"""
REMOTE = "remote: https://meet.example.org/kohtaus-123"
SWEDISH = "---\ntitle: Temadag\nplace: Mötesplatsen\n---\nVälkommen.\n"
ISSUE = """\
---
subject: Kirje
date: 2026-12-15
{more}
---
::: event paiva
Ota eväät mukaan.
:::
"""


def issue_in(
    root: Path, *, language: str = "fi", meeting: str = MEETING.format(more=""), more: str = ""
) -> Issue:
    for folder, name, text in (
        ("issues", "2026-12.md", ISSUE.format(more=more)),
        ("meetings", "paiva.md", meeting),
        ("meetings", "paiva.sv.md", SWEDISH),
    ):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / name).write_text(text, encoding="utf-8")
    announced = find_announced(
        root / "meetings",
        language="fi",
        zone=ZoneInfo("Europe/Helsinki"),
        public_url="https://news.example.org",
    )
    path = root / "issues" / "2026-12.md"
    return read_issue(path, root=root, language=language, announced=announced)


def shown(issue: Issue) -> Occasion:
    [found] = [block for block in walk(issue.blocks) if isinstance(block, Occasion)]
    return found


def test_time_place_deadline_and_link_are_the_meetings(tmp_path: Path) -> None:
    block = shown(issue_in(tmp_path))

    assert block.title == "Teemapäivä"
    assert block.place == "Kohtaamo, Katu 1, Helsinki"
    assert block.url == "https://news.example.org/meetings/paiva?lang=fi"
    assert block.html == "<p>Ota eväät mukaan.</p>"
    assert format_when(block, language="fi") == "keskiviikko 20.1.2027 klo 9–15"
    assert "12.1.2027" in format_deadline(block, language="fi")


def test_each_language_has_its_own_words(tmp_path: Path) -> None:
    block = shown(issue_in(tmp_path, language="sv"))

    assert (block.title, block.place) == ("Temadag", "Mötesplatsen, Katu 1, Helsinki")


@pytest.mark.parametrize(
    ("language", "clock"),
    [("fi", "Suomen aikaa"), ("sv", "finsk tid"), ("en", "Finnish time")],
)
def test_whoever_may_be_elsewhere_is_told_by_whose_clock_it_is(
    tmp_path: Path, language: str, clock: str
) -> None:
    block = shown(issue_in(tmp_path, language=language, meeting=MEETING.format(more=REMOTE)))

    assert format_when(block, language=language).endswith(f"({clock})")


def test_the_link_of_a_meeting_is_never_in_an_issue(tmp_path: Path) -> None:
    issue = issue_in(tmp_path, meeting=MEETING.format(more=REMOTE))

    assert "kohtaus-123" not in repr(issue)


def test_an_issue_changes_with_the_meetings_file(tmp_path: Path) -> None:
    issue_in(tmp_path)

    moved = issue_in(tmp_path, meeting=MEETING.format(more="").replace("-20 09", "-21 09"))

    assert shown(moved).start.day == 21


def test_an_event_of_the_front_matter_goes_on_working_and_may_not_have_its_name(
    tmp_path: Path,
) -> None:
    event = "  {name}:\n    title: Oma\n    start: 2027-02-01 12:00\n"
    own = f"events:\n{event.format(name='toinen')}"
    assert shown(issue_in(tmp_path, more=own)).title == "Teemapäivä"

    with pytest.raises(FindingsError) as caught:
        issue_in(tmp_path, more=f"events:\n{event.format(name='paiva')}")

    [finding] = caught.value.findings
    assert (finding.path, finding.line) == ("issues/2026-12.md", 5)
    assert "both an event of this issue and a meeting" in finding.message


def test_a_meeting_that_cannot_be_read_is_told_of_where_it_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        issue_in(tmp_path, meeting=MEETING.format(more="").replace("end: 15:00", "end: 25:00"))

    [finding] = caught.value.findings
    assert (finding.path, finding.line) == ("meetings/paiva.md", 4)
