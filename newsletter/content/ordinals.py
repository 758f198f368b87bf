"""Tells dates and ordinals from numbers of a list: “3. joulukuuta” is not a third item."""

import re
from functools import cache

_MONTHS = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)(?:kuu\w*|k?\b)"
    r"|(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
    r"(?:s|:\w+)?\b"
    r"|(?:jan|feb|febr|mar|apr|jun|jul|aug|sep|sept|okt|oct|nov|dec|des)\b"
    r"|(?:january|february|march|april|may|june|july|august|october)\b"
)
# An item may well begin with a month (“1. Joulukuun kirje”); these are dates all the same.
_CAPITAL_MONTHS = (
    r"(?:Tammi|Helmi|Maalis|Huhti|Touko|Kesä|Heinä|Elo|Syys|Loka|Marras|Joulu)kuuta\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Januari|Februari|Mars|Maj|Juni|Juli|Augusti|Oktober)\b(?=[ ]*(?:\d|$|[,.;:(–-]))"
)
# What Finnish counts with a full stop: stems of words, and the endings they take.
_COUNTED = (
    r"(?:päivä|viikk?o|vuosi|vuo[dt]e|kuukausi|kuukaude|luokk?a|kerros|kerrokse|kerta|kerra"
    r"|(?:luku)?kausi|(?:luku)?kaude|luku|luvu|astee?|vaihee?|painos|painokse|sija|osa|osio|jakso"
    r"|(?:suku)?polv[ie]|neljännes|neljännekse|kvartaali|koh[dt]a|momentt?i|pykälä|artikla"
    r"|advent[ti]+|sunnuntai|(?:vuosi)?kurssi|vuosisa[dt]a|vuosikymmene?|divisioona|tunti|tunni"
    r"|kierros|kierrokse|kokous|kokoukse|luokkalai(?:nen|se|si))"
    r"(?:n|t|a|ä|na|nä|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi|ta|tt?[aä]|[aeiouäö]n)?\b"
    r"|(?:pv|pvä|pnä|p|vk|lk|krs|mom)\b|adventtisunnuntai\w*"
    r"|(?:klass|våning|vecka|gång|årskurs|kvartal)(?:en|n)?\b"
)
_NUMBERED = rf"""[ \t\u00a0\u202f]*(?:
      (?:{_MONTHS}|{_COUNTED})            # 3. joulukuuta, 1. krs
    | (?i:{_MONTHS})(?=[ ]*\d{{4}}\b)     # 1. DECEMBER 2026
    | (?:{_CAPITAL_MONTHS})
    | \d{{1,4}}[./](?!\d*[ ]?[%€])        # 24. 12.
    | [–—-][ ]*\d{{1,2}}\.                # 1. – 3. joulukuuta
    | (?:ja|tai|och|eller|and|or|sekä|to|till|&|/|,)[ ]+\d{{1,2}}\.
    )"""


def is_ordinal(following: str) -> bool:
    """Return whether a number with a full stop counts or dates what follows it."""
    return _numbered().match(following) is not None


@cache
def _numbered() -> re.Pattern[str]:
    """Return the pattern, compiled at its first use: that takes longer than many issues need."""
    return re.compile(_NUMBERED, re.VERBOSE)
