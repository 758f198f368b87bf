"""Drafts of meetings: a new one by the house pattern, or one in another language of it."""

import datetime as dt
import json
import re
from pathlib import Path

from newsletter.errors import UsageError
from newsletter.files import read_words
from newsletter.language import MARKS, marks_for, say
from newsletter.model.meeting import Meeting

_PATTERNS = Path(__file__).parent.parent / "data"
_BEFORE = dt.timedelta(days=7)  # the deadline before the day


def check_meeting_id(meeting_id: str) -> None:
    """Raise UsageError for a text that cannot be the id of a meeting."""
    if not re.fullmatch(r"\w[\w-]*", meeting_id):
        raise UsageError(
            say(
                "“{meeting}” cannot name a meeting; use letters, digits and dashes, no dash first",
                meeting=meeting_id,
            )
        )


def draft_meeting(day: dt.date, language: str) -> str:
    """Return the file of a new meeting, in a language or else in English."""
    primary = language.partition("-")[0]
    name = f"meeting.{primary if primary in MARKS else 'en'}.md"
    text = read_words(_PATTERNS / name)
    return text.replace("{day}", str(day)).replace("{deadline}", str(day - _BEFORE))


def draft_other(meeting: Meeting, language: str) -> str:
    """Return the file of a meeting in another language, with the texts that are to be translated.

    Facts stand in the first file alone.
    """
    mark = marks_for(language).translate
    first = next(iter(meeting.texts.values()))
    lines = ["---", f"title: {_quoted(f'{mark} {first.title}')}"]
    places = {"place": first.place, "address": first.address}
    lines += [f"{key}: {_quoted(said)}" for key, said in places.items() if said]
    if meeting.questions:
        lines.append("questions:")
    for question in meeting.questions:
        label = f"{mark} {question.label_in('')}"
        lines += [f"  {question.id}:", f"    label: {_quoted(label)}"]
        if choices := [f"{mark} {kept}" for kept, _ in question.choices_in("")]:
            lines.append(f"    choices: [{', '.join(map(_quoted, choices))}]")
    return "\n".join([*lines, "---", mark, first.body]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
