"""What is settled with the editor before a send: who is gone, and a change of the account."""

import datetime as dt

from newsletter import mailing
from newsletter.cli.common import ConfigError, Settings, confirm, insist, tell
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, Send
from newsletter.model import Standing


def clear_list(ledger: Ledger, *, yes: bool, report_only: bool = False) -> None:
    """List who is known to be gone but still on the list, and take them off."""
    departed = mailing.find_departed(ledger)
    if not departed:
        return
    tell(say("On the list, but known to be gone: {who}.", who=_described(departed)))
    if report_only:
        tell(
            say(
                "A send takes those who complained or left off the list, and asks about the others."
            )
        )
        return
    now = dt.datetime.now(dt.UTC)
    done = mailing.take_off_gone(ledger, departed, is_asked=not yes, now=now)
    if done.said_no:
        tell(
            say_many(
                "{n:,} person who complained or left gets no more mail.",
                "{n:,} people who complained or left get no more mail.",
                n=done.said_no,
            )
        )
    if done.bounced:
        tell(
            say_many(
                "{n:,} person whose mailbox bounced gets no more mail.",
                "{n:,} people whose mailbox bounced get no more mail.",
                n=done.bounced,
            )
        )
    if done.to_ask and confirm(
        say_many(
            "Take {n:,} person whose mailbox cannot be reached off the list?",
            "Take {n:,} people whose mailbox cannot be reached off the list?",
            n=done.to_ask,
        )
    ):
        mailing.take_off_unreached(ledger, now=now)


def keep_account(settings: Settings, ledger: Ledger, send: Send, *, yes: bool) -> None:
    """Let a send continue through its account; ask first if the settings name another.

    An unattended command does not change the account.
    """
    if change := mailing.find_account_change(settings, ledger, send):
        if yes:
            raise ConfigError(
                say(
                    "{change} Set it back, or run the command without --yes, which asks",
                    change=change.words,
                )
            )
        question = say("{change} Go on through the new one?", change=change.words)
        insist(question, otherwise=say("Nothing was sent."))
    mailing.keep_account(settings, ledger, send)


def _described(departed: mailing.Departed) -> Wording:
    told = [_count(standing, n) for standing, n in departed.gone.items()]
    if departed.refused:
        told.append(
            say_many(
                "{n:,} refused for good when the last issue was sent",
                "{n:,} refused for good when the last issue was sent",
                n=departed.refused,
            )
        )
    return say_list(told)


def _count(standing: Standing, n: int) -> Wording:
    return {
        Standing.COMPLAINED: say_many("{n:,} complained", "{n:,} complained", n=n),
        Standing.UNSUBSCRIBED: say_many("{n:,} left", "{n:,} left", n=n),
        Standing.BOUNCED: say_many("{n:,} bounced", "{n:,} bounced", n=n),
    }[standing]
