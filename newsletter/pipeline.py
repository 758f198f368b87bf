"""The whole story: an issue is read, checked, planned, frozen, delivered and measured.

    issues/2026-12.md --read--> Manuscript --check--> Report
                                    |
                                    +--plan--> Plan --freeze--> Send --deliver--> Result
                                                                 |
                                                                 +--measure--> figures
                                                                                 |
                                                            StatsReport <--report--+

Data flows one way, and each step is one call here. A plan shows what would happen and writes
nothing; freezing writes it down, to the last delivery; delivering continues from there as often as
it is asked to, and mails nobody twice. Commands, the preview and jobs call these, and only ask and
tell around them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from threading import Event

from newsletter import mailing
from newsletter.checking import Report
from newsletter.delivery import Progress
from newsletter.errors import FindingsError, UsageError
from newsletter.language import say
from newsletter.ledger import Ledger, Send
from newsletter.model import (
    AT_ONCE,
    Edition,
    End,
    Result,
    SendState,
    StatsReport,
    Timing,
    Variant,
    WhenUnknown,
)
from newsletter.plans import EVERYBODY, Addressees, Plan, draft_plan, wake
from newsletter.press import Manuscript, read_manuscript
from newsletter.settings import Settings
from newsletter.stats import Frame, read_report, up_to, update_log


def read(settings: Settings, issue_id: str) -> Manuscript:
    """Read an issue in all its languages; raise FindingsError with the mistakes of its files."""
    return read_manuscript(settings, issue_id)


def check(
    settings: Settings,
    manuscript: Manuscript,
    ledger: Ledger | None,
    *,
    now: dt.datetime,
    made: Mapping[Variant, Edition] | None = None,
) -> Report:
    """Check an issue as those on the list would get it; nothing is stored.

    The command `check` drafts its plan itself: importing what mails would take longer than it.
    Editions that were `made` of these very files are not made anew.
    """
    anybody = Addressees(are_kept=False)
    return draft_plan(settings, manuscript, ledger, anybody, now=now, made=made).report


def plan(
    settings: Settings,
    manuscript: Manuscript,
    ledger: Ledger,
    addressees: Addressees = EVERYBODY,
    *,
    now: dt.datetime,
) -> Plan:
    """Return who would get which edition, and the findings about it; only pauses are ended."""
    wake(ledger, now)
    return draft_plan(settings, manuscript, ledger, addressees, now=now)


def freeze(
    settings: Settings,
    planned: Plan,
    ledger: Ledger,
    *,
    now: dt.datetime,
    timing: Timing = AT_ONCE,
    canary: int = 0,
) -> Send:
    """Write down what was planned: the editions as they are, and a delivery for each reader.

    Raise StalePlanError, before anything is written, if it is no longer what was planned.
    """
    return mailing.freeze_plan(settings, planned, ledger, now, timing=timing, canary=canary)


def deliver(
    settings: Settings,
    ledger: Ledger,
    send: Send,
    *,
    now: dt.datetime,
    progress: Progress,
    stop: Event,
    unknown: WhenUnknown | None = None,
) -> Result:
    """Send what is frozen and left, here or by those who serve; running it again continues."""
    situation = mailing.look_at(ledger, send)
    if situation.send.state is SendState.CANCELLED:
        return Result(state=End.CANCELLED)
    if not situation.is_open and mailing.note_the_end(ledger, situation.send, now):
        return Result(state=End.DONE)
    if send.is_for_later(now):
        mailing.schedule(ledger, send)
        return Result(state=End.SCHEDULED)
    return mailing.carry_through(
        settings, ledger, send, progress=progress, stop=stop, unknown=unknown
    )


def try_out(
    settings: Settings,
    issue_id: str,
    ledger: Ledger,
    addresses: Sequence[str],
    *,
    now: dt.datetime,
    shown: Variant | None = None,
) -> mailing.Outcome:
    """Send a test to addresses of the editor's own, on the very path that all mail takes.

    They get the edition that is `shown`, or else their own.
    Raise UsageError for any other address, FindingsError for an issue that may not be sent.
    """
    mailing.check_own(settings, addresses)
    addressees = Addressees(tests=tuple(addresses), shown=shown, are_kept=False)
    planned = plan(settings, read(settings, issue_id), ledger, addressees, now=now)
    if planned.errors:
        raise FindingsError(planned.errors)
    send = mailing.freeze_test(settings, planned, ledger, now)
    result = deliver(settings, ledger, send, now=now, progress=_silently, stop=Event())
    return mailing.find_outcome(ledger, send, result, addresses)


def notify(
    settings: Settings,
    ledger: Ledger,
    notice: mailing.Notice,
    addresses: Sequence[str],
    *,
    now: dt.datetime,
    stop: Event,
    unknown: WhenUnknown | None = None,
) -> mailing.Outcome:
    """Mail a notice: each address once for what it is about, however often this is called.

    It is frozen and delivered as an issue is, with the same promises; what became of it at these
    addresses is what is returned.
    """
    send = mailing.freeze_notice(settings, ledger, notice, addresses, now)
    result = deliver(
        settings, ledger, send, now=now, progress=_silently, stop=stop, unknown=unknown
    )
    return mailing.find_outcome(ledger, send, result, addresses)


def measure(
    settings: Settings, ledger: Ledger, issue_ids: Iterable[str], *, now: dt.datetime
) -> mailing.Pulled:
    """Ask providers what happened to the mail, and store it; return what is worth reporting."""
    return mailing.pull_figures(settings, ledger, issue_ids, now)


def report(
    settings: Settings, ledger: Ledger, *, now: dt.datetime, language: str = ""
) -> StatsReport:
    """Return what is known of all issues, in a language; in the newsletter's if none is named."""
    language = language or settings.newsletter.language
    frame = Frame(
        title=settings.newsletter.title_in(language),
        language=language,
        timezone=settings.newsletter.timezone,
        group_by=settings.statistics.group_by,
    )
    return read_report(ledger, frame, now=now)


def focus(told: StatsReport | None, issue_id: str) -> StatsReport:
    """Return a report whose newest issue is a given one; raise UsageError if it was not sent."""
    excerpt = up_to(told, issue_id) if told else None
    if excerpt is None:
        raise UsageError(
            say("“{issue}” was not sent, so there are no figures of it", issue=issue_id)
        )
    return excerpt


def mail_reports(settings: Settings, ledger: Ledger, *, now: dt.datetime) -> list[Send]:
    """Freeze the report on each issue whose time has come, for all who are to get it by mail."""
    if not settings.report.to:
        mailing.forget_refusals(ledger)
        return []
    told = report(settings, ledger, now=now)
    return [
        mailing.freeze_report(settings, ledger, focus(told, issue), address, now)
        for issue, address in mailing.list_due(settings, ledger, told, now)
    ]


def write_down(settings: Settings, told: StatsReport) -> bool:
    """Write the figures of issues into the log that the settings name; False if it had them.

    Raise ConfigError, and leave it as it is, where somebody else changed it.
    """
    how = settings.statistics
    form = "en" if how.headers == "en" else settings.newsletter.language
    return bool(how.log) and update_log(settings.root / how.log, told, form)


def _silently(_decided: int, _remark: str) -> None:
    """Tell nobody how it gets on."""
