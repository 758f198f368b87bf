"""Asks the provider and the mailbox what came back, shows what follows, and takes it in.

    look --> what is told --foresee--> what would change --the editor agrees--> take

Until it is taken in nothing is noted, so that whoever says no is shown it again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from newsletter import feedback
from newsletter.consent import Change, TakenIn, foresee, take_in
from newsletter.errors import MailboxError, ProviderError
from newsletter.feedback.declining import ask_who_declined
from newsletter.feedback.mail_reading import Letter, MailRead, read_mailbox
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, correspondence, mail_cursors, note_caught_up
from newsletter.model import Return
from newsletter.settings import Settings

__all__ = ["Found", "Letter", "MailRead", "foresee_sync", "learn", "look", "take"]

_MOST_ROUNDS = 20  # in which a mailbox is read that is filled as fast
_SHOWN = 10  # mails that are named of those not given out
_TOGETHER = 500  # returns that one transaction takes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came back, as it was told."""

    told: Sequence[Return]  # by the provider, then by the mailbox
    mail: MailRead | None  # None: the mailbox was not read
    provider: str  # that was asked; empty if none was
    faults: Sequence[Wording]  # why the one or the other could not be asked


def look(
    settings: Settings,
    ledger: Ledger,
    now: dt.datetime,
    *,
    api: bool = True,
    imap: bool = True,
    is_shown: bool = False,
) -> Found:
    """Ask provider and mailbox, as far as they are set; one that is away is told of.

    Where the editor is shown it, the mailbox is read on from what they were shown last.

    Raise ConfigError where a setting is wrong.
    """
    told, faults, name, mail = list[Return](), list[Wording](), "", None
    if api and feedback.tells_who_is_gone(settings):
        name = settings.provider.name
        try:
            told += feedback.list_gone(settings, ledger, now)
        except ProviderError as err:
            faults.append(err.words)
    if imap:
        try:
            mail = read_mailbox(settings, ledger, now, is_shown=is_shown)
            told += mail.told
            faults += [_not_given_out(uid) for uid in mail.refused[:_SHOWN]]
        except MailboxError as err:
            faults.append(err.words)
    return Found(told=told, mail=mail, provider=name, faults=faults)


def foresee_sync(settings: Settings, ledger: Ledger, found: Found, now: dt.datetime) -> TakenIn:
    """Return what taking it in would do, and leave everything as it is."""
    with ledger.write() as connection:
        return foresee(connection, found.told, feedback.rules_of(settings), now)


def take(settings: Settings, ledger: Ledger, found: Found, now: dt.datetime) -> TakenIn:
    """Take in what came back, and note how far the mailbox was read.

    Killed in between, the rest is told again; what was taken in already changes nothing.
    """
    rules, taken = feedback.rules_of(settings), list[TakenIn]()
    rest = iter(found.told)
    while some := list(islice(rest, _TOGETHER)):
        with ledger.write() as connection:
            taken.append(take_in(connection, some, rules, now))
    if mail := found.mail:
        with ledger.write() as connection:
            correspondence.add_answers(connection, mail.answers, now, secret=rules.secret)
            ask_who_declined(connection, mail.declined, now)
            at = mail.cursor
            mail_cursors.note_cursor(
                connection, mail.name, validity=at.validity, uid=at.uid, now=now
            )
    if _is_all(settings, found):
        with ledger.write() as connection:
            note_caught_up(connection, now)
    return _together(taken)


def learn(
    settings: Settings, ledger: Ledger, now: dt.datetime, *, api: bool = False
) -> tuple[Sequence[Change], Sequence[Wording]]:
    """Take in all that is new in the mailbox; return who stands otherwise, and what was amiss.

    A reading may end early, as there is much or the server goes away: the next goes on from there.
    With the API the provider is asked, too.
    """
    changes, faults = list[Change](), list[Wording]()
    for _ in range(_MOST_ROUNDS):
        found = look(settings, ledger, now, api=api, imap=settings.mailbox.is_read)
        changes += take(settings, ledger, found, now).changes
        faults += found.faults
        if found.mail is None or found.mail.is_whole:
            break
    return changes, faults


def _not_given_out(uid: int) -> Wording:
    return say("the mailbox does not give out mail {uid}", uid=uid)


def _is_all(settings: Settings, found: Found) -> bool:
    """Return whether nobody can have left whom neither provider nor mailbox told of."""
    is_asked = bool(found.provider) or not feedback.tells_who_is_gone(settings)
    is_read = bool(found.mail and found.mail.is_whole) or not settings.mailbox.is_read
    is_any = bool(found.provider or found.mail)
    is_whole = is_any and is_asked and is_read and not found.faults
    return is_whole and feedback.is_told_of_leaving(settings)


def _together(taken: Sequence[TakenIn]) -> TakenIn:
    return TakenIn(
        new=sum((Counter(one.new) for one in taken), Counter()),
        changes=[change for one in taken for change in one.changes],
        held=sum(one.held for one in taken),
        unassigned=sum(one.unassigned for one in taken),
    )
