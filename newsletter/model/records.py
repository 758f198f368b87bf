"""What is known of a person and when it became so; whether they may be mailed follows from it.

A ledger only adds records. So the same records lead to the same standing, whatever the order in
which they came: from a form, a list, a provider, a mailbox or a backup.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.language import Wording, say
from newsletter.model.people import Standing


class Happened(StrEnum):
    """What a record is about."""

    FOUND = "found"  # was on the list before records were kept; its detail has the standing
    JOINED = "joined"  # added by the editor, or by a list
    ASKED = "asked"  # filled in the form; not confirmed yet
    CONFIRMED = "confirmed"  # by their own act, which lifts whatever kept them off the list
    RETURNED = "returned"  # brought back by the editor, at their wish
    PAUSED = "paused"  # no mail until a moment in the detail; none: until they resume
    RESUMED = "resumed"
    BOUNCED = "bounced"  # the mailbox does not exist
    SUPPRESSED = "suppressed"  # the provider sends nothing there any more
    UNSUBSCRIBED = "unsubscribed"  # by the person, or by the editor for them
    COMPLAINED = "complained"  # marked a mail as spam
    ERASED = "erased"  # asked to be forgotten
    UNDONE = "undone"  # the records of the same act, an import or leaving, do not count
    RENAMED = "renamed"
    TRACKED = "tracked"  # said whether opens and clicks may be counted for them
    CHANGED = "changed"  # language, name or another detail

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _HAPPENED[self]


_HAPPENED = {
    Happened.FOUND: say("on the list when records began"),
    Happened.JOINED: say("joined"),
    Happened.ASKED: say("asked for the newsletter"),
    Happened.CONFIRMED: say("confirmed"),
    Happened.RETURNED: say("came back"),
    Happened.PAUSED: say("paused"),
    Happened.RESUMED: say("gets mail again"),
    Happened.BOUNCED: say("bounced"),
    Happened.SUPPRESSED: say("suppressed by the provider"),
    Happened.UNSUBSCRIBED: say("unsubscribed"),
    Happened.COMPLAINED: say("complained"),
    Happened.ERASED: say("erased"),
    Happened.UNDONE: say("taken back"),
    Happened.RENAMED: say("address changed"),
    Happened.TRACKED: say("counting of opens"),
    Happened.CHANGED: say("details changed"),
}


class By(StrEnum):
    """Who made it so."""

    PERSON = "person"  # themselves, by a link, a form or a mail
    EDITOR = "editor"
    LIST = "list"  # a list that was imported
    PROVIDER = "provider"
    MAILBOX = "mailbox"  # a bounce or a report that came by mail
    PROGRAM = "program"  # a rule, such as that of mailboxes that stay full


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing that happened to a person; never changed, never deleted but with all of them."""

    key: str  # the subscriber's
    what: Happened
    at: dt.datetime | None = None  # UTC; when it happened; None: at some time before it was noted
    noted_at: dt.datetime | None = None  # UTC; None: it is being noted now
    by: By = By.PROGRAM
    source: str = ""  # of it: a provider's name, a file's, a form's; never an address
    reason: str = ""  # why, as whoever told it put it: a server's reply, a word of the person
    act: str = ""  # what it is part of, such as "import:3"; may be undone as a whole
    # The standing that was found, the wording that was agreed to, until when, ...
    detail: Mapping[str, str] = field(default_factory=dict)


_LIFTS = frozenset({Happened.CONFIRMED, Happened.RETURNED})
_KEEP_OFF = {
    Happened.BOUNCED: Standing.BOUNCED,
    Happened.SUPPRESSED: Standing.BOUNCED,
    Happened.UNSUBSCRIBED: Standing.UNSUBSCRIBED,
    Happened.COMPLAINED: Standing.COMPLAINED,
    Happened.ERASED: Standing.ERASED,
}


def standing_after(records: Iterable[Record], now: dt.datetime) -> Standing:
    """Return whether a person may be mailed, from all that is known of them; in any order.

    Their own confirmation, or the editor's word for it, lifts what happened until then. What
    happened at an unknown time counts if it became known later than that: less mail is the safe
    side. Raise ValueError if nothing is known of them.
    """
    known = list(records)
    undone = {record.act for record in known if record.what is Happened.UNDONE}
    valid = [r for r in known if not r.act or r.act not in undone or r.what is Happened.UNDONE]
    lifted = max((_moment(r, now) for r in valid if r.what in _LIFTS), default=None)
    standings = [
        standing
        for record in valid
        if (standing := _standing_by(record, valid, now))
        and (lifted is None or record.what in _LIFTS or _moment(record, now) > lifted)
    ]
    if not standings:
        raise ValueError("nothing is known of this person")
    strict = [s for s in standings if s not in (Standing.ACTIVE, Standing.PENDING)]
    if strict:
        return max(strict, key=lambda standing: standing.rank)
    return Standing.ACTIVE if Standing.ACTIVE in standings else Standing.PENDING


def _standing_by(record: Record, among: Iterable[Record], now: dt.datetime) -> Standing | None:
    """Return what a record alone makes of somebody; None if it says nothing of that."""
    match record.what:
        case Happened.FOUND | Happened.JOINED:
            return Standing(record.detail.get("standing", Standing.ACTIVE))
        case Happened.CONFIRMED | Happened.RETURNED:
            return Standing.ACTIVE
        case Happened.ASKED:
            return Standing.PENDING
        case Happened.PAUSED:
            return Standing.PAUSED if _is_paused(record, among, now) else None
    return _KEEP_OFF.get(record.what)


def _is_paused(record: Record, among: Iterable[Record], now: dt.datetime) -> bool:
    until = record.detail.get("until")
    if until and dt.datetime.fromisoformat(until) <= now:
        return False
    begun = _moment(record, now)
    return not any(r.what is Happened.RESUMED and _moment(r, now) >= begun for r in among)


def _moment(record: Record, now: dt.datetime) -> dt.datetime:
    """Return when something happened, as far as that is known."""
    return record.at or record.noted_at or now
