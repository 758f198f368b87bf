"""Mails the editor once about what needs a hand: what failed for good, and sends that stopped.

    trouble --chosen for a notice, in one transaction--> notice --accepted--> told

Whatever kills the process in between, the next round goes on with the same notice, which has the
same key, so that its address gets it once.
"""

import datetime as dt
import hashlib

from sqlalchemy import Connection

from newsletter.gateway import provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, queue, sends
from newsletter.mailing.alarm_words import write_alarm
from newsletter.mailing.backlog import find_fault
from newsletter.mailing.notices import Notice, begin_again, freeze_notice, has_ended
from newsletter.model import ALARM, STOPPED, NoticeKind, SendState
from newsletter.press import reply_to_of
from newsletter.settings import Settings

_REPORT = f"notice-{NoticeKind.REPORT}"  # the issue id of what is mailed here


def freeze_alarm(settings: Settings, ledger: Ledger, now: dt.datetime) -> Send | None:
    """Return the mail to the editor about what they were not told yet, ready to be sent.

    None if there is nothing to tell. The local outbox mails nobody.
    """
    if not provider_class(settings).capabilities.mails:
        return None
    troubles = _choose(ledger, now)
    if not troubles:
        return None
    with ledger.read() as connection:
        faults = [find_fault(connection, trouble) for trouble in troubles]
    letter, address = write_alarm(settings, faults), reply_to_of(settings)
    notice = Notice(
        kind=NoticeKind.REPORT,
        key=f"{troubles[0].told_in}-{_short(address)}",
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        language=letter.language,
    )
    send = freeze_notice(settings, ledger, notice, [address], now)
    begin_again(ledger, send)
    return send


def note_alarm(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> bool:
    """Record that the editor was told by this mail; False if it is still under way.

    Raise ProviderError where the provider did not take it: then that is a trouble which `jobs`,
    `doctor` and the log tell, and the mail goes out later.
    """
    if not has_ended(ledger, send.id, reply_to_of(settings), _fault):
        return False
    told_in = send.scope.rpartition(":")[2].rpartition("-")[0]
    with ledger.write() as connection:
        queue.note_told(connection, told_in, now)
    return True


def _fault(reason: str) -> Wording:
    return say("the mail to you about what needs a hand did not go out: {reason}", reason=reason)


def _choose(ledger: Ledger, now: dt.datetime) -> list[queue.Trouble]:
    """Return the troubles of the next notice; one that was begun comes first, unchanged."""
    with ledger.write() as connection:
        _note_stopped(connection, now)
        untold = [t for t in queue.list_untold(connection) if t.name != ALARM]
        begun = next((t.told_in for t in untold if t.told_in), "")
        if untold and not begun:
            begun = f"{now:%Y%m%d-%H%M%S-%f}"
            queue.tell_in(connection, [trouble.key for trouble in untold], begun)
            untold = queue.list_untold(connection)
    return [trouble for trouble in untold if trouble.told_in == begun != ""]


def _note_stopped(connection: Connection, now: dt.datetime) -> None:
    """Record the sends that stopped as troubles; each is forgotten when its send goes on."""
    known = queue.list_troubled(connection)
    for send in sends.list_sends_in(connection, [SendState.STOPPED]):
        is_ours = not (send.is_test or send.is_rehearsal or send.issue_id == _REPORT)
        key = sends.stop_key(send.id)
        if is_ours and key not in known:
            stopped = queue.Trouble(
                key=key, name=STOPPED, reason=send.reason, is_final=True, at=now
            )
            queue.note_trouble(connection, stopped)


def _short(address: str) -> str:
    """Return a part of a notice's key: a new address gets it, too, in today's words."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:8]
