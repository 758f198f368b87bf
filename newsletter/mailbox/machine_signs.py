"""Signs on the outside of a mail: written by a machine for a person, or by a mail system."""

import re
from email.utils import parseaddr

from newsletter.mailbox.machine_words import (
    ANSWER_SUBJECT,
    AUTO_SUBJECT,
    DAEMON,
    DOMAIN_REPORT,
    FAILED_SUBJECT,
    MAILER,
    NOTES_SUBJECT,
)
from newsletter.mailbox.parts import Part

_MACHINE_HEADERS = (  # of autoresponders; whatever they say
    *("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply", "x-autoreply-from"),
    *("x-mail-autoreply", "x-autoresponder", "x-vacation", "x-away-message"),
    *("x-auto-response", "x-facebook-auto-reply", "x-mdaemon-auto-reply"),
)
_PERSON_HEADERS = ("user-agent", "x-mailer", "x-originating-ip", "x-ms-has-attach")
_AUTO_PRECEDENCE = re.compile(r"auto[_-]?repl", re.IGNORECASE)


def sender_of(mail: Part) -> str:
    """Return the address in header From, in small letters."""
    return parseaddr(mail.header("from"))[1].lower()


def is_from_mail_system(mail: Part) -> bool:
    """Return whether a mail comes from what delivers mail, not from a person's mailbox."""
    if mail.has("x-failed-recipients"):
        return True
    if DAEMON.search(mail.header("from")):
        return True
    # What people write to a list is sent on by an address for the list's bounces.
    return not mail.has("list-id") and bool(DAEMON.search(mail.header("sender")))


def may_be_bounce(mail: Part) -> bool:
    """Return whether a mail without a part for machines may tell of a failure at all.

    Only then do words count: a person who forwards a bounce, or asks about one, writes such too.
    """
    if is_from_mail_system(mail):
        return True
    is_of_person = any(map(mail.has, ("user-agent", "in-reply-to", "x-originating-ip")))
    is_of_person = is_of_person or bool(MAILER.search(mail.header("x-mailer")))
    returns = mail.header("return-path")
    is_null = returns in ("", "<>", "<#@[]>") or bool(DAEMON.search(returns))
    return tells_of_failure(mail) and is_null and not is_of_person


def tells_of_failure(mail: Part) -> bool:
    """Return whether the subject of a mail says that another did not arrive."""
    return bool(FAILED_SUBJECT.match(mail.header("subject")))


def is_of_domain(mail: Part) -> bool:
    """Return whether the subject of a mail says that it reports of a domain, as of its DMARC."""
    return bool(DOMAIN_REPORT.match(mail.header("subject")))


def is_auto_reply(mail: Part) -> bool:
    """Return whether a machine answers for a person (RFC 3834, and what came before it)."""
    subject = mail.header("subject")
    if AUTO_SUBJECT.match(subject) or NOTES_SUBJECT.match(subject):
        return True
    if _AUTO_PRECEDENCE.match(mail.header("precedence")):
        return True
    if any(map(mail.has, _MACHINE_HEADERS)):
        return True
    if is_from_mail_system(mail):  # reports are automatic, too
        return False
    if submitted(mail) not in ("", "no"):
        return True
    return mail.has("x-auto-response-suppress") and not any(map(mail.has, _PERSON_HEADERS))


def submitted(mail: Part) -> str:
    """Return how a mail came to be written, such as "auto-replied"; "" if it does not say."""
    return mail.header("auto-submitted").partition(";")[0].strip().lower()


def is_answer(mail: Part) -> bool:
    """Return whether a mail answers another."""
    in_thread = mail.has("in-reply-to") or mail.has("references")
    return in_thread or bool(ANSWER_SUBJECT.match(mail.header("subject")))
