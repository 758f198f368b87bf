"""`newsletter stats --pull`: what providers say is kept, and written down in the log."""

import datetime as dt
from dataclasses import dataclass

from newsletter import pipeline
from newsletter.cli.common import ConfigError, NewsletterError, Settings, spoken, tell
from newsletter.language import say
from newsletter.ledger import Ledger
from newsletter.model import StatsReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of issues, and what kept more from being known or written down."""

    report: StatsReport
    fault: NewsletterError | None = None


def know(
    settings: Settings, ledger: Ledger, issue_id: str | None, now: dt.datetime, *, pull: bool
) -> Known:
    """Return what is known of issues, in the spoken language, after asking providers if wanted.

    Their answers, and what went wrong, are told; a fault keeps nothing from being shown.
    """
    fault: NewsletterError | None = None
    if pull:
        pulled = pipeline.measure(settings, ledger, [issue_id] if issue_id else [], now=now)
        for line in pulled.told:
            tell(line)
        fault = pulled.fault
    report = pipeline.report(settings, ledger, now=now, language=spoken())
    if pull:
        fault = _write_down(settings, report) or fault
    return Known(report=report, fault=fault)


def _write_down(settings: Settings, report: StatsReport) -> ConfigError | None:
    """Bring the log up to date; return why it was not."""
    try:
        if pipeline.write_down(settings, report):
            tell(say("{file} is up to date.", file=settings.statistics.log))
    except ConfigError as err:
        tell(say("Not written down: {reason}", reason=err.words))
        return err
    return None
