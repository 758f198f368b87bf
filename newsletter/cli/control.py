"""A send that was begun: going on, pausing, resuming, cancelling."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.cli.common import confirm, plural, say
from newsletter.cli.departed import clear_list
from newsletter.cli.planning import (
    Wishes,
    local_time,
    show_late,
    to_those_outside,
    until_agreed,
)
from newsletter.errors import ConfigError, UsageError
from newsletter.ledger import Ledger, doubts
from newsletter.ledger.planning import count_left_out_since
from newsletter.ledger.sends import (
    Send,
    count_joined_since,
    count_states,
    count_transient,
    find_send,
    release_held,
    set_account,
    set_send_state,
)
from newsletter.mailing.accounts import account_of, destination
from newsletter.mailing.carrier import cancel, clock_of
from newsletter.mailing.latecomers import freeze_late, plan_late
from newsletter.model.post import SendState, State
from newsletter.moments import stamp
from newsletter.settings import Settings

_ENDED = (SendState.DONE, SendState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the editor decides about a send that was begun."""

    order: str = ""  # "pause", "resume", "cancel", or "late"
    unknown: str | None = None  # "resend" or "skip" those nobody knows the outcome of
    retry_failed: bool = False  # try those again who were refused for a passing reason

    @property
    def is_any(self) -> bool:
        """Tell whether anything is decided."""
        return bool(self.order or self.unknown or self.retry_failed)


def take_up(
    settings: Settings, ledger: Ledger, send: Send, wishes: Wishes, decided: Decisions
) -> Send | None:
    """Do what is asked of a send; return it when this process is to go on with it."""
    if decided.order == "late":
        return _widen(settings, ledger, send, wishes)
    if decided.order:
        return _obey(settings, ledger, send, decided.order, yes=wishes.yes)
    return _go_on(settings, ledger, send, wishes, decided)


def _obey(settings: Settings, ledger: Ledger, send: Send, order: str, *, yes: bool) -> Send | None:
    """Pause, resume or cancel a send; return it when this process is to go on with it."""
    left = _count_open(ledger, send)
    is_waiting = _waits_at_provider(send)
    if send.state in _ENDED and not left and not is_waiting:
        raise UsageError(f"{send.issue_id} is {send.state}; there is nothing to {order}")
    if order == "pause":
        _set(ledger, send, SendState.PAUSED)
        say(f"Paused. Calls under way end; {plural(left, 'delivery', 'deliveries')} wait.")
        say(f"“newsletter send {send.issue_id} --resume” goes on.")
        return None
    if order == "resume":
        if send.state is not SendState.PAUSED:
            raise UsageError(f"{send.issue_id} is {send.state}, not paused")
        if not _keeps_account(settings, ledger, send, yes=yes):
            return None
        clear_list(ledger, yes=yes, only_tell=send.is_rehearsal)
        _set(ledger, send, SendState.SENDING)
        say(f"Going on with {plural(left, 'delivery', 'deliveries')}.")
        return _again(ledger, send)
    question = f"Cancel {send.issue_id}? What is not sent yet never will be."
    if not yes and not confirm(question):
        say("Nothing was changed.")
        return None
    _cancel(settings, ledger, send)
    return None


def _go_on(
    settings: Settings, ledger: Ledger, send: Send, wishes: Wishes, decided: Decisions
) -> Send | None:
    """Show what is left of a send and ask; None when nothing is to be sent."""
    if wishes.is_for_a_new_send:
        raise UsageError(f"{send.issue_id} is planned already; who gets it and when is fixed")
    unknown, retry_failed = decided.unknown, decided.retry_failed
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
        later = count_joined_since(connection, send.planned_at)
        since = count_left_out_since(connection, send)
        transient = count_transient(connection, send.id) if retry_failed else 0
    open_ = sum(count for state, count in counts.items() if state.is_open) + transient
    _check_state(settings, send)
    if not open_:
        say(_ended(send, counts, retry_failed=retry_failed))
        _say_who_is_left(send, later, since)
        return send
    if not wishes.dry_run and not _keeps_account(settings, ledger, send, yes=wishes.yes):
        return None
    clear_list(ledger, yes=wishes.yes, only_tell=wishes.dry_run or send.is_rehearsal)
    _show_rest(send, counts, open_, transient, unknown)
    if wishes.dry_run:
        say("Dry run: nothing was sent.")
        return None
    if not wishes.yes and not confirm("Go on now?"):
        say("Nothing was sent.")
        return None
    if transient:
        with ledger.write() as connection:
            doubts.requeue_rejected(connection, send.id, now=_stamp(), transient_only=True)
    if send.is_held and _canary_is_out(ledger, send):
        with ledger.write() as connection:
            release_held(connection, send.id)
    return _again(ledger, send)


def _widen(settings: Settings, ledger: Ledger, send: Send, wishes: Wishes) -> Send | None:
    """Show who joined since an issue was sent, ask, and write their deliveries."""
    clear_list(ledger, yes=wishes.yes, only_tell=wishes.dry_run)
    return until_agreed(lambda: _offer_late(settings, ledger, send, wishes))


def _offer_late(settings: Settings, ledger: Ledger, send: Send, wishes: Wishes) -> Send | None:
    plan = plan_late(settings, ledger, send)
    if plan.recipients and not _keeps_account(settings, ledger, send, yes=wishes.yes):
        return None
    show_late(settings, plan)
    if not plan.recipients:
        say("Nothing was sent.")
        return send
    if wishes.dry_run:
        say("Dry run: nothing was sent.")
        return None
    people = plural(plan.recipients, "person", "people")
    if not wishes.yes and not confirm(f"Send {send.issue_id} to {people} who joined since now?"):
        say("Nothing was sent.")
        return None
    return freeze_late(settings, ledger, plan, dt.datetime.now(dt.UTC))


