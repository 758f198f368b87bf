"""A meeting names a survey that those who came can answer, or it is told with file and line."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.feedback_surveys import judge_feedback
from newsletter.content.meeting_files import read_meetings
from newsletter.model import Finding, Meeting

MEETING = """---
title: Teemapäivä
start: 2026-12-09 09:00
end: 15:00
place: Talo
survey: {survey}
{more}---
"""
SURVEY = "---\ntitle: Palaute\nkind: {kind}\n{more}---\n\n## Miten meni?\n\n____\n"


HELSINKI = ZoneInfo("Europe/Helsinki")


def judge(meetings: Iterable[Meeting], root: Path) -> list[Finding]:
    """Judge the surveys of meetings whose people are thanked at nine."""
    return list(
        judge_feedback(
            meetings, root / "surveys", language="fi", zone=HELSINKI, thanks_at=dt.time(9)
        )
    )


@pytest.mark.parametrize(
    ("survey", "file", "told"),
    [
        ("palaute", SURVEY.format(kind="anonymous", more=""), ""),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-31\n"), ""),
        ("palaut", SURVEY.format(kind="named", more=""), "there is no survey “palaut”"),
        ("2027", SURVEY.format(kind="named", more=""), "there is no survey “2027”"),
        ("palaute", "Miten meni?", "cannot be read"),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-08\n"), "closes before"),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-09\n"), "closes before"),
        (
            "palaute",
            SURVEY.format(kind="named", more="closes: 2026-12-10 09:00\n"),
            "closes before",
        ),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-10 09:01\n"), ""),
    ],
)
def test_a_survey_that_nobody_could_answer_is_told_with_file_line_and_cure(
    tmp_path: Path, survey: str, file: str, told: str
) -> None:
    for name, text in (("meetings/day", MEETING.format(survey=survey, more="")),
                       ("meetings/off", MEETING.format(survey="pois", more="cancelled: true\n")),
                       ("surveys/palaute", file)):  # fmt: skip
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found, faults = read_meetings(tmp_path / "meetings", language="fi", zone=HELSINKI)
    assert faults == ()

    findings = judge(found, tmp_path)

    assert [(one.place, told in one.message) for one in findings] == (
        [("meetings/day.md:6", True)] if told else []
    )
    assert all(one.hint for one in findings)


def test_a_survey_closes_by_the_clock_of_the_newsletter_and_thanks_go_by_that_of_the_meeting(
    tmp_path: Path,
) -> None:
    """Nine o'clock in Reykjavik is eleven in Helsinki."""
    path = tmp_path / "surveys" / "palaute.md"
    path.parent.mkdir()
    path.write_text(SURVEY.format(kind="poll", more="closes: 2026-12-10 10:00\n"), encoding="utf-8")
    folder = tmp_path / "meetings"
    folder.mkdir()
    day = MEETING.format(survey="palaute", more="timezone: Atlantic/Reykjavik\n")
    (folder / "day.md").write_text(day, encoding="utf-8")

    found, faults = read_meetings(folder, language="fi", zone=HELSINKI)
    [finding] = judge(found, tmp_path)

    assert faults == ()
    assert "closes before the mail of thanks" in finding.message
