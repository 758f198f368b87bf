"""The newsletter's meetings, as their files tell of them now."""

from newsletter.content.meeting_files import read_meetings
from newsletter.model.meeting import Meeting
from newsletter.settings import Settings


def meetings_of(settings: Settings) -> tuple[tuple[Meeting, ...], frozenset[str]]:
    """Return the meetings that can be read, in order of time, and the ids of those that cannot."""
    folder, language = settings.root / "meetings", settings.newsletter.language
    meetings, _ = read_meetings(folder, language=language, zone=settings.zone)
    named = {path.name.partition(".")[0] for path in folder.glob("*.md")}
    return meetings, frozenset(named - {meeting.id for meeting in meetings})
