"""What the page of a meeting shows, whoever looks at it."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import quote

from newsletter.language.timespans import format_moment, format_span
from newsletter.meetings import Attending, Meeting, Registration
from newsletter.page_text import page_html

_TAG = re.compile(r"<[^>]*>")
_SUMMARY = 200  # characters


def place_of(meeting_id: str) -> str:
    """Return the place of a meeting's page below the public URL."""
    return f"meetings/{quote(meeting_id)}"


def told(meeting: Meeting, language: str) -> Mapping[str, Any]:
    """Return what a page shows of a meeting in a language: words, and HTML of its text."""
    text = meeting.text_in(language)
    zone = meeting.zone.key if Attending.REMOTE in meeting.seats else ""
    body = page_html(text.body)
    closes = meeting.deadline
    return {
        "id": meeting.id,
        "place": place_of(meeting.id),
        "title": text.title,
        "when": format_span(meeting.start, meeting.end, language=language, zone=zone),
        "where": ", ".join(filter(None, (text.place, text.address))),
        "is_remote": Attending.REMOTE in meeting.seats,
        "is_here": Attending.ON_SITE in meeting.seats,
        "closes": format_moment(closes, language=language, zone=zone) if closes else "",
        "organisers": ", ".join(meeting.organisers),
        "partners": ", ".join(meeting.partners),
        "body": body,
        "summary": _summary(body),
        "is_cancelled": meeting.is_cancelled,
    }


def offered_until(one: Registration, meeting: Meeting, language: str) -> str:
    """Return until when a seat is kept for somebody; empty if none is."""
    if one.offer_until is None:
        return ""
    local = one.offer_until.astimezone(meeting.zone).replace(tzinfo=None)
    return format_moment(local, language=language, zone=meeting.zone.key)


def _summary(body: str) -> str:
    words = " ".join(unescape(_TAG.sub("", body.partition("</p>")[0])).split())
    return words if len(words) <= _SUMMARY else f"{words[: _SUMMARY - 1].rstrip()}…"
