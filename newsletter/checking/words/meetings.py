"""Checks that an issue says of a meeting what the meeting's own file says, and nothing secret."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checking.instruments import (
    ENDS_BLOCK,
    Draft,
    bare,
    calendar_words,
    checks,
    days_in,
    lines_of,
    names_deadline,
    once,
    pieces_of,
    shown,
    untagged,
    vocabulary,
)
from newsletter.language import say
from newsletter.model import Finding, Meeting, MeetingText, Occasion, Rule, has_language, walk

_FRAGMENT = re.compile(rf"{ENDS_BLOCK}|<br\b[^>]*>")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÅÄÖ])")
_PAST = re.compile(vocabulary.PATTERNS["past"], re.I)
_UNTIL = re.compile(vocabulary.PATTERNS["until"], re.I)
_WHERE = re.compile(vocabulary.PATTERNS["where"], re.I)

MEETING_AGREES = Rule(
    id="meeting-agrees", summary="What an issue says of a meeting is what the meeting’s file says"
)
MEETING_OPEN = Rule(
    id="meeting-open", summary="Readers can register for the meetings that an issue announces"
)
MEETING_LINK = Rule(
    id="meeting-link",
    summary="The link by which people take part remotely is in no issue",
    source="only those who registered have it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A sentence of an issue that is about a meeting."""

    meeting: Meeting
    text: MeetingText
    words: str
    line: int  # of its block


@checks(MEETING_AGREES)
def check_agreement(draft: Draft) -> Iterator[Finding]:
    """Days, weekdays, times and places that are told of a meeting are its own."""
    for said in _said_of_meetings(draft):
        yield from _other_days(draft, said)
        yield from _other_weekdays(draft, said)
        yield from _other_times(draft, said)
        yield from _other_places(draft, said)


@checks(MEETING_OPEN)
def check_open(draft: Draft) -> Iterator[Finding]:
    """A meeting that an issue announces takes place, and can be registered for."""
    by_id = {meeting.id: meeting for meeting in draft.meetings}
    for block in _announced(draft):
        meeting = by_id.get(block.name)
        if meeting is None:
            continue
        closes = (meeting.deadline or meeting.start).date()
        if meeting.written is None:
            yield MEETING_OPEN.error(
                "“{meeting}” is a draft, so that nobody can see its page or register",
                "write what is marked in {file}, and remove the marks",
                line=block.line,
                meeting=block.title,
                file=meeting.path,
            )
        elif meeting.is_cancelled:
            yield MEETING_OPEN.error(
                "“{meeting}” is called off, and this invites to it",
                "take it out, and say in words that it is called off",
                line=block.line,
                meeting=block.title,
            )
        elif closes < draft.issue.date <= meeting.start.date():
            yield MEETING_OPEN.warning(
                "nobody can register for “{meeting}” any more: the last day was {day}",
                "name a later day in meetings/{id}.md, or leave the invitation out",
                line=block.line,
                meeting=block.title,
                day=shown(closes),
                id=meeting.id,
            )
        elif draft.issue.language in meeting.drafts:
            yield MEETING_OPEN.warning(
                "“{meeting}” is not translated yet, so that readers of this issue register on a "
                "page in another language",
                "translate what is marked in meetings/{id}.{language}.md, and remove the marks",
                line=block.line,
                meeting=block.title,
                id=meeting.id,
                language=draft.issue.language,
            )
        elif not has_language(meeting.texts, draft.issue.language):
            yield MEETING_OPEN.warning(
                "“{meeting}” has no text in “{language}”, so that readers of this issue see it in "
                "another language",
                "write meetings/{id}.{language}.md: “newsletter meetings new {id} --lang "
                "{language}” begins it",
                line=block.line,
                meeting=block.title,
                id=meeting.id,
                language=draft.issue.language,
            )
        elif not block.url:
            yield MEETING_OPEN.warning(
                "nothing leads from here to where people register",
                "give public_url in newsletter.toml, where “newsletter serve” shows the meeting",
                line=block.line,
            )


@checks(MEETING_LINK)
def check_link(draft: Draft) -> Iterator[Finding]:
    """No meeting's remote link is written anywhere in the issue."""
    for meeting in draft.meetings:
        link = meeting.remote_link.partition("://")[2].rstrip("/")
        for number, line in enumerate(lines_of(draft), 1):
            if link and link in line:
                yield MEETING_LINK.error(
                    "this is the link by which people take part in “{meeting}” remotely",
                    "take it out: those who register get it by mail, and nobody else should",
                    line=number,
                    meeting=meeting.id,
                )


def _announced(draft: Draft) -> Iterator[Occasion]:
    for block in walk(draft.issue.blocks):
        if isinstance(block, Occasion) and block.is_meeting:
            yield block


