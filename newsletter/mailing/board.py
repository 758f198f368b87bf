"""The report on an issue by mail: to those whom the settings name, or whom the editor asks it for.

Each of them is mailed a notice of their own, so that one who is new in the settings gets it, too,
in whatever words it has by then.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from email.utils import parseaddr

from newsletter.gateway import provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, queue, sends
from newsletter.mailing.notices import (
    Notice,
    begin_again,
    find_notice,
    freeze_notice,
    has_ended,
)
from newsletter.model import (
    UNREPORTED,
    IssueFigures,
    NoticeKind,
    SendState,
    State,
    StatsReport,
    final_at,
)
from newsletter.settings import Settings
from newsletter.stats_report import mail_subject, newest_issue, render_mail

_LATE = dt.timedelta(days=14)  # for which a report that is due is still news


def list_due(
    settings: Settings, ledger: Ledger, report: StatsReport, now: dt.datetime
) -> list[tuple[str, str]]:
    """Return the issues whose report is due, each with an address that it did not go to yet.

    The local outbox mails nobody. An address that the provider refused is left out once that is
    noted, which is forgotten when the settings do not name it any more, or the issue is old.
    """
    named = [
        (issue.issue, address)
        for issue in report.issues
        if not issue.is_rehearsal and _is_due(settings, issue, now)
        for _, address in map(parseaddr, settings.report.to)
    ]
    known = {pair: _find(settings, ledger, *pair) for pair in named}
    refused = forget_refusals(ledger, [send for send in known.values() if send])
    if not provider_class(settings).capabilities.mails:
        return []
    return [pair for pair, send in known.items() if not (send and _has_gone(ledger, send, refused))]


def _is_due(settings: Settings, issue: IssueFigures, now: dt.datetime) -> bool:
    """Return whether the report on an issue is due: not before its figures are final."""
    wished = issue.sent_at + dt.timedelta(days=settings.report.days_after)
    due_at = max(wished, final_at(issue.sent_at, issue.window_days))
    return due_at <= now < due_at + _LATE


def board_notice(report: StatsReport, address: str, day: str = "") -> Notice:
    """Return the report on its newest issue for an address: once, or once on a day."""
    html, text = render_mail(report)
    return Notice(
        kind=NoticeKind.REPORT,
        key=_key(newest_issue(report).issue, address, day),
        subject=mail_subject(report),
        html=html,
        text=text,
        language=report.language,
    )


def freeze_report(
    settings: Settings, ledger: Ledger, report: StatsReport, address: str, now: dt.datetime
) -> Send:
    """Return the mail about the newest issue of a report to an address, ready to be sent."""
    send = freeze_notice(settings, ledger, board_notice(report, address), [address], now)
    begin_again(ledger, send)
    return send


def forget_refusals(ledger: Ledger, but: Iterable[Send] = ()) -> Collection[str]:
    """Forget that reports were refused, but for these; return the keys of troubles that are left.

    So a mail that the settings do not name any more is no trouble.
    """
    with ledger.read() as connection:
        known = queue.list_troubled(connection)
    old = {key for key in known if key.startswith(f"{UNREPORTED}:")} - set(map(_refusal, but))
    if old:
        with ledger.write() as connection:
            for key in old:
                queue.forget(connection, key)
    return known - old


def verify_report(ledger: Ledger, send: Send, now: dt.datetime) -> None:
    """Note that the provider refused such a mail, of which the editor is mailed once.

    Raise ProviderError where it did not go out for another reason, and is tried again.
    """
    with ledger.read() as connection:
        told = list(sends.list_deliveries(connection, send.id))
        is_over = sends.has_ended(connection, send)
    refused = [reason for _, state, _, reason in told if state is State.REJECTED]
    if refused and is_over:
        trouble = queue.Trouble(
            key=_refusal(send), name=UNREPORTED, reason=_fault(refused[0]), is_final=True, at=now
        )
        with ledger.write() as connection:
            queue.note_trouble(connection, trouble)
        return
    for address, *_ in told:
        has_ended(ledger, send.id, address, _fault)


def _fault(reason: str) -> Wording:
    return say("the report on an issue did not go out: {reason}", reason=reason)


def _find(settings: Settings, ledger: Ledger, issue: str, address: str) -> Send | None:
    return find_notice(settings, ledger, NoticeKind.REPORT, _key(issue, address))


def _refusal(send: Send) -> str:
    """Return the key of the trouble that a report was refused."""
    return f"{UNREPORTED}:{send.id}"


def _has_gone(ledger: Ledger, send: Send, refused: Collection[str]) -> bool:
    """Return whether nothing is left to do about a report."""
    if send.state is SendState.STOPPED:
        return False
    with ledger.read() as connection:
        told = list(sends.list_deliveries(connection, send.id))
        is_refused = any(state is State.REJECTED for _, state, *_ in told)
        return sends.has_ended(connection, send) and (not is_refused or _refusal(send) in refused)


def _key(issue: str, address: str, day: str = "") -> str:
    """Return the key of a notice: it names nobody, as it is shown where the editor looks."""
    short = hashlib.sha256(address.lower().encode()).hexdigest()[:8]
    return "-".join(part for part in ("figures", issue, day, short) if part)
