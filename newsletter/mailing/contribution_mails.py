"""Mails about what people send in: a digest to the editor, and to senders what was decided.

    new, or changed too late at a meeting
        --chosen for a digest, in one transaction--> notice --accepted--> told
    decided --frozen as a notice--> noted as mailed --> carried out by those who serve

Whatever kills the process in between, the next round goes on with the same notice, which nobody
gets twice.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from newsletter.agenda import meetings_of
from newsletter.face import face_of
from newsletter.gateway import provider_class
from newsletter.language import Wording, say, spoken_language
from newsletter.ledger import Ledger, Send, contributions, told_meetings
from newsletter.mailing.contribution_words import News, say_digest, say_parting
from newsletter.mailing.handover import ask_to_carry
from newsletter.mailing.notices import (
    Notice,
    begin_again,
    find_notice,
    freeze_notice,
    has_ended,
    notice_of,
)
from newsletter.mailing.reply_sheets import lay_out
from newsletter.meetings import begin_telling, late_changes
from newsletter.model import Contribution, Meeting, NoticeKind, next_deadline
from newsletter.press import reply_to_of
from newsletter.settings import Settings

_ABOUT = "contributions"  # what the keys of such notices begin with
# Until so long ago it tells of changes: what was begun before it may be written down after it.
_SETTLED = dt.timedelta(minutes=5)
_STAMP = "%Y%m%d-%H%M%S-%f"  # the moment of a digest, by which it is named


def freeze_partings(settings: Settings, ledger: Ledger, now: dt.datetime) -> list[Send]:
    """Freeze the mails to those whose news or request was decided, and hand them over."""
    with ledger.read() as connection:
        due = contributions.list_mails_due(connection)
    return [_freeze_parting(settings, ledger, one, now) for one in due]


def freeze_digest(settings: Settings, ledger: Ledger, now: dt.datetime) -> Send | None:
    """Return the mail to the editor about what they were not told yet, ready to be sent.

    None if nothing came. The local outbox mails nobody.
    """
    if not provider_class(settings).capabilities.mails:
        return None
    news = _choose(ledger, meetings_of(settings).meetings, now - _SETTLED)
    if not news.name:
        return None
    address = reply_to_of(settings)
    key = f"{_ABOUT}-{news.name}-{hashlib.sha256(address.lower().encode()).hexdigest()[:8]}"
    is_frozen = find_notice(settings, ledger, NoticeKind.REPORT, key) is not None
    if not (news.new or news.late or is_frozen):  # what it was begun for is as it was by now
        _note_told(ledger, news.name, now)
        return freeze_digest(settings, ledger, now)
    today, form = now.astimezone(settings.zone).date(), settings.contributions
    deadline = next_deadline(today, day=form.deadline_day, once=form.deadline)
    face, language = face_of(settings), spoken_language(settings.newsletter.language)
    title = face.imprint_in(language).title
    said = say_digest(news, deadline, title=title, language=language)
    notice = notice_of(lay_out(said, language, face), NoticeKind.REPORT, key)
    send = _freeze(settings, ledger, notice, address, now)
    begin_again(ledger, send)
    return send


def note_digest(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> bool:
    """Record that the editor was told by this mail; False if it is still under way.

    Raise ProviderError where the provider did not take it.
    """
    if not has_ended(ledger, send.id, reply_to_of(settings), _fault):
        return False
    name = send.scope.rpartition(f"{_ABOUT}-")[2].rpartition("-")[0]
    _note_told(ledger, name, now)
    return True


def _note_told(ledger: Ledger, name: str, now: dt.datetime) -> None:
    with ledger.write() as connection:
        contributions.note_told(connection, name, now)
        until = dt.datetime.strptime(name, _STAMP).replace(tzinfo=dt.UTC)
        told_meetings.note_late_told(connection, until)


def _choose(ledger: Ledger, meetings: Sequence[Meeting], now: dt.datetime) -> News:
    """Return what the next digest tells of, and under which name; none: there is nothing to tell.

    One that was begun comes first, about the same things. It tells of changes until now.
    """
    with ledger.write() as connection:
        name, new = contributions.list_untold(connection)
        begun, late = late_changes(connection, meetings, now)
        if begun and not name:
            name, new = f"{begun:{_STAMP}}", []
        elif name and name != (f"{begun:{_STAMP}}" if begun else ""):
            late = []
        elif (new or late) and not name:
            now = now.astimezone(dt.UTC)
            name = f"{now:{_STAMP}}"
            contributions.tell_in(connection, [one.id for one in new], name)
            begin_telling(connection, late, now)
        waiting = contributions.count_waiting(connection).count
        return News(name=name, new=new, waiting=waiting, late=late)


def _freeze_parting(
    settings: Settings, ledger: Ledger, one: Contribution, now: dt.datetime
) -> Send:
    face, language = face_of(settings), spoken_language(one.language)
    imprint = face.imprint_in(language)
    said = say_parting(one, title=imprint.title, contact=imprint.reply_to)
    key = f"{_ABOUT}-{one.mail}-{one.digest[:16]}"
    notice = notice_of(lay_out(said, language, face), NoticeKind.ANSWER, key)
    send = _freeze(settings, ledger, notice, one.address, now)
    with ledger.write() as connection:
        contributions.change_contribution(connection, one.id, [one.state], mailed_at=now)
        ask_to_carry(connection, send)
    return send


def _freeze(
    settings: Settings, ledger: Ledger, notice: Notice, address: str, now: dt.datetime
) -> Send:
    """Freeze a notice, unless it was: what it tells of may have changed since."""
    begun = find_notice(settings, ledger, notice.kind, notice.key)
    return begun or freeze_notice(settings, ledger, notice, [address], now)


def _fault(reason: str) -> Wording:
    return say("the mail to you about what came in did not go out: {reason}", reason=reason)
