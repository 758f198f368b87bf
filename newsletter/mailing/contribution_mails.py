"""Mails about what people send in, each as a notice: a digest to the editor, and what was decided.

    new --chosen for a digest, in one transaction--> notice --accepted--> told
    decided --frozen as a notice--> noted as mailed --> carried out by those who serve

Whatever kills the process in between, the next round goes on with the same notice, which nobody
gets twice.
"""

import datetime as dt
import hashlib

from newsletter.face import face_of
from newsletter.gateway import provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, contributions
from newsletter.mailing.contribution_words import (
    Letter,
    Letterhead,
    spoken,
    write_digest,
    write_parting,
)
from newsletter.mailing.handover import ask_to_carry
from newsletter.mailing.notices import (
    Notice,
    begin_again,
    find_notice,
    freeze_notice,
    has_ended,
)
from newsletter.model import Contribution, NoticeKind, next_deadline
from newsletter.press import reply_to_of
from newsletter.settings import Settings

_ABOUT = "contributions"  # what the keys of such notices begin with


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
    name, new, waiting = _choose(ledger, now)
    if not new:
        return None
    today, form = now.astimezone(settings.zone).date(), settings.contributions
    deadline = next_deadline(today, day=form.deadline_day, once=form.deadline)
    head = _letterhead(settings, settings.newsletter.language)
    address = reply_to_of(settings)
    key = f"{_ABOUT}-{name}-{hashlib.sha256(address.lower().encode()).hexdigest()[:8]}"
    letter = write_digest(new, waiting, deadline, head)
    send = _freeze(settings, ledger, _notice(NoticeKind.REPORT, key, letter), address, now)
    begin_again(ledger, send)
    return send


def note_digest(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> bool:
    """Record that the editor was told by this mail; False if it is still under way.

    Raise ProviderError where the provider did not take it.
    """
    if not has_ended(ledger, send.id, reply_to_of(settings), _fault):
        return False
    name = send.scope.rpartition(f"{_ABOUT}-")[2].rpartition("-")[0]
    with ledger.write() as connection:
        contributions.note_told(connection, name, now)
    return True


def _choose(ledger: Ledger, now: dt.datetime) -> tuple[str, list[Contribution], int]:
    """Return what the next digest tells of, under which name, and how much waits in all.

    One that was begun comes first, about the same ones.
    """
    with ledger.write() as connection:
        name, new = contributions.list_untold(connection)
        if new and not name:
            name = f"{now:%Y%m%d-%H%M%S-%f}"
            contributions.tell_in(connection, [one.id for one in new], name)
        return name, new, contributions.count_waiting(connection).count


def _freeze_parting(
    settings: Settings, ledger: Ledger, one: Contribution, now: dt.datetime
) -> Send:
    letter = write_parting(one, _letterhead(settings, one.language))
    notice = _notice(NoticeKind.ANSWER, f"{_ABOUT}-{one.mail}-{one.digest[:16]}", letter)
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


def _notice(kind: NoticeKind, key: str, letter: Letter) -> Notice:
    return Notice(
        kind=kind,
        key=key,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        language=letter.language,
    )


def _letterhead(settings: Settings, language: str) -> Letterhead:
    face = face_of(settings)
    imprint = face.imprint_in(language)
    return Letterhead(
        language=spoken(language),
        title=imprint.title,
        sender=imprint.sender,
        contact=imprint.reply_to,
        button=face.colours["button"],
        on_button=face.colours["on_button"],
    )


def _fault(reason: str) -> Wording:
    return say("the mail to you about what came in did not go out: {reason}", reason=reason)
