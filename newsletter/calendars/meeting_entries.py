"""Meetings as entries of calendars: of who registered, and as anybody may have them."""

from newsletter.calendars.calendar_entry import CalendarEntry
from newsletter.model.meeting import Meeting, Registration


def entry_of(
    meeting: Meeting,
    one: Registration,
    organiser: tuple[str, str],
    *,
    language: str,
    url: str,
    text: str,
    remote: tuple[str, str] = ("", ""),
) -> CalendarEntry:
    """Return a meeting as it stands in the calendar of who registered.

    `remote` is the link to take part and what it is called, if they are to have it.
    """
    link, label = remote
    return CalendarEntry(
        uid=_named(one.uid, organiser),
        sequence=one.sequence,
        title=meeting.text_in(language).title,
        start=meeting.start,
        end=meeting.end,
        zone=meeting.zone,
        organiser=organiser,
        place=link or _place(meeting, language),
        text=text,
        url=url,
        remote_link=link,
        remote_label=label if link else "",
        is_called_off=meeting.is_cancelled,
    )


def public_entry(
    meeting: Meeting, organiser: tuple[str, str], *, language: str, url: str, sequence: int = 0
) -> CalendarEntry:
    """Return a meeting as anybody may have it: without the link to take part."""
    return CalendarEntry(
        uid=_named(meeting.id, organiser),
        sequence=sequence,
        title=meeting.text_in(language).title,
        start=meeting.start,
        end=meeting.end,
        zone=meeting.zone,
        organiser=organiser,
        place=_place(meeting, language),
        text=url,
        url=url,
        is_called_off=meeting.is_cancelled,
    )


def _place(meeting: Meeting, language: str) -> str:
    said = meeting.text_in(language)
    return ", ".join(filter(None, (said.place, said.address)))


def _named(id: str, organiser: tuple[str, str]) -> str:
    return f"{id}@{organiser[1].rpartition('@')[2]}"
