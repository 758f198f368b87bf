"""What issues announce by name: meetings as occasions with the link to their page, and regions."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.content.meeting_files import read_meetings
from newsletter.content.occasions import NEVER, set_occasion
from newsletter.content.region_files import read_regions
from newsletter.links import meeting_url
from newsletter.model import (
    NO_NEWS,
    Appeal,
    Attending,
    Finding,
    Meeting,
    NewsAsked,
    Occasion,
    Region,
    Severity,
    rules,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What issues may announce by name, and where the pages of it are."""

    meetings: tuple[Meeting, ...] = ()
    faults: tuple[Finding, ...] = ()  # errors of their files
    regions: tuple[Region, ...] = ()
    region_faults: tuple[Finding, ...] = ()  # errors of theirs
    public_url: str = ""  # empty: they have no pages
    polls: Path | None = None  # folder of the surveys that polls are among
    language: str = ""  # of files whose name has none
    asks: NewsAsked = NO_NEWS  # how readers are asked for news

    def __hash__(self) -> int:
        """Return a number by which it is looked up; what meetings say may change under one id."""
        ids = (*(one.id for one in self.meetings), *(one.id for one in self.regions))
        return hash((ids, self.public_url, self.asks))

    def appeal_in(self, day: dt.date) -> Appeal:
        """Return how an issue of a day asks its readers for news."""
        return self.asks.appeal_in(day, self.public_url)

    def faults_of(self, names: Collection[str]) -> tuple[Finding, ...]:
        """Return why meetings of these names cannot be read."""
        found = (fault for fault in self.faults if fault.severity is Severity.ERROR)
        return tuple(fault for fault in found if _id_of(fault) in names)


NOTHING = Announced()


def find_announced(
    folder: Path,
    *,
    language: str,
    zone: ZoneInfo,
    public_url: str,
    asks: NewsAsked = NO_NEWS,
) -> Announced:
    """Return the meetings of a folder as their files are now, and polls and regions beside it."""
    meetings, faults = read_meetings(folder, language=language, zone=zone)
    regions, region_faults = read_regions(folder.parent, language=language)
    return Announced(
        meetings=meetings,
        faults=faults,
        regions=regions,
        region_faults=region_faults,
        public_url=public_url,
        polls=folder.parent / "surveys",
        language=language,
        asks=asks,
    )


def occasions_of(announced: Announced, language: str, *, type_: str) -> dict[str, Occasion]:
    """Return what issues of a language show of each meeting, by its id.

    Where to take part remotely is told only to those who registered, so an issue never has it.
    """
    broken = {_id_of(f): _stand_in(_id_of(f)) for f in announced.faults}
    return broken | {
        one.id: _occasion(one, announced, language, type_) for one in announced.meetings
    }


def find_twins(
    own: Mapping[str, Occasion], meetings: Iterable[str], lines: Mapping[str, int]
) -> Iterable[Finding]:
    """Yield an error for each event of the front matter that has the name of a meeting."""
    for name in own.keys() & set(meetings):
        yield rules.FRONT_MATTER.error(
            "“{event}” is both an event of this issue and a meeting",
            "take it out of “events:”, as meetings/{event}.md has its facts, or name it otherwise",
            line=lines.get(f"events.{name}", 1),
            event=name,
        )


def _occasion(meeting: Meeting, announced: Announced, language: str, type_: str) -> Occasion:
    text = meeting.text_in(language)
    is_remote = Attending.REMOTE in meeting.seats
    place = announced.public_url
    url = meeting_url(place, meeting.id, language) if place else ""
    occasion = Occasion(
        line=0,
        name=meeting.id,
        is_meeting=True,
        title=text.title,
        start=meeting.start,
        end=meeting.end,
        zone=meeting.zone.key if is_remote else "",
        place=", ".join(filter(None, (text.place, text.address))),
        url=url,
        deadline=meeting.deadline.date() if meeting.deadline else None,
    )
    return set_occasion(occasion, type_) if type_ else occasion


def _stand_in(name: str) -> Occasion:
    """Return what stands for a meeting that cannot be read, so that it is not reported twice."""
    return Occasion(line=0, name=name, is_meeting=True, title="", start=NEVER)


def _id_of(finding: Finding) -> str:
    """Return the id of the meeting whose file it is about, in whatever language."""
    return Path(finding.path).name.partition(".")[0]
