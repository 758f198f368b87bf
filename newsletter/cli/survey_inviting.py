"""`newsletter surveys invite`: mails people on the list about a survey, once the editor agrees."""

import datetime as dt
from collections.abc import Sequence
from threading import Event

import click

from newsletter import ledgers, mailing, pipeline, surveys
from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    indented,
    insist,
    settings_of,
    tell,
    yes_option,
)
from newsletter.cli.signals import signals
from newsletter.language import say, say_many
from newsletter.ledger import Ledger
from newsletter.mailing.survey_mails import Invited, invitation_notices, plan_invitations
from newsletter.model import End

_STOPPED, _INTERRUPTED = 4, 130  # exit codes


@click.command(cls=Ruled)
@click.argument("survey", metavar="ID")
@click.option("--remind", is_flag=True, help="Remind, once, who was invited and has not answered.")
@yes_option
@click.pass_context
def invite(ctx: click.Context, survey: str, *, remind: bool, yes: bool) -> None:
    """Mail everybody on the list, or in the segment of the survey, a link of their own to it.

    It shows how many would be mailed, and asks. Whoever has answered, or was invited before, gets
    nothing more; running it again invites who joined since.

    \b
    Example:
      newsletter surveys invite 2027
      newsletter surveys invite 2027 --remind
    """
    settings = settings_of(ctx)
    ledger = ledgers.ledger_of(settings)
    ctx.call_on_close(ledger.close)
    planned = _plan(settings, ledger, survey, is_reminder=remind)
    _show(settings, planned)
    if not planned.count:
        tell(say("There is nobody to mail."))
        return
    if not yes:
        insist(say("Mail it now?"), otherwise=say("Nothing was sent."))
    ctx.exit(_mail(settings, ledger, planned))


def _plan(settings: Settings, ledger: Ledger, survey_id: str, *, is_reminder: bool) -> Invited:
    state = surveys.find_state(ledger, survey_id)
    if state is None or not state.opened.is_open(dt.datetime.now(dt.UTC)):
        raise UsageError(
            say("“{survey}” is not open; “newsletter surveys open” opens it", survey=survey_id)
        )
    if state.survey.is_open_to_all:
        raise UsageError(
            say("“{survey}” is open to all, so nobody is invited to it", survey=survey_id)
        )
    if not settings.newsletter.public_url:
        raise UsageError(say("there is no page to lead to: set public_url in newsletter.toml"))
    return plan_invitations(settings, ledger, state.survey, is_reminder=is_reminder)


def _show(settings: Settings, planned: Invited) -> None:
    """Tell who would be mailed, by what, and who would not."""
    many = planned.count
    tell(
        say_many("One person would be reminded:", "{n} people would be reminded:", n=many)
        if planned.is_reminder
        else say_many("One person would be invited:", "{n} people would be invited:", n=many)
    )
    for language, addresses in planned.addresses.items():
        tell(indented(say("{language}: {n}", language=language, n=len(addresses))))
    for why, count in planned.left_out.items():
        tell(indented(say("not mailed, {why}: {n}", why=why, n=count)))
    tell(say("By {where}.", where=mailing.where_to(settings)))


def _mail(settings: Settings, ledger: Ledger, planned: Invited) -> int:
    """Mail all of them; return the exit code."""
    now, stop = dt.datetime.now(dt.UTC), Event()
    outcomes: list[mailing.Outcome] = []
    with signals(stop):
        for notice, addresses in invitation_notices(settings, planned):
            outcomes.append(
                pipeline.notify(settings, ledger, notice, addresses, now=now, stop=stop)
            )
    return _told(outcomes)


def _told(outcomes: Sequence[mailing.Outcome]) -> int:
    accepted = sum(one.accepted for one in outcomes)
    tell(say_many("One mail has left.", "{n} mails have left.", n=accepted))
    for address, reason in (pair for one in outcomes for pair in (*one.refused, *one.skipped)):
        tell(say("{address}: not mailed: {reason}", address=address, reason=reason))
    if all(one.state is End.DONE for one in outcomes):
        return 0
    tell(say("The rest has not left; “newsletter worker” carries it on."))
    is_interrupted = any(one.state is End.INTERRUPTED for one in outcomes)
    return _INTERRUPTED if is_interrupted else _STOPPED
