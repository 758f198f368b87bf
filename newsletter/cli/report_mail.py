"""`newsletter stats --mail`: the report by mail, once the editor has agreed to whom it goes."""

import datetime as dt
from collections.abc import Sequence
from threading import Event

from newsletter import mailing, pipeline
from newsletter.cli.common import Settings, indented, insist, tell
from newsletter.cli.signals import signals
from newsletter.cli.typed_addresses import read_address
from newsletter.language import say
from newsletter.ledger import Ledger
from newsletter.model import End, SendState, StatsReport

_STOPPED, _INTERRUPTED = 4, 130  # exit codes


def mail_report(
    settings: Settings, ledger: Ledger, report: StatsReport, words: Sequence[str], *, yes: bool
) -> int:
    """Show to whom the report goes, ask, and mail it; return the exit code.

    Each address gets it once on a day, however often it is asked for.
    """
    now = dt.datetime.now(dt.UTC)
    day = f"{now.astimezone(settings.zone):%Y-%m-%d}"
    addresses = list(dict.fromkeys(read_address(word).address for word in words))
    notices = {address: mailing.board_notice(report, address, day) for address in addresses}
    tell(say("“{subject}” goes to:", subject=notices[addresses[0]].subject))
    for address in addresses:
        tell(indented(say("{address}", address=address)))
    tell(say("By {where}.", where=mailing.where_to(settings)))
    if not yes:
        insist(say("Mail it now?"), otherwise=say("Nothing was sent."))
    stop = Event()
    with signals(stop):
        codes = []
        for address, notice in notices.items():
            earlier = mailing.find_notice(settings, ledger, notice.kind, notice.key)
            was_mailed = earlier is not None and earlier.state is SendState.DONE
            outcome = pipeline.notify(settings, ledger, notice, [address], now=now, stop=stop)
            codes.append(_told(address, outcome, was_mailed=was_mailed))
    return max(codes)


def _told(address: str, outcome: mailing.Outcome, *, was_mailed: bool) -> int:
    """Tell what became of the mail to an address; return the exit code."""
    for _, reason in (*outcome.refused, *outcome.skipped):
        tell(say("{address}: not mailed: {reason}", address=address, reason=reason))
        return 1
    if outcome.accepted:
        tell(
            say("{address}: already mailed today.", address=address)
            if was_mailed
            else say("{address}: mailed.", address=address)
        )
        return 0
    reason = outcome.reason or say("it is not known what became of it")
    again = say("“newsletter stats --mail {address}” goes on", address=address)
    tell(say("{address}: {reason}. {again}.", address=address, reason=reason, again=again))
    return _INTERRUPTED if outcome.state is End.INTERRUPTED else _STOPPED
