"""What the background has to do and what went wrong there, as people read it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.language import Wording, say
from newsletter.ledger import Ledger, Send, queue, sends
from newsletter.mailing.crew import has_gone_astray, is_served, worker_of
from newsletter.model import (
    BOUNCES_HELD,
    FLOODED,
    REFUSED,
    STOPPED,
    UNREPORTED,
    JobState,
    KnownJob,
    SendState,
    say_issue,
    say_job,
)
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job, and which send it is about."""

    job: KnownJob
    send: Send | None  # None if it is about none, or about one that is gone

    @property
    def words(self) -> str:
        """Return what is to be done."""
        return say_task(self.job.name, self.send)

    @property
    def id(self) -> str:
        """Return what the editor calls it by."""
        return task_id(self.job.name, self.job.key)

    @property
    def has_failed(self) -> bool:
        """Return whether it waits for the editor."""
        return self.job.state is JobState.FAILED

    @property
    def is_to_be_sent(self) -> bool:
        """Return whether it waits to send mail that is not out yet."""
        return (
            self.job.state is JobState.WAITING
            and self.send is not None
            and self.send.state in (SendState.SENDING, SendState.SCHEDULED)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """A send that stopped by itself."""

    issue_id: str
    mail: str
    reason: str
    command: str  # that goes on, or shows what is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What there is to do, and whether anybody does it."""

    tasks: Sequence[Task]
    is_served: bool  # a worker is running
    is_astray: bool  # one is running, but with another account or key than the settings name
    stopped: Sequence[Halted]

    @property
    def failed(self) -> list[Task]:
        """Return what waits for the editor."""
        return [task for task in self.tasks if task.has_failed]

    @property
    def needs_a_hand(self) -> bool:
        """Return whether anything waits for the editor."""
        return bool(self.failed or self.stopped)

    @property
    def deserted(self) -> list[Task]:
        """Return what waits to be sent while nobody is there to send it.

        Upkeep may wait: the next worker that begins makes up for it.
        """
        return [task for task in self.tasks if task.is_to_be_sent and not self.is_served]


def find_backlog(settings: Settings, ledger: Ledger) -> Backlog:
    """Return what there is to do in the background."""
    with ledger.read() as connection:
        jobs = queue.list_jobs(connection)
        about = sends.find_by_keys(connection, [job.key for job in jobs])
        tasks = [Task(job=job, send=about.get(job.key)) for job in jobs]
        stopped = sends.list_sends_in(connection, [SendState.STOPPED])
    asking = worker_of(settings, ledger)
    served = is_served(ledger, asking)
    return Backlog(
        tasks=tasks,
        is_served=served,
        is_astray=not served and has_gone_astray(ledger, asking),
        stopped=[_halted(send) for send in stopped if not send.is_test],
    )


def _halted(send: Send) -> Halted:
    going_on = f"newsletter send {send.issue_id}"
    return Halted(
        issue_id=send.issue_id,
        mail=say_mail(send),
        reason=send.reason,
        command="newsletter status --notices" if send.is_notice else going_on,
    )


def retry_tasks(ledger: Ledger, tasks: Sequence[Task]) -> None:
    """Have tasks that failed done at once, from their first attempt."""
    with ledger.write() as connection:
        queue.retry(connection, [task.job for task in tasks])


def task_id(name: str, key: str) -> str:
    """Return what the editor calls a job by: the same for all who share a send."""
    if name == key:
        return name
    return f"{name}/{key.rpartition(':')[0] or key}"


def say_task(name: str, send: Send | None) -> str:
    """Return what a job does, and for which mail."""
    if send is None:
        return say_job(name)
    return say("{job}: {mail}", job=say_job(name), mail=say_mail(send))


def say_mail(send: Send) -> str:
    """Return which mail a send is, without naming who gets it."""
    if send.is_notice:
        return say_issue(send.issue_id)
    if send.is_test:
        return say("test of {issue}", issue=send.issue_id)
    if send.is_rehearsal:
        return say("{issue} (rehearsal)", issue=send.issue_id)
    return send.issue_id


# --- what went wrong ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A trouble, and what the editor can do about it."""

    what: Wording
    reason: str
    at: dt.datetime  # UTC
    cure: Wording
    command: str


def find_fault(connection: Connection, trouble: queue.Trouble) -> Fault:
    """Return what a trouble means for the editor."""
    send = sends.find_by_key(connection, trouble.key)
    what, cure, command = _came_back(trouble) or _case(trouble, send)
    return Fault(what=what, reason=trouble.reason, at=trouble.at, cure=cure, command=command)


def _came_back(trouble: queue.Trouble) -> tuple[Wording, Wording, str] | None:
    """Return the same for what came back about mails."""
    if trouble.name == REFUSED:
        what = say("Mail is refused because of who sends it; no reader is to blame.")
        cure = say("Read what the server said. This examines the sender's domain:")
        return what, cure, "newsletter check --online"
    if trouble.name == UNREPORTED:
        what = say("The report on an issue was refused by an address that you named for it.")
        cure = say(
            "Correct it under [report] in newsletter.toml, or take it out: it is tried no more. "
            "This tells of all mails that are no issue:"
        )
        return what, cure, "newsletter status --notices"
    if trouble.name == BOUNCES_HELD:
        what = say("Many addresses bounced at once. Nobody was taken off the list for it.")
        return what, say("Look at them and decide:"), "newsletter returns"
    return None


def _case(trouble: queue.Trouble, send: Send | None) -> tuple[Wording, Wording, str]:
    """Return what happened, what to do about it, and the command."""
    again = f"newsletter jobs --retry {task_id(trouble.name, trouble.key)}"
    if trouble.name == FLOODED:
        what = say("More people sign up than usual, or a program does.")
        cure = say(
            "No stranger gets more mail than your limits allow. [subscribe] in newsletter.toml "
            "sets them; this tells how many forms were filled in:"
        )
        return what, cure, "newsletter doctor"
    if send is None:
        what = say("Failed: {job}", job=say_job(trouble.name))
        cure = say("Mend the cause. It is tried again at its next time, or at once with:")
        return what, cure, again
    if trouble.name != STOPPED:
        what = say("Sending failed: {mail}", mail=say_mail(send))
        return what, say("Mend the cause, then have it tried again with:"), again
    if send.is_notice:
        what = say("Stopped: {mail}", mail=say_mail(send))
        cure = say("Mend the cause. This shows what is left:")
        return what, cure, "newsletter status --notices"
    what = say("The sending of {issue} stopped.", issue=send.issue_id)
    return what, say("Mend the cause, then go on with:"), f"newsletter send {send.issue_id}"
