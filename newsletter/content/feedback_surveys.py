"""Judges which survey a meeting names to ask how it was: whether those who came could answer it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.content.survey_files import find_surveys, read_survey
from newsletter.language import Wording, closest, say
from newsletter.model import Finding, Meeting, rules


def judge_feedback(
    meetings: Iterable[Meeting],
    folder: Path,
    *,
    language: str,
    zone: ZoneInfo,
    thanks_at: dt.time | None,
) -> Iterator[Finding]:
    """Yield a warning for each meeting whose survey, by the files of a folder, nobody can answer.

    Every kind can be answered by those who came: each gets a link of their own to it, when they are
    thanked, by the meeting's clock; surveys close by the newsletter's.
    """
    for meeting in meetings:
        if not meeting.survey or meeting.is_cancelled:
            continue
        asked = meeting.thanked_at(thanks_at) if thanks_at else meeting.ends_at
        if fault := _fault_of(meeting.survey, folder, language, asked.astimezone(zone)):
            line = meeting.lines.get("survey", 1)
            yield rules.MEETING_FILE.warning(*fault, line=line).in_file(meeting.path)


def _fault_of(
    name: str, folder: Path, language: str, asked: dt.datetime
) -> tuple[Wording, Wording] | None:
    """Return what keeps people from answering a survey who are led to it at a moment."""
    known = find_surveys(folder)
    if name not in known:
        close = closest(name.removesuffix(".md"), known, likeness=0.4)
        return (
            say("there is no survey “{survey}”, so the mail of thanks asks nothing", survey=name),
            say("did you mean “{name}”?", name=close)
            if close
            else say("“newsletter surveys new {survey}” begins it", survey=name),
        )
    survey = read_survey(folder, name, language=language).survey
    if survey is None:
        return (
            say("the survey “{survey}” cannot be read", survey=name),
            say("“newsletter surveys preview {survey}” shows what is wrong", survey=name),
        )
    if survey.closes and survey.closes.replace(tzinfo=asked.tzinfo) <= asked:
        return (
            say("the survey “{survey}” closes before the mail of thanks leads to it", survey=name),
            say("name a later day as “closes” in surveys/{survey}.md", survey=name),
        )
    return None
