"""What came back is learnt before an issue is planned, as `newsletter sync` learns it."""

import datetime as dt

from newsletter import mailing
from newsletter.cli.common import Settings, tell
from newsletter.feedback.syncing import learn
from newsletter.language import say, say_many
from newsletter.ledger import Ledger


def sync_first(settings: Settings, ledger: Ledger, now: dt.datetime) -> None:
    """Learn what came back before an issue is planned; what cannot be asked is told.

    It moves people towards less mail alone, so nobody is asked; mailboxes that the provider gave up
    are asked about with the plan.
    """
    for line in mailing.pull_recent_departures(settings, ledger, now):
        tell(line)
    if not settings.mailbox.is_read:
        return
    changes, faults = learn(settings, ledger, now)
    for fault in faults:
        tell(say("Not known who left or bounced since: {reason}", reason=fault))
    if changes:
        said = say_many(
            "{n:,} person gets no more mail, as they left, complained or bounced.",
            "{n:,} get no more mail, as they left, complained or bounced.",
            n=len(changes),
        )
        tell(said)
