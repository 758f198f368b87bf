"""The words by which lists speak of people, in Finnish, Swedish and English: the files of `words/`.

A text of words is split at spaces, one of phrases at commas; the lines of a pattern are joined.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.model import Standing


def _read(name: str) -> Any:
    path = Path(__file__).parent / "words" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _phrases(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(",")]


def _by_standing(texts: Mapping[str, str]) -> Mapping[str, Standing]:
    """Return what each phrase says of a person, of texts that are named by standings."""
    return {phrase: Standing(name) for name, text in texts.items() for phrase in _phrases(text)}


def _ranked(texts: Mapping[str, str]) -> Mapping[str, tuple[str, int]]:
    """Return the name of the text that each phrase is in, and its place there."""
    return {
        phrase: (name, rank)
        for name, text in texts.items()
        for rank, phrase in enumerate(_phrases(text))
    }


def _pattern(*texts: str) -> re.Pattern[str]:
    """Compile texts, each of which is an alternative."""
    return re.compile("|".join(text.replace("\n", "") for text in texts))


# --- headers ------------------------------------------------------------------------------

_HEADERS = _read("headers")
ADDRESS_RANKS: Mapping[str, int] = {
    phrase: rank
    for rank, text in enumerate(_HEADERS["addresses"].values())
    for phrase in _phrases(text)
}
ROLES = {phrase: role for phrase, (role, _) in _ranked(_HEADERS["roles"]).items()}
WORK = _ranked(_HEADERS["work"])
ASKS_ADDRESS = _pattern(_HEADERS["patterns"]["asks_address"])
ABOUT_ADDRESS = _pattern(_HEADERS["patterns"]["about_address"])

# --- cells --------------------------------------------------------------------------------

_NO_VALUES = _read("cells")
NO_NAMES = frozenset(_phrases(_NO_VALUES["no_names"]))
FAILED_FORMULA = _pattern(_NO_VALUES["failed_formula"])

# --- who left and who agreed --------------------------------------------------------------

_STANDINGS = _read("standings")
_OF_COLUMNS = _STANDINGS["headers"]
STATUS_HEADERS = frozenset(_phrases(_OF_COLUMNS["status"]))
CONSENT_HEADERS = frozenset(_phrases(_OF_COLUMNS["consent"]))
JOINED_HEADERS = frozenset(_phrases(_OF_COLUMNS["joined"]))
BREVO_JOINED = frozenset(_phrases(_OF_COLUMNS["brevo_joined"]))
GROUP_HEADERS = frozenset(_phrases(_OF_COLUMNS["groups"]))
LEFT_HEADERS = _by_standing(_OF_COLUMNS["left"])
STATUS_VALUES = _by_standing(_STANDINGS["values"])
LEAVING_VALUES = frozenset(_phrases(_STANDINGS["leaving"]["values"]))
NAMES_OF_DEPARTURES = _by_standing(_STANDINGS["files"]["left"])
BESIDE_DEPARTURES = frozenset(_phrases(_STANDINGS["files"]["beside"]))

_OF_STANDINGS = _STANDINGS["patterns"]
SAYS_NO = _pattern(_OF_STANDINGS["says_no"])
ASKS_CONSENT = _pattern(_OF_STANDINGS["asks_consent"])
LEAVES = _pattern(_OF_STANDINGS["leaves"])
REFUSES = _pattern(_OF_STANDINGS["refuses"])
OF_MAIL = _pattern(_OF_STANDINGS["of_mail"])
LOOKS_LIKE = _pattern(_OF_STANDINGS["looks_like"])
HARMLESS = _pattern(_OF_STANDINGS["harmless"])
HARMLESS_MARKS = _pattern(_OF_STANDINGS["harmless_marks"])
ENDED = _pattern(_OF_STANDINGS["ended"])

# --- what shows that people agreed --------------------------------------------------------

_EVIDENCE = _read("evidence")
SAYS_AGREED = frozenset(_phrases(_EVIDENCE["headers"]["agreed"]))
SAYS_WHEN_AGREED = frozenset(_phrases(_EVIDENCE["headers"]["dated"]))
# Of these, a yes tells that mail is sent, not that it was asked for.
SUBSCRIBED_HEADERS = CONSENT_HEADERS | JOINED_HEADERS
BESIDE_AGREED = frozenset(_phrases(_EVIDENCE["headers"]["beside"]))
MONTH_NUMBERS = {
    word: int(number) for number, text in _EVIDENCE["months"].items() for word in _phrases(text)
}

# --- notes of leaving ---------------------------------------------------------------------

_LEAVING = _read("leaving")
SAYS_LEFT = re.compile(rf"\b(?:{_pattern(*_LEAVING['sentences'].values()).pattern})(?!\w)")

_OF_NOTES = _LEAVING["patterns"]
MAY_SAY_LEFT = _pattern(_OF_NOTES["may_say_left"])
MARKS_LEFT = _pattern(_OF_NOTES["marks_left"])
OF_SOMETHING_ELSE = _pattern(_OF_NOTES["of_something_else"])
LEAVERS_TITLES = _pattern(_OF_NOTES["leavers_titles"])
DENIES = _pattern(_OF_NOTES["denies"])
READERS_TITLES = _pattern(_OF_NOTES["readers_titles"])

# --- answers ------------------------------------------------------------------------------

_ANSWERS = _read("answers")
_CELLS, _SENTENCES = _ANSWERS["cells"], _ANSWERS["sentences"]
YES = frozenset(_CELLS["yes"].split())
PLAIN_NO = frozenset(_CELLS["plain_no"].split()) | {"[ ]"}
NO = PLAIN_NO | frozenset(_CELLS["refusal"].split())
MARKS = YES | NO | frozenset(_CELLS["marks"].split())
# Letters that mean yes in one list, and “kielletty”, “terminated” or “jätetty” in another; clear
# only where the column holds their opposite and nothing else.
CODES = frozenset("ktj")
PAIRS = (("k", "e"), ("j", "n"), ("t", "f"), ("t", "e"))

_YES_WORDS = frozenset(word for word in YES if word.isalpha() and len(word) > 1) - {"on"}
BEFORE_YES = frozenset(_SENTENCES["before_yes"].split())
YES_STARTS = _YES_WORDS | frozenset(_SENTENCES["yes_starts"].split())
YES_SENTENCE = YES_STARTS | frozenset(_SENTENCES["yes"].split())
YES_DATED = _YES_WORDS | frozenset(_SENTENCES["yes_dated"].split())
NO_SENTENCE = NO | frozenset(_SENTENCES["no"].split())
