"""Sending with a progress bar, here or by workers elsewhere, and how it ended."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.cli.common import confirm, plural, say, write_json
from newsletter.cli.planning import local_time, where_to
from newsletter.cli.signals import signals
from newsletter.cli.status import describe_send, show_report
from newsletter.delivery import Result
from newsletter.delivery import finish as note_the_end
from newsletter.errors import LedgerBusyError
from newsletter.ledger import Ledger
from newsletter.ledger.doubts import count_open, list_open_canary
from newsletter.ledger.sends import (
    Send,
    begin_sending,
    count_canary,
    count_states,
    count_transient,
    find_send,
    release_held,
    set_send_state,
)
from newsletter.mailing.carrier import clock_of, deliver
from newsletter.mailing.crew import has_serving_worker, is_in_hand, worker_of
from newsletter.model.post import SendState, State
from newsletter.pipeline import canary_bounces
from newsletter.settings import Settings

_LOOK = 0.5  # seconds between two looks at what workers have done
_ASK = 6  # so many looks between two questions whether any worker is left
_ENDS = {  # of a send that workers carry out: how the viewer reports it
    SendState.DONE: "done",
    SendState.STOPPED: "stopped",
    SendState.PAUSED: "paused",
    SendState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """What must be true before the rest follows a canary."""

    wait: float | None = None  # seconds; None: the editor is asked
    max_bounce: float | None = None  # share of the canary, from 0 to 1
    yes: bool = False  # nobody is there to be asked


def finish(
    settings: Settings,
    ledger: Ledger,
    send: Send,
    *,
    unknown: str | None,
    canary: Canary,
    as_json: bool,
) -> int:
    """Send what is left, report, and return the exit code."""
    left = _count_left(ledger, send)
    if left and send.state is SendState.CANCELLED:
        left = 0
    result = Result(state="done")
    if not left:
        note_the_end(ledger, send, dt.datetime.now(dt.UTC))
    elif _is_for_later(send):
        result = _schedule(settings, ledger, send)
    else:
        result = _send(settings, ledger, send, unknown, left)
    while result.state == "canary" and _may_go_on(settings, ledger, send, canary):
        with ledger.write() as connection:
            release_held(connection, send.id)
        result = _send(settings, ledger, send, None, _count_left(ledger, send))
    with ledger.read() as connection:
        send = find_send(connection, send.scope) or send
        put_off = count_transient(connection, send.id)
    report = describe_send(ledger, send)
    if as_json:
        write_json(report)
    elif left:
        show_report(report, is_test=send.is_test)
    counts = {**report["counts"], "put off": put_off}
    return _tell(settings, send, result, counts, quiet=as_json or not left)


# --- sending ------------------------------------------------------------------------------


def _send(settings: Settings, ledger: Ledger, send: Send, unknown: str | None, left: int) -> Result:
    """Send here; where workers serve the ledger, let them, and show how they get on."""
    stop = Event()
    clock = clock_of(settings, stop)
    columns = (TextColumn("Sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    worker = worker_of(settings, ledger)
    with signals(stop), Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=left)

        def progress(decided: int, remark: str) -> None:
            bar.advance(task, decided)
            if remark:
                bar.console.print(remark, markup=False, highlight=False)

        def show(still: int) -> None:
            bar.update(task, completed=left - still)

        is_served = partial(has_serving_worker, ledger, worker)
        result = None
        if not unknown and is_served():
            with ledger.write() as connection:
                begin_sending(connection, send.id)
            result = _look_on(ledger, send, is_served, stop, show=show)
        while result is None:
            with worker_of(settings, ledger) as here:
                result = deliver(
                    settings,
                    send,
                    ledger,
                    worker=here,
                    clock=clock,
                    progress=progress,
                    stop=stop,
                    unknown=unknown,
                )
            if result.state == "elsewhere":
                progress(0, f"{result.reason}; looking on")
                unknown = None  # what was unknown is decided; what comes to be so is not
                held = partial(is_in_hand, ledger, send, worker)
                result = _look_on(ledger, send, held, stop, show=show)
        return result


def _look_on(
    ledger: Ledger,
    send: Send,
    is_in_hand: Callable[[], bool],
    stop: Event,
    *,
    show: Callable[[int], None],
) -> Result | None:
    """Look on while others send, until it ends, or the editor looks away.

    None where nobody has it in hand any more: then this process is to send.
    """
    looks = 0
    while not stop.is_set():
        looks += 1
        with suppress(LedgerBusyError):  # workers wait for it too
            if looks % _ASK == 0 and not is_in_hand():
                return None
            with ledger.read() as connection:
                now = find_send(connection, send.scope) or send
                left = count_open(connection, send.id)
                is_out = now.is_held and not list_open_canary(connection, send.id)
            show(left)
            if now.state in _ENDS:
                return Result(state=_ENDS[now.state], reason=now.reason)
            if is_out:
                return Result(state="canary")
        stop.wait(_LOOK)
    return Result(state="watched" if is_in_hand() else "interrupted")


def _is_for_later(send: Send) -> bool:
    at = send.scheduled_at
    return at is not None and not send.by_provider and at > dt.datetime.now(dt.UTC)


def _schedule(settings: Settings, ledger: Ledger, send: Send) -> Result:
    with ledger.write() as connection:
        set_send_state(connection, send.id, SendState.SCHEDULED)
    at = local_time(settings, send.scheduled_at) if send.scheduled_at else ""
    return Result(state="scheduled", reason=at)


def _count_left(ledger: Ledger, send: Send) -> int:
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
    return sum(count for state, count in counts.items() if state.is_open)


# --- the canary ---------------------------------------------------------------------------


def _may_go_on(settings: Settings, ledger: Ledger, send: Send, canary: Canary) -> bool:
    """Tell whether the rest may follow; where not, the send stays held and says so."""
    with ledger.read() as connection:
        counts = count_canary(connection, send.id)
    accepted, rejected = counts.get(State.ACCEPTED, 0), counts.get(State.REJECTED, 0)
    left = _count_left(ledger, send)
    say(f"The canary is out: {accepted:,} accepted, {rejected:,} rejected.")
    if canary.wait is None:
        return not canary.yes and confirm(f"Send to the other {left:,} now?")
    stop = Event()
    with signals(stop):
        say(f"Going on in {canary.wait / 60:.0f} min; Ctrl-C keeps the rest back.")
        if stop.wait(canary.wait):
            return False
    if canary.max_bounce is None:
        return True
    bounced = rejected + canary_bounces(settings, send, dt.datetime.now(dt.UTC))
    share = bounced / max(1, accepted + rejected)
    say(f"{bounced:,} of the canary bounced: {share:.1%}, at most {canary.max_bounce:.1%} may.")
    if share <= canary.max_bounce:
        return True
    with ledger.write() as connection:
        reason = f"{share:.1%} of the canary bounced"
        set_send_state(connection, send.id, SendState.STOPPED, reason=reason)
    return False


# --- the end ------------------------------------------------------------------------------


def _tell(
    settings: Settings, send: Send, result: Result, counts: dict[str, int], *, quiet: bool
) -> int:
    """Say how it ended and what to do next; return the exit code."""
    issue = send.issue_id
    again = "send the test again" if send.is_test else f"“newsletter send {issue}” goes on"
    reason = result.reason
    ends = {
        "interrupted": (f"Interrupted: {reason}." if reason else f"Interrupted. {again}.", 130),
        "watched": (f"Workers go on without you; “newsletter status {issue}” shows it.", 130),
        "paused": (f"Paused. “newsletter send {issue} --resume” goes on.", 130),
        "cancelled": ("Cancelled.", 1),
        "stopped": (f"Stopped: {reason}.\nWhat was sent stays sent; {again}.", 4),
        "unknown": (f"Stopped: {reason}.\nWhat was sent stays sent; {again}.", 1),
        "canary": (f"The rest is held back. {again}.", 1),
        "scheduled": (f"Waits for {reason}. “newsletter send {issue} --cancel” takes it back.", 0),
    }
    if result.state in ends:
        text, code = ends[result.state]
        say(text)
        return code
    if not quiet:
        at = send.scheduled_at
        held = f" It goes out at {local_time(settings, at)}." if at and send.by_provider else ""
        rehearsed = " It was a rehearsal: no reader was mailed." if send.is_rehearsal else ""
        say(f"Done. {where_to(settings)}.{held}{rehearsed}")
    if counts["rejected"]:
        refused = plural(counts["rejected"], "person was", "people were")
        say(
            f"{refused} refused; “newsletter status {issue} --recipients --state rejected” "
            "says why."
        )
    if counts["put off"] and not send.is_test:
        some = plural(counts["put off"], "of them was", "of them were")
        say(
            f"{some} refused for a passing reason; “newsletter send {issue} --retry-failed” "
            "tries again."
        )
    return 1 if counts["rejected"] else 0
