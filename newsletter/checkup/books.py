"""Examines the ledger: whether it works, and whether sends, workers and jobs need a hand."""

from collections.abc import Iterator

from newsletter.checkup.diagnoses import Diagnosis, broken, doubtful, good
from newsletter.errors import ConfigError
from newsletter.language import Wording, say, say_list, say_many, without_addresses
from newsletter.ledger import Ledger, Send, people, procrastinate, sends
from newsletter.ledger import workers as workers_of
from newsletter.mailing import find_backlog, worker_of
from newsletter.model import SendState, State
from newsletter.settings import Settings

_UNSETTLED = (SendState.PAUSED, SendState.STOPPED)
_LEASE = 900.0  # seconds after which a worker that was not seen counts as dead, wherever it ran


def look_at_books(settings: Settings, ledger: Ledger) -> Iterator[Diagnosis]:
    """Examine each in turn."""
    yield _probe(ledger)
    yield from _sends(ledger)
    yield from _workers(settings, ledger)
    yield from _jobs(settings, ledger)


def _probe(ledger: Ledger) -> Diagnosis:
    """Read the ledger, and write to it as a worker would that it does not know: to no row."""
    with ledger.write() as connection:
        active = people.count_by_standing(connection).get("active", 0)
        workers_of.note_living(connection, "doctor")
    told = say(
        "{place} opens, is up to date and takes changes; {active:,} active subscribers",
        place=ledger.place,
        active=active,
    )
    return good("ledger", told)


def _sends(ledger: Ledger) -> Iterator[Diagnosis]:
    with ledger.read() as connection:
        wanted = (*_UNSETTLED, SendState.SENDING, SendState.DONE)
        found = sends.list_sends_in(connection, wanted)
        in_doubt = sends.count_unknown(connection)
    troubled = False
    for send in found:
        unknown = in_doubt.get(send.id, 0)
        if not unknown and send.state not in _UNSETTLED:
            continue
        troubled = True
        yield doubtful(
            "sends",
            _troubled(send, unknown),
            f"newsletter status {'--notices' if send.is_notice else send.issue_id}",
        )
    if not troubled:
        yield good("sends", say("none is stopped or in doubt"))


def _troubled(send: Send, unknown: int) -> Wording:
    """Return what troubles a send: its state, why it has that, and how many are in doubt."""
    issue, state = send.issue_id, send.state.words
    told = say("{issue} is {state}", issue=issue, state=state)
    if send.reason:
        told = say("{issue} is {state} ({reason})", issue=issue, state=state, reason=send.reason)
    if unknown:
        doubt = say_many("{n} delivery is in doubt", "{n:,} deliveries are in doubt", n=unknown)
        return say_list((told, doubt), "; ")
    return told


def _workers(settings: Settings, ledger: Ledger) -> Iterator[Diagnosis]:
    """Report workers that ended without signing off."""
    asking = worker_of(settings, ledger)
    with ledger.read() as connection:
        known = workers_of.list_workers(connection)
        under_way = sends.list_sends_in(connection, (SendState.SENDING, *_UNSETTLED))
        counts = [sends.count_states(connection, send.id) for send in under_way]
    dead = [w for w in known if w.age > _LEASE or not asking.is_living(w.name)]
    is_undone = any(c.get(State.SENDING) or c.get(State.UNKNOWN) for c in counts)
    # A “send” that was cut off and left nothing is over; a service should be running.
    if not any(is_undone or worker.is_serving for worker in dead):
        living = len(known) - len(dead)
        told = say("{count} at work", count=living) if living else say("none at work")
        if dead:
            over = say("{count} ended suddenly and left nothing undone", count=len(dead))
            told = say_list((told, over), "; ")
        yield good("workers", told)
        return
    yield doubtful(
        "workers",
        say("{dead} of {known} died or cannot be seen from here", dead=len(dead), known=len(known)),
        say("“newsletter worker” or “newsletter send” takes over what they left"),
    )


def _jobs(settings: Settings, ledger: Ledger) -> Iterator[Diagnosis]:
    """Report what failed for good, what nobody does, and an engine of another version."""
    yield from _engine(ledger)
    backlog = find_backlog(settings, ledger)
    for task in {task.id: task for task in backlog.failed}.values():
        reason = without_addresses(task.job.reason) or say("why is not known")
        yield doubtful(
            "jobs",
            say("failed: {job} ({reason})", job=task.words, reason=reason),
            say("mend the cause, then: {command}", command=f"newsletter jobs --retry {task.id}"),
        )
    if backlog.is_astray:
        yield doubtful(
            "jobs",
            say("a worker is running, but with another account or key than is set now"),
            say("end it and start “newsletter worker” again"),
        )
    elif backlog.deserted:
        mails = list(dict.fromkeys(task.words for task in backlog.deserted))
        yield doubtful(
            "jobs",
            say("no worker is running, and this waits for one: {jobs}", jobs=say_list(mails)),
            say("start “newsletter worker” and leave it running"),
        )
    if not (backlog.failed or backlog.deserted or backlog.is_astray):
        told = say("none has failed, and none waits in vain")
        yield good("jobs", told)


def _engine(ledger: Ledger) -> Iterator[Diagnosis]:
    """Report tables of Procrastinate that its version here does not fit."""
    if not ledger.is_shared:
        return
    try:
        with ledger.read() as connection:
            missing = procrastinate.list_missing(connection)
    except ConfigError as err:
        yield broken("jobs", err.words)
        return
    if missing:
        yield doubtful(
            "jobs",
            say("the job queue is of an older version of Procrastinate than the one here"),
            say("“newsletter worker” brings it up to date when it starts"),
        )
