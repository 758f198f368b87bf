"""What the name of a file, or of its only sheet, says about everybody in it."""

import re
from pathlib import PurePath

from newsletter.audience.headers import plain
from newsletter.audience.vocabulary import (
    BESIDE_DEPARTURES,
    DENIES,
    LEAVERS_TITLES,
    NAMES_OF_DEPARTURES,
    SAYS_LEFT,
)
from newsletter.model import Standing

_NEW_WORD = re.compile(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])")  # “SuppressionList”
_MANY_IN_ONE = re.compile(r"\bopt(?:ed)? (?:out|outs|outed)\b|\b(?:hard|soft) bounces?\b")
_NUMBER = re.compile(r"\w*\d\w*|[a-f]{6,}")  # of an export, or a day
# File names often leave out the dots and rings of letters.
_PLAIN_LETTERS = str.maketrans("äåö", "aao")
_SPEAKS_OF_LEAVING = tuple(
    re.compile(pattern)
    for telling in (LEAVERS_TITLES, SAYS_LEFT, DENIES)
    for pattern in (telling.pattern, telling.pattern.translate(_PLAIN_LETTERS))
)


def departure_of(name: str) -> Standing | None:
    """Return the standing of everybody in a file whose name says that and nothing else."""
    stem, found, others = _stem(name), list[Standing](), list[str]()
    if together := _MANY_IN_ONE.findall(stem):
        bounced = any("bounce" in words for words in together)
        found.append(Standing.BOUNCED if bounced else Standing.UNSUBSCRIBED)
        stem = _MANY_IN_ONE.sub(" ", stem)
    for word in stem.split():
        if standing := NAMES_OF_DEPARTURES.get(word):
            found.append(standing)
        elif word not in BESIDE_DEPARTURES and not _NUMBER.fullmatch(word):
            others.append(word)
    return max(found, key=lambda standing: standing.rank) if found and not others else None


def may_list_leavers(name: str) -> bool:
    """Return whether a name mentions people who left, whatever else it says."""
    stem = _stem(name)
    speaks = any(telling.search(stem) for telling in _SPEAKS_OF_LEAVING)
    return speaks or not NAMES_OF_DEPARTURES.keys().isdisjoint(stem.split())


def _stem(name: str) -> str:
    last = PurePath(name.replace("\\", "/"))
    is_file = last.suffix.lower() in (".csv", ".xlsx", ".txt", ".tsv")
    return plain(_NEW_WORD.sub(" ", last.stem if is_file else last.name))
