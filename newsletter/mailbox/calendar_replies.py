"""Reads what calendars answer to our invitations (RFC 5546, section 3.2.3): accepted, or declined.

People press “decline” in their calendar and believe that they have cancelled.
"""

import re

from newsletter.mailbox.parts import Part
from newsletter.mailbox.verdicts import Kind, Verdict

_CALENDARS = ("text/calendar", "application/ics")
_FOLD = re.compile(r"\n[ \t]")
_METHOD = re.compile(r"^METHOD[^:\n]{0,200}:[ \t]*REPLY[ \t]*$", re.MULTILINE | re.IGNORECASE)
_UID = re.compile(r"^UID[^:\n]{0,200}:[ \t]*([^\n]{1,300}?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_ATTENDEE = re.compile(r"^ATTENDEE([^\n]{0,2000})$", re.MULTILINE | re.IGNORECASE)
_DECLINED = re.compile(r";[ \t]*PARTSTAT=\"?DECLINED\"?[ \t]*(?=[;:])", re.IGNORECASE)


def read_calendar_reply(mail: Part) -> Verdict | None:
    """Return what a calendar answers; None for a mail that is no such answer."""
    for part in mail.leaves():
        if part.type in _CALENDARS:
            words = _FOLD.sub("", part.text())
            uid, answers = _UID.search(words), _ATTENDEE.findall(words)
            if _METHOD.search(words) and uid and answers:
                is_declined = any(map(_DECLINED.search, answers))
                kind = Kind.DECLINED if is_declined else Kind.ACCEPTED
                return Verdict(kind=kind, entry=uid[1])
    return None
