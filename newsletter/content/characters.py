"""Rules of fine type: which characters of a line are replaced by better ones, and none besides.

A space becomes one that does not break; `...` becomes an ellipsis, `--` and `---` a dash; straight
quotation marks and apostrophes become the language's own. Ranges such as 3-5 stay: nothing tells
them from telephone numbers and days.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from newsletter.content.quotes import find_quotes

HELD = "\ufffc"  # stands for what is not the author's prose: code, pictures, addresses, slots
_KEPT = "\u00a0"  # a space that does not break
_UNITS = """
    mm mm² cm cm² cm³ dm dm³ m m² m³ m2 m3 km km² km/h m/s ha µg mg g kg t tn Mt ml cl dl l
    ms s min h pv vk kk v kpl st hlö htv op krs p eur EUR SEK USD GBP kr mk snt tkr mkr md mn milj
    milj. mrd. million billion kB MB GB TB Mb Gb W kW MW GW TW Wh kWh MWh GWh TWh Hz kHz MHz V kV A
"""
_BEFORE_NUMBERS = (
    "klo Klo kl. Kl. s. S. ss. p. P. pp. nr Nr nr. Nr. nro Nro no. No. art. kap. sid. § §§"
)
_BEFORE_NAMES = "Mr Mrs Ms Dr Dr. Mr. Mrs. Ms. Prof Prof. St St. prof. dos. toht. tri dr fru herr"
_FINNISH_MONTHS = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu"
_SWEDISH_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december"
)
_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December"
)
# Spaces that do not break, each as the named group; a line of the source may end there, too.
_SPACES = r"""
    (?<=\d)(?P<unit>[ \n])(?=[%‰€$£§°] | (?:UNITS)(?![\w’'&/+=]))
  | (?<![\w.…])(?:BEFORE_NUMBERS)(?P<number>[ \n])(?=\d)
  | (?<!\w)(?:ks|Ks|vrt|Vrt|jfr|Jfr|cf|Cf)\.(?P<see>[ \n])(?=\S)
  | (?<!\d)\d{1,2}\.(?P<finnish>[ \n])(?=(?i:FINNISH_MONTHS)(?i:kuu))
  | (?<![\d.,…:/])(?<!(?<!-)-)\d{1,2}(?P<month>[ \n])
      (?=(?:(?i:SWEDISH_MONTHS)|ENGLISH_MONTHS)(?!\w))
  | (?<!\w)(?:ENGLISH_MONTHS)(?P<english>[ \n])(?=\d{1,2}(?![\d:]))
  | (?<![\w.…])[A-ZÅÄÖÉÜŠŽ]\.(?P<initial>[ \n])(?=[A-ZÅÄÖÉÜŠŽ])
  | (?<![\w.…])(?:BEFORE_NAMES)(?P<title>[ \n])(?=[A-ZÅÄÖ])
  | (?<=[^\s])(?P<dash>[ \n])(?=(?:[–—]|---?)[ \n])
"""
_THOUSANDS = re.compile(
    r"(?<![\w.,…:/+()])(?<!(?<!-)-)(?<![\d)][ \u00a0])"
    r"(?<!(?<!-)(?<![€$£%][ \u00a0])-[ \u00a0])"
    r"[1-9]\d{0,2}(?:[ ]\d{3})+(?![\w/-]|[ \u00a0.:]\d)"
)
# Numbers after these words are names of something, not counts.
_NAMES = re.compile(
    r"(?:puh|tel|tfn|gsm|phone|viite|ref|ocr|bg|pg|giro|konto|tili|tunnus|numero|nummer|number|nr"
    r"|code|koodi|pin|id)\w*[.:]?[ \u00a0]*$",
    re.I,
)
_NEAR = 24  # characters before a number in which such a word stands
# What findings quote as fields: other services' too, and a slot with a mistake in it.
_FIELD = re.compile(r"\{ ?\{(?:[^{}]{0,300}\} ?\}|[^{}\n\u2028]*)|\{%[^%\n]*%\}|<%[^%\n]*%>")
_ELLIPSIS = re.compile(r"(?<![./\\])\.\.\.(?![./\\])")
_SPACED_DASH = re.compile(r"(?:(?<=[ \n\u00a0])|^)---?(?=[ \n]|$)")
_JOINED_DASH = re.compile(r"(?<!<!)(?<=[\w”’\"')…!?.])---?(?=[\w“”‘’\"'(])")


class Change(NamedTuple):
    """Characters of a line that are replaced."""

    start: int
    end: int
    new: str


def find_changes(text: str, language: str) -> list[Change]:
    """Return what fine type changes in a line, in order; a second time there is nothing left.

    `language` has no region. What is not prose stands as HELD.
    """
    text = _FIELD.sub(lambda field: HELD * len(field[0]), text)
    changes = [*_spaces(text), *_thousands(text)]
    changes += [Change(m.start(), m.end(), "…") for m in _ELLIPSIS.finditer(text)]
    changes += _dashes(text, language)
    changes += (Change(at, at + 1, mark) for at, mark in find_quotes(text, language))
    return sorted(changes)


def changed(text: str, changes: list[Change]) -> str:
    """Return a text with changes made."""
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.new]
        at = change.end
    return "".join([*parts, text[at:]])


def _spaces(text: str) -> Iterator[Change]:
    for match in _spaces_pattern().finditer(text):
        at = match.start(match.lastgroup or 0)
        yield Change(at, at + 1, _KEPT)


def _thousands(text: str) -> Iterator[Change]:
    for match in _THOUSANDS.finditer(text):
        if _NAMES.search(text[max(0, match.start() - _NEAR) : match.start()]):
            continue
        for at in range(match.start(), match.end()):
            if text[at] == " ":
                yield Change(at, at + 1, _KEPT)


def _dashes(text: str, language: str) -> Iterator[Change]:
    """Yield dashes: with spaces an en dash; without, English has the em dash."""
    if not text.strip(" -\n\u00a0"):
        return
    for match in _SPACED_DASH.finditer(text):
        yield Change(match.start(), match.end(), "–")
    for match in _JOINED_DASH.finditer(text):
        is_range = text[match.start() - 1].isdigit() and text[match.end()].isdigit()
        yield Change(match.start(), match.end(), "—" if language == "en" and not is_range else "–")


@cache
def _spaces_pattern() -> re.Pattern[str]:
    """Return the pattern of spaces that do not break, compiled at its first use."""
    words = {
        "UNITS": _UNITS,
        "BEFORE_NUMBERS": _BEFORE_NUMBERS,
        "BEFORE_NAMES": _BEFORE_NAMES,
        "FINNISH_MONTHS": _FINNISH_MONTHS,
        "SWEDISH_MONTHS": _SWEDISH_MONTHS,
        "ENGLISH_MONTHS": _ENGLISH_MONTHS,
    }
    pattern = _SPACES
    for name, listed in words.items():
        pattern = pattern.replace(name, "|".join(map(re.escape, listed.split())))
    return re.compile(pattern, re.VERBOSE)
