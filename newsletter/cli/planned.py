"""The plan of a send, as the editor sees it directly above the question."""

import datetime as dt
from collections.abc import Iterator

from newsletter import mailing
from newsletter.cli.common import Settings, tell
from newsletter.cli.fields import Field, show_fields
from newsletter.cli.findings import count_findings, show_new, tell_silenced
from newsletter.cli.states import say_left_out
from newsletter.gateway import counts_by_tag
from newsletter.language import say, say_many
from newsletter.model import Finding, Timing
from newsletter.plans import Plan


def show_plan(
    settings: Settings, plan: Plan, timing: Timing, *, canary: int | None, told: set[Finding]
) -> None:
    """Show what was found, then the plan, so that the plan stands above the question."""
    show_new(plan.findings, told)
    tell_silenced(plan.report.silenced)
    if plan.findings or plan.report.silenced:
        tell()
    show_fields(_fields(settings, plan, timing, canary))
    tell()


def _fields(settings: Settings, plan: Plan, timing: Timing, canary: int | None) -> Iterator[Field]:
    lead = plan.manuscript.lead
    yield say("Issue"), f"{lead.id} ({', '.join(plan.manuscript.issues)})"
    issue = plan.manuscript.issues[plan.shown.language] if plan.shown else lead
    yield say("Subject"), issue.readable(issue.subject)
    yield say("From"), plan.sender
    yield say("Provider"), mailing.where_to(settings)
    yield from _history(settings, plan)
    if plan.tests:
        variant = f" ({plan.shown})" if plan.shown else ""
        yield say("Test to"), ", ".join(plan.tests) + variant
    else:
        yield from _audience(plan, canary)
    if timing.at:
        keeper = settings.provider.name if timing.by_provider else "newsletter worker"
        time = settings.local_time(timing.at)
        yield say("Time"), say("{time}, kept by {keeper}", time=time, keeper=keeper)
    if found := count_findings(plan.findings):
        yield say("Findings"), found


def _history(settings: Settings, plan: Plan) -> Iterator[Field]:
    """Yield what was sent before, here or elsewhere, that matters now."""
    lead, census = plan.manuscript.lead, plan.census
    if earlier := census.rehearsal:
        when = settings.local_time(earlier.planned_at)
        told = say("{when}, to the local outbox; no reader was mailed", when=when)
        yield say("Rehearsed"), told
    if census.restoration and not plan.tests:
        yield (
            say("Restored"),
            say(
                "{time}, from a backup: if this issue was sent after that backup, its readers "
                "would get it twice",
                time=settings.local_time(census.restoration.restored_at),
            ),
        )
    if census.sent_until and not plan.tests:
        yield (
            say("Moved"),
            say(
                "the list is of a ledger that had sent issues up to {day:%Y-%m-%d}: if this was "
                "among them, its readers would get it twice",
                day=dt.date.fromisoformat(census.sent_until),
            ),
        )
    elif census.began and not plan.tests:
        yield (
            say("Ledger"),
            say(
                "began on {day:%Y-%m-%d}, after the issue's date: if the issue was sent from "
                "another ledger, its readers would get it twice",
                day=dt.date.fromisoformat(census.began),
            ),
        )
    if census.tagged and not plan.tests and counts_by_tag(settings):
        yield (
            say("Tag"),
            say(
                "{tag}, as {issue} has it: the provider counts them together; for figures of its "
                "own, give it another provider_tag",
                tag=lead.tag,
                issue=census.tagged,
            ),
        )


def _audience(plan: Plan, canary: int | None) -> Iterator[Field]:
    yield say("Recipients"), say("{count:,}", count=plan.recipients)
    for variant, count in plan.census.counts.items():
        yield (
            "",
            say_many("{n:,} gets {variant}", "{n:,} get {variant}", n=count, variant=str(variant)),
        )
    for language, count in plan.census.strangers.items():
        file = f"{plan.manuscript.lead.id}.{language}.md"
        if language:
            yield (
                "",
                say_many(
                    "{n:,} reads {language}, but there is no {file}",
                    "{n:,} read {language}, but there is no {file}",
                    n=count,
                    language=language,
                    file=file,
                ),
            )
    if canary:
        first = min(canary, plan.recipients)
        told = say_many(
            "{n:,} chosen at random gets it first", "{n:,} chosen at random get it first", n=first
        )
        yield say("Canary"), told
    for number, (reason, count) in enumerate(plan.census.left_out.items()):
        yield "" if number else say("Left out"), say_left_out(reason, count)
