"""The newsletter's mailbox → what it tells of our mails, and what is left for the editor."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from newsletter.feedback.mail_access import access_of
from newsletter.ledger import Ledger, mail_cursors, people, sends
from newsletter.links import UnsubscribeLinks
from newsletter.mailbox import Clue, Cursor, Keyring, Kind, Rules, Verdict, read_mail, read_new
from newsletter.model import Return, ReturnKind
from newsletter.settings import Settings, find_secret

SOURCE = "mailbox"
_SHOWN = " (shown)"
_KINDS = {
    Kind.HARD: ReturnKind.HARD,
    Kind.SOFT: ReturnKind.SOFT,
    Kind.ABOUT_US: ReturnKind.ABOUT_US,
    Kind.COMPLAINED: ReturnKind.COMPLAINED,
    Kind.UNSUBSCRIBED: ReturnKind.UNSUBSCRIBED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that the editor is to read themselves."""

    sender: str
    subject: str
    at: dt.datetime | None
    is_answer: bool  # by a person; else something came back, and nobody knows about whom


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRead:
    """What was new in the mailbox."""

    name: str  # by which the ledger knows how far it was read
    cursor: Cursor
    told: Sequence[Return] = field(repr=False)
    answers: Sequence[Return] = field(repr=False)  # of people, to a mail that they name
    declined: Sequence[str]  # what names a meeting in the calendars of those who declined it
    letters: Sequence[Letter]
    counts: Mapping[Kind, int]
    skipped: int  # mails that were there before it was first read, and too many
    refused: Sequence[int]  # numbers of mails that the server does not give out
    is_whole: bool  # there is nothing else new

    @property
    def ignored(self) -> int:
        """Return how many were automatic replies, of calendars, too."""
        return self.counts.get(Kind.AUTO_REPLY, 0) + self.counts.get(Kind.ACCEPTED, 0)


def read_mailbox(
    settings: Settings, ledger: Ledger, now: dt.datetime, *, is_shown: bool = False
) -> MailRead:
    """Read what is new in the mailbox; raise ConfigError or MailboxError.

    Nothing is noted: until the cursor is, it is new. What the editor is shown has a cursor of its
    own, as a worker that reads in between shows nobody which mails are for people.
    """
    access = access_of(settings, now.timestamp())
    name = f"{access.name}{_SHOWN}" if is_shown else access.name
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    with ledger.read() as connection:
        known = mail_cursors.find_cursor(connection, name)
        keys = Keyring(
            secret=secret.reveal() if secret else "",
            sends=sends.keys_of_sends(connection),
        )
    last = Cursor(validity=known[0], uid=known[1]) if known else None
    rules = Rules(keys=keys, unsubscribe=settings.address_for_leaving_alone)
    batch = read_new(access, last, partial(read_mail, rules=rules))
    verdicts = [said for verdict in batch.mails for said in verdict.all]
    readers = _readers_among(ledger, verdicts)
    about = [verdict for verdict in verdicts if verdict.kind.is_about_somebody]
    return MailRead(
        name=name,
        cursor=batch.cursor,
        told=[_as_return(verdict, readers, keys.secret, now) for verdict in about],
        answers=[_as_answer(v) for v in verdicts if v.kind is Kind.REPLY and _is_named(v)],
        declined=[verdict.entry for verdict in verdicts if verdict.kind is Kind.DECLINED],
        letters=list(_letters(verdicts, readers)),
        counts=Counter(verdict.kind for verdict in verdicts),
        skipped=batch.skipped,
        refused=batch.refused,
        is_whole=batch.is_whole,
    )


def _readers_among(ledger: Ledger, verdicts: Iterable[Verdict]) -> Collection[str]:
    """Return which of the addresses that are named are a reader's, or were."""
    named = {address for verdict in verdicts for address in verdict.addresses}
    with ledger.read() as connection:
        known = people.find_subscribers(connection, named)
        return {*known, *people.map_renamed(connection, named)}


def _whose(verdict: Verdict, readers: Collection[str]) -> str:
    def find(clue: Clue) -> str:
        return clue.value if clue.is_address and clue.value.lower() in readers else ""

    return verdict.person(find)


def _as_return(verdict: Verdict, readers: Collection[str], secret: str, now: dt.datetime) -> Return:
    """Return what a mail says as what comes back; it happened when it was read at the latest."""
    named = next(iter(verdict.addresses), "")
    return Return(
        kind=_KINDS[verdict.kind],
        source=SOURCE,
        address=_whose(verdict, readers) or named,
        at=min(verdict.at or now, now),
        message_id=verdict.original_id,
        reference=verdict.reference,
        is_proven=bool(verdict.reference),
        token=_token(verdict.subscriber, secret),
        status=verdict.status,
        text=verdict.text,
        word=verdict.kind,
        event_id=verdict.message_id,
    )


def _is_named(verdict: Verdict) -> bool:
    return bool(verdict.reference or verdict.original_id)


def _as_answer(verdict: Verdict) -> Return:
    """Return which mail an answer is to; nothing of who wrote it, nor of what."""
    return Return(
        kind=ReturnKind.UNKNOWN,
        source=SOURCE,
        at=verdict.at,
        message_id=verdict.original_id,
        reference=verdict.reference,
        is_proven=bool(verdict.reference),
        event_id=verdict.message_id,
    )


def _token(subscriber: str, secret: str) -> str:
    """Return the token of a subscriber whom a key named, as links to leave by carry it."""
    if not subscriber:
        return ""
    return UnsubscribeLinks("", secret).link_for(subscriber).rpartition("/")[2]


def _letters(verdicts: Iterable[Verdict], readers: Collection[str]) -> Iterable[Letter]:
    """Yield the mails of people, and those of which nobody knows whom they are about."""
    for verdict in verdicts:
        is_known = verdict.reference or verdict.subscriber or verdict.original_id
        if verdict.kind is not Kind.COMPLAINED:  # which an address alone does not prove
            is_known = is_known or _whose(verdict, readers)
        is_lost = verdict.kind.is_about_somebody and not is_known
        if is_lost or verdict.kind in (Kind.REPLY, Kind.UNREADABLE):
            yield Letter(
                sender=verdict.sender,
                subject=verdict.subject,
                at=verdict.at,
                is_answer=verdict.kind is Kind.REPLY,
            )
