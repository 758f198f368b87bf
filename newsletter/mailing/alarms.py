"""Mails the editor once about what needs a hand: what failed for good, and sends that stopped.

    trouble --chosen for a notice, in one transaction--> notice --accepted--> told

Whatever kills the process in between, the next round goes on with the same notice, which has the
same key, so that its address gets it once.
"""

import datetime as dt
import hashlib

from sqlalchemy import Connection

from newsletter.errors import ProviderError, Verdict
from newsletter.gateway import provider_class
from newsletter.language import say
from newsletter.ledger import Ledger, Send, queue, sends
from newsletter.mailing.alarm_words import write_alarm
from newsletter.mailing.backlog import find_fault
from newsletter.mailing.notices import Notice, freeze_notice
from newsletter.model import ALARM, STOPPED, NoticeKind, SendState, State
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
    _begin_again(ledger, send)
    return send


def note_alarm(settings: Settings, ledger: Ledger, send: Send, now: dt.datetime) -> bool:
    """Record that the editor was told by this mail; False if it is still under way.

    Raise ProviderError where the provider did not take it: then that is a trouble which `jobs`,
    `doctor` and the log tell, and the mail goes out later.
    """
    if not _has_ended(ledger, send.id, reply_to_of(settings)):
        return False
    told_in = send.scope.rpartition(":")[2].rpartition("-")[0]
    with ledger.write() as connection:
        queue.note_told(connection, told_in, now)
    return True


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


def _begin_again(ledger: Ledger, send: Send) -> None:
    """Let a notice go out that the provider did not take in an earlier round."""
    if send.state is SendState.STOPPED:
        with ledger.write() as connection:
            sends.begin_sending(connection, send.id)


def _has_ended(ledger: Ledger, send_id: int, address: str) -> bool:
    """Return whether the editor has the notice, or does not want it.

    Raise ProviderError where the provider did not take it.
    """
    with ledger.read() as connection:
        send = sends.find_by_id(connection, send_id)
        fates = sends.list_fates(connection, send_id, [address])
    if send is None or send.state in (SendState.SENDING, SendState.PAUSED):
        return False
    if fates[State.UNKNOWN]:  # it may be there: the next trouble does not wait for an answer
        return True
    refused = [*fates[State.REJECTED], *fates[State.SKIPPED]]
    reason = refused[0][1] if refused else send.reason
    if send.state is SendState.STOPPED or (refused and send.state is not SendState.CANCELLED):
        raise ProviderError(
            say("the mail to you about what needs a hand did not go out: {reason}", reason=reason),
            provider=send.provider,
            verdict=Verdict.STOP,
        )
    return True
