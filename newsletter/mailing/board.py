"""The report on an issue by mail: to those whom the settings name, or whom the editor asks it for.

Each of them is mailed a notice of their own, so that one who is new in the settings gets it, too,
in whatever words it has by then.
"""

import datetime as dt
import hashlib
from email.utils import parseaddr

from newsletter.gateway import provider_class
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, sends
from newsletter.mailing.notices import (
    Notice,
    begin_again,
    find_notice,
    freeze_notice,
    has_ended,
)
from newsletter.model import NoticeKind, SendState, State, StatsReport
from newsletter.settings import Settings
from newsletter.stats_report import mail_subject, newest_issue, render_mail

_LATE = dt.timedelta(days=14)  # for which a report that is due is still news


def list_due(
    settings: Settings, ledger: Ledger, report: StatsReport, now: dt.datetime
) -> list[tuple[str, str]]:
    """Return the issues whose report is due, each with an address that it did not go to yet.

    The local outbox mails nobody.
    """
    if not (settings.report.to and provider_class(settings).capabilities.mails):
        return []
    wait = dt.timedelta(days=settings.report.days_after)
    return [
        (issue.issue, address)
        for issue in report.issues
        if not issue.is_rehearsal and wait <= now - issue.sent_at < wait + _LATE
        for _, address in map(parseaddr, settings.report.to)
        if not _has_gone(settings, ledger, issue.issue, address)
    ]


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


def verify_report(ledger: Ledger, send: Send) -> None:
    """Raise ProviderError where the provider did not take such a mail."""
    with ledger.read() as connection:
        addresses = [address for address, *_ in sends.list_deliveries(connection, send.id)]
    for address in addresses:
        has_ended(ledger, send.id, address, _fault)


def _fault(reason: str) -> Wording:
    return say("the report on an issue did not go out: {reason}", reason=reason)


def _has_gone(settings: Settings, ledger: Ledger, issue: str, address: str) -> bool:
    """Return whether nothing is left to do about the report on an issue for an address."""
    send = find_notice(settings, ledger, NoticeKind.REPORT, _key(issue, address))
    if send is None or send.state is SendState.STOPPED:
        return False
    with ledger.read() as connection:
        fates = sends.list_fates(connection, send.id, [address])
        return sends.has_ended(connection, send) and not fates[State.REJECTED]


def _key(issue: str, address: str, day: str = "") -> str:
    """Return the key of a notice: it names nobody, as it is shown where the editor looks."""
    short = hashlib.sha256(address.lower().encode()).hexdigest()[:8]
    return "-".join(part for part in ("figures", issue, day, short) if part)
