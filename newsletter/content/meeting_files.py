"""Reads meetings/ID.md, and ID.sv.md beside it: the file -> Meeting, each mistake with its line."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.content.clock_times import FIRST_YEAR, LAST_YEAR
from newsletter.content.headed_files import HeadedFile, read_headed
from newsletter.content.issuefiles import list_files
from newsletter.content.meeting_facts import WORDLESS, Facts, OtherFacts, QuestionFacts, read_facts
from newsletter.content.programmes import read_programme
from newsletter.errors import FindingsError, UsageError
from newsletter.language import closest, say
from newsletter.model import (
    AskedQuestion,
    Attending,
    Finding,
    Meeting,
    MeetingText,
    Severity,
    rules,
)

_EXAMPLE = say(
    "begin with a line of three dashes, “title: ...”, “start: ...”, “end: ...” and three dashes "
    "again"
)
_MOST = 2_000  # files that are remembered

# Language in the name, “” if it has none, -> path, and what shows that the file changed.
_Files = tuple[tuple[str, Path, int, int], ...]


def read_meetings(
    folder: Path, *, language: str, zone: ZoneInfo
) -> tuple[tuple[Meeting, ...], tuple[Finding, ...]]:
    """Return the meetings of a folder that can be read, in order of time, and what is wrong.

    `language` is that of files whose name has none, `zone` that of meetings that name none. A file
    is read again only when it changed, so that this may be asked for each page of the service.
    """
    meetings: list[Meeting] = []
    findings: list[Finding] = []
    for meeting_id, files in _list_files(folder).items():
        meeting, found = _read(meeting_id, files, language, zone)
        findings += found
        if meeting is not None:
            meetings.append(meeting)
    return tuple(sorted(meetings, key=lambda one: (one.starts_at, one.id))), tuple(findings)


def read_meeting(folder: Path, meeting_id: str, *, language: str, zone: ZoneInfo) -> Meeting:
    """Return one meeting.

    Raise UsageError with the nearest id if there is none, FindingsError if it cannot be read.
    """
    known = _list_files(folder)
    if meeting_id not in known:
        close = closest(meeting_id.removesuffix(".md"), known, likeness=0.4)
        hint = (
            say("did you mean “{name}”?", name=close)
            if close
            else say("“newsletter meetings new” makes one")
        )
        raise UsageError(
            say(
                "there is no meeting “{meeting}” in {folder}; {hint}",
                meeting=meeting_id,
                folder=str(folder),
                hint=hint,
            )
        )
    meeting, findings = _read(meeting_id, known[meeting_id], language, zone)
    if meeting is None:
        raise FindingsError(findings)
    return meeting


def _list_files(folder: Path) -> Mapping[str, _Files]:
    """Return the files of each meeting, with their times and sizes."""
    found: dict[str, list[tuple[str, Path, int, int]]] = {}
    for meeting_id, named, path in list_files(folder):
        try:
            stat = path.stat()
            mark = stat.st_mtime_ns, stat.st_size
        except OSError:  # told when it is read
            mark = (0, -1)
        found.setdefault(meeting_id, []).append((named, path, *mark))
    return {meeting_id: tuple(files) for meeting_id, files in found.items()}


@lru_cache(maxsize=_MOST)
def _read(
    meeting_id: str, files: _Files, language: str, zone: ZoneInfo
) -> tuple[Meeting | None, tuple[Finding, ...]]:
    """Return a meeting, unless there are errors, and what is wrong."""
    findings: list[Finding] = []
    read: dict[str, HeadedFile] = {}
    for named, path, *_ in sorted(files, key=lambda file: (file[0] or language) != language):
        try:
            file = read_headed(path, rules.MEETING_FILE, example=_EXAMPLE, wordless=WORDLESS)
        except FindingsError as err:
            findings += err.findings
            continue
        if (named or language) in read:
            findings.append(_twins(read[named or language], file, named or language))
        read.setdefault(named or language, file)
    if findings or not read:
        return None, tuple(findings)
    [(first, main), *others] = read.items()
    facts, found = read_facts(main, Facts)
    if facts is None:
        return None, tuple(found)
    texts = {first: _text(facts, facts, main)}
    asked = {first: facts.questions}
    for tongue, file in others:
        own, found = read_facts(file, OtherFacts)
        findings += found
        if own is not None:
            findings += _compare(facts.questions, own.questions, file)
            texts[tongue], asked[tongue] = _text(own, facts, file), own.questions
    findings += _judge(facts, main, zone)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, tuple(findings)
    meeting = _meeting(meeting_id, facts, main, zone=zone, texts=texts, asked=asked)
    return meeting, tuple(findings)


def _meeting(
    meeting_id: str,
    facts: Facts,
    file: HeadedFile,
    *,
    zone: ZoneInfo,
    texts: Mapping[str, MeetingText],
    asked: Mapping[str, Mapping[str, QuestionFacts]],
) -> Meeting:
    assert isinstance(facts.end, dt.datetime)  # noqa: S101 - a time alone got its day
    return Meeting(
        id=meeting_id,
        path=file.name,
        texts=texts,
        start=facts.start,
        end=facts.end,
        zone=ZoneInfo(facts.timezone) if facts.timezone else zone,
        seats=_seats(facts),
        deadline=facts.deadline,
        remote_link=facts.remote,
        organisers=tuple(facts.organisers),
        partners=tuple(facts.partners),
        region=facts.region,
        asks_organisation="organisation" in facts.ask,
        asks_region="region" in facts.ask,
        asks_needs="needs" in facts.ask,
        questions=tuple(_questions(asked)),
        survey=facts.survey,
        material=facts.material,
        is_cancelled=facts.cancelled,
        lines=file.lines,
    )


def _text(own: Facts | OtherFacts, facts: Facts, file: HeadedFile) -> MeetingText:
    return MeetingText(
        title=own.title,
        body=file.body,
        place=own.place or facts.place,
        address=own.address or facts.address,
        programme=read_programme(file.body),
        line=file.body_line,
    )


def _seats(facts: Facts) -> Mapping[Attending, int | None]:
    """Return the seats; where none are named, as many come as want to, by what there is."""
    if facts.seats:
        return {way: facts.seats[way.value] for way in Attending if way.value in facts.seats}
    ways = (Attending.ON_SITE, facts.place), (Attending.REMOTE, facts.remote)
    return {way: None for way, is_there in ways if is_there}


def _questions(asked: Mapping[str, Mapping[str, QuestionFacts]]) -> Iterator[AskedQuestion]:
    for id, facts in next(iter(asked.values())).items():
        spoken = {tongue: questions[id] for tongue, questions in asked.items() if id in questions}
        yield AskedQuestion(
            id=id,
            labels={tongue: one.label for tongue, one in spoken.items()},
            choices={tongue: tuple(one.choices) for tongue, one in spoken.items() if one.choices},
            is_required=facts.required,
            kept_days=facts.kept_days,
        )


def _compare(
    first: Mapping[str, QuestionFacts], other: Mapping[str, QuestionFacts], file: HeadedFile
) -> Iterator[Finding]:
    """Yield what another language asks, or offers to choose, that the first one does not."""
    for id, facts in other.items():
        line = file.line_of("questions", id)
        if id not in first:
            yield rules.MEETING_FILE.error(
                "the question “{name}” is not asked in the newsletter’s own language",
                "add it there, too, or leave it out here",
                line=line,
                name=id,
            ).in_file(file.name)
        elif len(facts.choices) != len(first[id].choices):
            yield rules.MEETING_FILE.error(
                "the question “{name}” has {here} choices, and {there} in the newsletter’s own "
                "language",
                "name the same choices in the same order",
                line=line,
                name=id,
                here=len(facts.choices),
                there=len(first[id].choices),
            ).in_file(file.name)
    for id in first:
        if id not in other:
            yield rules.MEETING_FILE.warning(
                "the question “{name}” is not asked in this language",
                "add its label and its choices; until then they stand there in the newsletter’s "
                "own language",
                line=file.line_of("questions"),
                name=id,
            ).in_file(file.name)


def _judge(facts: Facts, file: HeadedFile, zone: ZoneInfo) -> Sequence[Finding]:
    """Return what of the facts does not fit together."""
    found: list[Finding] = []

    def error(message: str, hint: str, *keys: str) -> None:
        finding = rules.MEETING_FILE.error(message, hint, line=file.line_of(*keys))
        found.append(finding.in_file(file.name))

    ways = _seats(facts)
    assert isinstance(facts.end, dt.datetime)  # noqa: S101 - a time alone got its day
    if facts.end <= facts.start:
        error(say("it ends before it begins"), say("mend one of the times"), "end")
    if facts.deadline and facts.deadline.date() > facts.start.date():
        error(say("the deadline is after the meeting"), say("name an earlier day"), "deadline")
    if not ways:
        hint = say("add place: ..., remote: ... or seats: ...")
        error(say("nobody can take part: there is no place and no link"), hint, "title")
    if Attending.ON_SITE in ways and not facts.place:
        hint = say("add a line “{key}: ...” between the dashes", key="place")
        error(say("there are seats on site, and no place"), hint, "seats")
    if facts.remote and Attending.REMOTE not in ways:
        hint = say("add remote: unlimited, or a number, below seats")
        error(say("there is a link, and no seats remotely, so nobody would get it"), hint, "remote")
    local = ZoneInfo(facts.timezone) if facts.timezone else zone
    for key, moment in (("start", facts.start), ("end", facts.end)):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            hint = say("name a year such as {year}", year=f"{FIRST_YEAR + 27}")
            error(say("no meeting is in this year"), hint, key)
            break
        there = moment.replace(tzinfo=local).astimezone(dt.UTC).astimezone(local)
        if there.replace(tzinfo=None) != moment:
            hint = say("name a time that the clock shows")
            error(say("this time does not exist: clocks are put forward"), hint, key)
    return found


def _twins(first: HeadedFile, second: HeadedFile, language: str) -> Finding:
    return rules.MEETING_FILE.error(
        "{first} and {second} are both in “{language}”",
        "keep one of them",
        first=first.name.rpartition("/")[2],
        second=second.name.rpartition("/")[2],
        language=language,
    ).in_file(second.name)
