"""A send to those who joined since an issue was sent: shown, asked about and frozen."""

import datetime as dt
from collections.abc import Iterator, Mapping

from newsletter import mailing
from newsletter.cli.common import (
    Settings,
    UsageError,
    insist,
    tell,
)
from newsletter.cli.fields import Field, show_fields
from newsletter.cli.findings import show_new
from newsletter.cli.offers import SendOptions, say_restored
from newsletter.cli.settling import keep_account
from newsletter.cli.states import say_left_out
from newsletter.language import Wording, say, say_many
from newsletter.ledger import Choice, Ledger, Send
from newsletter.model import Finding, Variant
from newsletter.plans import LatePlan, plan_late, wake


def offer_late(
    settings: Settings, ledger: Ledger, send: Send, wishes: SendOptions, told: set[Finding]
) -> Send | None:
    """Show who joined since an issue was sent, ask, and write their deliveries."""
    now = dt.datetime.now(dt.UTC)
    wake(ledger, now)
    plan = plan_late(settings, ledger, send, now)
    if plan.recipients:
        keep_account(settings, ledger, send, yes=wishes.yes)
    show_new(plan.faults, told)
    show_fields(_late_fields(settings, plan))
    tell()
    if not plan.recipients:
        tell(say("Nothing was sent."))
        return None if wishes.dry_run else send
    if wishes.dry_run:
        tell(say("Dry run: nothing was sent."))
        return None
    lost = None if wishes.not_sent_before else mailing.find_restoration_since(ledger, send)
    if lost and wishes.yes:
        raise UsageError(say_restored(settings, lost, send.issue_id))
    if lost:
        tell(say_restored(settings, lost, send.issue_id))
    question = say_many(
        "Send {issue} to {n:,} person who joined since now?",
        "Send {issue} to {n:,} people who joined since now?",
        n=plan.recipients,
        issue=send.issue_id,
    )
    if not wishes.yes:
        insist(question, otherwise=say("Nothing was sent."))
    return mailing.freeze_late(settings, ledger, plan, dt.datetime.now(dt.UTC))


def say_outside(send: Send, left_out: Mapping[str, int]) -> str:
    """Return what would reach those outside the segment of a send; "" if there are none."""
    segment = Choice.from_json(send.choice).segment if send.choice else None
    if segment is None or f"not {segment}" not in left_out:
        return ""
    return say(
        "{issue} is for {segment} alone; a copy of it under an id of its own, with a “segment:” "
        "of theirs at its top, reaches them",
        issue=send.issue_id,
        segment=str(segment),
    )


def _late_fields(settings: Settings, plan: LatePlan) -> Iterator[Field]:
    """Yield what a send to later joiners is about, and who is left out."""
    send = plan.send
    frozen = settings.local_time(send.planned_at)
    name, address = send.sender  # as people read it, without the encoding of headers
    issue = say("{issue}, as it was frozen {time}", issue=send.issue_id, time=frozen)
    yield say("Issue"), issue
    yield say("Subject"), send.subject
    yield say("From"), f"{name} <{address}>" if name else address
    yield say("Provider"), mailing.where_to(settings)
    yield say("Recipients"), say("{count:,} who joined since", count=plan.recipients)
    for variant, count in plan.counts.items():
        yield (
            "",
            say_many("{n:,} gets {variant}", "{n:,} get {variant}", n=count, variant=str(variant)),
        )
    for language, count in plan.strangers.items():
        if language:
            yield (
                "",
                say_many(
                    "{n:,} reads {language}, which the issue was not in when frozen",
                    "{n:,} read {language}, which the issue was not in when frozen",
                    n=count,
                    language=language,
                ),
            )
    left_out: list[str] = [
        say("{who}, of those who joined since", who=say_left_out(reason, count))
        for reason, count in plan.left_out.items()
    ]
    if told := say_outside(send, plan.left_out):
        left_out.append(told)
    left_out += [_without(settings, plan, variant, n) for variant, n in plan.without.items()]
    for number, told in enumerate(left_out):
        yield "" if number else say("Left out"), told


def _without(settings: Settings, plan: LatePlan, variant: Variant, count: int) -> Wording:
    """Return why later joiners get nothing, as nobody had their edition."""
    if variant in plan.faulty:
        return say(
            "{n:,} who would get {variant}: nobody had it, so it was not checked then, and now "
            "it has the errors above",
            n=count,
            variant=str(variant),
        )
    if variant.language not in plan.languages:
        return say(
            "{n:,} who would get {variant}: nobody had it in that language, so it was neither "
            "checked nor frozen; an issue of their own, with “segment: language={language}” at "
            "its top, reaches them",
            n=count,
            variant=str(variant),
            language=variant.language,
        )
    ending = "" if variant.language == settings.newsletter.language else f".{variant.language}"
    return say(
        "{n:,} who would get {variant}: nobody had it then, and {file} changed since, or nothing "
        "was frozen of it to compare it with",
        n=count,
        variant=str(variant),
        file=f"issues/{plan.send.issue_id}{ending}.md",
    )
