"""Sending with a progress bar, the question about the canary, and the outcome."""

import datetime as dt
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter import mailing, pipeline
from newsletter.cli.common import confirm, plural, tell, write_json
from newsletter.cli.offers import SendOptions
from newsletter.cli.signals import signals
from newsletter.cli.status import describe, show_report
from newsletter.ledger import Ledger, Send, Situation
from newsletter.model import End, Result, State, WhenUnknown
from newsletter.settings import Settings


def finish(settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions) -> int:
    """Send what is left, report, and return the exit code."""
    was_open = mailing.look_at(ledger, send).is_open
    result = _deliver(settings, ledger, send, wishes.decisions.unknown)
    while result.state is End.CANARY and _may_go_on(settings, ledger, send, wishes):
        mailing.release_rest(ledger, send)
        result = _deliver(settings, ledger, send, None)
    situation = mailing.look_at(ledger, send)
    if wishes.as_json:
        write_json(describe(situation))
    elif was_open:
        show_report(describe(situation), is_test=send.is_test)
    return _report_end(settings, situation, result, quiet=wishes.as_json or not was_open)


def _deliver(settings: Settings, ledger: Ledger, send: Send, unknown: WhenUnknown | None) -> Result:
    """Deliver what is left, and show the progress."""
    situation, stop, now = mailing.look_at(ledger, send), Event(), dt.datetime.now(dt.UTC)
    if not situation.is_open or send.is_for_later(now):
        return pipeline.deliver(settings, ledger, send, now=now, progress=_nowhere, stop=stop)
    columns = (TextColumn("Sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with signals(stop), Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=situation.left)

        def progress(decided: int, remark: str) -> None:
            bar.advance(task, decided)
            if remark:
                bar.console.print(remark, markup=False, highlight=False)

        return pipeline.deliver(
            settings, ledger, send, now=now, progress=progress, stop=stop, unknown=unknown
        )


def _nowhere(_decided: int, _remark: str) -> None:
    """Show nothing, as nothing is sent now."""


def _may_go_on(settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions) -> bool:
    """Return whether the rest may follow; if not, the send stays held, and that is reported."""
    returned = mailing.find_canary_outcome(ledger, send)
    tell(f"The canary is out: {returned.accepted:,} accepted, {returned.rejected:,} rejected.")
    if wishes.canary_wait is None:
        return not wishes.yes and confirm(f"Send to the other {returned.left:,} now?")
    stop = Event()
    with signals(stop):
        tell(f"Going on in {wishes.canary_wait / 60:.0f} min; Ctrl-C keeps the rest back.")
        if stop.wait(wishes.canary_wait):
            return False
    if wishes.max_bounce is None:
        return True
    now = dt.datetime.now(dt.UTC)
    verdict = mailing.judge_canary(settings, send, returned, most=wishes.max_bounce, now=now)
    tell(
        f"{verdict.bounced:,} of the canary bounced: {verdict.share:.1%}, "
        f"at most {verdict.most:.1%} may."
    )
    if not verdict.may_follow:
        mailing.hold_back(ledger, send, verdict)
    return verdict.may_follow


# --- the end ------------------------------------------------------------------------------


def _report_end(settings: Settings, situation: Situation, result: Result, *, quiet: bool) -> int:
    """Report the outcome and what to do next; return the exit code."""
    if result.state is not End.DONE:
        text, code = _other_end(settings, situation.send, result)
        tell(text)
        return code
    send, rejected = situation.send, situation.count(State.REJECTED)
    if not quiet:
        at = send.scheduled_at
        is_held = at is not None and send.by_provider
        held = f" It goes out at {settings.local_time(at)}." if at and is_held else ""
        rehearsed = " It was a rehearsal: no reader was mailed." if send.is_rehearsal else ""
        tell(f"Done. {mailing.where_to(settings)}.{held}{rehearsed}")
    if rejected:
        refused = plural(rejected, "person was", "people were")
        tell(
            f"{refused} refused; “newsletter status {send.issue_id} --recipients --state "
            "rejected” says why."
        )
    if situation.put_off and not send.is_test:
        some = plural(situation.put_off, "of them was", "of them were")
        tell(
            f"{some} refused for a temporary reason; “newsletter send {send.issue_id} "
            "--retry-failed” tries again."
        )
    return 1 if rejected else 0


def _other_end(settings: Settings, send: Send, result: Result) -> tuple[str, int]:
    """Return the message for a run that did not send everything, and the exit code."""
    issue, reason = send.issue_id, result.reason
    again = "send the test again" if send.is_test else f"“newsletter send {issue}” goes on"
    stopped = f"Stopped: {reason}.\nWhat was sent stays sent; {again}."
    time = settings.local_time(send.scheduled_at) if send.scheduled_at else ""
    return {
        End.INTERRUPTED: (f"Interrupted: {reason}." if reason else f"Interrupted. {again}.", 130),
        End.WATCHED: (f"Workers go on without you; “newsletter status {issue}” shows it.", 130),
        End.PAUSED: (f"Paused. “newsletter send {issue} --resume” goes on.", 130),
        End.CANCELLED: ("Cancelled.", 1),
        End.STOPPED: (stopped, 4),
        End.UNKNOWN: (stopped, 1),
        End.CANARY: (f"The rest is held back. {again}.", 1),
        End.SCHEDULED: (f"Waits for {time}. “newsletter send {issue} --cancel” takes it back.", 0),
    }[result.state]
