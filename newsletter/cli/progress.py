"""Sending with a progress bar, the question about the canary, and the outcome."""

import datetime as dt
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter import mailing, pipeline
from newsletter.cli.common import Settings, confirm, in_words, tell, write_json
from newsletter.cli.offers import SendOptions
from newsletter.cli.signals import signals
from newsletter.cli.status import describe, show_report
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, Send, Situation
from newsletter.model import End, Result, State, WhenUnknown


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
        show_report(settings, describe(situation), is_test=send.is_test)
    if not was_open and result.state is End.CANCELLED:
        return 1  # as was told already
    return _report_end(settings, situation, result, quiet=wishes.as_json or not was_open)


def _deliver(settings: Settings, ledger: Ledger, send: Send, unknown: WhenUnknown | None) -> Result:
    """Deliver what is left, and show the progress."""
    situation, stop, now = mailing.look_at(ledger, send), Event(), dt.datetime.now(dt.UTC)
    if not situation.is_open or send.is_for_later(now):
        return pipeline.deliver(settings, ledger, send, now=now, progress=_nowhere, stop=stop)
    label = TextColumn(in_words(say("Sending")))
    columns = (label, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with signals(stop), Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=situation.left)

        def progress(decided: int, remark: str) -> None:
            bar.advance(task, decided)
            if remark:
                bar.console.print(in_words(remark), markup=False, highlight=False)

        return pipeline.deliver(
            settings, ledger, send, now=now, progress=progress, stop=stop, unknown=unknown
        )


def _nowhere(_decided: int, _remark: str) -> None:
    """Show nothing, as nothing is sent now."""


def _may_go_on(settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions) -> bool:
    """Return whether the rest may follow; if not, the send stays held, and that is reported."""
    returned = mailing.find_canary_outcome(ledger, send)
    tell(
        say(
            "The canary is out: {accepted:,} accepted, {rejected:,} rejected.",
            accepted=returned.accepted,
            rejected=returned.rejected,
        )
    )
    if wishes.canary_wait is None:
        question = say_many(
            "Send to the other {n:,} now?", "Send to the other {n:,} now?", n=returned.left
        )
        return not wishes.yes and confirm(question)
    stop = Event()
    with signals(stop):
        minutes = round(wishes.canary_wait / 60)
        tell(say("Going on in {minutes} min; Ctrl-C keeps the rest back.", minutes=minutes))
        if stop.wait(wishes.canary_wait):
            return False
    if wishes.max_bounce is None:
        return True
    now = dt.datetime.now(dt.UTC)
    verdict = mailing.judge_canary(settings, send, returned, most=wishes.max_bounce, now=now)
    tell(
        say(
            "{bounced:,} of the canary bounced: {share:.1%}, at most {most:.1%} may.",
            bounced=verdict.bounced,
            share=verdict.share,
            most=verdict.most,
        )
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
        tell(_done(settings, send))
    if rejected:
        tell(
            say_many(
                "{n:,} person was refused; “newsletter status {issue} --recipients --state "
                "rejected” says why.",
                "{n:,} people were refused; “newsletter status {issue} --recipients --state "
                "rejected” says why.",
                n=rejected,
                issue=send.issue_id,
            )
        )
    if situation.put_off and not send.is_test:
        tell(
            say_many(
                "{n:,} of them was refused for a temporary reason; “newsletter send {issue} "
                "--retry-failed” tries again.",
                "{n:,} of them were refused for a temporary reason; “newsletter send {issue} "
                "--retry-failed” tries again.",
                n=situation.put_off,
                issue=send.issue_id,
            )
        )
    return 1 if rejected else 0


def _done(settings: Settings, send: Send) -> Wording:
    told = [say("Done. {where}.", where=mailing.where_to(settings))]
    if send.scheduled_at and send.by_provider:
        told.append(say("It goes out at {time}.", time=settings.local_time(send.scheduled_at)))
    if send.is_rehearsal:
        told.append(say("It was a rehearsal: no reader was mailed."))
    return say_list(told, " ")


def _other_end(settings: Settings, send: Send, result: Result) -> tuple[Wording, int]:
    """Return the message for a run that did not send everything, and the exit code."""
    issue, reason = send.issue_id, result.reason
    again = say("“newsletter send {issue}” goes on", issue=issue)
    if send.is_test:
        again = say("send the test again")
    stopped = say(
        "Stopped: {reason}. What was sent stays sent; {again}.", reason=reason, again=again
    )
    interrupted = say("Interrupted. {again}.", again=again)
    if reason:
        interrupted = say("Interrupted: {reason}.", reason=reason)
    time = settings.local_time(send.scheduled_at) if send.scheduled_at else ""
    ends = {
        End.INTERRUPTED: (interrupted, 130),
        End.WATCHED: (
            say("Workers go on without you; “newsletter status {issue}” shows it.", issue=issue),
            130,
        ),
        End.PAUSED: (say("Paused. “newsletter send {issue} --resume” goes on.", issue=issue), 130),
        End.CANCELLED: (say("Cancelled: what is not sent yet never will be."), 1),
        End.STOPPED: (stopped, 4),
        End.UNKNOWN: (stopped, 1),
        End.CANARY: (say("The rest is held back. {again}.", again=again), 1),
        End.SCHEDULED: (
            say(
                "Waits for {time}. “newsletter send {issue} --cancel” takes it back.",
                time=time,
                issue=issue,
            ),
            0,
        ),
    }
    return ends[result.state]
