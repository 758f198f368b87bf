"""Checks who a message says it comes from and goes to, and that it gives nobody else away."""

import re
import unicodedata
from collections.abc import Iterator
from email import policy
from email.utils import getaddresses, parseaddr

from newsletter.addresses import check_address
from newsletter.checking.draft import Draft
from newsletter.checking.instruments.cures import NOT_YOURS
from newsletter.checking.instruments.inbox_words import ANSWERED
from newsletter.checking.instruments.page import one_per_variant
from newsletter.checking.instruments.raw_message import addresses_in, parts_of, readable_field
from newsletter.checking.report import checks
from newsletter.errors import AudienceError
from newsletter.language.wording import say
from newsletter.model import Finding, Severity
from newsletter.model.rules import Rule, Skipped
from newsletter.model.specimen import Specimen

_FREEMAIL = re.compile(
    r"(?:gmail|googlemail|aol|msn|icloud|me|mac|protonmail|ymail|rocketmail|zoho)\.com"
    r"|(?:yahoo|hotmail|outlook|live|gmx)\.[a-z]{2,3}(?:\.[a-z]{2})?"
    r"|(?:proton|pm)\.me|yandex\.(?:ru|com)|mail\.(?:ru|com)|web\.de|protonmail\.ch"
    r"|(?:luukku|kolumbus|saunalahti|elisanet|welho|suomi24|pp\.inet)\.(?:fi|com)"
    r"|(?:telia|spray|bredband)\.(?:se|com)",
    re.I,
)
_SILENT = re.compile(
    r"(?:no|do-?not|dont)-?reply|(?:ei|[äa]l[äa])-?vasta\w*|svara-?(?:inte|ej)|(?:ej|inte)-?svar\w*",
    re.I,
)
_DOMAIN = re.compile(r"\b(?:[\w-]+\.)+(?:com|net|org|info|eu|fi|se|no|dk|ee|de)\b", re.I)
_THREAD = re.compile(rf"\s*{ANSWERED}\s*:")
_TURNING = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LONG_NAME = 40  # characters
_RECENT = 3  # issues


FROM_ONE_ADDRESS = Rule(
    id="from-one-address",
    summary="The mail comes from exactly one valid address",
    source="RFC 5322, section 3.6.2; Google sender rules; cpython issue 121284",
)
FROM_FREEMAIL = Rule(
    id="from-freemail",
    summary="The sender's address is not one of a free mail service",
    source="Google sender rules; SpamAssassin 4.0.1 FREEMAIL_FROM",
)


@checks(FROM_ONE_ADDRESS, FROM_FREEMAIL)
def check_from(draft: Draft) -> Iterator[Finding]:
    """From holds one address, whoever reads it, and one that others may not forge."""
    line = draft.line_of("from")
    for specimen in one_per_variant(draft):
        value = parts_of(specimen).field("From")
        first, second = _addresses(value)
        if len(first) != 1 or first != second or not _is_valid(first[0]):
            yield FROM_ONE_ADDRESS.error(
                draft.path,
                say("“{sender}” is not one valid sender", sender=readable_field(value)),
                hint=say('write from = "Name <name@example.org>" with one address'),
                line=line,
            )
        elif _is_freemail(first[0]):
            yield FROM_FREEMAIL.error(
                draft.path,
                say(
                    "{address} belongs to a free mail service, which lets no other program send "
                    "for it; the mail would be refused or land in spam",
                    address=first[0],
                ),
                hint=say("send from an address of your organisation"),
                line=line,
            )
    reply_to = parseaddr(draft.reply_to)[1]
    if _is_freemail(reply_to):
        yield FROM_FREEMAIL.note(
            draft.path,
            say(
                "answers go to {address}, an address of a free mail service; filters count that",
                address=reply_to,
            ),
            hint=say("an address of your organisation serves better"),
            line=draft.line_of("reply_to"),
        )


FROM_DISPLAY_NAME = Rule(
    id="from-display-name",
    summary="The sender's name says plainly who writes",
    source="Google sender guidelines on display names",
)
FROM_STABLE = Rule(
    id="from-stable",
    summary="Each issue comes from the same sender",
    source="Apple iCloud postmaster page",
)


@checks(FROM_DISPLAY_NAME, FROM_STABLE)
def check_name(draft: Draft) -> Iterator[Finding | Skipped]:
    """The name readers see is a name, and that of the issues before."""
    line = draft.line_of("from")
    for specimen in one_per_variant(draft):
        value = parts_of(specimen).field("From")
        name, address = parseaddr(readable_field(value))
        for severity, fault in _faults_of_name(name, address, specimen.subject):
            yield FROM_DISPLAY_NAME.finding(
                draft.path,
                severity,
                fault,
                hint=say("a short, plain name of the newsletter or its sender serves best"),
                line=line,
            )
    if not draft.earlier:
        yield FROM_STABLE.skipped(say("no earlier issue"))
        return
    before = [head.sender or draft.usual_from for head in draft.earlier[:_RECENT]]
    if _key(draft.from_) not in map(_key, before):
        yield FROM_STABLE.warning(
            draft.path,
            say(
                "this issue comes from “{sender}”, the last one came from “{before}”",
                sender=draft.from_,
                before=before[0],
            ),
            hint=say("readers and their filters know the newsletter by its sender"),
            line=line,
        )


