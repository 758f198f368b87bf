"""Classes of bounces: hard, soft, or about us, by the enhanced status code before the words."""

import re
from enum import Enum

from newsletter.bounces.bounce_words import ABOUT_US, IS_NAME, NOBODY, PASSING, SURELY_NOBODY

_CODE = r"[245]\.\d{1,3}\.\d{1,3}"
# A code stands where servers write one: behind a reply, in brackets, or first on a line. Anything
# else with two dots may be a version or the beginning of an IP address.
_PLACED = re.compile(
    rf"(?:\b[245]\d\d[ -]+[(\[<#]*|[(\[<]?#|[(\[<]|\b(?:status|dsn|smtp|error|code)[=:; ]+\s*"
    rf"(?:[245]\d\d[ -]+)?#?|^\s*)({_CODE})(?![\d.]\d|\d)",
    re.IGNORECASE | re.MULTILINE,
)
_REPLY = re.compile(
    r"(?:^|[\s:;(\[\"'<>=#-])([45]\d\d)(?:[ -](?=\S)|[)\]:,;.]|$)",
    re.MULTILINE,
)

# RFC 3463 and the registry of IANA; 5.1.7, 5.1.8 and Exchange's 5.1.90 are about the sender.
_ABOUT_SENDER = re.compile(r"5\.(7\.\d+|1\.(7|8|9\d|20))")
# Of those, some servers give these where nobody is: RFC 3463 calls the first two "other", and
# the third a disabled account.
_UNLESS_NOBODY = ("5.7.0", "5.7.1", "5.7.13")
_GONE = re.compile(r"5\.1\.(?!0$|7$|8$|9\d$|20$)\d+")
# Exchange's 5.2.12x: too many mails to this mailbox within an hour.
_PASSES = re.compile(r"(4\.\d+\.\d+|5\.2\.([234]|12\d)|5\.3\.4|5\.4\.[67]|5\.6\.\d+)")
_DEFERS = re.compile(r"\W*4\d\d[ -](?!\D{0,3}5\.\d)")  # a reply that says no more than "not now"
_GONE_UNLESS_WORDS_DIFFER = ("5.1.0", "5.2.1", "5.4.4")

_LONGEST = 2_000  # characters of what a server said


class BounceClass(Enum):
    """What follows from a refusal."""

    HARD = "hard"  # the mailbox is not there, and will not be
    SOFT = "soft"  # not taken this time, or for a reason nobody can tell
    ABOUT_US = "about us"  # refused for who sends it or how; the reader has nothing to do with it


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code where servers write one, "" if there is none."""
    found = _PLACED.search(text[:_LONGEST])
    return found[1] if found else ""


def class_of(status: str, *texts: str, otherwise: BounceClass = BounceClass.SOFT) -> BounceClass:
    """Return what a failure means, by its status code and what was said, the server's words first.

    What nobody can tell is soft, if not said otherwise: it is shown, and counts only if it comes
    again and again.
    """
    texts = tuple(text[:_LONGEST] for text in texts if text.strip())
    told = enhanced_code(texts[0]) if texts else ""
    codes = [code for code in (told, status) if code and not _is_vague(code)]
    if by_code := _by_code(status, codes, texts):
        return by_code
    by_words = next(filter(None, map(_by_words, texts)), None)
    if by_words is None and codes and codes[0] in _GONE_UNLESS_WORDS_DIFFER:
        return BounceClass.HARD
    if not codes and _is_deferral(texts, status or told):
        return BounceClass.SOFT
    return by_words or otherwise


def _by_code(status: str, codes: list[str], texts: tuple[str, ...]) -> BounceClass | None:
    """Return what codes say by themselves; the mildest counts."""
    first = texts[0] if texts else ""
    if about_sender := [code for code in codes if _ABOUT_SENDER.fullmatch(code)]:
        is_vague = all(code in _UNLESS_NOBODY for code in about_sender)
        return BounceClass.HARD if is_vague and _names_nobody(texts) else BounceClass.ABOUT_US
    if status.startswith("4") or any(map(_PASSES.fullmatch, codes)) or _DEFERS.match(first):
        return BounceClass.SOFT
    return BounceClass.HARD if any(map(_GONE.fullmatch, codes)) else None


def _names_nobody(texts: tuple[str, ...]) -> bool:
    """Return whether a server says outright that nobody is there; some give that code with it."""
    return bool(
        texts and SURELY_NOBODY.search(texts[0]) and _by_words(texts[0]) is BounceClass.HARD
    )


def _is_vague(code: str) -> bool:
    """Return whether a code says no more than that something failed."""
    return code.startswith("2") or code.endswith(".0.0")


def _is_deferral(texts: tuple[str, ...], status: str) -> bool:
    reply = _REPLY.search(texts[0]) if texts else None
    return not status.startswith("5") and bool(reply and reply[1].startswith("4"))


def _by_words(text: str) -> BounceClass | None:
    # The names of hosts and pages say nothing: "antispam.example.org said: user unknown".
    words = " ".join(word for word in text.split() if not IS_NAME.search(word))
    if ABOUT_US.search(words):
        return BounceClass.ABOUT_US
    if PASSING.search(words):
        return BounceClass.SOFT
    return BounceClass.HARD if NOBODY.search(text) else None
