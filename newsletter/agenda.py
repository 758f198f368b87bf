"""The newsletter's meetings, as their files tell of them now."""

from dataclasses import replace

from newsletter.content.meeting_files import read_meetings
from newsletter.model.meeting import Meeting
from newsletter.settings import Settings


def meetings_of(settings: Settings) -> tuple[tuple[Meeting, ...], frozenset[str]]:
    """Return the meetings that can be read, in order of time, and the ids of those that cannot.

    Each is in the languages in which it is written; a draft is as it is, as nobody else knows it.
    """
    folder, language = settings.root / "meetings", settings.newsletter.language
    meetings, _ = read_meetings(folder, language=language, zone=settings.zone)
    named = {path.name.partition(".")[0] for path in folder.glob("*.md")}
    has_pages = bool(settings.newsletter.public_url)
    known = tuple(replace(one.written or one, has_pages=has_pages) for one in meetings)
    return known, frozenset(named - {meeting.id for meeting in meetings})
