"""The written meetings of the files as they are now; what cannot be read stays as it was."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.content import find_issues, read_meetings
from newsletter.model.meeting import Meeting
from newsletter.public.told_faults import ToldFaults


class KeptMeetings:
    """Reads meetings anew whenever their files change."""

    def __init__(self, folder: Path, *, language: str, zone: ZoneInfo) -> None:
        """Read nothing yet."""
        self._folder, self._language, self._zone = folder, language, zone
        self._kept: dict[str, Meeting] = {}
        self._drafts: frozenset[str] = frozenset()
        self._faults = ToldFaults()

    def __call__(self) -> Sequence[Meeting]:
        """Return the meetings in order of time.

        A file that is broken just now leaves what it said before in force, and so does one in
        which something is to be written; one that is gone is gone. What was always a draft is
        nobody's to see.
        """
        found, faults = read_meetings(self._folder, language=self._language, zone=self._zone)
        read = {one.id: one for one in (meeting.written for meeting in found) if one}
        there = set(find_issues(self._folder))  # files are named alike
        kept = {id: one for id, one in self._kept.items() if id in there}
        self._kept = kept | read
        self._drafts = frozenset(one.id for one in found if one.id not in self._kept)
        self._faults.tell(faults, lambda file: file.partition(".")[0] in self._kept)
        return sorted(self._kept.values(), key=lambda one: (one.starts_at, one.id))

    def is_withheld(self, id: str) -> bool:
        """Return whether there is a file of a meeting, and nothing that can be shown of it now.

        It is asked for meetings that people are registered for: whoever runs the service is told.
        """
        shown = {one.id for one in self()}
        if id in self._drafts:
            self._faults.tell_missed(self._folder.name, f"{id}.md")
        return id not in shown and id in find_issues(self._folder)
