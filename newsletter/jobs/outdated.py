"""Deletes what is older than it is to be kept, wherever it lies: by night, and when asked to."""

import datetime as dt
from dataclasses import dataclass, replace

from newsletter import surveys
from newsletter.agenda import meetings_of
from newsletter.consent import Purged, Retention, count_old, purge
from newsletter.ledger import Ledger
from newsletter.meetings import count_forgettable, freeze_and_forget
from newsletter.settings import Settings
from newsletter.stats import update_figures, update_growth


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """How much is older than it is to be kept, or was."""

    purged: Purged
    registrations: int  # people of whom answers, needs or names are deleted
    survey_answers: int  # cut off from whose they are
    sealed_answers: int  # deleted, as too few answered for anybody to read them

    def __bool__(self) -> bool:
        answers = self.survey_answers + self.sealed_answers
        return bool(self.purged or self.registrations or answers)


def count_outdated(settings: Settings, ledger: Ledger, now: dt.datetime) -> Outdated:
    """Return what would be deleted now."""
    agenda, months = meetings_of(settings), settings.retention.meeting_months
    known, withheld = agenda.meetings, agenda.withheld
    named, sealed = surveys.count_forgettable(ledger, now=now)
    return Outdated(
        purged=count_old(ledger, retention_of(settings), now),
        registrations=count_forgettable(ledger, known, now, unreadable=withheld, months=months),
        survey_answers=named,
        sealed_answers=sealed,
    )


def delete_outdated(settings: Settings, ledger: Ledger, secret: str, now: dt.datetime) -> Outdated:
    """Delete it, once the figures that need it are computed; return how much it was.

    Done twice it finds nothing the second time.
    """
    told = count_outdated(settings, ledger, now)
    update_figures(ledger, now=now, group_by=settings.statistics.group_by)
    update_growth(ledger, settings.newsletter.timezone, now)
    surveys.forget_old(ledger, now=now)
    agenda, months = meetings_of(settings), settings.retention.meeting_months
    known, withheld = agenda.meetings, agenda.withheld
    freeze_and_forget(ledger, known, now, unreadable=withheld, months=months)
    purged = purge(ledger, retention_of(settings), secret, now, outbox=settings.outbox)
    return replace(told, purged=purged)


def retention_of(settings: Settings) -> Retention:
    """Return how long things are kept that have to do with people."""
    own = settings.retention
    return Retention(
        wishes=own.wish_days,
        posted=settings.webhooks.kept_days,
        returns=own.return_days,
        departed_months=own.departed_months,
        contributions=own.contribution_days,
    )
