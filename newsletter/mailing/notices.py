"""One mail that is not an issue: a confirmation, a reminder, a report.

It takes the very path of an issue: frozen with a delivery for each address, claimed, called,
recorded; whatever kills the process, asking for the same notice again continues, and everybody gets
it only once.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsletter.addresses import check_address, mailbox_of
from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording
from newsletter.ledger import NOTICE, Ledger, NewSend, Send, notices, sends
from newsletter.mailing.accounts import (
    find_account_change,
    is_same_account,
    keep_account,
    route_of,
    scope_of,
)
from newsletter.mailing.carrier import batch_sizes
from newsletter.mailing.reply_page import Sheet, write_html, write_text
from newsletter.model import Edition, Enclosure, NoticeKind, SendState, Slot, State, Variant
from newsletter.press import list_id_of, reply_to_of
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail that is not an issue."""

    kind: NoticeKind
    # What it is about: of a kind and a key each address is mailed once. Nobody's address, name or
    # token: it is shown where the editor looks.
    key: str
    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    slots: tuple[Slot, ...] = ()  # what differs from reader to reader
    enclosures: tuple[Enclosure, ...] = ()  # files that it carries


def notice_of(
    sheet: Sheet,
    kind: NoticeKind,
    key: str,
    *,
    slots: tuple[Slot, ...] = (),
    enclosures: tuple[Enclosure, ...] = (),
) -> Notice:
    """Return a mail to one person as a notice."""
    return Notice(
        kind=kind,
        key=key,
        subject=sheet.subject,
        html=write_html(sheet),
        text=write_text(sheet),
        language=sheet.language,
        slots=slots,
        enclosures=enclosures,
    )


def freeze_notice(
    settings: Settings,
    ledger: Ledger,
    notice: Notice,
    addresses: Sequence[str],
    now: dt.datetime,
) -> Send:
    """Write down a notice, and a delivery for each address that has not had it.

    Raise AudienceError for what is no address, UsageError for a key that has other words, and
    ConfigError, before anything is written, where a notice of this key was begun through an account
    that alone can tell what became of it. One that was cancelled stays as it is.
    """
    edition = _edition(notice)
    new = _new_send(settings, notice, edition, now)
    [size] = batch_sizes(settings, {Variant(language=notice.language): edition}, new).values()
    checked = [check_address(address) for address in addresses]
    with ledger.read() as connection:
        known = sends.find_send(connection, new.scope)
        is_over = known is None or sends.has_ended(connection, known)
    is_cancelled = known and known.state is SendState.CANCELLED
    if known and not (is_over or is_cancelled or is_same_account(settings, known)):
        find_account_change(settings, ledger, known)  # which raises where anything is in doubt
        keep_account(settings, ledger, known)
    with ledger.write() as connection:
        return notices.plan_notice(connection, new, edition, checked, batch_size=size)


def find_notice(settings: Settings, ledger: Ledger, kind: NoticeKind, key: str) -> Send | None:
    """Return the send of a notice, if it was asked for before."""
    with ledger.read() as connection:
        return sends.find_send(connection, scope_of_notice(settings, kind, key))


def begin_again(ledger: Ledger, send: Send) -> None:
    """Let a notice go out that the provider did not take in an earlier round."""
    if send.state is SendState.STOPPED:
        with ledger.write() as connection:
            sends.begin_sending(connection, send.id)


def has_ended(ledger: Ledger, send_id: int, address: str, fault: Callable[[str], Wording]) -> bool:
    """Return whether an address has a notice, or does not want it.

    Raise ProviderError, with the fault of a reason, where the provider did not take it.
    """
    with ledger.read() as connection:
        send = sends.find_by_id(connection, send_id)
        fates = sends.list_fates(connection, send_id, [address])
    if send is None or send.state in (SendState.SENDING, SendState.PAUSED):
        return False
    if fates[State.UNKNOWN]:  # it may be there: nothing waits for an answer
        return True
    refused = [*fates[State.REJECTED], *fates[State.SKIPPED]]
    reason = refused[0][1] if refused else send.reason
    if send.state is SendState.STOPPED or (refused and send.state is not SendState.CANCELLED):
        raise ProviderError(fault(reason), provider=send.provider, verdict=Verdict.STOP)
    return True


def _edition(notice: Notice) -> Edition:
    parts = [notice.subject, notice.html, notice.text, notice.language]
    parts += (f"{each.filename} {each.base64}" for each in notice.enclosures)
    return Edition(
        issue_id=f"notice-{notice.kind}",
        variant=notice.language,
        language=notice.language,
        subject=notice.subject,
        html=notice.html,
        text=notice.text,
        slots=notice.slots,
        enclosures=notice.enclosures,
        digest=hashlib.sha256("\0".join(parts).encode()).hexdigest(),
    )


def _new_send(settings: Settings, notice: Notice, edition: Edition, now: dt.datetime) -> NewSend:
    provider, place, account = route_of(settings)
    table, is_of_list = settings.newsletter, notice.kind is NoticeKind.INVITATION
    return NewSend(
        key=secrets.token_hex(16),
        scope=scope_of_notice(settings, notice.kind, notice.key),
        issue_id=edition.issue_id,
        issue_date=now.astimezone(settings.zone).date(),
        subject=notice.subject,
        provider=provider,
        tag=edition.issue_id,
        sender=mailbox_of(table.from_),
        reply_to=reply_to_of(settings),
        # Others have no list to unsubscribe from.
        public_url=(table.public_url or "") if is_of_list else "",
        list_id=list_id_of(settings) if is_of_list else "",
        leave_to=settings.mailbox.leave_to if is_of_list else "",
        place=place,
        account=account,
        digest=edition.digest,
        now=now,
    )


def scope_of_notice(settings: Settings, kind: NoticeKind, key: str) -> str:
    """Return the scope of a notice by the settings, or what it begins with."""
    return scope_of(settings, f"{NOTICE}{kind}:{key}")
