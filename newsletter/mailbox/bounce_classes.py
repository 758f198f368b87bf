"""What a refusal means: hard, soft, or about us, by its enhanced status code before its words."""

import re

from newsletter.mailbox.bounce_words import ABOUT_US, IS_NAME, NOBODY, PASSING
from newsletter.mailbox.verdicts import Kind

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
_GONE = re.compile(r"5\.1\.(?!0$|7$|8$|9\d$|20$)\d+")
_SOFT_CODES = re.compile(r"(4\.\d+\.\d+|5\.2\.[234]|5\.3\.4|5\.4\.[67]|5\.6\.\d+)")

_LONGEST = 2_000  # characters of what a server said


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code where servers write one, "" if there is none."""
    found = _PLACED.search(text[:_LONGEST])
    return found[1] if found else ""


def class_of(status: str, *texts: str) -> Kind:
    """Return what a failure means, by its status code and what was said, the server's words first.

    What nobody can tell is soft: it is shown, and counts only if it comes again and again.
    """
    texts = tuple(text[:_LONGEST] for text in texts if text.strip())
    told = enhanced_code(texts[0]) if texts else ""
    codes = [code for code in (told, status) if code and not _is_vague(code)]
    if any(_ABOUT_SENDER.fullmatch(code) for code in codes):
        return Kind.ABOUT_US
    if status.startswith("4") or any(_SOFT_CODES.fullmatch(code) for code in codes):
        return Kind.SOFT
    if any(_GONE.fullmatch(code) for code in codes):
        return Kind.HARD
    by_words = next(filter(None, map(_by_words, texts)), None)
    if by_words is None and codes and codes[0] in ("5.1.0", "5.2.1"):
        return Kind.HARD  # unless words tell otherwise
    if not codes and _is_deferral(texts, status or told):
        return Kind.SOFT
    return by_words or Kind.SOFT


def _is_vague(code: str) -> bool:
    """Return whether a code says no more than that something failed."""
    return code.startswith("2") or code.endswith(".0.0")


def _is_deferral(texts: tuple[str, ...], status: str) -> bool:
    reply = _REPLY.search(texts[0]) if texts else None
    return not status.startswith("5") and bool(reply and reply[1].startswith("4"))


def _by_words(text: str) -> Kind | None:
    # The names of hosts and pages say nothing: "antispam.example.org said: user unknown".
    words = " ".join(word for word in text.split() if not IS_NAME.search(word))
    if ABOUT_US.search(words):
        return Kind.ABOUT_US
    if PASSING.search(words):
        return Kind.SOFT
    return Kind.HARD if NOBODY.search(text) else None
