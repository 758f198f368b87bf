"""What a meeting's page tells machines about it: an Event as schema.org has it, and no more.

The link by which people take part remotely is never in it: that place is the page itself.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from newsletter.model.meeting import Attending, Meeting

_MODES = {
    (True, True): "MixedEventAttendanceMode",
    (True, False): "OfflineEventAttendanceMode",
    (False, True): "OnlineEventAttendanceMode",
}
# What could end the element that it stands in, or begin another.
_HARMLESS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def event_json(
    meeting: Meeting,
    *,
    language: str,
    url: str,
    organiser: str,
    summary: str = "",
    told_start: str = "",
) -> str:
    """Return the Event in JSON-LD; `told_start` is the local time that people were told before."""
    text = meeting.text_in(language)
    is_here, is_remote = (way in meeting.seats for way in (Attending.ON_SITE, Attending.REMOTE))
    now = meeting.start.isoformat(timespec="minutes")
    is_moved = bool(told_start) and told_start != now and not meeting.is_cancelled
    status = "Cancelled" if meeting.is_cancelled else "Rescheduled" if is_moved else "Scheduled"
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": text.title,
        "url": url,
        "inLanguage": language,
        "startDate": _moment(meeting, meeting.start),
        "endDate": _moment(meeting, meeting.end),
        "eventStatus": f"https://schema.org/Event{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[is_here or not is_remote, is_remote]}",
        "location": _places(meeting, language, url),
        "organizer": [_organisation(name) for name in (*meeting.organisers, organiser)][:1],
        "offers": _offer(meeting, url),
    }
    if summary:
        event["description"] = summary
    if is_moved:
        before = dt.datetime.fromisoformat(told_start)
        event["previousStartDate"] = _moment(meeting, before)
    told = json.dumps(event, ensure_ascii=False)
    return "".join(_HARMLESS.get(sign, sign) for sign in told)


def _places(meeting: Meeting, language: str, url: str) -> list[Mapping[str, Any]]:
    text = meeting.text_in(language)
    found: list[Mapping[str, Any]] = []
    if Attending.ON_SITE in meeting.seats or not meeting.seats:
        place = {"@type": "Place", "name": text.place or text.address}
        found.append({**place, "address": text.address or text.place})
    if Attending.REMOTE in meeting.seats:
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _offer(meeting: Meeting, url: str) -> Mapping[str, Any]:
    return {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "EUR",
        "url": url,
        "validThrough": _aware(meeting, meeting.deadline or meeting.start).isoformat(),
    }


def _organisation(name: str) -> Mapping[str, str]:
    return {"@type": "Organization", "name": name}


def _moment(meeting: Meeting, local: dt.datetime) -> str:
    """Return a moment with its offset from UTC on that day."""
    return _aware(meeting, local).isoformat(timespec="minutes")


def _aware(meeting: Meeting, local: dt.datetime) -> dt.datetime:
    return local.replace(tzinfo=meeting.zone)
