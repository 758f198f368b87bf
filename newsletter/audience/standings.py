"""Columns that say who left, who agreed and who never did, and what their values mean."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from newsletter.audience import vocabulary as words
from newsletter.audience.cells import is_error
from newsletter.audience.headers import fold, plain
from newsletter.audience.yes_and_no import (
    SERIAL_DAY,
    cell_says,
    is_empty_sign,
    is_no,
    sentence_says,
)
from newsletter.model import Standing


class Kind(StrEnum):
    """How a column says whether somebody may be mailed."""

    OWN = "own"  # the standing as our own export writes it
    STATUS = "status"  # a word: subscribed, unsubscribed ...
    LEFT = "left"  # yes, a time or a reason for those who left; empty for the others
    CONSENT = "consent"  # yes, or a time, for those who agreed; the others did not
    JOINED = "joined"  # the time at which they agreed; empty says nothing
    EVIDENCE = "evidence"  # how they agreed, as the editor says; a no there means that they did not
    NOTE = "note"  # about something else; a phrase of leaving in it means that somebody left


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a value says about a person."""

    standing: Standing | None = None  # None: may be mailed, as far as this value goes
    agreed: bool = True  # otherwise nothing can be concluded from the row


MAY_BE_MAILED = Verdict()
NOT_AGREED = Verdict(agreed=False)
LEFT = Verdict(standing=Standing.UNSUBSCRIBED)

_ONLY_OF_LEAVERS = ("unsub time", "clean time")  # columns that Mailchimp writes
_A_MOMENT = "2001-01-01 00:00:00"
# As services and spreadsheets write a time.
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|\d{1,2}\.\d{1,2}\.[12]\d{3}")
_UNCLEAR = re.compile(r"[?¿]+")
# A header of reasons or times: anybody with text in that column has left.
_OF_REASONS = re.compile(
    r"\b(reason|title|campaign|time|date|type|at|on|other|\w*syy|\w*pvm|\w*päivä(määrä)?|\w*aika"
    r"|\w*datum|\w*orsak|anledning)\b"
)
# “not bounced”, “ei ole perunut”: somebody did not leave, or will not; it is unclear.
_DENIES = re.compile(r"(?:ei|en|inte|ej|icke|no|not|never)(?: ole| har| yet| vielä| ännu)? (\w+)")

LONGEST_NOTE = 500  # characters of a cell searched for phrases of leaving
_MOST_WORDS = 100_000  # values remembered as harmless
_LETTER = re.compile(r"[A-Za-z\x80-\U0010ffff]")
_ADDRESS = re.compile(r"\S*@\S*")  # its words say nothing


def kind_of(header: str, beside: Set[str] = frozenset()) -> Kind | None:
    """Return how a column says whether somebody may be mailed, if it is known.

    Some are known only by the headers beside them, which are folded.
    """
    folded = fold(header)
    if folded == "standing":
        return Kind.OWN
    if folded == "type" and beside & {"creation date", "secondary id", "unsubscription date"}:
        return Kind.STATUS  # Buttondown
    if folded in words.BREVO_JOINED and beside & {"sms", "modified time", "added time"}:
        return Kind.JOINED
    return next((kind for kind, is_one in _KNOWN if is_one(folded)), None)


def standing_of_all(header: str) -> Standing | None:
    """Return the standing of everybody in a list with a column that is only for those who left."""
    folded = fold(header)
    return words.LEFT_HEADERS[folded] if folded in _ONLY_OF_LEAVERS else None


def looks_like_one(header: str) -> bool:
    """Return whether a column that is not known may be about leaving or agreeing."""
    folded = fold(header)
    return bool(words.LOOKS_LIKE.search(folded)) and not words.HARMLESS.fullmatch(folded)


def values_about_leaving(values: Set[str], harmless: set[str]) -> set[str]:
    """Return the values that are about leaving, whatever their column is called.

    `harmless` are words that begin no phrase of this kind; those of the values are added to it.
    Most columns hold nothing else, and words recur, so few need the full check.
    """
    text = "\n".join(values)
    if "@" in text:  # an address alone says nothing, whatever words it contains
        values = {value for value in values if "@" not in value or len(value.split()) > 1}
        text = "\n".join(values)
    if not _LETTER.search(text):
        return set()
    new = set(_lowered(text).split()) - harmless
    grave = set[str]()
    if words.MAY_SAY_LEFT.search(" ".join(new)):
        grave = {word for word in new if words.MAY_SAY_LEFT.search(word)}
    if len(harmless) > _MOST_WORDS:
        harmless.clear()
    harmless.update(filter(str.isalpha, new - grave))  # values with digits seldom recur
    if not grave:
        return set()
    likely = (value for value in values if not grave.isdisjoint(_lowered(value).split()))
    return {value for value in likely if is_about_leaving(value)}


def is_about_leaving(value: str) -> bool:
    """Return whether a value, or one of several in a cell, is about leaving."""
    value = value[:LONGEST_NOTE]
    if "@" in value:
        value = _ADDRESS.sub(" ", value)
    parts = re.split(r"[,;|:]+", value)
    is_known = any(fold(part) in words.LEAVING_VALUES for part in (value, *parts))
    if is_known or words.MARKS_LEFT.search(value):
        return True
    said = plain(value)
    return bool(words.SAYS_LEFT.search(said)) and not words.OF_SOMETHING_ELSE.fullmatch(said)


def is_leavers_title(header: str) -> bool:
    """Return whether a header belongs to a list of people who left."""
    return bool(words.LEAVERS_TITLES.search(plain(header)))


