"""Reads published DKIM keys: whether they exist, are usable and strong enough (RFC 6376, 8301)."""

import base64
from dataclasses import dataclass

from newsletter.checking.online.resolver import Fault, Resolver
from newsletter.language import say
from newsletter.model import Severity

_WEAKEST = 1024  # bits; RFC 8301 section 3.2: receivers must not accept less
_STRONG = 2048  # bits; RFC 8301 section 3.2: signers should use as many
_RSA = bytes.fromhex("2a864886f70d010101")  # the object identifier of rsaEncryption


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A published key, as far as it could be parsed."""

    kind: str = ""  # "rsa" or "ed25519"; "" if there is no usable key
    faults: tuple[Fault, ...] = ()


def read_keys(domain: str, selectors: tuple[str, ...], resolver: Resolver) -> list[Key]:
    """Return the key of each selector."""
    keys = [_published(f"{s}._domainkey.{domain}", resolver) for s in selectors]
    if {key.kind for key in keys if key.kind} == {"ed25519"}:
        message = say("has only Ed25519 keys; many receivers know only RSA")
        hint = say("sign with an RSA key as well")
        keys.append(Key(faults=(Fault(Severity.WARNING, message, hint),)))
    return keys


def parse_tags(record: str) -> dict[str, str]:
    """Return the tags of an "a=b; c=d" record; names in lower case, the first of each counts."""
    tags: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def _published(name: str, resolver: Resolver) -> Key:
    records = [text for text in resolver.txt(name) if "p" in parse_tags(text)]
    if not records:
        hint = say("publish the record your provider shows")
        return _bad(say("has no key at {name}", name=name), hint)
    if len(records) > 1:
        message = say("has {count} keys at {name}", count=len(records), name=name)
        return _bad(message, say("leave one; which one counts is undefined"))
    tags = parse_tags(records[0])
    refused = _refused(name, tags)
    if refused:
        return refused
    key = _rsa(name, tags) if tags.get("k", "rsa").lower() == "rsa" else _ed25519(name, tags)
    if key.kind and "y" in [flag.strip().lower() for flag in tags.get("t", "").split(":")]:
        message = say("calls the key at {name} a test (t=y)", name=name)
        note = Fault(Severity.NOTE, message, say("remove t=y"))
        return Key(kind=key.kind, faults=(*key.faults, note))
    return key


def _refused(name: str, tags: dict[str, str]) -> Key | None:
    """Return why receivers ignore a key altogether; None if they do not."""
    if tags.get("v", "DKIM1") != "DKIM1":
        message = say("has a key of unknown version at {name}", name=name)
        return _bad(message, say("it must begin with v=DKIM1"))
    if not tags["p"]:
        return _bad(say("has withdrawn the key at {name}", name=name), say("publish the new one"))
    if tags.get("k", "rsa").lower() not in ("rsa", "ed25519"):
        message = say("has a key of unknown kind {kind} at {name}", kind=tags["k"], name=name)
        return _bad(message, say("use rsa"))
    if "sha256" not in [h.strip().lower() for h in tags.get("h", "sha256").split(":")]:
        message = say("has a key for {hashes} alone at {name}", hashes=tags["h"], name=name)
        return _bad(message, say("allow sha256 (RFC 8301)"))
    return None


def _ed25519(name: str, tags: dict[str, str]) -> Key:
    if len(_bytes(tags["p"])) == 32:
        return Key(kind="ed25519")
    message = say("has a key at {name} that is not an Ed25519 key", name=name)
    return _bad(message, say("copy it again, whole"))


def _rsa(name: str, tags: dict[str, str]) -> Key:
    bits = rsa_bits(_bytes(tags["p"]))
    if not bits:
        message = say("has a key at {name} that is not an RSA key", name=name)
        return _bad(message, say("copy it again, whole"))
    message = say("has an RSA key of {bits} bits at {name}", bits=bits, name=name)
    if bits < _WEAKEST:
        return _bad(message, say("make one of 2048 bits"))
    weak = Fault(Severity.WARNING, message, say("make one of 2048 bits"))
    return Key(kind="rsa", faults=() if bits >= _STRONG else (weak,))


def _bytes(text: str) -> bytes:
    """Return the bytes of a Base64 text; none if it is invalid."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return b""


def _bad(message: str, hint: str) -> Key:
    return Key(faults=(Fault(Severity.ERROR, message, hint),))


# --- just enough DER to tell the length of a key ------------------------------------------


def rsa_bits(data: bytes) -> int:
    """Return the bits of the modulus of an RSA key, with or without its envelope; else 0."""
    try:
        inner = _elements(data, 0x30)
        if inner[0][0] == 0x30:  # SubjectPublicKeyInfo (RFC 5280) around the key
            algorithm = _parts(inner[0][1])
            if algorithm[0] != (0x06, _RSA) or inner[1][0] != 0x03:
                return 0
            inner = _elements(inner[1][1][1:], 0x30)  # a bit string begins with its unused bits
        return int.from_bytes(inner[0][1], "big").bit_length() if inner[0][0] == 0x02 else 0
    except IndexError:
        return 0


def _elements(data: bytes, tag: int) -> list[tuple[int, bytes]]:
    found = _parts(data)
    return _parts(found[0][1]) if found[0][0] == tag else []


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    parts = []
    while data:
        length, start = data[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[2:start], "big")
        if len(data) < start + length:
            raise IndexError("cut off")
        parts.append((data[0], data[start : start + length]))
        data = data[start + length :]
    return parts
