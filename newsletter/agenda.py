"""The newsletter's meetings, as their files tell of them now."""

from dataclasses import dataclass, replace

from newsletter.content import find_issues, read_meetings
from newsletter.model.meeting import Meeting
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Which meetings there are by their files, and of which nobody is to be told now."""

    meetings: tuple[Meeting, ...]  # in order of time, each in the languages in which it is written
    unreadable: frozenset[str]  # ids of those whose files are broken
    drafts: frozenset[str]  # ids of those whose own text is marked as still to be written

    @property
    def withheld(self) -> frozenset[str]:
        """Return the ids of those about which mails wait until their file is mended."""
        return self.unreadable | self.drafts


def meetings_of(settings: Settings) -> Agenda:
    """Return the meetings that people may read of, and the ids of the others."""
    folder, language = settings.root / "meetings", settings.newsletter.language
    meetings, _ = read_meetings(folder, language=language, zone=settings.zone)
    named = frozenset(find_issues(folder))  # files are named alike
    has_pages = bool(settings.newsletter.public_url)
    written = [meeting.written for meeting in meetings]
    return Agenda(
        meetings=tuple(replace(one, has_pages=has_pages) for one in written if one),
        unreadable=named - {meeting.id for meeting in meetings},
        drafts=frozenset(meeting.id for meeting in meetings if meeting.written is None),
    )
