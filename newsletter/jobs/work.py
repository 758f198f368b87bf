"""What jobs do: each calls a function of the story, and may be called twice, late or at once.

A job returns the moment, in UTC, at which it is to be done again; None if it need not be.
"""

import datetime as dt
import os
from contextlib import suppress

from newsletter import feedback, mailing, pipeline, surveys
from newsletter.consent import call_for_forgotten
from newsletter.errors import ProviderError
from newsletter.feedback import syncing
from newsletter.jobs.context import Context
from newsletter.jobs.outdated import delete_outdated
from newsletter.ledger import history, list_sends, people, queue
from newsletter.settings import find_secret
from newsletter.stats import update_figures

_MEASURED = dt.timedelta(days=30)  # how long after an issue its figures are asked for
_KEPT = dt.timedelta(days=90)  # how long a job that failed is listed


def carry_on(context: Context, send: int) -> dt.datetime | None:
    """Carry a send on.

    Done twice it mails nobody twice: each batch is claimed in the ledger before it is called.
    """
    return mailing.carry_on(
        context.settings,
        context.ledger,
        send,
        worker=context.worker,
        clock=context.clock,
        progress=context.progress,
        stop=context.stop,
    )


def find_forgotten(context: Context) -> None:
    """Ask for sends under way, and answers due, that no job is about, as who had them was killed.

    Done twice it asks once: of jobs with the same key one waits at most.
    """
    mailing.find_forgotten(context.ledger, context.clock.instant, anew=False)
    call_for_forgotten(context.ledger, context.clock.now())


def join_in(context: Context) -> None:
    """Take part in all sends under way, as a worker that begins.

    Done twice it asks for no more work: of jobs with the same key one waits at most.
    """
    mailing.find_forgotten(context.ledger, context.clock.instant, anew=True)


def alarm(context: Context) -> None:
    """Mail the editor about what failed for good, and sends that stopped.

    Done twice it mails once: what it tells of is written down before, under the notice's key.
    """
    settings, ledger = context.settings, context.ledger
    while send := mailing.freeze_alarm(settings, ledger, context.clock.now()):
        carry_on(context, send.id)
        if not mailing.note_alarm(settings, ledger, send, context.clock.now()):
            return  # others have it in hand, or this process is to end: the next round looks


def answer(context: Context) -> dt.datetime | None:
    """Mail people what they asked for on our pages.

    Done twice it mails once: each mail is a notice under the key of what was asked for.
    """
    with suppress(ProviderError):  # it keeps mail from those who left, and now ask to come back
        feedback.pass_on(context.settings, context.ledger, context.clock.instant)
    return mailing.answer_wishes(context.settings, context.ledger, context.clock.now())


def mail_meetings(context: Context) -> dt.datetime | None:
    """Mail those who registered for meetings what is due, and move up who is in line.

    Done twice it mails once: each mail is a notice under a key of its own.
    """
    now = context.clock.instant
    return mailing.write_meeting_mails(context.settings, context.ledger, now)


def pull_figures(context: Context) -> None:
    """Ask the provider about the issues of the last month, and who is gone since.

    Done twice it keeps the newest answer, and each departure once. All are asked before it fails.
    """
    now = context.clock.now()
    with context.ledger.read() as connection:
        sent = [s for s in list_sends(connection) if s.planned_at > now - _MEASURED]
    if sent:
        issues = [send.issue_id for send in sent]
        pulled = pipeline.measure(context.settings, context.ledger, issues, now=now)
        for line in pulled.told:
            context.tell(line)
        if pulled.fault:
            raise pulled.fault


def digest_webhooks(context: Context) -> None:
    """Take in what providers posted.

    Done twice it finds nothing the second time; what was taken in halfway is taken in again.
    """
    settings = context.settings
    feedback.digest(
        context.ledger,
        feedback.rules_of(settings),
        topics=settings.webhooks.topics,
        now=lambda: context.clock.instant,
        keeps_opens=settings.tracking.opens == "provider",
        tell=context.tell,
    )