REPLY_TO_VALID = Rule(
    id="reply-to-valid",
    summary="Answers reach somebody",
    source="Microsoft sender rules, 2025",
)


@checks(REPLY_TO_VALID)
def check_reply_to(draft: Draft) -> Iterator[Finding]:
    """Reply-To is one valid address at which somebody reads."""
    line = draft.line_of("reply_to")
    for specimen in one_per_variant(draft):
        value = parts_of(specimen).field("Reply-To") or parts_of(specimen).field("From")
        first, second = _addresses(value)
        if len(first) != 1 or first != second or not _is_valid(first[0]):
            yield REPLY_TO_VALID.error(
                draft.path,
                say(
                    "“{address}” is not one valid address to answer to",
                    address=readable_field(value),
                ),
                hint=say('write reply_to = "name@example.org" with one address'),
                line=line,
            )
        elif _SILENT.fullmatch(first[0].partition("@")[0]):
            yield REPLY_TO_VALID.warning(
                draft.path,
                say("answers go to {address}, where nobody seems to read them", address=first[0]),
                hint=say("set reply_to to an address that somebody reads"),
                line=line,
            )


RECIPIENT_EXPOSURE = Rule(
    id="recipient-exposure",
    summary="No reader sees the address of another",
    source="GDPR, articles 5(1)(f) and 32; SpamAssassin 4.0.1 MISSING_HEADERS",
)


@checks(RECIPIENT_EXPOSURE)
def check_exposure(draft: Draft) -> Iterator[Finding]:
    """Each message goes to one address, and holds no other that the issue does not."""
    for specimen in draft.specimens:
        for fault in _exposures(draft, specimen):
            yield RECIPIENT_EXPOSURE.error(draft.path, fault, hint=NOT_YOURS)


def _exposures(draft: Draft, specimen: Specimen) -> Iterator[str]:
    part, persona = parts_of(specimen), specimen.persona
    names = {name.lower() for name, _ in part.fields}
    to = [address for _, address in getaddresses([part.field("To")])]
    if to != [persona.address] or names & {"cc", "bcc"}:
        yield say("the message names other recipients than the one who gets it")
    fields = "\n".join(
        readable_field(value)
        for name, value in part.fields
        if name.lower() not in ("message-id", "from", "reply-to", "content-type", "content-id")
    )
    edition = specimen.edition
    known = _fixed_addresses(edition.subject + edition.text, edition.html)
    known |= addresses_in("\n".join((draft.from_, draft.reply_to, draft.sender, *to[:1])))
    known |= addresses_in("\n".join((persona.address, *persona.values.values(), draft.unsubscribe)))
    for found in sorted(addresses_in("\n".join((fields, specimen.html, specimen.text))) - known):
        yield say(
            "the message shows {address}, which neither the issue nor the reader's data holds",
            address=found,
        )


def _fixed_addresses(text: str, html: str) -> frozenset[str]:
    return frozenset(addresses_in(text) | addresses_in(html))


def _addresses(value: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses of a header as two parsers see them."""
    registry = policy.default.header_factory("From", value)
    second = tuple(address.addr_spec for address in registry.addresses)
    return tuple(address for _, address in getaddresses([value])), second


def _is_valid(address: str) -> bool:
    try:
        check_address(address)
    except AudienceError:
        return False
    return True


def _is_freemail(address: str) -> bool:
    return _FREEMAIL.fullmatch(address.rpartition("@")[2]) is not None


def _faults_of_name(name: str, address: str, subject: str) -> Iterator[tuple[Severity, str]]:
    own = address.rpartition("@")[2].lower()
    if not name.strip():
        yield Severity.WARNING, say("the sender has no name; readers see only an address")
    elif _TURNING.search(name):
        fault = say("the sender's name holds invisible characters, as forgers use them")
        yield Severity.ERROR, fault
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
    """Tell whether a word has letters of two alphabets, by their names in Unicode."""
    for word in name.split():
        letters = (unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha())
        if len({alphabet for alphabet in letters if alphabet}) > 1:
            return True
    return False


def _key(mailbox: str) -> tuple[str, str]:
    name, address = parseaddr(mailbox)
    return " ".join(name.split()), address.lower()


CHECKS = (
    check_from,
    check_name,
    check_reply_to,
    check_exposure,
)
