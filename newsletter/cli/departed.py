"""Before an issue goes out: readers who are known to be gone are taken off the list."""

import datetime as dt

from newsletter.cli.common import confirm, plural, say
from newsletter.ledger import Ledger
from newsletter.ledger.events import SAID_NO
from newsletter.mailing.departures import Departed, find_departed, take_off, take_off_refused
from newsletter.model import Standing

_WORDS = {
    Standing.COMPLAINED: "complained",
    Standing.UNSUBSCRIBED: "left",
    Standing.BOUNCED: "bounced",
}


def clear_list(ledger: Ledger, *, yes: bool, only_tell: bool = False) -> None:
    """Say who is known to be gone though still on the list, and take them off.

    Whoever complained or left is taken off unasked; the editor decides about mailboxes that
    bounced. With `yes` those are taken off, too: less mail is the safe side. Who was merely
    refused stays then, as the fault may have been the provider's.
    """
    departed = find_departed(ledger)
    if not departed:
        return
    say(f"On the list, but known to be gone: {_described(departed)}.")
    if only_tell:
        say("A send takes those who complained or left off the list, and asks about the others.")
        return
    now = dt.datetime.now(dt.UTC)
    if said_no := sum(departed.gone.get(standing, 0) for standing in SAID_NO):
        take_off(ledger, *SAID_NO, now=now)
        say(f"{plural(said_no, 'person', 'people')} who complained or left get no more mail.")
    bounced = departed.gone.get(Standing.BOUNCED, 0)
    if yes and bounced:
        take_off(ledger, Standing.BOUNCED, now=now)
        say(f"{plural(bounced, 'person', 'people')} whose mailbox bounced get no more mail.")
    elif not yes and (unreached := bounced + departed.refused):
        people = plural(unreached, "person", "people")
        if confirm(f"Take {people} whose mailbox cannot be reached off the list?"):
            take_off(ledger, Standing.BOUNCED, now=now)
            take_off_refused(ledger, now=now)


def _described(departed: Departed) -> str:
    told = [f"{departed.gone[s]:,} {word}" for s, word in _WORDS.items() if s in departed.gone]
    if departed.refused:
        told.append(f"{departed.refused:,} refused for good when the last issue was sent")
    return ", ".join(told)