@once
def _said_of_meetings(draft: Draft) -> tuple[_Said, ...]:
    """Return the sentences about meetings that are still to come."""
    coming = [
        (meeting, meeting.text_in(draft.issue.language))
        for meeting in draft.meetings
        if meeting.end.date() >= draft.issue.date
    ]
    found: list[_Said] = []
    for block, html in pieces_of(draft) if coming else ():
        inside = ""
        if isinstance(block, Occasion) and block.is_meeting:
            if html != block.html:
                continue  # what was taken from the file
            inside = block.name
        for fragment in _FRAGMENT.split(html):
            text = draft.readable(" ".join(untagged(fragment).split()))
            about = [one for one in coming if _is_about(one, fragment, text, inside)]
            if len(about) != 1:  # of two together it is not clear what is said of which
                continue
            found += [
                _Said(meeting=about[0][0], text=about[0][1], words=words, line=block.line)
                for words in _SENTENCE.split(text)
                if not _PAST.search(words)
            ]
    return tuple(found)


def _is_about(one: tuple[Meeting, MeetingText], html: str, text: str, inside: str) -> bool:
    meeting, words = one
    if inside:
        return meeting.id == inside
    is_linked = re.search(rf"/meetings/{re.escape(meeting.id)}(?![\w-])", html)
    return bool(is_linked) or f" {bare(words.title)} " in f" {bare(text)} "


def _other_days(draft: Draft, said: _Said) -> Iterator[Finding]:
    meeting = said.meeting
    is_deadline = names_deadline(said.words) or bool(_UNTIL.search(said.words))
    own = [meeting.deadline.date()] if meeting.deadline else []
    if not (is_deadline and own):
        own += _days_of(meeting)
    for day in days_in(draft, said.words):
        dates = day.dates(draft.issue.date)
        if not dates or set(dates) & set(own) or dates[0] < draft.issue.date:
            continue
        if is_deadline and meeting.deadline:
            yield _differs(
                draft, said, day.text, say("the last day to register is {day}", day=shown(own[0]))
            )
        else:
            yield _differs(draft, said, day.text, say("it is on {day}", day=shown(meeting.start)))


def _other_weekdays(draft: Draft, said: _Said) -> Iterator[Finding]:
    """Yield a weekday that stands without a date; one with a date is compared with that."""
    if days_in(draft, said.words) or _UNTIL.search(said.words):
        return
    own = {day.weekday() for day in _days_of(said.meeting)}
    for word in re.findall(r"[^\W\d_]+", said.words):
        named = _weekday(word)
        if named is not None and named not in own:
            yield _differs(draft, said, word, say("it is on {day}", day=shown(said.meeting.start)))


def _other_times(draft: Draft, said: _Said) -> Iterator[Finding]:
    """Yield times outside the meeting; with its day also others than its own."""
    meeting = said.meeting
    if meeting.start.date() != meeting.end.date() or _UNTIL.search(said.words):
        return
    first, last = _minutes(meeting.start), _minutes(meeting.end)
    is_whole = bool(days_in(draft, said.words))
    for match in calendar_words.clocks_in(said.words):
        if match[5]:  # am and pm
            continue
        begin = int(match[1]) * 60 + int(match[2] or 0)
        end = int(match[3]) * 60 + int(match[4] or 0) if match[3] else None
        is_own = begin == first and end in (last, None)
        is_within = first <= begin <= last and (end or begin) <= last
        if not is_own and (not is_within or (is_whole and end is not None)):
            yield _differs(
                draft,
                said,
                match[0].strip(),
                say(
                    "it is from {start} to {end}",
                    start=f"{meeting.start:%H:%M}",
                    end=f"{meeting.end:%H:%M}",
                ),
            )


def _other_places(draft: Draft, said: _Said) -> Iterator[Finding]:
    match = _WHERE.match(said.words)
    if not match or not said.text.place:
        return
    given, own = bare(said.words[match.end() :]), bare(f"{said.text.place} {said.text.address}")
    if given and bare(said.text.place) not in given and given not in own:
        place = say("it is in “{place}”", place=said.text.place)
        yield _differs(draft, said, said.words[match.end() :].strip(" ."), place)


def _differs(draft: Draft, said: _Said, words: str, own: str) -> Finding:
    return MEETING_AGREES.warning(
        "“{words}” is not what the meeting “{meeting}” says: {own}",
        "mend it here, or in meetings/{meeting}.md",
        line=draft.line_with(words, said.line),
        words=words,
        meeting=said.meeting.id,
        own=own,
    )


def _days_of(meeting: Meeting) -> list[dt.date]:
    first, count = meeting.start.date(), (meeting.end.date() - meeting.start.date()).days
    return [first + dt.timedelta(days=n) for n in range(min(count, 31) + 1)]


def _weekday(word: str) -> int | None:
    """Return which weekday a whole name of one means, in any of its forms; None for others."""
    for language, names in calendar_words.NAMES.items():
        pattern = calendar_words.weekday_pattern(language)
        begins = any(word.lower().startswith(name.lower()) for name in names)
        if begins and re.fullmatch(pattern, word, re.I):
            return calendar_words.weekday_of(word, language)[0]
    return None


def _minutes(moment: dt.datetime) -> int:
    return moment.hour * 60 + moment.minute
