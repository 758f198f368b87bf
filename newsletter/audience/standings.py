"""Columns that say who left, who agreed and who never did, and what their values mean."""

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from unicodedata import normalize

from newsletter.audience import standing_words as words
from newsletter.audience.headers import fold, plain
from newsletter.audience.leaving_words import MAY_SAY_LEFT, SAYS_LEFT
from newsletter.model import Standing


class Kind(StrEnum):
    """How a column says whether somebody may be mailed."""

    OWN = "own"  # the standing of our own export, to the letter
    STATUS = "status"  # a word: subscribed, unsubscribed ...
    LEFT = "left"  # yes, a time or a reason where they left; empty where they did not
    CONSENT = "consent"  # yes, or a time, where they agreed; else they did not
    JOINED = "joined"  # a time at which they agreed; an empty one says nothing
    NOTE = "note"  # of something else; who has words of leaving there has left


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a value says of a person."""

    standing: Standing | None = None  # None: may be mailed, as far as this goes
    agreed: bool = True  # otherwise nothing is made of the row


MAY = Verdict()
NOT_AGREED = Verdict(agreed=False)
LEFT = Verdict(standing=Standing.UNSUBSCRIBED)

# A time at which something happened, in any of the ways that services and people write.
_TIME = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ ,].*)?|\d{9,13}"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}.*|\d{1,2}\.? [^\W\d]{3,12} \d{4}.*"
)
_NEVER = re.compile(r"0000[-/]00[-/]00.*|[-–—?]+|n/?a|nan|#n/a")
_YES_OR_NO = re.compile(r"(?!.*\b(reason|title|campaign|time|date|type|at|on)\b)")

LONGEST_NOTE = 500  # characters of a cell in which words of leaving are looked for
_ADDRESS = re.compile(r"\S*@\S*")  # its words say nothing


_KNOWN: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    (Kind.STATUS, words.STATUS_HEADERS.__contains__),
    (Kind.LEFT, words.LEFT_HEADERS.__contains__),
    (Kind.LEFT, lambda header: _speaks_of_mail(words.SAYS_NO.match(header))),
    (Kind.JOINED, words.JOINED_HEADERS.__contains__),
    (Kind.CONSENT, words.CONSENT_HEADERS.__contains__),
    (Kind.CONSENT, lambda header: _speaks_of_mail(words.ASKS_CONSENT.search(header))),
)


def kind_of(header: str, beside: Set[str] = frozenset()) -> Kind | None:
    """Return how a column says whether somebody may be mailed, when it is known to.

    Some are known by the headers beside them alone, which are folded.
    """
    folded = fold(header)
    if folded == "standing":
        return Kind.OWN
    if folded == "type" and beside & {"creation date", "secondary id", "unsubscription date"}:
        return Kind.STATUS  # Buttondown
    if folded in words.BREVO_JOINED and beside & {"sms", "modified time", "added time"}:
        return Kind.JOINED
    return next((kind for kind, is_one in _KNOWN if is_one(folded)), None)


def looks_like_one(header: str) -> bool:
    """Tell whether a column that is not known may be about leaving or agreeing."""
    folded = fold(header)
    return bool(words.LOOKS_LIKE.search(folded)) and not words.HARMLESS.fullmatch(folded)


def tell_of_leaving(values: Iterable[str]) -> Iterator[str]:
    """Yield the values that are about leaving, whatever their column is called."""
    # Most columns hold nothing of the kind, and one look at all of their values is quick.
    known = [value[:LONGEST_NOTE] for value in values]
    if MAY_SAY_LEFT.search(_lowered("\n".join(known))):
        likely = (value for value in known if MAY_SAY_LEFT.search(_lowered(value)))
        yield from (value for value in likely if is_of_leaving(value))


def is_of_leaving(value: str) -> bool:
    """Tell whether a value, or one of several in a cell, is about leaving."""
    value = _ADDRESS.sub(" ", value[:LONGEST_NOTE])
    parts = re.split(r"[,;|:]+", value)
    is_known = any(fold(part) in words.TELLING_VALUES for part in (value, *parts))
    return is_known or bool(SAYS_LEFT.search(plain(value)))


def judge(kind: Kind, header: str, value: str) -> Verdict | None:
    """Return what a value of such a column says; None for one that is not known."""
    text = value.strip()
    if kind is Kind.OWN:
        own = next((standing for standing in Standing if standing == text.lower()), None)
        return None if own is None else MAY if own is Standing.ACTIVE else Verdict(standing=own)
    if kind is Kind.STATUS:
        return _status(text)
    if kind is Kind.LEFT:
        return _left(header, text)
    if kind is Kind.NOTE:
        return LEFT if is_of_leaving(text) else MAY
    said = _says_yes(text)
    if said is False and (not text or _NEVER.fullmatch(text.casefold())):
        return MAY if kind is Kind.JOINED and not text else NOT_AGREED
    return None if said is None else MAY if said else LEFT


def departure_of(name: str) -> Standing | None:
    """Return the standing of everybody in a file whose name says that they left."""
    stem = fold(PurePath(name.replace("\\", "/")).name)
    if re.search(r"\bopt (out|outs|outed)\b|\bhard bounce", stem):
        return Standing.BOUNCED if "bounce" in stem else Standing.UNSUBSCRIBED
    found = [words.NAMES_OF_DEPARTURES[w] for w in stem.split() if w in words.NAMES_OF_DEPARTURES]
    return max(found, key=list(Standing).index) if found else None


def _lowered(text: str) -> str:
    return text.casefold() if text.isascii() else normalize("NFKC", text).casefold()


def _speaks_of_mail(found: re.Match[str] | None) -> bool:
    """Tell whether mail or a newsletter is named behind these words of a header."""
    return bool(found and words.OF_MAIL.search(found.string, found.end()))


def _status(text: str) -> Verdict | None:
    known = words.STATUS_VALUES.get(fold(text)) if text else None
    if known:
        return MAY if known is Standing.ACTIVE else Verdict(standing=known)
    said = _says_yes(text) if text and len(text) < 6 else None
    return None if said is None else MAY if said else LEFT


def _left(header: str, text: str) -> Verdict | None:
    said = _says_yes(text)
    if said is None and _YES_OR_NO.match(fold(header)):
        return None
    standing = words.LEFT_HEADERS.get(fold(header), Standing.UNSUBSCRIBED)
    return MAY if said is False else Verdict(standing=standing)


def _says_yes(text: str) -> bool | None:
    """Tell whether a text says yes, or when; None when neither yes nor no."""
    lowered = text.casefold()
    if not text or lowered in words.NO or _NEVER.fullmatch(lowered):
        return False
    if lowered in words.YES or _TIME.fullmatch(text):
        return True
    return _sentence_says_yes(re.findall(r"[^\W_]+", lowered.replace("'", "").replace("’", "")))


def _sentence_says_yes(said: list[str]) -> bool | None:
    first = said[0] if said else ""
    start = said[1:3] if first in ("i", "jag", "minä", "olen", "annan") else said[:1]
    if first.isdigit() or words.NO.intersection(start):
        return None if first.isdigit() else False
    if words.NO.intersection(said):
        return None  # “yes, but not by mail”
    return True if words.YES.intersection(start) else None
