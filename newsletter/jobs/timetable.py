"""The one table of background work: what is done, when, how often it is tried, how urgent it is.

Schedules are cron's five fields, in UTC: so no change of clocks skips one or doubles it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.jobs import work
from newsletter.model import (
    ALARM,
    ANSWER,
    CARRY_ON,
    DIGEST,
    MEETING_MAILS,
    NOTICES,
    QUEUES,
    SENDS,
    SUM_UP,
    UPKEEP,
    Job,
    JobState,
    KnownJob,
    Queue,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of background work."""

    does: Callable[..., dt.datetime | None]  # takes a Context, and the job's own arguments
    queue: Queue = UPKEEP  # unless who asks for it names another
    schedule: str = ""  # empty: it is done when it is asked for
    tries: int = 5  # attempts, with waits between them that double, until it fails for good
    is_alone: bool = True  # never beside another of its name, on all machines together


TABLE: Mapping[str, Work] = {
    CARRY_ON: Work(does=work.carry_on, queue=SENDS, tries=8, is_alone=False),
    "join-in": Work(does=work.join_in),
    "find-forgotten": Work(does=work.find_forgotten, schedule="* * * * *"),
    ALARM: Work(does=work.alarm, schedule="*/5 * * * *", tries=1),
    "pull-figures": Work(does=work.pull_figures, schedule="17 */6 * * *"),
    DIGEST: Work(does=work.digest_webhooks, schedule="*/10 * * * *"),
    SUM_UP: Work(does=work.sum_up, schedule="*/5 * * * *"),
    "write-down": Work(does=work.write_down, schedule="37 */6 * * *"),
    "mail-reports": Work(does=work.mail_reports, schedule="52 * * * *"),
    "mail-contributions": Work(does=work.mail_contributions, schedule="10 4 * * *"),
    ANSWER: Work(does=work.answer, queue=NOTICES),
    MEETING_MAILS: Work(does=work.mail_meetings, queue=NOTICES, schedule="*/5 * * * *"),
    "end-pauses": Work(does=work.end_pauses, schedule="7 * * * *"),
    "pass-on": Work(does=work.pass_on, schedule="*/5 * * * *"),
    "pull-suppressions": Work(does=work.pull_suppressions, schedule="23 2 * * *"),
    "read-mailbox": Work(does=work.read_mailbox, schedule="*/15 * * * *"),
    "close-surveys": Work(does=work.close_surveys, schedule="*/10 * * * *"),
    "tidy": Work(does=work.tidy, schedule="41 3 * * *"),
}


def job_at_once(name: str) -> KnownJob:
    """Return a job that is done without waiting in a queue; only if it fails it waits there."""
    job = job_named(name)
    return KnownJob(
        id=0,
        name=name,
        queue=job.queue.name,
        key=job.key,
        args=job.args,
        attempt=job.attempt,
        state=JobState.RUNNING,
        due=None,
    )


def job_named(name: str, queue_name: str = "") -> Job:
    """Return the job of a name; one that has a schedule is its own key."""
    row = TABLE[name]
    queue = next((q for q in QUEUES if q.name == queue_name), row.queue)
    return Job(name=name, queue=queue, key=name, is_alone=row.is_alone)
