"""Reads one mail that came back: bytes in, what it says out; in one order, and it never raises."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime

from newsletter.mailbox.calendar_replies import read_calendar_reply
from newsletter.mailbox.clues import (
    clues_of_original,
    clues_of_thread,
    ids_in,
    ids_of_answered,
    in_order,
    is_sent_to,
    keys_in_subject,
    keys_it_was_sent_to,
)
from newsletter.mailbox.machine_reports import (
    Report,
    find_report,
    is_report_of_other_kind,
    keys_in_words,
    read_delivery,
    read_feedback,
    read_hotmail,
)
from newsletter.mailbox.machine_signs import (
    is_answer,
    is_auto_reply,
    may_be_bounce,
    sender_of,
    submitted,
)
from newsletter.mailbox.parts import Part, take_apart
from newsletter.mailbox.prose import read_prose
from newsletter.mailbox.verdicts import By, Clue, Kind, Verdict
from newsletter.mailkeys import Keyring

_FIRST = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)  # before that no clock is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a reader of mails knows of the newsletter."""

    keys: Keyring = field(default_factory=Keyring)
    # The address where nothing but wishes to leave arrives; empty if people's answers do, too.
    unsubscribe: str = ""


def read_mail(raw: bytes, rules: Rules | None = None) -> Verdict:
    """Return what a mail says; whatever its bytes are, it does not raise."""
    try:
        mail = take_apart(raw)
        verdicts = _verdicts(mail, raw, rules or Rules())
        return _told(verdicts, mail)
    except Exception:  # one odd mail must not keep the others from being read
        return Verdict(kind=Kind.UNREADABLE)


def _verdicts(mail: Part, raw: bytes, rules: Rules) -> Sequence[Verdict]:
    """Return the first reading that fits; the order decides, so that no auto-reply unsubscribes."""
    keys = rules.keys
    if answered := read_calendar_reply(mail):  # before auto-replies: some calendars call it one
        return [answered]
    addressed = keys_it_was_sent_to(mail, keys)
    report = find_report(mail)
    if report is None and is_auto_reply(mail) and not _is_leaving_by_machine(mail, addressed):
        return [Verdict(kind=Kind.AUTO_REPLY)]
    if report is not None:
        return _of_report(*report, mail, raw, keys)
    if is_report_of_other_kind(mail):
        return [Verdict(kind=Kind.REPORT)]
    if told := read_hotmail(mail, keys) or _leaving(mail, addressed, rules):
        return [told]
    bounces = read_prose(mail, raw, keys) if may_be_bounce(mail) else ()
    thread = in_order([*addressed, *clues_of_thread(mail, keys), *ids_of_answered(mail)])
    return [_with(b, addressed) for b in bounces] or [Verdict(kind=Kind.REPLY, clues=thread)]


def _of_report(
    name: str, report: Report, mail: Part, raw: bytes, keys: Keyring
) -> Sequence[Verdict]:
    if name == "feedback":
        return [read_feedback(report, keys)]
    verdicts = read_delivery(report, keys)
    if not verdicts:  # a report that names nobody: perhaps its words do
        verdicts = read_prose(mail, raw, keys)
    if not verdicts:
        clues = in_order(clues_of_original(report.returned, keys))
        verdicts = (Verdict(kind=Kind.SOFT, clues=clues),)
    further = [*keys_it_was_sent_to(mail, keys), *keys_in_words(report, keys)]
    return [_with(verdict, further) for verdict in verdicts]


def _leaving(mail: Part, addressed: list[Clue], rules: Rules) -> Verdict | None:
    """Return the wish to leave that a mail is: by where it was sent to, whatever it says."""
    signed = [*addressed, *keys_in_subject(mail, rules.keys)]
    clues = [clue for clue in signed if clue.by is By.LEAVING_KEY]
    if not clues and is_sent_to(mail, rules.unsubscribe):
        clues = clues_of_thread(mail, rules.keys)
    return Verdict(kind=Kind.UNSUBSCRIBED, clues=tuple(clues)) if clues else None


def _is_leaving_by_machine(mail: Part, addressed: list[Clue]) -> bool:
    """Return whether a mail program unsubscribes for its user, and says that it is a program.

    A key to leave by is in no address that an auto-reply goes to, and that always answers a mail.
    """
    if not any(clue.by is By.LEAVING_KEY for clue in addressed):
        return False
    # Both headers may say no more than that no machine should answer this one.
    rest = mail.without("auto-submitted", "x-auto-response-suppress")
    is_spoken_for = submitted(mail) == "auto-replied" or is_auto_reply(rest)
    return not (is_spoken_for or is_answer(mail))


def _with(verdict: Verdict, clues: list[Clue]) -> Verdict:
    return replace(verdict, clues=in_order([*clues, *verdict.clues]))


def _told(verdicts: Sequence[Verdict], mail: Part) -> Verdict:
    """Return verdicts as one, with what the mail says of itself."""
    first, *others = (
        replace(
            verdict,
            sender=sender_of(mail),
            subject=mail.header("subject")[:300],
            message_id=next(iter(ids_in(mail.header("message-id"))), ""),
            at=_date(mail),
        )
        for verdict in verdicts
    )
    return replace(first, others=tuple(others))


def _date(mail: Part) -> dt.datetime | None:
    """Return when a mail came, as its last server wrote, else when it says that it was written.

    The clock of whoever wrote it may be years behind, and they would have left before they joined.
    """
    trace = mail.header("received").rpartition(";")[2]
    return _moment(trace) or _moment(mail.header("date"))


def _moment(text: str) -> dt.datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
        return moment if moment >= _FIRST else None
    return None
