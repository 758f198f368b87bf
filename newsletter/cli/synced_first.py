"""What came back is learnt before an issue is planned, as `newsletter sync` learns it."""

import datetime as dt

from newsletter import mailing
from newsletter.cli.common import Settings, UsageError, insist, tell
from newsletter.cli.offers import SendOptions
from newsletter.feedback.syncing import learn
from newsletter.gateway import is_rehearsal
from newsletter.language import say, say_many
from newsletter.ledger import Ledger, Restoration, note_caught_up


def sync_first(settings: Settings, ledger: Ledger, now: dt.datetime) -> None:
    """Learn what came back before an issue is planned; what cannot be asked is told.

    It moves people towards less mail alone, so nobody is asked; mailboxes that the provider gave up
    are asked about with the plan.
    """
    for line in mailing.pull_recent_departures(settings, ledger, now):
        tell(line)
    _learn(settings, ledger, now, api=False)


def catch_up(settings: Settings, ledger: Ledger, wishes: SendOptions, absence: Restoration) -> None:
    """Learn who left since a backup, or have the editor send without knowing all of them.

    Raise UsageError where nobody is there to be asked.
    """
    if is_rehearsal(settings):
        return
    now = dt.datetime.now(dt.UTC)
    if wishes.syncs and mailing.can_sync(settings):
        _learn(settings, ledger, now, api=True)
        if mailing.find_unknown_since(ledger) is None:
            return
    time = settings.local_time(absence.made_at or absence.restored_at)
    if not wishes.despite_departures:
        if wishes.yes:
            raise UsageError(
                say(
                    "the ledger came back from a backup of {time}, and who left since is not "
                    "known to provider and mailbox alone: take off whom you know of with "
                    "“newsletter subscribers remove”, then say --despite-departures, else those "
                    "who left are mailed",
                    time=time,
                )
            )
        insist(
            say("Send, though nobody knows all who left after the backup of {time}?", time=time),
            otherwise=say("Nothing was sent."),
        )
    with ledger.write() as connection:
        note_caught_up(connection, now)


def _learn(settings: Settings, ledger: Ledger, now: dt.datetime, *, api: bool) -> None:
    """Take in what came back; tell how many get no more mail, and what could not be asked."""
    changes, faults = learn(settings, ledger, now, api=api)
    for fault in faults:
        tell(say("Not known who left or bounced since: {reason}", reason=fault))
    if changes:
        tell(
            say_many(
                "{n:,} person gets no more mail, as they left, complained or bounced.",
                "{n:,} get no more mail, as they left, complained or bounced.",
                n=len(changes),
            )
        )
