"""Examines how the list fares: backups of it, sign-ups, bounces, and news of the providers."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

from newsletter.checkup.diagnoses import Diagnosis, doubtful, good, skipped
from newsletter.language import say, say_many
from newsletter.ledger import Ledger, queue, returns, wellbeing
from newsletter.safekeeping import BACKED_UP, usual_file
from newsletter.settings import Settings

_DAY = dt.timedelta(days=1)
_OLD = 35 * _DAY  # a backup that is older lacks a whole issue
_NEW = 14 * _DAY  # a list may be so young without one
_WEEK, _FEW = 7 * _DAY, 5  # sign-ups that are looked at; fewer in a day say nothing
_SHARE_UNCONFIRMED, _SHARE_SOFT = 0.5, 0.1
_QUIET = 2 * _DAY  # after a send, within which a provider has told something


def look_at_condition(
    settings: Settings, ledger: Ledger, *, now: dt.datetime
) -> Iterator[Diagnosis]:
    """Examine each in turn."""
    yield _backups(settings, ledger, now)
    yield _sign_ups(ledger, now)
    yield from _held(ledger)
    yield _bounces(ledger, now)
    yield from _events(settings, ledger, now)


def _backups(settings: Settings, ledger: Ledger, now: dt.datetime) -> Diagnosis:
    """Tell when the last backup was made, whether the ledger noted it or a file is there."""
    with ledger.read() as connection:
        noted = queue.last_round(connection, BACKED_UP)
        begun = wellbeing.first_joined(connection)
    known = [at for at in (noted, *_found(settings, now)) if at is not None]
    if known:
        days = max(0, (now - max(known)) // _DAY)
        told = say_many("the last one is {n} day old", "the last one is {n:,} days old", n=days)
        is_old = now - max(known) > _OLD
        return doubtful("backups", told, "newsletter backup") if is_old else good("backups", told)
    told = say("there is none that the ledger knows of")
    if begun is None or now - begun < _NEW:
        return good("backups", told)
    return doubtful("backups", told, "newsletter backup")


def _found(settings: Settings, now: dt.datetime) -> Iterator[dt.datetime]:
    """Yield when the files were written that lie where backups do."""
    with suppress(OSError):
        for file in usual_file(settings, now).parent.glob("newsletter-*"):
            yield dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)


def _sign_ups(ledger: Ledger, now: dt.datetime) -> Diagnosis:
    """Tell of days on which most that filled in the form never confirmed; a robot, mostly."""
    with ledger.read() as connection:
        days = wellbeing.list_sign_ups(connection, since=now - _WEEK)
    asked, sure = sum(d.asked for d in days), sum(d.confirmed for d in days)
    odd = [d for d in days if d.asked >= _FEW and d.confirmed < d.asked * _SHARE_UNCONFIRMED]
    if odd:
        worst = max(odd, key=lambda day: day.asked - day.confirmed)
        told = say(
            "on {day:%Y-%m-%d}, {count:,} of {asked:,} never confirmed",
            day=dt.date.fromisoformat(worst.day),
            count=worst.asked - worst.confirmed,
            asked=worst.asked,
        )
        cure = say(
            "if robots fill in the form, lower its limits; if people do, see whether the mail "
            "to confirm lands in spam"
        )
        return doubtful("sign-ups", told, cure)
    if not asked:
        return good("sign-ups", say("nobody signed up within a week"))
    told = say("{sure:,} of {asked:,} within a week confirmed", sure=sure, asked=asked)
    return good("sign-ups", told)


def _held(ledger: Ledger) -> Iterator[Diagnosis]:
    """Tell of bounces that came all at once, which the editor is to judge."""
    with ledger.read() as connection:
        held = len(returns.list_in(connection, returns.HELD))
    if held:
        told = say_many("{n} waits for your word", "{n:,} wait for your word", n=held)
        yield doubtful("bounces", told, "newsletter returns")


def _bounces(ledger: Ledger, now: dt.datetime) -> Diagnosis:
    with ledger.read() as connection:
        soft = wellbeing.find_soft_bounces(connection)
    if soft is None or soft.oldest is None:
        return good("bounces", say("none of the newest issue was put off"))
    told = say_many(
        "{count:,} of {mailed:,} mails of {issue} were put off (mailbox full, say), the first "
        "{n} day ago",
        "{count:,} of {mailed:,} mails of {issue} were put off (mailbox full, say), the first "
        "{n:,} days ago",
        count=soft.people,
        mailed=soft.mailed,
        issue=soft.issue_id,
        n=max(0, (now - soft.oldest) // _DAY),
    )
    if soft.people > soft.mailed * _SHARE_SOFT:
        cure = say("see what the servers say: newsletter status {issue}", issue=soft.issue_id)
        return doubtful("bounces", told, cure)
    return good("bounces", told)


def _events(settings: Settings, ledger: Ledger, now: dt.datetime) -> Iterator[Diagnosis]:
    """Tell what each provider that mailed an issue has said of it since."""
    with ledger.read() as connection:
        heard, mailed = wellbeing.newest_news(connection), wellbeing.last_mailed(connection)
    for provider, at in mailed.items():
        if provider in ("outbox", "smtp"):  # which tell nothing afterwards
            continue
        last = heard.get(provider)
        if last and last >= at:
            told = say(
                "the newest of {provider} is of {moment}",
                provider=provider,
                moment=settings.local_time(last),
            )
            yield good("events", told)
        elif now - at < _QUIET:
            told = say("{provider} has told nothing of the newest issue yet", provider=provider)
            yield skipped("events", told)
        else:
            told = say("{provider} has told nothing of the newest issue", provider=provider)
            cure = say("who bounced or left: newsletter sync; figures: newsletter stats --pull")
            yield doubtful("events", told, cure)
