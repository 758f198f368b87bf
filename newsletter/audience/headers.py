"""What the headers of lists mean, in Finnish, Swedish and English and in terms of export tools."""

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from newsletter.audience.entries import Role
from newsletter.audience.vocabulary import ABOUT_ADDRESS, ADDRESS_RANKS, ASKS_ADDRESS, ROLES, WORK

_SYSTEM = {
    "unsubscribe_url",
    "preferences_url",
    "archive_url",
}  # slots that the program itself fills
RESERVED = frozenset({*_SYSTEM, "email", "name", "language", "standing"})  # not attributes
WHY_REFUSED = ("line", "reason")  # columns that our own file of refused rows puts before the others
_LONGEST_NAME = 60  # characters of a slot's name

_RANK_OF_QUESTION = 2
_NUMBERED = re.compile(r"\s*(?:(?:Q|question|kysymys|fråga) ?)?\d{1,3}[.):]\s*", re.IGNORECASE)
_MUST_BE_FILLED = re.compile(
    r"\s*[(\[](?:required|pakollinen|pakollinen tieto|obligatorisk\w*|mandatory)[)\]]\s*:?\s*$",
    re.IGNORECASE,
)  # as forms mark a field


def plain(text: str) -> str:
    """Return the words of a text in lower case, separated by single spaces."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a header in the form headers are compared in; cached, as short texts recur."""
    return plain(text)


def address_rank(header: str) -> int | None:
    """Return how surely a header means an e-mail address, 0 being surest; None if it does not."""
    numbered = header[found.end() :] if (found := _NUMBERED.match(header)) else header
    words = fold(_MUST_BE_FILLED.sub("", numbered))
    if words in ADDRESS_RANKS:
        return ADDRESS_RANKS[words]
    in_languages = [ADDRESS_RANKS.get(fold(part)) for part in numbered.split("/")]
    if len(in_languages) > 1 and None not in in_languages:
        return max(rank for rank in in_languages if rank is not None)
    asks = ASKS_ADDRESS.search(words) and not ABOUT_ADDRESS.search(words)
    return _RANK_OF_QUESTION if asks else None


def folded(header: Iterable[str]) -> frozenset[str]:
    """Return the headers of a list in the form they are compared in."""
    return frozenset(map(fold, header))


def is_technical(header: str, beside: Set[str]) -> bool:
    """Return whether an export tool fills a column itself, though it sounds like one about work."""
    mailchimp = fold(header) == "region" and beside & {"leid", "euid", "gmtoff", "member rating"}
    outlook = fold(header) == "titel" and beside & {"suffix", "mellannamn"}  # Mr, Dr
    return bool(mailchimp or outlook)


def role_of(header: str) -> Role | None:
    """Return whether a header means a name or a language."""
    role = ROLES.get(fold(header))
    return Role(role) if role else None


def is_about_work(header: str) -> bool:
    """Return whether a column is known to say where somebody works and as what."""
    return fold(header) in WORK


def work_name(header: str) -> str:
    """Return the attribute under which a column about work is kept; "" for any other."""
    return WORK.get(fold(header), ("", 0))[0]


def work_names(headers: Sequence[str], taken: Set[str]) -> dict[int, str]:
    """Return the attributes of the columns about work, by index; of several, the surest gets it.

    The others keep their own names, so that nothing is lost.
    """
    beside, surest = folded(headers), dict[str, tuple[bool, int, str]]()
    ranked: dict[int, tuple[str, tuple[bool, int, str]]] = {}
    for place, header in enumerate(headers):
        name, rank = WORK.get(fold(header), ("", 0))
        if name and name not in taken:
            sure = (is_technical(header, beside), rank, fold(header))
            ranked[place] = (name, sure)
            surest[name] = min(sure, surest.get(name, sure))
    return {place: name for place, (name, sure) in ranked.items() if sure == surest[name]}


def slot_name(header: str) -> str:
    """Return the slot name of a column, or "" if its header cannot be one."""
    name = fold(header).replace(" ", "_")
    return name if is_slot_name(name) and len(name) <= _LONGEST_NAME else ""


def is_slot_name(name: str) -> bool:
    """Return whether an attribute can have this name."""
    return bool(re.fullmatch(r"[^\W\d]\w*", name)) and name not in RESERVED
