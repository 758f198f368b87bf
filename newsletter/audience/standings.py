"""Columns that say who left, who agreed and who never did, and what their values mean."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from newsletter.audience import standing_words as words
from newsletter.audience.cells import is_error
from newsletter.audience.headers import fold, plain
from newsletter.audience.leaving_words import (
    MARKS_LEFT,
    MAY_SAY_LEFT,
    OF_SOMETHING_ELSE,
    SAYS_LEFT,
)
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

# A time at which something happened, in any of the ways that services and people write. Other
# words behind it, such as “2.3.2026 withdrawn”, may say the contrary.
_CLOCK = (
    r"(?:,?(?: |T)(?:(?:at|klo|kello|kl)\.? )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?"
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:z|utc|gmt|w?e[es]?t|west|eest|ces?t|[ecmp][sd]t|bst))?"
    r"(?: ?[+-]\d{1,2}(?::?\d{2})?)?(?: utc)?(?: \([a-z ]+ time\))?)?"
)
_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4})"
)
_TIME = re.compile(rf"(?:[^\W\d]{{2,12}},? )?{_DAY}{_CLOCK}|\d{{9,13}}", re.IGNORECASE)
_A_MOMENT = "2001-01-01 00:00:00"
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")  # as services write it: a time
_NEVER = re.compile(r"0000[-/]00[-/]00.*|[-–—]+|n/?a|nan")
_UNCLEAR = re.compile(r"[?¿]+")
_YES_OR_NO = re.compile(r"(?!.*\b(reason|title|campaign|time|date|type|at|on)\b)")

LONGEST_NOTE = 500  # characters of a cell in which words of leaving are looked for
_MOST_WORDS = 100_000  # that are remembered as harmless
_LETTER = re.compile(r"[A-Za-z\x80-\U0010ffff]")
_ADDRESS = re.compile(r"\S*@\S*")  # its words say nothing


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


def tell_of_leaving(values: Set[str], harmless: set[str]) -> set[str]:
    """Return the values that are about leaving, whatever their column is called.

    `harmless` are words that begin no sentence of the kind; those of the values are added. Most
    columns hold no other, and words recur, so that few need be looked at.
    """
    text = "\n".join(values)
    if "@" in text:  # a lone address says nothing, whatever words it is made of
        values = {value for value in values if "@" not in value or len(value.split()) > 1}
        text = "\n".join(values)
    if not _LETTER.search(text):
        return set()
    new = set(_lowered(text).split()) - harmless
    grave = set[str]()
    if MAY_SAY_LEFT.search(" ".join(new)):
        grave = {word for word in new if MAY_SAY_LEFT.search(word)}
    if len(harmless) > _MOST_WORDS:
        harmless.clear()
    harmless.update(filter(str.isalpha, new - grave))  # what holds figures seldom recurs
    if not grave:
        return set()
    likely = (value for value in values if not grave.isdisjoint(_lowered(value).split()))
    return {value for value in likely if is_of_leaving(value)}


def is_of_leaving(value: str) -> bool:
    """Tell whether a value, or one of several in a cell, is about leaving."""
    value = value[:LONGEST_NOTE]
    if "@" in value:
        value = _ADDRESS.sub(" ", value)
    parts = re.split(r"[,;|:]+", value)
    is_known = any(fold(part) in words.TELLING_VALUES for part in (value, *parts))
    if is_known or MARKS_LEFT.search(value):
        return True
    said = plain(value)
    return bool(SAYS_LEFT.search(said)) and not OF_SOMETHING_ELSE.fullmatch(said)


def alike(kind: Kind, value: str) -> str:
    """Return one value for all that say the same to a kind of column, so that few are judged."""
    is_timed = kind in (Kind.LEFT, Kind.CONSENT, Kind.JOINED)
    return _A_MOMENT if is_timed and _MOMENT.fullmatch(value) else value


def judge(kind: Kind, header: str, value: str) -> Verdict | None:
    """Return what a value of such a column says; None for one that is not known."""
    text = value.strip()
    if is_error(text) and kind is not Kind.NOTE:
        return None
    if kind is Kind.OWN:
        own = next((standing for standing in Standing if standing == text.lower()), None)
        return None if own is None else MAY if own is Standing.ACTIVE else Verdict(standing=own)
    if kind is Kind.STATUS:
        return _status(text)
    if kind is Kind.LEFT:
        return _left(header, text)
    if kind is Kind.NOTE:
        return LEFT if is_of_leaving(text) else MAY
    return _agreed(kind, text)


def _lowered(text: str) -> str:
    composed = text if text.isascii() else normalize("NFKC", text)
    return composed.casefold().replace("_", " ")  # which parts words as a blank does


def _refuses_mail(header: str) -> bool:
    """Tell whether a header refuses mail, and nothing behind it turns that round."""
    if not (found := words.SAYS_NO.match(header)):
        return False
    refused = header[found.end() :]
    return bool(words.OF_MAIL.search(refused)) and not words.LEAVES.search(refused)


def _agrees_to_mail(header: str) -> bool:
    """Tell whether a header agrees to mail, or asks that, and no word of it says the contrary."""
    if not (found := words.ASKS_CONSENT.search(header)):
        return False
    turned = words.LEAVES.search(header) or words.REFUSES.search(header)
    return bool(words.OF_MAIL.search(header, found.end())) and not turned


def _status(text: str) -> Verdict | None:
    known = words.STATUS_VALUES.get(fold(text)) if text else None
    if known:
        return MAY if known is Standing.ACTIVE else Verdict(standing=known)
    # A cross may be there for who stays, and for who left.
    said = _says_yes(text) if text and len(text) < 6 and text not in "xX" else None
    return None if said is None else MAY if said else LEFT


def _agreed(kind: Kind, text: str) -> Verdict | None:
    if kind is Kind.JOINED and not text:
        return MAY
    if not text or _NEVER.fullmatch(text.casefold()) or _UNCLEAR.fullmatch(text):
        return NOT_AGREED
    said, has_left = _says_yes(text), is_of_leaving(text)
    if said and has_left:
        return None  # “yes, withdrawn 3/26”
    return LEFT if has_left or said is False else MAY if said else None


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
    whole = " ".join(said)
    if words.NO.intersection(said) or words.LEAVES.search(whole) or words.TEMPERS.search(whole):
        return None  # “yes, but not by mail”, “yes, until 2025”
    return True if words.YES.intersection(start) else None


# In this order; a header is folded.
_KNOWN: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    (Kind.STATUS, words.STATUS_HEADERS.__contains__),
    (Kind.LEFT, words.LEFT_HEADERS.__contains__),
    (Kind.LEFT, _refuses_mail),
    (Kind.JOINED, words.JOINED_HEADERS.__contains__),
    (Kind.CONSENT, words.CONSENT_HEADERS.__contains__),
    (Kind.CONSENT, _agrees_to_mail),
)
