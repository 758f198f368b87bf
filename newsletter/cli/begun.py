"""A send that has begun: continuing, pausing, resuming, cancelling."""

import datetime as dt

from newsletter import mailing
from newsletter.cli.common import (
    Settings,
    UsageError,
    insist,
    tell,
)
from newsletter.cli.late_sends import offer_late, say_outside
from newsletter.cli.offers import SendOptions, ask_until_stable
from newsletter.cli.settling import clear_list, keep_account
from newsletter.cli.states import say_left_out
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, Send, Situation
from newsletter.model import Finding, SendState, State, WhenUnknown


def continue_send(
    settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions, decided: mailing.Decisions
) -> Send | None:
    """Do what is asked of a send; return it if this process is to continue it."""
    if decided.order is mailing.Order.LATE:
        clear_list(ledger, yes=wishes.yes, report_only=wishes.dry_run)
        told: set[Finding] = set()
        return ask_until_stable(lambda: offer_late(settings, ledger, send, wishes, told))
    if decided.order:
        return _carry_out_order(settings, ledger, send, decided.order, yes=wishes.yes)
    return _go_on(settings, ledger, send, wishes, decided)


def _carry_out_order(
    settings: Settings, ledger: Ledger, send: Send, order: mailing.Order, *, yes: bool
) -> Send | None:
    """Pause, resume or cancel a send; return it if this process is to continue it."""
    situation = mailing.look_at(ledger, send)
    mailing.check_order(situation, order, dt.datetime.now(dt.UTC))
    if order is mailing.Order.PAUSE:
        mailing.pause(ledger, send)
        tell(
            say_many(
                "Paused. Calls under way end; {n:,} delivery waits.",
                "Paused. Calls under way end; {n:,} deliveries wait.",
                n=situation.left,
            )
        )
        tell(say("“newsletter send {issue} --resume” goes on.", issue=send.issue_id))
        return None
    if order is mailing.Order.RESUME:
        keep_account(settings, ledger, send, yes=yes)
        clear_list(ledger, yes=yes, report_only=send.is_rehearsal)
        mailing.resume(ledger, send, dt.datetime.now(dt.UTC))
        tell(
            say_many(
                "Going on with {n:,} delivery.", "Going on with {n:,} deliveries.", n=situation.left
            )
        )
        return mailing.look_at(ledger, send).send
    question = say("Cancel {issue}? What is not sent yet never will be.", issue=send.issue_id)
    if not yes:
        insist(question)
    for trouble in mailing.cancel(settings, ledger, send, dt.datetime.now(dt.UTC)):
        tell(say("Not taken back: {trouble}", trouble=trouble))
    tell(
        say_many(
            "Cancelled. {n:,} delivery had been accepted by then.",
            "Cancelled. {n:,} deliveries had been accepted by then.",
            n=mailing.look_at(ledger, send).count(State.ACCEPTED),
        )
    )
    return None


# --- continuing ---------------------------------------------------------------------------


def _go_on(
    settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions, decided: mailing.Decisions
) -> Send | None:
    """Show what is left of a send and ask; None after a dry run."""
    if wishes.is_for_a_new_send:
        raise UsageError(
            say("{issue} is planned already; who gets it and when is fixed", issue=send.issue_id)
        )
    situation = mailing.look_at(ledger, send)
    put_off = situation.put_off if decided.retry_failed else 0
    mailing.check_turn(settings, send, dt.datetime.now(dt.UTC))
    if not situation.left + put_off:
        tell(_ended(situation, retry_failed=decided.retry_failed))
        _report_unreached(ledger, situation)
        return send
    if not wishes.dry_run:
        keep_account(settings, ledger, send, yes=wishes.yes)
    clear_list(ledger, yes=wishes.yes, report_only=wishes.dry_run or send.is_rehearsal)
    _show_rest(settings, situation, put_off, decided.unknown)
    if wishes.dry_run:
        tell(say("Dry run: nothing was sent."))
        return None
    if not wishes.yes:
        insist(say("Go on now?"), otherwise=say("Nothing was sent."))
    now = dt.datetime.now(dt.UTC)
    mailing.make_ready(ledger, send, retry_failed=put_off > 0, now=now)
    return mailing.look_at(ledger, send).send


def _ended(situation: Situation, *, retry_failed: bool) -> Wording:
    send, accepted = situation.send, situation.count(State.ACCEPTED)
    if send.is_rehearsal and not retry_failed:
        told = say("{issue} was rehearsed: {n:,} accepted.", issue=send.issue_id, n=accepted)
    elif send.state is SendState.CANCELLED:
        told = say(
            "{issue} was cancelled for good: {n:,} accepted; a copy of it under another id can be "
            "sent.",
            issue=send.issue_id,
            n=accepted,
        )
    elif retry_failed:
        told = say(
            "Nobody was refused {issue} for a temporary reason, or renamed since.",
            issue=send.issue_id,
        )
    else:
        told = say("{issue} was sent already: {n:,} accepted.", issue=send.issue_id, n=accepted)
    return say_list([told, say("Nothing was sent now.")], " ")


def _report_unreached(ledger: Ledger, situation: Situation) -> None:
    """Report who got nothing from a send that ended, why, and what would reach them."""
    send, since = situation.send, situation.left_out_since
    for reason, count in send.left_out.items():
        tell(say("Left out: {who}.", who=say_left_out(reason, count)))
    if later := mailing.count_joined_since(ledger, send):
        tell(
            say_many(
                "{n:,} person joined since; “newsletter send {issue} --late” is for them.",
                "{n:,} people joined since; “newsletter send {issue} --late” is for them.",
                n=later,
                issue=send.issue_id,
            )
        )
    for reason, count in since.items():
        tell(say("Left out of these: {who}.", who=say_left_out(reason, count)))
    if told := say_outside(send, {**send.left_out, **since}):
        tell(say("{told}.", told=told))


def _show_rest(
    settings: Settings, situation: Situation, put_off: int, unknown: WhenUnknown | None
) -> None:
    send, accepted = situation.send, situation.count(State.ACCEPTED)
    frozen = settings.local_time(send.planned_at)
    tell(say("Going on with {issue}, frozen {time}:", issue=send.issue_id, time=frozen))
    tell(
        say(
            "{accepted:,} accepted, {left:,} to go.",
            accepted=accepted,
            left=situation.left + put_off,
        )
    )
    if send.is_rehearsal:
        tell(
            say(
                "“newsletter send {issue} --cancel” ends it; the next “send” rehearses the issue "
                "as it is then.",
                issue=send.issue_id,
            )
        )
    if put_off:
        tell(
            say_many(
                "{n:,} of them was refused for a temporary reason, or renamed since; now comes "
                "another try.",
                "{n:,} of them were refused for a temporary reason, or renamed since; now comes "
                "another try.",
                n=put_off,
            )
        )
    if doubtful := situation.count(State.UNKNOWN):
        decided = say("; decided: {decision}", decision=str(unknown)) if unknown else ""
        tell(say("{n:,} of them unknown{decided}.", n=doubtful, decided=decided))
