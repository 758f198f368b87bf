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
    UNCONFIRMED = "unconfirmed"  # a list says that they have not confirmed yet
    BOUNCED = "bounced"  # the mailbox does not exist
    SUPPRESSED = "suppressed"  # the provider sends nothing there any more
    UNSUBSCRIBED = "unsubscribed"  # by the person, or by the editor for them
    COMPLAINED = "complained"  # marked a mail as spam
    ERASED = "erased"  # asked to be forgotten
    UNDONE = "undone"  # the records of the same act, an import or leaving, do not count
    RENAMED = "renamed"
    TRACKED = "tracked"  # said whether opens and clicks may be counted for them
    GROUNDED = "grounded"  # why they may be mailed was noted, with what shows it
    EXPLAINED = "explained"  # said why they left
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
    Happened.UNCONFIRMED: say("not confirmed, as a list says"),
    Happened.BOUNCED: say("bounced"),
    Happened.SUPPRESSED: say("suppressed by the provider"),
    Happened.UNSUBSCRIBED: say("unsubscribed"),
    Happened.COMPLAINED: say("complained"),
    Happened.ERASED: say("erased"),
    Happened.UNDONE: say("taken back"),
    Happened.RENAMED: say("address changed"),
    Happened.TRACKED: say("counting of opens"),
    Happened.GROUNDED: say("why they may be mailed was noted"),
    Happened.EXPLAINED: say("said why they left"),
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

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _BY[self]


_BY = {
    By.PERSON: say("themselves"),
    By.EDITOR: say("you"),
    By.LIST: say("a list"),
    By.PROVIDER: say("the provider"),
    By.MAILBOX: say("the mailbox"),
    By.PROGRAM: say("the program"),
}


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

    def moment(self, now: dt.datetime) -> dt.datetime:
        """Return when it happened, as far as that is known: never after it was noted."""
        noted_at = self.noted_at or now
        return min(self.at, noted_at) if self.at else noted_at


LIFTS = frozenset({Happened.CONFIRMED, Happened.RETURNED})  # what kept somebody off until then
_AT_THEIR_WISH = (By.PERSON, By.EDITOR)  # whose pauses are asked for
_END_PAUSES = LIFTS | {Happened.RESUMED}
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_KEEP_OFF = {
    Happened.PAUSED: Standing.PAUSED,
    Happened.UNCONFIRMED: Standing.PENDING,
    Happened.BOUNCED: Standing.BOUNCED,
    Happened.SUPPRESSED: Standing.BOUNCED,
    Happened.UNSUBSCRIBED: Standing.UNSUBSCRIBED,
    Happened.COMPLAINED: Standing.COMPLAINED,
    Happened.ERASED: Standing.ERASED,
}
# What is recorded of somebody who is known, and of whom a list or another ledger says this.
TOLD_AS = {
    Standing.PENDING: Happened.UNCONFIRMED,
    Standing.PAUSED: Happened.PAUSED,
    Standing.BOUNCED: Happened.BOUNCED,
    Standing.UNSUBSCRIBED: Happened.UNSUBSCRIBED,
    Standing.COMPLAINED: Happened.COMPLAINED,
    Standing.ERASED: Happened.ERASED,
}


def standing_after(records: Iterable[Record], now: dt.datetime) -> Standing:
    """Return whether a person may be mailed, from all that is known of them; in any order.

    Their own confirmation, or the editor's word for it, lifts what happened until then. What
    happened at an unknown time counts if it became known later than that: less mail is the safe
    side. Raise ValueError if nothing is known of them.
    """
    valid = valid_of(records)
    lifted = lifted_at(valid, now)
    pause = pause_of(valid, now)
    standings = [
        standing
        for record in valid
        if (standing := _standing_by(record, is_paused=pause is not None))
        and (lifted is None or record.what in LIFTS or record.moment(now) > lifted)
    ]
    if not standings:
        raise ValueError("nothing is known of this person")
    strict = [s for s in standings if s not in (Standing.ACTIVE, Standing.PENDING)]
    if strict:
        return max(strict, key=lambda standing: standing.rank)
    doubts = [r for r in valid if r.what is Happened.UNCONFIRMED]
    is_doubted = any(lifted is None or record.moment(now) > lifted for record in doubts)
    is_active = Standing.ACTIVE in standings and not is_doubted
    return Standing.ACTIVE if is_active else Standing.PENDING


def valid_of(records: Iterable[Record]) -> list[Record]:
    """Return what was not taken back as part of an act."""
    known = list(records)
    undone = {record.act for record in known if record.what is Happened.UNDONE}
    return [r for r in known if not r.act or r.act not in undone or r.what is Happened.UNDONE]


def lifted_at(records: Iterable[Record], now: dt.datetime) -> dt.datetime | None:
    """Return until when nothing that happened keeps somebody off the list; None: all of it does."""
    return max((r.moment(now) for r in records if r.what in LIFTS), default=None)


def pause_of(valid: Iterable[Record], now: dt.datetime) -> Record | None:
    """Return the pause that somebody is in; None if they are in none.

    Of those that somebody asked for the last one counts, and so it does of the others: a month's
    pause of their own ends none that began as their mailbox takes no mail.
    """
    known = list(valid)
    ended = max((r.moment(now) for r in known if r.what in _END_PAUSES), default=None)
    pauses = [r for r in known if Standing.PAUSED in (_KEEP_OFF.get(r.what), _found_as(r))]
    own = [pause for pause in pauses if pause.by in _AT_THEIR_WISH]
    others = [pause for pause in pauses if pause.by not in _AT_THEIR_WISH]
    last = [max(some, key=lambda r: (r.moment(now), _until(r))) for some in (own, others) if some]
    open_ones = [p for p in last if _until(p) > now and (not ended or ended < p.moment(now))]
    return max(open_ones, key=_until, default=None)


def _until(pause: Record) -> dt.datetime:
    until = pause.detail.get("until")
    return dt.datetime.fromisoformat(until) if until else _NEVER


def _standing_by(record: Record, *, is_paused: bool) -> Standing | None:
    """Return what a record alone makes of somebody; None if it says nothing of that."""
    match record.what:
        case Happened.FOUND | Happened.JOINED:
            standing = _found_as(record)
            is_over = standing is Standing.PAUSED and not is_paused
            return Standing.ACTIVE if is_over else standing
        case Happened.CONFIRMED | Happened.RETURNED:
            return Standing.ACTIVE
        case Happened.ASKED:
            return Standing.PENDING
        case Happened.PAUSED:
            return Standing.PAUSED if is_paused else None
    return _KEEP_OFF.get(record.what)


def _found_as(record: Record) -> Standing | None:
    """Return how somebody stood when they joined, or were found."""
    if record.what not in (Happened.FOUND, Happened.JOINED):
        return None
    return Standing(record.detail.get("standing", Standing.ACTIVE))
