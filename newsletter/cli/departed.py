"""Before an issue is sent: takes readers who are known to be gone off the list."""

import datetime as dt

from newsletter import mailing
from newsletter.cli.common import confirm, plural, say
from newsletter.ledger import Ledger
from newsletter.model import Standing

_WORDS = {
    Standing.COMPLAINED: "complained",
    Standing.UNSUBSCRIBED: "left",
    Standing.BOUNCED: "bounced",
}


def clear_list(ledger: Ledger, *, yes: bool, report_only: bool = False) -> None:
    """List who is known to be gone but still on the list, and take them off."""
    departed = mailing.find_departed(ledger)
    if not departed:
        return
    say(f"On the list, but known to be gone: {_described(departed)}.")
    if report_only:
        say("A send takes those who complained or left off the list, and asks about the others.")
        return
    now = dt.datetime.now(dt.UTC)
    done = mailing.take_off_gone(ledger, departed, is_asked=not yes, now=now)
    if done.said_no:
        say(f"{plural(done.said_no, 'person', 'people')} who complained or left get no more mail.")
    if done.bounced:
        say(f"{plural(done.bounced, 'person', 'people')} whose mailbox bounced get no more mail.")
    if done.to_ask:
        people = plural(done.to_ask, "person", "people")
        if confirm(f"Take {people} whose mailbox cannot be reached off the list?"):
            mailing.take_off_unreached(ledger, now=now)


def _described(departed: mailing.Departed) -> str:
    told = [f"{departed.gone[s]:,} {word}" for s, word in _WORDS.items() if s in departed.gone]
    if departed.refused:
        told.append(f"{departed.refused:,} refused for good when the last issue was sent")
    return ", ".join(told)
