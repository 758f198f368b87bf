"""Examines what the editor writes besides issues: whether each file can be read, and has a name."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from newsletter.checkup.diagnoses import Diagnosis, broken, good, of_finding
from newsletter.content import (
    find_odd_names,
    find_surveys,
    read_meetings,
    read_regions,
    read_survey,
)
from newsletter.language import reason_of_disk, say
from newsletter.model import Finding, Severity
from newsletter.settings import Settings

_Read = Callable[[], Iterable[Finding]]


def look_at_writings(settings: Settings) -> Iterator[Diagnosis]:
    """Tell of each mistake with its file and line, and of each file that is passed over."""
    root, language = settings.root, settings.newsletter.language
    if (root / "regions.toml").exists():
        yield from _told(
            "regions", "regions.toml", lambda: read_regions(root, language=language)[1]
        )
    if (root / "meetings").is_dir():
        yield from _told(
            "meetings",
            "meetings/",
            lambda: read_meetings(root / "meetings", language=language, zone=settings.zone)[1],
        )
    if (root / "surveys").is_dir():
        yield from _told("surveys", "surveys/", lambda: _of_surveys(settings))
    for finding in find_odd_names(root):
        yield of_finding("files", finding)


def _told(part: str, place: str, read: _Read) -> Iterator[Diagnosis]:
    try:
        found = [finding for finding in read() if finding.severity is not Severity.NOTE]
    except OSError as err:
        yield broken(part, say("{file}: {reason}", file=place, reason=reason_of_disk(err)))
        return
    yield from (of_finding(part, finding) for finding in found)
    if not found:
        yield good(part, say("all in {place} can be read", place=place))


def _of_surveys(settings: Settings) -> Iterator[Finding]:
    folder, language = settings.root / "surveys", settings.newsletter.language
    readings = (read_survey(folder, id, language=language) for id in find_surveys(folder))
    return chain.from_iterable(reading.findings for reading in readings)
