"""Tells where a long word or address may end a line: at seams of compounds, at signs of addresses.

A line that ends there shows no hyphen, so there must be no doubt that a part of the word ends.
Finnish shows many seams itself: vowels of both harmonies never stand in one word, and none holds
“nv”, “np” or “sr”. Swedish joins with endings such as “-ings-”. A part that is still too long is
divided between syllables, where both languages would hyphenate.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

_SHORTEST = 3  # letters of a part
_SHORTEST_OF_ADDRESS = 8  # characters between two places of an address; each costs bytes
_VOWEL = "aeiouyåäöáéíóúü"
_CONSONANT = "bcdfghjklmnpqrstvwxzšž"
# How parts of compounds begin in texts about work, learning and welfare.
_FINNISH_PARTS = """
    ammat arvioin asetu asiantunt avustaj eläke etuus hallin hankint hanke henkilö ilmoitt johtami
    järjeste järjestö kaupun kehitt kehity keskus kilpail kokeilu kokonais komitea koordin kotoutu
    koulut kunnan kuntout kysely laitos lautakun liikent liitto lomak maakun mahdollis menetelm
    ministeri moottor neuvon neuvot ohjaaj ohjaus ohjelm opetta opetus oppila oppimi osaami osallis
    palkits palvel pankki projekt psykolog puhelin päällik päivä rahasto rahoit rakenn raport ryhm
    selvit selvity seminaar sopimu sosiaal sähköpost suunnit tapahtu tapaami tarjous tarve terveyd
    tiedott tieto tilaisu toimen toimin toimist toimija tukihenk tutkim turva tuotanto työ uudist
    uutiskirj selost osoite osoitt
    vaikut vakuut valmen vastuu verkosto viranoma viranhalt virasto viest yhdist yhteis yhtei ylläpi
    yritys yrittä yrittäj äänest mekaan
"""
_SWEDISH_PARTS = """
    anställ arbet beskatt beskriv bidrag coach främj full försäkr handlägg handled integra kansli
    intervall kommun kompetens konferens kunskap ledare ledning lärare marknad myndig nätverk
    ordföran pedagog planer program projekt rehabil samarbet samordn service styrels tjänst utbild
    utveckl verksam vägled
"""
_FINNISH = r"""
    (?<=[äöy])(?=[aou]) | (?<=[aou])(?=[äöy])  # päivä|ohjelma, alusta|ylläpito
  | (?<=[äöy])(?=[hjkmpvdbfg][aou]) | (?<=[aou])(?=[hjkmpvdbfg][äöy])  # työ|hallinto
  | (?<=[äöy][ie])(?=[hjkmpvdbfg][aou]) | (?<=[aou][ie])(?=[hjkmpvdbfg][äöy])
  | (?<=[aeouyäö]n)(?=[vmprlhj][aeiouyäö]) | (?<=i[aeiouyäö]n)(?=[vmprlhj][aeiouyäö])
  | (?<=[eiouy]s)(?=[rhj][aeiouyäö])  # kehittämis|ryhmä
  | (?<=mis|tus|tys|kus|kys|sus|nus)(?=[vkptmnl][aeiouyäö])  # kehittämis|palvelu
"""
_SWEDISH = r"""
    (?<=ings|hets|keps|kaps|ions|tets|doms|bets|nads)(?=[a-zåäö])  # utbildnings|samordnare
  | (?<=ments|hälso|yrkes|vuxen)(?=[a-zåäö])
"""
_SIGNS = re.compile(r"(?<=[/\\])(?![/\\])|(?<![/.\\])(?=[.?&#=_%~@+])")
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{16,30}")


def seams_of(word: str, language: str, *, room: int) -> list[int]:
    """Return the places at which a word of letters may be divided; none if it is shorter than room.

    No part is longer than that, if it has syllables at all.
    """
    if len(word) < room:
        return []
    low = word.lower()
    proven = [m.start() for m in _seams(language).finditer(low)] if language in _SEAMS else []
    seams = list(_apart(proven, len(word), _SHORTEST))
    whole = [0, *seams, len(word)]
    for start, end in pairwise(whole):
        if end - start >= room:
            seams += _syllables(low, start, end, room)
    return sorted(seams)


def places_in_address(address: str) -> list[int]:
    """Return the places at which an address or the number of an account may be divided."""
    if is_account(address):
        return list(range(4, len(address), 4))  # as banks print it
    places = (m.start() for m in _SIGNS.finditer(address))
    return list(_apart(places, len(address), _SHORTEST_OF_ADDRESS))


def is_account(word: str) -> bool:
    """Return whether a word is an IBAN without spaces, longer than a narrow screen shows."""
    return _ACCOUNT.fullmatch(word) is not None


def _apart(places: Iterator[int] | Sequence[int], length: int, least: int) -> Iterator[int]:
    """Yield the places that leave nothing too short before, between and after them."""
    last = 0
    for place in places:
        if place - last >= least and length - place >= min(least, 4):
            yield place
            last = place


def _syllables(low: str, start: int, end: int, room: int) -> Iterator[int]:
    """Yield places between syllables: before the last consonant that a vowel follows."""
    last = best = start
    for at in range(start + _SHORTEST, end - _SHORTEST):
        if at - last >= room - 2 and best > last:
            yield best
            last = best
        if low[at] in _CONSONANT and low[at + 1] in _VOWEL:
            best = at
    if end - last >= room and best > last:
        yield best


_SEAMS = {"fi": (_FINNISH, _FINNISH_PARTS), "sv": (_SWEDISH, _SWEDISH_PARTS)}


@cache
def _seams(language: str) -> re.Pattern[str]:
    """Return the pattern of a language's seams, compiled at its first use."""
    joints, parts = _SEAMS[language]
    return re.compile(f"{joints} | (?={'|'.join(parts.split())})", re.VERBOSE)