def sum_up(context: Context) -> None:
    """Sum up the opens and clicks that came, and compute the figures that change by what came.

    Done twice it finds nothing the second time: each is taken away as it is summed up.
    """
    group_by = context.settings.statistics.group_by
    update_figures(context.ledger, now=context.clock.instant, group_by=group_by)


def write_down(context: Context) -> None:
    """Bring the log of figures up to date, where there is one or it can be made.

    Done twice it writes nothing the second time.
    """
    settings = context.settings
    log = settings.root / settings.statistics.log
    if settings.statistics.log and (log.exists() or os.access(settings.root, os.W_OK)):
        told = pipeline.report(settings, context.ledger, now=context.clock.now())
        pipeline.write_down(settings, told)


def mail_reports(context: Context) -> None:
    """Mail the report on each issue whose time has come to whom the settings name.

    Done twice it mails once: each is a notice of that issue, for each address.
    """
    settings, ledger = context.settings, context.ledger
    frozen = pipeline.mail_reports(settings, ledger, now=context.clock.now())
    for send in frozen:
        carry_on(context, send.id)
    for send in frozen:
        mailing.verify_report(ledger, send, context.clock.now())


def mail_contributions(context: Context) -> None:
    """Mail the editor what came in by the forms, and senders what was decided, if anybody is due.

    Done twice it mails once: what it tells of is written down before, under the notice's key.
    """
    settings, ledger = context.settings, context.ledger
    mailing.freeze_partings(settings, ledger, context.clock.now())
    while send := mailing.freeze_digest(settings, ledger, context.clock.now()):
        carry_on(context, send.id)
        if not mailing.note_digest(settings, ledger, send, context.clock.now()):
            return  # others have it in hand, or this process is to end: the next round looks


def end_pauses(context: Context) -> None:
    """Let those whose pause is over have mail again.

    Done twice it finds nobody the second time.
    """
    with context.ledger.write() as connection:
        people.lock_people(connection)  # so nobody leaves in between
        history.wake(connection, context.clock.now())


def pass_on(context: Context) -> dt.datetime | None:
    """Tell the provider who left, and whom to send to again.

    Done twice it tells the same again, which changes nothing there.
    """
    more = feedback.pass_on(context.settings, context.ledger, context.clock.instant)
    return context.clock.instant if more else None


def pull_suppressions(context: Context) -> None:
    """Take in to whom the provider sends nothing: what no webhook told is learnt at night.

    Done twice it learns nothing the second time.
    """
    settings = context.settings
    rules = feedback.rules_of(settings)
    feedback.pull_suppressions(settings, context.ledger, rules, context.clock.instant)


def read_mailbox(context: Context) -> None:
    """Take in what is new in the mailbox, if there is one.

    Done twice it finds nothing the second time; killed in between it reads the same again.
    """
    settings, ledger, now = context.settings, context.ledger, context.clock.instant
    if not settings.mailbox.is_read:
        return
    _, faults = syncing.learn(settings, ledger, now)
    for fault in faults:
        context.tell(fault)


def close_surveys(context: Context) -> None:
    """Close the surveys whose day is over, so that their results can be read.

    Done twice it finds none the second time; each is closed in one transaction.
    """
    secret = find_secret(context.settings.root, "NEWSLETTER_SECRET")
    words = secret.reveal() if secret else ""
    surveys.close_due(context.ledger, secret=words, now=context.clock.instant)


def tidy(context: Context) -> None:
    """Forget jobs that failed long ago, and what is older than it is to be kept.

    Done twice it finds nothing the second time.
    """
    settings, ledger, now = context.settings, context.ledger, context.clock.instant
    with ledger.write() as connection:
        for job in queue.list_failed(connection, before=now - _KEPT):
            queue.forget(connection, job.key)
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    delete_outdated(settings, ledger, secret.reveal() if secret else "", now)
