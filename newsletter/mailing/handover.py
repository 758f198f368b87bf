"""Hands sends over to those who serve: a job for each of them that may take part."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection

from newsletter.ledger import Send, queue, sends, workers
from newsletter.model import CARRY_ON, NOTICES, SENDS, Job

_MOST_LANES = 64  # workers that one send is spread over
# For so long at most a job waits to carry a send on, unless that is for later.
LONGEST_WAIT = dt.timedelta(hours=1)


def ask_to_carry(connection: Connection, send: Send, *, due: dt.datetime | None = None) -> None:
    """Ask those who serve to carry a send on, in the transaction that makes it ready for them.

    There is a job for each of them, a lane, and one for whoever comes when there is none yet.
    """
    lanes = max(1, min(_MOST_LANES, workers.count_serving(connection)))
    for lane in range(lanes):
        queue.put(connection, carrying(send, lane, due=due))


def ask_for_forgotten(
    connection: Connection, running: Iterable[Send], now: dt.datetime, *, anew: bool
) -> None:
    """Ask for the sends under way that nobody was asked to carry on: whoever sent them is gone.

    Nor is anybody who waits longer than there is reason to: that job was put off by a clock ahead.
    With `anew`, also for those whose job failed, and for all lanes: a worker joins in. But what
    ends each worker that joins in waits for the editor.
    """
    known = queue.list_keys(connection, due_by=now + LONGEST_WAIT)
    hopeless = queue.list_hopeless(connection)
    for send in running:
        if any(key.startswith(_prefix(send)) for key in hopeless):
            continue
        is_known = any(key.startswith(_prefix(send)) for key in known)
        if anew:
            queue.forget_all(connection, _prefix(send))
        if anew or not is_known:
            due = send.scheduled_at if not send.by_provider else None
            ask_to_carry(connection, send, due=due)


def carrying(send: Send, lane: int, *, due: dt.datetime | None = None) -> Job:
    """Return the job that carries a send on; tests and notices are waited for."""
    is_waited_for = send.is_notice or send.is_test
    return Job(
        name=CARRY_ON,
        queue=NOTICES if is_waited_for else SENDS,
        key=f"{_prefix(send)}{lane}",
        args={"send": send.id},
        due=due,
    )


def _prefix(send: Send) -> str:
    return sends.job_prefix(send.id)
