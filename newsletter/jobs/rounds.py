"""When scheduled jobs were last done, and when each is due next, to be looked at."""

import datetime as dt
from dataclasses import dataclass

from apscheduler.triggers.cron import CronTrigger

from newsletter.jobs.timetable import TABLE
from newsletter.language import Wording, say_many
from newsletter.ledger import Ledger, queue
from newsletter.model import say_job

_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A job that comes round by a schedule."""

    name: str
    schedule: str  # cron's five fields, in UTC
    gap: int  # seconds between two of its times
    last: dt.datetime | None  # UTC; when its last good run began
    next: dt.datetime  # UTC; the next of its times

    @property
    def words(self) -> str:
        """Return what is done."""
        return say_job(self.name)

    @property
    def rhythm(self) -> Wording:
        """Return how often, as people say it."""
        if self.gap >= _DAY:
            return say_many("daily", "every {n} days", n=self.gap // _DAY)
        if self.gap >= _HOUR:
            return say_many("hourly", "every {n} hours", n=self.gap // _HOUR)
        return say_many("every minute", "every {n} minutes", n=self.gap // _MINUTE)


def list_rounds(ledger: Ledger, now: dt.datetime) -> list[Round]:
    """Return the scheduled jobs in the order of the table."""
    with ledger.read() as connection:
        last = {name: queue.last_round(connection, name) for name in TABLE}
    return [
        _round(name, row.schedule, last[name], now) for name, row in TABLE.items() if row.schedule
    ]


def _round(name: str, schedule: str, last: dt.datetime | None, now: dt.datetime) -> Round:
    trigger = CronTrigger.from_crontab(schedule, timezone=dt.UTC)
    coming = trigger.get_next_fire_time(None, now)
    after = trigger.get_next_fire_time(coming, coming + dt.timedelta(seconds=1))
    gap = round((after - coming).total_seconds())
    return Round(name=name, schedule=schedule, gap=gap, last=last, next=coming)
