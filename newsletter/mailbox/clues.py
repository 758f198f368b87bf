"""Whom a mail is about: keys that our mails carry, then the addresses that servers name."""

import re
from collections.abc import Iterable, Iterator
from email.utils import getaddresses

from newsletter.addresses import as_listed
from newsletter.mailbox.parts import Part
from newsletter.mailbox.verdicts import By, Clue
from newsletter.mailkeys import HEADER, Keyring

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]{1,64}@[^\s<>()\[\],;:\"\\@]{1,255}")
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{1,64}@[^\s<>;]{1,255})>?", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{3,250})>")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")  # RFC 3461, section 4
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533, section 3
_TO_US = (
    *("delivered-to", "x-original-to", "x-delivered-to", "envelope-to", "x-envelope-to"),
    *("to", "cc"),
)
_MOST_ANSWERED = 3  # ids of mails that one answers
_MOST_TRACES = 30


def keys_it_was_sent_to(mail: Part, keys: Keyring) -> list[Clue]:
    """Return the keys in the addresses a mail was sent to."""
    text = " ".join(value for name in _TO_US for value in mail.all_headers(name))
    return _of_keys(text, keys)


def is_sent_to(mail: Part, address: str) -> bool:
    """Return whether a mail was sent to this address, or to it with something behind a plus."""
    local, _, domain = listed(address).rpartition("@")
    values = (value for name in _TO_US for value in mail.all_headers(name))
    named = (one.rpartition("@") for value in values for one in addresses_in(value))
    return bool(address) and any(
        (one == local or one.startswith(f"{local}+")) and at == domain for one, _, at in named
    )


def keys_in_subject(mail: Part, keys: Keyring) -> list[Clue]:
    """Return the keys in the subject of a mail."""
    return _of_keys(mail.header("subject"), keys)


def clues_of_original(original: Part | None, keys: Keyring) -> list[Clue]:
    """Return what the headers of a mail that came back tell of whom it went to."""
    if original is None:
        return []
    named = (HEADER, "message-id", "x-message-id", "list-unsubscribe", "return-path", "feedback-id")
    values = [value for name in named for value in original.all_headers(name)]
    found = [clue for value in values for clue in _of_keys(value, keys)]
    found += [Clue(By.MESSAGE_ID, value) for value in ids_in(original.header("message-id"))[:1]]
    # The lowest was written first, by the server that took the mail from us.
    traces = list(original.all_headers("received"))[:_MOST_TRACES][::-1]
    for trace in traces:
        found += [Clue(By.RECEIVED_FOR, listed(address)) for address in _FOR.findall(trace)]
    for name in ("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "to"):
        by = By.RETURNED_TO if name == "to" else By.ORIGINAL_RECIPIENT
        found += [Clue(by, address) for address in addresses_in(original.header(name))]
    return found


def clues_in_text(text: str, keys: Keyring) -> list[Clue]:
    """Return the keys anywhere in a text, such as one that quotes the headers of our mail."""
    return _of_keys(text, keys)


def clues_of_thread(mail: Part, keys: Keyring) -> list[Clue]:
    """Return the deliveries that a mail answers."""
    text = " ".join((*mail.all_headers("in-reply-to"), *mail.all_headers("references")))
    return [clue for clue in _of_keys(text, keys) if clue.by is By.DELIVERY_KEY]


def ids_of_answered(mail: Part) -> list[Clue]:
    """Return the ids of the mails that a mail answers, which prove nothing."""
    named = dict.fromkeys(ids_in(" ".join(mail.all_headers("in-reply-to"))))
    return [Clue(By.MESSAGE_ID, value) for value in list(named)[:_MOST_ANSWERED]]


def in_order(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    """Return clues by how sure they are, each once."""
    rank = list(By)
    return tuple(sorted(dict.fromkeys(clues), key=lambda clue: rank.index(clue.by)))


def typed_address(value: str) -> str:
    """Return the address of a field such as "rfc822; reader@example.org", "" if there is none."""
    kind, semicolon, address = value.partition(";")
    if not semicolon:
        kind, address = "rfc822", value
    address = address.strip()
    if kind.strip().lower().startswith("utf-8"):
        address = _UNITEXT.sub(lambda found: chr(int(found[1], 16) % 0x110000), address)
    found = addresses_in(address)
    return found[0] if found else ""


def original_addresses(value: str) -> list[str]:
    """Return the address of a field Original-Recipient; some servers leave it in xtext."""
    plain = _XTEXT.sub(lambda found: chr(int(found[1], 16)), value)
    return list(dict.fromkeys(filter(None, map(typed_address, (value, plain)))))


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a header."""
    found = [address for _, address in _read(text[:2_000]) if ADDRESS.fullmatch(address)]
    return [listed(a) for a in found or ADDRESS.findall(text[:2_000])]


def ids_in(text: str) -> list[str]:
    """Return the message ids of a header, without angle brackets."""
    return _ID.findall(text[:4_000]) or [word for word in text.split()[:1] if "@" in word]


def listed(address: str) -> str:
    """Return an address as a list has it."""
    return as_listed(address.strip("<>'\". ")).lower()


def _read(text: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([text])
    except (ValueError, IndexError, TypeError, AttributeError):
        return []


def _of_keys(text: str, keys: Keyring) -> list[Clue]:
    return [*_leaving(text, keys), *(Clue(By.DELIVERY_KEY, r) for r in keys.deliveries(text))]


def _leaving(text: str, keys: Keyring) -> Iterator[Clue]:
    yield from (Clue(By.LEAVING_KEY, subscriber) for subscriber in keys.leavers(text))
