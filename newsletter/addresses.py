"""Checks e-mail addresses and brings them into the one form they are compared in."""

import re
import unicodedata
from email.utils import parseaddr
from functools import lru_cache

import idna

from newsletter.errors import AudienceError
from newsletter.language import Wording, say, say_list

# A name with punctuation must be quoted (RFC 5322, section 3.4).
_NEEDS_QUOTES = re.compile(r"[^\w\s/-]")  # in the name of a mailbox (RFC 5322, 3.2.3)
_MAILBOX = re.compile(
    r'(?:"(?:[^"\\]|\\.)*"|[^<>()\[\]:;@\\,"]*)\s*<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s,;()]+)'
)

# The validator's messages as texts a catalog can translate, and those about the last three name
# characters.
_REASONS = {
    str(reason): reason
    for reason in (
        say("An email address must have an @-sign."),
        say("There must be something before the @-sign."),
        say("There must be something after the @-sign."),
        say("An email address cannot start with a period."),
        say("An email address cannot have a period immediately before the @-sign."),
        say("An email address cannot have a period immediately after the @-sign."),
        say("An email address cannot end with a period."),
        say("An email address cannot have two periods in a row."),
        say("The part after the @-sign is not valid. It should have a period."),
        say("The part after the @-sign is not valid. It is not within a valid top-level domain."),
        say(
            "The part after the @-sign is a special-use or reserved name that cannot be used with "
            "email."
        ),
        say("Internationalized characters before the @-sign are not supported"),
        say("The email address contains invalid characters before the @-sign"),
        say("The part after the @-sign contains invalid characters"),
    )
}


# Addresses of letters, digits and the usual signs, which most are, skip the validator: it takes
# thirty times as long. Tests check that the two agree.
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
_PLAIN_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
# Names that no mail goes to (RFC 6761 and others).
_NOT_FOR_MAIL = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")
# How the validator shows a character: in quotes, or by its name in Unicode.
_SIGNS = re.compile(r"""'.'|"."|[A-Z][^,]*""")


def check_address(text: str) -> str:
    """Return an address trimmed, its domain in lower case; raise AudienceError with the reason.

    A domain with letters beyond ASCII is fine (IDNA); a local part with such letters is not, as
    few mail servers take it (RFC 6531).
    """
    if plain := plain_address(text):
        return plain
    # The validator takes a fifteenth of a cold check to import, and few addresses need it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - see above

    try:
        return validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError as err:
        raise AudienceError(_reason_in_words(str(err))) from err


def plain_address(text: str) -> str:
    """Return an address as `check_address` does, or "" for one that needs the full check."""
    local, _, domain = text.strip().rpartition("@")
    domain = domain.lower()
    if len(local) <= 64 and _is_plain_domain(domain) and _PLAIN_LOCAL.fullmatch(local):
        return f"{local}@{domain}"
    return ""


def as_listed(address: str) -> str:
    """Return an address as a list has it, or unchanged if it is none.

    Providers write international domains in ASCII.
    """
    try:
        return check_address(address)
    except AudienceError:
        return address


def mail_address(address: str) -> str:
    """Return a checked address in the form used in mail: its domain in ASCII (RFC 5891)."""
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def mailbox_of(text: str) -> tuple[str, str]:
    """Return the display name of a mailbox, and its address in the form used in mail."""
    name, address = parseaddr(text)
    return name, mail_address(address)


def mailbox_before(name: str, mailbox: str) -> str:
    """Return a mailbox with another name before its own: the address stays, so that mail passes."""
    own, address = parseaddr(mailbox)
    both = f"{name} / {own}" if own else name
    if _NEEDS_QUOTES.search(both):
        both = '"' + re.sub(r'(["\\])', r"\\\1", both) + '"'
    return f"{both} <{address}>"


def check_mailbox(text: str) -> str:
    """Return a mailbox such as "Name <name@example.org>" unchanged, or raise AudienceError."""
    match = _MAILBOX.fullmatch(text)
    if match is None or not text.isprintable():
        raise AudienceError(say('expected "Name <name@example.org>" or "name@example.org"'))
    try:
        check_address(match["address"] or match["bare"])
    except AudienceError as err:
        raise AudienceError(
            say('expected "Name <name@example.org>"; {reason}', reason=err.words)
        ) from err
    return text


@lru_cache(maxsize=10_000)
def _is_plain_domain(domain: str) -> bool:
    short = len(domain) <= 189 and max(map(len, domain.split("."))) <= 63  # 254 with the rest
    plain = short and "--" not in domain and _PLAIN_DOMAIN.fullmatch(domain)
    return bool(plain) and not domain.endswith(_NOT_FOR_MAIL)


def _reason_in_words(reason: str) -> Wording:
    """Return the validator's message in our own words; rare ones stay in English."""
    sentence, _, characters = reason.removesuffix(".").partition(": ")
    if characters and sentence in _REASONS:
        shown = say_list(map(_sign_in_words, _SIGNS.findall(characters)))
        return say("{reason}: {characters}.", reason=_REASONS[sentence], characters=shown)
    return _REASONS.get(reason) or say("{english}", english=reason)


def _sign_in_words(shown: str) -> Wording:
    """Return a character, which the validator shows in its way, as people can tell it."""
    if not shown[0].isalpha():
        return say("'{sign}'", sign=shown[1])
    if shown in ("SPACE", "NO-BREAK SPACE"):
        return say("a space")
    code = shown if shown.startswith("U+") else f"U+{ord(unicodedata.lookup(shown)):04X}"
    return say("the invisible sign {code}", code=code)
