"""Addresses of the web as strangers type them: where a browser would go, and what hides that."""

import re
import unicodedata
from enum import StrEnum
from functools import cache

from publicsuffixlist import PublicSuffixList

from newsletter.net.hostnames import ascii_host

# Letters of other alphabets -> the Latin ones that they are taken for.
LOOKALIKES = str.maketrans(
    dict(
        zip(
            "авекмнорстухіјѕԁԛԝһӏьгпԍ" + "αβγεικνορτυχωϲϳ",
            "abekmhopctyxijsdqwhlbrng" + "abyeikvoptuxwcj",
            strict=True,
        )
    )
)
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
# As browsers read it (url.spec.whatwg.org, "special" schemes): however many slashes there are, and
# of whichever kind; who signs in stands before the last “@”.
_WEB = re.compile(r"\s*https?:[/\\]*(?P<authority>[^/\\?#]*)", re.IGNORECASE)
_IN_TEXT = re.compile(r"\bhttps?:[/\\]+[^\s<>\"“”]+", re.IGNORECASE)
_ADDRESS = re.compile(r"://|:\\\\|\bwww\.|[\w-]\.[a-z]{2,}[/\\:@]|\w@[\w-]+\.\w", re.IGNORECASE)
# Initials and a surname are none: “M.Virtanen”, “A.Li”.
_BARE_HOST = re.compile(
    r"(?<![\w-])\w[\w-]*\w\.(?P<top>[a-z]{2,})\.?(?=$|[\s,;:!?)])", re.IGNORECASE
)
_MOST = 50  # addresses of a text


class Disguise(StrEnum):
    """What lets an address look as if it led elsewhere."""

    USER = "user"  # something before “@”, where readers look for the host
    SIGNS = "signs"  # a backslash, or a sign that no host has
    LETTERS = "letters"  # letters that look like those of another alphabet


def typed_host(address: str) -> str:
    """Return the host to which a browser would go, in ASCII; "" for what is no address."""
    found = _WEB.match(address)
    if found is None:
        return ""
    host = re.sub(r":\d*$", "", found["authority"].rpartition("@")[2])
    return ascii_host("".join(host.split())).lower()


def disguise_of(address: str) -> Disguise | None:
    """Return what hides where an address leads; None for one that is plain, or none at all."""
    found = _WEB.match(address)
    if found is None:
        return None
    authority = unicodedata.normalize("NFC", found["authority"].strip())
    if "@" in authority:
        return Disguise.USER
    if "\\" in address[: found.end() + 1] or not all(map(_is_of_host, authority)):
        return Disguise.SIGNS
    labels = _readable(typed_host(address)).split(".")
    return Disguise.LETTERS if any(map(_looks_latin, labels)) else None


def find_disguised(text: str) -> list[tuple[str, str]]:
    """Return each address in a text that hides where it leads, and the host that it leads to."""
    found = (match[0] for _, match in zip(range(_MOST), _IN_TEXT.finditer(text), strict=False))
    return [(address, typed_host(address)) for address in found if disguise_of(address)]


def holds_address(text: str, *, also_bare: bool = False) -> bool:
    """Return whether an address stands in a name or a title, where programs make a link of it.

    With `also_bare` a host alone is one, as “example.org”, if hosts end like that.
    """
    if _ADDRESS.search(text):
        return True
    return also_bare and any(_is_top(found["top"]) for found in _BARE_HOST.finditer(text))


def mixes_alphabets(label: str) -> bool:
    """Return whether a part of a host's name has letters of several alphabets."""
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
    return len(names & _ALPHABETS) > 1


def _is_top(label: str) -> bool:
    """Return whether there are hosts whose name ends with a label."""
    return _suffixes().publicsuffix(label.lower()) is not None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def _looks_latin(label: str) -> bool:
    """Return whether a label that is not Latin, or not all of it, passes for a Latin one."""
    is_foreign = not label.isascii() and label.translate(LOOKALIKES).isascii()
    return mixes_alphabets(label) or is_foreign


def _is_of_host(sign: str) -> bool:
    return sign.isalnum() or sign in "-_.:[]" or unicodedata.category(sign).startswith("M")


def _readable(host: str) -> str:
    """Return a host with the letters that its ASCII stands for."""
    return ".".join(_letters(label) for label in host.split("."))


def _letters(label: str) -> str:
    try:
        return label.encode().decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label
