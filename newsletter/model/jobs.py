"""The nouns of background work: queues, a job to be done, and one that is known to wait or fail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.language import Wording, say


@dataclass(frozen=True, slots=True)
class Queue:
    """A line of jobs; of two that wait, the one with the higher priority comes first."""

    name: str
    priority: int


# Somebody waits for a notice, a send may take an hour, and upkeep is nobody's hurry.
NOTICES, SENDS, UPKEEP = Queue("notices", 30), Queue("sends", 20), Queue("upkeep", 10)
QUEUES = (NOTICES, SENDS, UPKEEP)

CARRY_ON = "carry-on"  # the name of the job that carries a send on
ALARM = "alarm"  # the name of the job that mails the editor
DIGEST = "digest-webhooks"  # the name of the job that reads what providers posted
ANSWER = "answer"  # the name of the job that mails people what they asked for on our pages
MEETING_MAILS = "meeting-mails"  # the name of the job that mails those who registered for a meeting
SUM_UP = "sum-up"  # the name of the job that sums up opens and clicks
FLOODED = "sign-ups"  # the name of the trouble of more forms being filled in than usual
STOPPED = "stopped"  # the name of the trouble of a send that stopped by itself
REFUSED = "refused"  # the name of the trouble of mail that is refused because of the sender
UNREPORTED = "unreported"  # the name of the trouble of a report that somebody cannot be mailed
BOUNCES_HELD = "bounces-held"  # the name of the trouble of bounces that the editor is asked about


class JobState(StrEnum):
    """How far a job is. One that is done is forgotten."""

    WAITING = "waiting"  # for its time, or for a worker
    RUNNING = "running"
    FAILED = "failed"  # tried as often as it may be; waits for the editor

    @property
    def words(self) -> Wording:
        """Return the state as people read it."""
        return _STATES[self]


_STATES = {
    JobState.WAITING: say("waiting"),
    JobState.RUNNING: say("at work"),
    JobState.FAILED: say("failed"),
}

# What each job does, as people read it.
_JOBS = {
    CARRY_ON: say("sending mail"),
    "join-in": say("taking part in what is being sent"),
    "find-forgotten": say("looking for sends that nobody carries on"),
    "pull-figures": say("asking for figures and who is gone"),
    ALARM: say("mailing you when something needs a hand"),
    DIGEST: say("reading what the provider posted"),
    SUM_UP: say("summing up opens and clicks"),
    "write-down": say("writing down figures of issues"),
    "mail-reports": say("mailing the report on an issue"),
    "mail-contributions": say("mailing you what was sent in for the next issue"),
    ANSWER: say("mailing people what they asked for"),
    MEETING_MAILS: say("mailing those who registered for meetings"),
    "end-pauses": say("ending the pauses that are over"),
    "pass-on": say("telling the provider who left"),
    "pull-suppressions": say("asking to whom the provider sends nothing"),
    "read-mailbox": say("reading the mailbox"),
    "close-surveys": say("closing the surveys whose day is over"),
    "tidy": say("clearing away what failed long ago"),
}


def say_job(name: str) -> str:
    """Return what a job does; its name if a newer version asked for it."""
    return _JOBS.get(name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done: by whom is open, when may be said.

    Of jobs with the same key one waits at most, whoever asked for it, and at its earliest time.
    """

    name: str
    queue: Queue
    key: str
    args: Mapping[str, int] = field(default_factory=dict)
    due: dt.datetime | None = None  # not before; at once if there is none
    attempt: int = 1
    is_alone: bool = False  # never beside another of its name


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTally:
    """How many jobs of a queue are alike."""

    queue: str
    state: JobState
    is_due: bool  # its time has come; so it has of all that run or have failed
    count: int
    waited: float  # seconds since the first of them was asked for, and due


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJob:
    """A job as the ledger knows it."""

    id: int
    name: str
    queue: str
    key: str
    args: Mapping[str, int]
    attempt: int
    state: JobState
    due: dt.datetime | None  # UTC; None: at once
    asked_at: dt.datetime | None = None  # UTC; when it was asked for, by the database's clock
    reason: str = ""  # why its last attempt failed
    is_alone: bool = False  # never beside another of its name, as far as the queue knows
    failed_at: dt.datetime | None = None  # UTC; when that was
