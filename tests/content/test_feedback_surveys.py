"""A meeting names a survey that those who came can answer, or it is told with file and line."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.feedback_surveys import judge_feedback
from newsletter.content.meeting_files import read_meetings

MEETING = """---
title: Teemapäivä
start: 2026-12-09 09:00
end: 15:00
place: Talo
survey: {survey}
{more}---
"""
SURVEY = "---\ntitle: Palaute\nkind: {kind}\n{more}---\n\n## Miten meni?\n\n____\n"


@pytest.mark.parametrize(
    ("survey", "file", "told"),
    [
        ("palaute", SURVEY.format(kind="anonymous", more=""), ""),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-31\n"), ""),
        ("palaut", SURVEY.format(kind="named", more=""), "there is no survey “palaut”"),
        ("2027", SURVEY.format(kind="named", more=""), "there is no survey “2027”"),
        ("palaute", "Miten meni?", "cannot be read"),
        ("palaute", SURVEY.format(kind="named", more="closes: 2026-12-08\n"), "closes before"),
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
    zone = ZoneInfo("Europe/Helsinki")
    found, faults = read_meetings(tmp_path / "meetings", language="fi", zone=zone)
    assert faults == ()

    findings = list(judge_feedback(found, tmp_path / "surveys", language="fi"))

    assert [(one.place, told in one.message) for one in findings] == (
        [("meetings/day.md:6", True)] if told else []
    )
    assert all(one.hint for one in findings)