def _keeps_account(settings: Settings, ledger: Ledger, send: Send, *, yes: bool) -> bool:
    """Tell whether a send may go on by the settings; an account that changed is asked about.

    What the old account took, it alone can tell: so nothing is to be in doubt, and a command
    that nobody sits by does not change it.
    """
    issue, account = send.issue_id, account_of(settings)
    if send.provider != settings.provider.name:
        raise ConfigError(
            f"{issue} was begun through {send.provider}, but newsletter.toml now names "
            f"{settings.provider.name}; set it back to go on"
        )
    was, now = send.place or send.provider, destination(settings)[1] or send.provider
    if send.account not in ("", account):
        change = f"from {was} to {now}" if was != now else f"at {now}: its key or domain"
        told = f"The account {issue} was begun through has changed, {change}."
        with ledger.read() as connection:
            counts = count_states(connection, send.id)
        if doubtful := counts.get(State.SENDING, 0) + counts.get(State.UNKNOWN, 0):
            raise ConfigError(
                f"{told} {plural(doubtful, 'delivery', 'deliveries')} may have been taken there, "
                "which only the old account can tell: set it back, and settle those first"
            )
        if yes:
            raise ConfigError(f"{told} Set it back, or run the command without --yes, which asks")
        if not confirm(f"{told} Go on through the new one?"):
            say("Nothing was sent.")
            return False
    with ledger.write() as connection:
        set_account(connection, send.id, place=destination(settings)[1], account=account)
    return True


def _check_state(settings: Settings, send: Send) -> None:
    if send.state is SendState.PAUSED:
        raise UsageError(
            f"{send.issue_id} is paused; “newsletter send {send.issue_id} --resume” goes on"
        )
    at = send.scheduled_at
    if send.state is SendState.SCHEDULED and at and at > dt.datetime.now(dt.UTC):
        raise UsageError(
            f"{send.issue_id} waits for {local_time(settings, at)}; "
            f"“newsletter send {send.issue_id} --cancel” takes it back"
        )


def _ended(send: Send, counts: Mapping[State, int], *, retry_failed: bool) -> str:
    accepted = counts.get(State.ACCEPTED, 0)
    if send.is_rehearsal and not retry_failed:
        return f"{send.issue_id} was rehearsed: {accepted:,} accepted. Nothing was sent now."
    if send.state is SendState.CANCELLED:
        return f"{send.issue_id} was cancelled: {accepted:,} accepted. Nothing was sent now."
    if retry_failed:
        refused = f"refused {send.issue_id} for a passing reason, or renamed since"
        return f"Nobody was {refused}. Nothing was sent now."
    return f"{send.issue_id} was sent already: {accepted:,} accepted. Nothing was sent now."


def _say_who_is_left(send: Send, later: int, since: Mapping[str, int]) -> None:
    """Tell who has nothing of a send that ended, why, and what would reach them."""
    for reason, count in send.left_out.items():
        say(f"Left out: {count:,} {reason}.")
    if later:
        people = plural(later, "person", "people")
        say(f"{people} joined since; “newsletter send {send.issue_id} --late” is for them.")
    for reason, count in since.items():
        say(f"Left out of these: {count:,} {reason}.")
    if told := to_those_outside(send, {**send.left_out, **since}):
        say(f"{told}.")


def _show_rest(
    send: Send, counts: Mapping[State, int], open_: int, transient: int, unknown: str | None
) -> None:
    say(f"Going on with {send.issue_id}, frozen {send.planned_at[:16].replace('T', ' ')} UTC:")
    say(f"{counts.get(State.ACCEPTED, 0):,} accepted, {open_:,} to go.")
    if send.is_rehearsal:
        again = f"“newsletter send {send.issue_id} --cancel” ends it"
        say(f"{again}; the next “send” rehearses the issue as it is then.")
    if transient:
        some = plural(transient, "of them was", "of them were")
        say(f"{some} refused for a passing reason, or renamed since; now comes another try.")
    if counts.get(State.UNKNOWN):
        decision = f"; decided: {unknown}" if unknown else ""
        say(f"{counts[State.UNKNOWN]:,} of them unknown{decision}.")


def _canary_is_out(ledger: Ledger, send: Send) -> bool:
    with ledger.read() as connection:
        return not doubts.list_open_canary(connection, send.id)


def _cancel(settings: Settings, ledger: Ledger, send: Send) -> None:
    troubles = cancel(settings, send, ledger, clock_of(settings))
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
    for trouble in troubles:
        say(f"Not taken back: {trouble}")
    gone = counts.get(State.ACCEPTED, 0)
    say(f"Cancelled. {plural(gone, 'delivery', 'deliveries')} had been accepted by then.")


def _waits_at_provider(send: Send) -> bool:
    at = send.scheduled_at
    is_early = at is not None and at > dt.datetime.now(dt.UTC)
    return send.by_provider and is_early and send.state is not SendState.CANCELLED


def _count_open(ledger: Ledger, send: Send) -> int:
    with ledger.read() as connection:
        counts = count_states(connection, send.id)
    return sum(count for state, count in counts.items() if state.is_open)


def _set(ledger: Ledger, send: Send, state: SendState) -> None:
    with ledger.write() as connection:
        set_send_state(connection, send.id, state)


def _again(ledger: Ledger, send: Send) -> Send:
    with ledger.read() as connection:
        return find_send(connection, send.scope) or send


def _stamp() -> str:
    return stamp(dt.datetime.now(dt.UTC))
