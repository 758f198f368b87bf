"""Checks whom a message claims to come from, and where replies go."""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.addresses import mailbox_of
from newsletter.checking.instruments import (
    Draft,
    checks,
    inbox_words,
    no_issue_before,
    one_per_variant,
    vocabulary,
)
from newsletter.language import say
from newsletter.model import Finding, Rule, Severity

_FREEMAIL = re.compile(vocabulary.PATTERNS["free_mail"], re.I)
_SILENT = re.compile(vocabulary.PATTERNS["silent"], re.I)
_DOMAIN = re.compile(r"\b(?:[\w-]+\.)+(?:com|net|org|info|eu|fi|se|no|dk|ee|de)\b", re.I)
_THREAD = re.compile(rf"\s*{inbox_words.ANSWERED}\s*:")
_LONG_NAME = 40  # characters
_RECENT = 3  # issues


FROM_ONE_ADDRESS = Rule(
    id="from-one-address",
    summary="An issue comes from one sender, whatever the language of its readers",
    source="RFC 5322, section 3.6.2; Google sender rules",
)
FROM_FREEMAIL = Rule(
    id="from-freemail",
    summary="The sender's address is not one of a free mail service",
    source="Google sender rules; SpamAssassin 4.0.1 FREEMAIL_FROM",
)


@checks(FROM_ONE_ADDRESS, FROM_FREEMAIL)
def check_from(draft: Draft) -> Iterator[Finding]:
    """One address sends the whole issue, in a domain that others may not send for."""
    line = draft.line_of("from")
    own = draft.issue.sender
    if own and mailbox_of(own) != mailbox_of(draft.from_):
        yield FROM_ONE_ADDRESS.warning(
            "“{own}” sends nothing: the whole issue comes from “{sender}”, in all languages",
            "take it out here, or name it in the issue's main file",
            line=line,
            own=own,
            sender=draft.from_,
        )
    address = mailbox_of(draft.from_)[1]
    if _is_freemail(address):
        yield FROM_FREEMAIL.finding(
            Severity.WARNING if draft.is_rehearsal else Severity.ERROR,
            "{address} belongs to a free mail service, which lets no other program send "
            "for it; the mail would be refused or land in spam",
            "send from an address of your organisation",
            line=line,
            address=address,
        )
    reply_to = draft.reply_to
    if _is_freemail(reply_to):
        yield FROM_FREEMAIL.note(
            "answers go to {address}, an address of a free mail service; filters count that",
            "an address of your organisation serves better",
            line=draft.line_of("reply_to"),
            address=reply_to,
        )


FROM_DISPLAY_NAME = Rule(
    id="from-display-name",
    summary="The sender's name says plainly who writes",
    source="Google sender guidelines on display names",
)


@checks(FROM_DISPLAY_NAME)
def check_name(draft: Draft) -> Iterator[Finding]:
    """The name readers see is a name."""
    for specimen in one_per_variant(draft):
        name, address = specimen.sender
        for severity, fault in _faults_of_name(name, address, specimen.subject):
            yield FROM_DISPLAY_NAME.finding(
                severity,
                fault,
                "a short, plain name of the newsletter or its sender serves best",
                line=draft.line_of("from"),
            )


FROM_STABLE = Rule(
    id="from-stable",
    summary="Each issue comes from the same sender",
    source="Apple iCloud postmaster page",
)


@checks(FROM_STABLE, unless=no_issue_before)
def check_stable(draft: Draft) -> Iterator[Finding]:
    """The sender is one of the last issues."""
    before = [head.sender or draft.usual_from for head in draft.earlier[:_RECENT]]
    if _key(draft.from_) not in map(_key, before):
        yield FROM_STABLE.warning(
            "this issue comes from “{sender}”, the last one came from “{before}”",
            "readers and their filters know the newsletter by its sender",
            line=draft.line_of("from"),
            sender=draft.from_,
            before=before[0],
        )


REPLY_TO_VALID = Rule(
    id="reply-to-valid",
    summary="Answers reach somebody",
    source="Microsoft sender rules, 2025",
)


@checks(REPLY_TO_VALID)
def check_reply_to(draft: Draft) -> Iterator[Finding]:
    """Replies go to one address at which somebody reads."""
    line = draft.line_of("reply_to")
    own = draft.issue.reply_to
    if own and mailbox_of(own)[1] != draft.reply_to:
        yield REPLY_TO_VALID.warning(
            "answers do not go to “{own}”: those to the whole issue go to {address}",
            "take it out here, or name it in the issue's main file",
            line=line,
            own=own,
            address=draft.reply_to,
        )
    if _SILENT.fullmatch(draft.reply_to.partition("@")[0]):
        yield REPLY_TO_VALID.warning(
            "answers go to {address}, where nobody seems to read them",
            "set reply_to to an address that somebody reads",
            line=line,
            address=draft.reply_to,
        )


def _is_freemail(address: str) -> bool:
    return _FREEMAIL.fullmatch(address.rpartition("@")[2]) is not None


def _faults_of_name(name: str, address: str, subject: str) -> Iterator[tuple[Severity, str]]:
    own = address.rpartition("@")[2].lower()
    if not name.strip():
        yield Severity.WARNING, say("the sender has no name; readers see only an address")
    elif "@" in name or any(d.lower() != own for d in _DOMAIN.findall(name)):
        fault = say("the sender's name “{name}” looks like an address", name=name)
        yield Severity.WARNING, fault
    elif _THREAD.match(name) or re.search(r"\(\d+\)\s*$", name):
        fault = say("the sender's name “{name}” looks like a part of a mail thread", name=name)
        yield Severity.WARNING, fault
    elif any(unicodedata.category(letter) == "So" for letter in name):
        fault = say("the sender's name “{name}” holds a picture sign; Gmail forbids it", name=name)
        yield Severity.WARNING, fault
    elif _is_mixed(name):
        fault = say("a word of the sender's name “{name}” mixes alphabets", name=name)
        yield Severity.WARNING, fault
    elif name.casefold() == subject.casefold():
        yield Severity.WARNING, say("the sender's name and the subject are the same")
    elif len(name) > _LONG_NAME:
        fault = say("the sender's name has {length} characters; inboxes cut it", length=len(name))
        yield Severity.NOTE, fault


def _is_mixed(name: str) -> bool:
    """Return whether a word has letters of two alphabets, by their names in Unicode."""
    for word in name.split():
        letters = (unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha())
        if len({alphabet for alphabet in letters if alphabet}) > 1:
            return True
    return False


def _key(mailbox: str) -> tuple[str, str]:
    name, address = mailbox_of(mailbox)
    return " ".join(name.split()), address.lower()
