"""Reads new acts and decrees from the open data of Finlex: statutes as they were published.

    list, by pages of ten, newest first  ->  address of each  ->  its title, day and number

The interface is described at https://opendata.finlex.fi/swagger-ui/index.html. It has no search in
texts, no total, at most ten statutes a page, and refuses who does not name themselves. A statute
never changes after it was published, so each is fetched once.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from lxml import etree

from newsletter.collecting.items import Item
from newsletter.content.escaping import plain_line
from newsletter.errors import FeedError
from newsletter.language import say

_PAGE = 10  # statutes; more are not given
_MOST_PAGES = 40  # of one round: four months' worth
_URI = re.compile(r"/akn/fi/act/statute/(\d{4})/(\d{1,4})/(fin|swe)@$")
_PLACES = {"fin": "fi/lainsaadanto/saadoskokoelma", "swe": "sv/lagstiftning/forfattningssamling"}
_DATED = ("datePublished", "dateIssued")  # the first of them that is there
_AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"

Fetch = Callable[[str], bytes]  # an address -> what is there; raises FeedError
Known = dict[str, list[str]]  # address of a statute -> its title and day


@dataclass(frozen=True, slots=True, kw_only=True)
class Statutes:
    """What one round found."""

    items: tuple[Item, ...]
    unread: int  # statutes that could not be read this time


def read_statutes(
    base: str, language: str, since: dt.date, fetch: Fetch, *, known: Known, source: str
) -> Statutes:
    """Return the statutes published since a day, in Finnish or Swedish, newest first.

    `known` has what was read before, and takes what is read now. Raise FeedError where even the
    list cannot be read.
    """
    code = "swe" if language.startswith("sv") else "fin"
    items, unread = [], 0
    for year, number in _listed(base, code, since, fetch):
        uri = f"{base}/akn/fi/act/statute/{year}/{number}/{code}@"
        try:
            title, day = known.get(uri) or _read(fetch(uri))
        except FeedError:
            unread += 1
            continue
        known[uri] = [title, day]
        date = dt.date.fromisoformat(day)
        if date >= since:
            items.append(
                Item(
                    source=source,
                    title=f"{title} ({number}/{year})",
                    link=f"https://www.finlex.fi/{_PLACES[code]}/{year}/{number}",
                    guid=uri,
                    date=date,
                    summary="",
                )
            )
    return Statutes(items=tuple(items), unread=unread)


def _listed(base: str, code: str, since: dt.date, fetch: Fetch) -> Iterator[tuple[str, str]]:
    """Yield year and number of each statute that the list has."""
    for page in range(1, _MOST_PAGES + 1):
        asked = {
            "format": "json",
            "page": page,
            "limit": _PAGE,
            "startYear": since.year,
            "langAndVersion": f"{code}@",
            "publishedSince": f"{since.isoformat()}T00:00:00Z",
        }
        listed = _entries(fetch(f"{base}/akn/fi/act/statute/list?{urlencode(asked)}"))
        for uri in listed:
            if (match := _URI.search(uri)) and match[3] == code:
                yield match[1], match[2]
        if len(listed) < _PAGE:
            return


def _entries(body: bytes) -> list[str]:
    try:
        listed = json.loads(body)
        return [str(entry["akn_uri"]) for entry in listed]
    except (ValueError, TypeError, LookupError, RecursionError) as err:
        raise FeedError(say("its list of statutes cannot be read")) from err


def _read(body: bytes) -> tuple[str, str]:
    """Return title and day of a statute in Akoma Ntoso 3.0; raise FeedError if it has none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as err:
        raise FeedError(say("a statute cannot be read")) from err
    title = next((plain_line("".join(t.itertext())) for t in root.iter(f"{_AKN}docTitle")), "")
    days = {each.get("name"): each.get("date", "") for each in root.iter(f"{_AKN}FRBRdate")}
    day = next((days[name] for name in _DATED if days.get(name)), "")[:10]
    try:
        dt.date.fromisoformat(day)
    except ValueError as err:
        raise FeedError(say("a statute cannot be read")) from err
    return title, day