def is_group_column(header: str) -> bool:
    """Return whether a column puts people into groups, or names their kind of membership."""
    return fold(header) in words.GROUP_HEADERS


def is_group_of_leavers(value: str) -> bool:
    """Return whether a group or a kind of membership is one of people who left."""
    said = plain(value[:LONGEST_NOTE])
    return bool(words.ENDED.search(said) or words.LEAVERS_TITLES.search(said))


def plain_codes(values: Set[str]) -> frozenset[str]:
    """Return the letters that mean yes in a column whose other values make that clear."""
    found = {value.strip().casefold() for value in values} - {""}
    for code, contrary in words.PAIRS:
        others = found - {code, contrary}
        is_plain = all(len(other) > 1 and cell_says(other) is not None for other in others)
        if {code, contrary} <= found and is_plain:
            return frozenset({code})
    return frozenset()


def canonical(kind: Kind, value: str) -> str:
    """Return one value for all that mean the same in a kind of column, so that few are judged."""
    is_timed = kind in (Kind.LEFT, Kind.CONSENT, Kind.JOINED, Kind.EVIDENCE)
    return _A_MOMENT if is_timed and _MOMENT.fullmatch(value) else value


def judge(kind: Kind, header: str, value: str) -> Verdict | None:
    """Return what a value of such a column says; None for an unknown one."""
    text = value.strip()
    if is_error(text) and kind is not Kind.NOTE:
        return None
    if kind is Kind.OWN:
        own = next((standing for standing in Standing if standing == text.lower()), None)
        return (
            None
            if own is None
            else MAY_BE_MAILED
            if own is Standing.ACTIVE
            else Verdict(standing=own)
        )
    if kind is Kind.STATUS:
        return _status(text)
    if kind is Kind.LEFT:
        return _left(header, text)
    if kind is Kind.NOTE:
        has_left = is_about_leaving(text) or (is_group_column(header) and is_group_of_leavers(text))
        return LEFT if has_left else MAY_BE_MAILED
    return _agreed(kind, text)


def _lowered(text: str) -> str:
    composed = text if text.isascii() else normalize("NFKC", text)
    return composed.casefold().replace("_", " ")  # which separates words as a space does


def _refuses_mail(header: str) -> bool:
    """Return whether a header refuses mail, and nothing after it reverses that."""
    if not (found := words.SAYS_NO.match(header)):
        return False
    refused = header[found.end() :]
    return bool(words.OF_MAIL.search(refused)) and not words.LEAVES.search(refused)


def _agrees_to_mail(header: str) -> bool:
    """Return whether a header agrees to mail or asks to, without a word to the contrary."""
    if not (found := words.ASKS_CONSENT.search(header)):
        return False
    turned = words.LEAVES.search(header) or words.REFUSES.search(header)
    return bool(words.OF_MAIL.search(header, found.end())) and not turned


def _status(text: str) -> Verdict | None:
    known = words.STATUS_VALUES.get(fold(text)) if text else None
    if known:
        return MAY_BE_MAILED if known is Standing.ACTIVE else Verdict(standing=known)
    # One letter, or a cross, is a code: “K” may stand for “kyllä” and for “kuollut”.
    said = cell_says(text) if 1 < len(text) < 6 else None
    return None if said is None else MAY_BE_MAILED if said else LEFT


def _agreed(kind: Kind, text: str) -> Verdict | None:
    if kind is Kind.JOINED and not text:
        return MAY_BE_MAILED
    if not text or is_empty_sign(text.casefold()) or _UNCLEAR.fullmatch(text):
        return MAY_BE_MAILED if kind is Kind.EVIDENCE else NOT_AGREED
    if text.casefold() in words.CODES:
        return None  # “K” may stand for “kyllä” and for “kielletty”; see `plain_codes`
    said = sentence_says(text)
    if said is None:
        return _agreed_in_other_words(kind, text)
    if said and is_about_leaving(text):
        return None  # “yes, withdrawn 3/26”
    return MAY_BE_MAILED if said else LEFT


def _agreed_in_other_words(kind: Kind, text: str) -> Verdict | None:
    if _is_gone(text):
        return LEFT
    is_shown = kind is Kind.EVIDENCE and not is_about_leaving(text)
    return MAY_BE_MAILED if is_shown or SERIAL_DAY.fullmatch(text) else None


def _left(header: str, text: str) -> Verdict | None:
    if is_no(text):
        return MAY_BE_MAILED
    folded = fold(header)
    is_sure = cell_says(text) or _OF_REASONS.search(folded) or _is_gone(text)
    standing = words.LEFT_HEADERS.get(folded, Standing.UNSUBSCRIBED)
    return Verdict(standing=standing) if is_sure else None


def _is_gone(text: str) -> bool:
    """Return whether a value is about leaving, rather than only denying it."""
    denied = _DENIES.fullmatch(plain(text[:LONGEST_NOTE]))
    return is_about_leaving(text) and not (denied and is_about_leaving(denied[1]))


# In this order; a header is folded.
_KNOWN: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    (Kind.STATUS, words.STATUS_HEADERS.__contains__),
    (Kind.LEFT, words.LEFT_HEADERS.__contains__),
    (Kind.LEFT, _refuses_mail),
    (Kind.JOINED, words.JOINED_HEADERS.__contains__),
    (Kind.CONSENT, words.CONSENT_HEADERS.__contains__),
    (Kind.CONSENT, _agrees_to_mail),
)
