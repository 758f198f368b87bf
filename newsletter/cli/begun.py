"""A send that has begun: continuing, sending to later joiners, pausing, resuming, cancelling."""

import datetime as dt
from collections.abc import Mapping

from newsletter import mailing
from newsletter.cli.common import confirm, plural, show_findings, tell
from newsletter.cli.offers import SendOptions, ask_until_stable, clear_list
from newsletter.errors import ConfigError, UsageError
from newsletter.ledger import Choice, Ledger, Send, Situation
from newsletter.model import SendState, State, WhenUnknown
from newsletter.plans import LatePlan, plan_late
from newsletter.settings import Settings


def continue_send(
    settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions, decided: mailing.Decisions
) -> Send | None:
    """Do what is asked of a send; return it if this process is to continue it."""
    if decided.order is mailing.Order.LATE:
        clear_list(ledger, yes=wishes.yes, report_only=wishes.dry_run)
        return ask_until_stable(lambda: _offer_late(settings, ledger, send, wishes))
    if decided.order:
        return _carry_out_order(settings, ledger, send, decided.order, yes=wishes.yes)
    return _go_on(settings, ledger, send, wishes, decided)


def _carry_out_order(
    settings: Settings, ledger: Ledger, send: Send, order: mailing.Order, *, yes: bool
) -> Send | None:
    """Pause, resume or cancel a send; return it if this process is to continue it."""
    situation = mailing.look_at(ledger, send)
    mailing.check_order(situation, order, dt.datetime.now(dt.UTC))
    left = plural(situation.left, "delivery", "deliveries")
    if order is mailing.Order.PAUSE:
        mailing.pause(ledger, send)
        tell(f"Paused. Calls under way end; {left} wait.")
        tell(f"“newsletter send {send.issue_id} --resume” goes on.")
        return None
    if order is mailing.Order.RESUME:
        if not _keeps_account(settings, ledger, send, yes=yes):
            return None
        clear_list(ledger, yes=yes, report_only=send.is_rehearsal)
        mailing.resume(ledger, send, dt.datetime.now(dt.UTC))
        tell(f"Going on with {left}.")
        return mailing.look_at(ledger, send).send
    question = f"Cancel {send.issue_id}? What is not sent yet never will be."
    if not yes and not confirm(question):
        tell("Nothing was changed.")
        return None
    for trouble in mailing.cancel(settings, ledger, send, dt.datetime.now(dt.UTC)):
        tell(f"Not taken back: {trouble}")
    gone = mailing.look_at(ledger, send).count(State.ACCEPTED)
    tell(f"Cancelled. {plural(gone, 'delivery', 'deliveries')} had been accepted by then.")
    return None


def _keeps_account(settings: Settings, ledger: Ledger, send: Send, *, yes: bool) -> bool:
    """Return whether the settings let a send continue; ask if the provider account changed.

    An unattended command does not change the account.
    """
    if change := mailing.find_account_change(settings, ledger, send):
        if yes:
            raise ConfigError(f"{change} Set it back, or run the command without --yes, which asks")
        if not confirm(f"{change} Go on through the new one?"):
            tell("Nothing was sent.")
            return False
    mailing.keep_account(settings, ledger, send)
    return True


# --- continuing ---------------------------------------------------------------------------


def _go_on(
    settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions, decided: mailing.Decisions
) -> Send | None:
    """Show what is left of a send and ask; None if nothing is to be sent."""
    if wishes.is_for_a_new_send:
        raise UsageError(f"{send.issue_id} is planned already; who gets it and when is fixed")
    situation = mailing.look_at(ledger, send)
    put_off = situation.put_off if decided.retry_failed else 0
    mailing.check_turn(settings, send, dt.datetime.now(dt.UTC))
    if not situation.left + put_off:
        tell(_ended(situation, retry_failed=decided.retry_failed))
        _report_unreached(ledger, situation)
        return send
    if not wishes.dry_run and not _keeps_account(settings, ledger, send, yes=wishes.yes):
        return None
    clear_list(ledger, yes=wishes.yes, report_only=wishes.dry_run or send.is_rehearsal)
    _show_rest(situation, put_off, decided.unknown)
    if wishes.dry_run:
        tell("Dry run: nothing was sent.")
        return None
    if not wishes.yes and not confirm("Go on now?"):
        tell("Nothing was sent.")
        return None
    now = dt.datetime.now(dt.UTC)
    mailing.make_ready(ledger, send, retry_failed=put_off > 0, now=now)
    return mailing.look_at(ledger, send).send


def _ended(situation: Situation, *, retry_failed: bool) -> str:
    send, accepted = situation.send, situation.count(State.ACCEPTED)
    if send.is_rehearsal and not retry_failed:
        return f"{send.issue_id} was rehearsed: {accepted:,} accepted. Nothing was sent now."
    if send.state is SendState.CANCELLED:
        return f"{send.issue_id} was cancelled: {accepted:,} accepted. Nothing was sent now."
    if retry_failed:
        refused = f"refused {send.issue_id} for a temporary reason, or renamed since"
        return f"Nobody was {refused}. Nothing was sent now."
    return f"{send.issue_id} was sent already: {accepted:,} accepted. Nothing was sent now."


