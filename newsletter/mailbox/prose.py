"""Reads bounces that are written for people alone: a library finds the address, we the class."""

import logging
from email import message_from_bytes
from email.policy import compat32
from html import unescape

from flufl.bounce import all_failures

from newsletter.bounces import class_of, enhanced_code
from newsletter.mailbox.clues import (
    ADDRESS,
    addresses_in,
    clues_in_text,
    clues_of_original,
    in_order,
    listed,
)
from newsletter.mailbox.decoding import decoded
from newsletter.mailbox.machine_signs import is_from_mail_system, tells_of_failure
from newsletter.mailbox.parts import Part
from newsletter.mailbox.prose_words import FIELD, ID, QUOTED, TAG, WARNING
from newsletter.mailbox.verdicts import By, Clue, Kind, Verdict
from newsletter.mailkeys import Keyring

_LARGEST = 100_000  # bytes that the library may see: its patterns are not all linear
_SHOWN = 300
_NEAR = 12  # lines that say what is wrong with an address


def read_prose(mail: Part, raw: bytes, keys: Keyring) -> tuple[Verdict, ...]:
    """Return what a bounce without fields says of each recipient; () if it is no bounce."""
    words = _words(mail)
    found = _addresses(mail, raw)
    common = [*_clues_inside(mail, keys), *clues_in_text(_all_words(mail), keys)]
    common += [Clue(By.MESSAGE_ID, quoted) for quoted in ID.findall(_all_words(mail))[:1]]
    if WARNING.search(words) or WARNING.search(mail.header("subject")):
        return (Verdict(kind=Kind.REPORT, clues=in_order(common), text=_line(words)),)
    if not found and is_from_mail_system(mail):
        found = _only_address(mail, words)
        if not found and (common or tells_of_failure(mail)):
            return (_verdict(words, "", common),)
    if any(clue.by in (By.LEAVING_KEY, By.DELIVERY_KEY) for clue in common):
        return (_verdict(words, "", [*common, *(Clue(By.PROSE, a) for a in found)]),)
    whole = words if len(found) == 1 else ""  # of several, each has words of its own
    return tuple(
        _verdict(_near(words, a, found), whole, [*common, Clue(By.PROSE, a)]) for a in found
    )


def _verdict(near: str, whole: str, clues: list[Clue]) -> Verdict:
    return Verdict(
        kind=Kind[class_of("", near, whole).name],
        clues=in_order(clues),
        status=enhanced_code(near) or enhanced_code(whole),
        text=_line(near),
    )


def _addresses(mail: Part, raw: bytes) -> list[str]:
    """Return the addresses that failed, as the mail says it."""
    named = [a for value in mail.all_headers("x-failed-recipients") for a in addresses_in(value)]
    # Some write the fields of a report, or what they told another server, into its words.
    named = named or [listed(address) for address in FIELD.findall(_all_words(mail))]
    return list(dict.fromkeys(named or sorted(map(listed, _by_library(raw)))))


def _only_address(mail: Part, words: str) -> list[str]:
    """Return the one address that a mail system writes of, besides its own and ours."""
    named = {
        a for name in ("from", "to", "cc", "reply-to") for a in addresses_in(mail.header(name))
    }
    found = {listed(address) for address in ADDRESS.findall(words)} - named
    others = {address for address in found if not address.startswith("postmaster@")}
    return list(others) if len(others) == 1 else []


def _by_library(raw: bytes) -> set[str]:
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    message = message_from_bytes(raw[:_LARGEST], policy=compat32)
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # whatever its many patterns stumble over, nobody was found
        return set()
    found = {address.decode("ascii", "replace") for address in temporary | permanent}
    return {address for address in found if ADDRESS.fullmatch(address.strip("<>'\" "))}


def _clues_inside(mail: Part, keys: Keyring) -> list[Clue]:
    """Return what a mail that came back inside tells."""
    inner = [part for part in mail.walk() if part is not mail and part.has("message-id")]
    return clues_of_original(inner[-1] if inner else None, keys)


def _words(mail: Part) -> str:
    """Return what a mail says before it quotes ours."""
    text = _all_words(mail)
    quoted = QUOTED.search(text)
    return text[: quoted.start()] if quoted and quoted.start() > 20 else text[:4_000]


def _all_words(mail: Part) -> str:
    texts = [
        unescape(TAG.sub(" ", part.text())) if part.type == "text/html" else part.text()
        for part in mail.leaves()
        if part.type.startswith("text/")
    ]
    return "\n".join(texts)[:32_000]


def _near(words: str, address: str, others: list[str]) -> str:
    """Return the lines about an address, as far as the next one."""
    lines = words.splitlines()
    start = next((n for n, line in enumerate(lines) if address in line.lower()), None)
    if start is None:
        return words
    rest = [a for a in others if a != address]
    end = start + 1
    while end < min(len(lines), start + _NEAR) and not any(a in lines[end].lower() for a in rest):
        end += 1
    return "\n".join(lines[start:end])


def _line(words: str) -> str:
    return decoded(" ".join(words.split()))[:_SHOWN]
