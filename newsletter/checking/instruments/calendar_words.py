"""How weekdays, months and dates are written in Finnish, Swedish and English."""

import re
from collections.abc import Iterator

# --- days of the week ---------------------------------------------------------------------

NAMES = {
    "fi": ["maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"],
    "sv": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
# Short forms are words of other languages (“on 24.11.” is Finnish and English prose), so each
# counts only in an issue in its own language.
SHORT = {
    "fi": {"ma": 0, "ti": 1, "ke": 2, "to": 3, "pe": 4, "la": 5, "su": 6},
    "sv": {
        **{"mån": 0, "tis": 1, "ons": 2, "tors": 3, "tor": 3, "fre": 4, "lör": 5, "sön": 6},
        **{"må": 0, "ti": 1, "on": 2, "to": 3, "fr": 4, "lö": 5, "sö": 6},
    },
    "en": {
        **{"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3},
        **{"fri": 4, "sat": 5, "sun": 6},
    },
}
# No plurals and no “maanantaisin”: a recurring event has no single date. Forms of “at”.
_FI_ENDING = r"(?:-?(?:aamu|aamupäivä|iltapäivä|ilta))?(?:na|nä|n|hin|on|an|ta|a|sta|lle|ksi)?"
_SV_ENDING = r"(?:en|s(?:morgon|kväll|eftermiddag)(?:en)?)?"


def weekday_pattern(language: str) -> str:
    """Return a pattern for the weekdays in an issue of a language."""
    whole = [
        rf"(?:{'|'.join(NAMES['fi'])}){_FI_ENDING}",
        rf"(?:{'|'.join(NAMES['sv'])}){_SV_ENDING}",
        rf"(?:{'|'.join(NAMES['en'])})",
    ]
    short = sorted(SHORT.get(language, {}), key=len, reverse=True)
    return rf"(?:{'|'.join([*whole, *short])})"


def weekday_of(word: str, language: str) -> tuple[int, str]:
    """Return which weekday a word means, Monday being 0, and in which language."""
    word = word.lower()
    for named, names in NAMES.items():
        for number, name in enumerate(names):
            if word.startswith(name.lower()):
                return number, named
    return SHORT[language][word], language


# --- months -------------------------------------------------------------------------------

_FI_MONTHS = [
    *("tammi", "helmi", "maalis", "huhti", "touko", "kesä"),
    *("heinä", "elo", "syys", "loka", "marras", "joulu"),
]
_LETTERS = ["jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "o", "nov", "dec"]
MONTH = (
    rf"(?:(?:{'|'.join(_FI_MONTHS)})kuu[a-zäö]{{0,3}}|jan(?:uar[iy])?|feb(?:ruar[iy])?"
    r"|mar(?:s|ch)?|apr(?:il)?|maj|May|jun[ei]?|jul[iy]?|aug(?:usti?)?|sept?(?:ember)?"
    r"|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)


def month_of(word: str) -> int:
    """Return which month a word matched by `MONTH` means."""
    word = word.lower()
    # Finnish ones first: “marraskuu” begins like “mars”.
    for beginnings in ([f"{month}kuu" for month in _FI_MONTHS], _LETTERS):
        for number, beginning in enumerate(beginnings, 1):
            if word.startswith(beginning):
                return number
    raise ValueError(word)


# --- clock --------------------------------------------------------------------------------

# The group is what follows the word that announces a time: hours, with or without minutes, to other
# hours.
_HOUR = r"(\d{1,2})(?:[.:](\d\d))?(?!\d)"
CLOCK = re.compile(
    rf"\b(?:klo|kello|kl\.?|klockan|at)\s*{_HOUR}(?:\s*[–-]\s*{_HOUR})?(?!\s*%)"
    r"(?:\s*([ap])\.?m\b)?",
    re.I,
)


def clocks_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the times of a text that a word such as “klo” announces.

    The English word “at” precedes many numbers; after it, an hour needs minutes, or am and pm.
    """
    for match in CLOCK.finditer(text):
        if match[2] or match[5] or not match[0].lower().startswith("at"):
            yield match