def _report_unreached(ledger: Ledger, situation: Situation) -> None:
    """Report who got nothing from a send that ended, why, and what would reach them."""
    send, since = situation.send, situation.left_out_since
    for reason, count in send.left_out.items():
        tell(f"Left out: {count:,} {reason}.")
    if later := mailing.count_joined_since(ledger, send):
        people = plural(later, "person", "people")
        tell(f"{people} joined since; “newsletter send {send.issue_id} --late” is for them.")
    for reason, count in since.items():
        tell(f"Left out of these: {count:,} {reason}.")
    if told := _to_those_outside(send, {**send.left_out, **since}):
        tell(f"{told}.")


def _to_those_outside(send: Send, left_out: Mapping[str, int]) -> str:
    """Return what would reach those outside the segment of a send; "" if there are none."""
    segment = Choice.from_json(send.choice).segment if send.choice else None
    if segment is None or f"not {segment}" not in left_out:
        return ""
    return (
        f"{send.issue_id} is for {segment} alone; a copy of it under an id of its own, with a "
        "“segment:” of theirs at its top, reaches them"
    )


def _show_rest(situation: Situation, put_off: int, unknown: WhenUnknown | None) -> None:
    send = situation.send
    tell(f"Going on with {send.issue_id}, frozen {send.planned_at:%Y-%m-%d %H:%M} UTC:")
    tell(f"{situation.count(State.ACCEPTED):,} accepted, {situation.left + put_off:,} to go.")
    if send.is_rehearsal:
        again = f"“newsletter send {send.issue_id} --cancel” ends it"
        tell(f"{again}; the next “send” rehearses the issue as it is then.")
    if put_off:
        some = plural(put_off, "of them was", "of them were")
        tell(f"{some} refused for a temporary reason, or renamed since; now comes another try.")
    if doubtful := situation.count(State.UNKNOWN):
        decision = f"; decided: {unknown}" if unknown else ""
        tell(f"{doubtful:,} of them unknown{decision}.")


# --- later joiners ------------------------------------------------------------------------


def _offer_late(settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions) -> Send | None:
    """Show who joined since an issue was sent, ask, and write their deliveries."""
    now = dt.datetime.now(dt.UTC)
    plan = plan_late(settings, ledger, send, now)
    if plan.recipients and not _keeps_account(settings, ledger, send, yes=wishes.yes):
        return None
    _show_late(settings, plan)
    if not plan.recipients:
        tell("Nothing was sent.")
        return send
    if wishes.dry_run:
        tell("Dry run: nothing was sent.")
        return None
    people = plural(plan.recipients, "person", "people")
    if not wishes.yes and not confirm(f"Send {send.issue_id} to {people} who joined since now?"):
        tell("Nothing was sent.")
        return None
    return mailing.freeze_late(settings, ledger, plan, dt.datetime.now(dt.UTC))


def _show_late(settings: Settings, plan: LatePlan) -> None:
    send = plan.send
    frozen = settings.local_time(send.planned_at)
    name, address = send.sender  # as people read it, without the encoding of headers
    tell(f"Issue       {send.issue_id}, as it was frozen {frozen}")
    tell(f"Subject     {send.subject}")
    tell(f"From        {f'{name} <{address}>' if name else address}")
    tell(f"Provider    {mailing.where_to(settings)}")
    tell(f"Recipients  {plan.recipients:,} who joined since")
    for variant, count in plan.counts.items():
        tell(f"            {count:,} get {variant}")
    for language, count in plan.strangers.items():
        if language:
            tell(f"            {count:,} read {language}, which the issue was not in when frozen")
    for reason, count in plan.left_out.items():
        tell(f"Left out    {count:,} {reason}, of those who joined since")
    if told := _to_those_outside(send, plan.left_out):
        tell(f"            {told}")
    _show_without(settings, plan)
    show_findings(plan.faults)
    tell()


def _show_without(settings: Settings, plan: LatePlan) -> None:
    """Show later joiners who get nothing, as nobody had their edition."""
    for variant, count in plan.without.items():
        if variant in plan.faulty:
            tell(f"Left out    {count:,} who would get {variant}: nobody had it, so it was not")
            tell("            checked then, and now it has errors:")
            continue
        if variant.language not in plan.languages:
            tell(
                f"Left out    {count:,} who would get {variant}: nobody had it in that language, so"
            )
            tell("            it was neither checked nor frozen; an issue of their own, with")
            tell(f"            “segment: language={variant.language}” at its top, reaches them")
            continue
        ending = "" if variant.language == settings.newsletter.language else f".{variant.language}"
        file = f"issues/{plan.send.issue_id}{ending}.md"
        tell(f"Left out    {count:,} who would get {variant}: nobody had it then, and {file}")
        tell("            changed since, or nothing was frozen of it to compare it with")
