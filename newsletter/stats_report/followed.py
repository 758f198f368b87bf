"""How often the links of an issue were followed, in one measure for all of them."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.language import Wording, say, without_addresses
from newsletter.model.figures import IssueFigures, LinkCounts
from newsletter.stats_report.drawing import clean

OTHER_LINKS = say("all other links of the mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A link, and how often it was followed."""

    at: int  # its place in the mail, from 1; 0 for all that are none of the author's
    words: str
    section: str  # heading of its section; empty above the first one
    place: str  # where it leads, without what could tell of anybody
    number: int | None  # by people, likely
    unknown: int | None
    machine: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is counted of links."""

    words: Wording
    of_people: bool  # each reader once; else each time


READERS = Measure(words=say("Readers, likely"), of_people=True)
TIMES = Measure(words=say("Clicks, likely of people"), of_people=False)
UNSORTED = Measure(words=say("Clicks, of people or not"), of_people=False)


def measure_of(links: Iterable[LinkCounts]) -> Measure:
    """Return what is known of all links alike: readers, else clicks by people, else clicks."""
    known = list(links)
    if all(link.people.human is not None for link in known):
        return READERS
    if all(link.times.human is not None for link in known):
        return TIMES
    return UNSORTED


def followed_in(issue: IssueFigures, language: str) -> list[Followed]:
    """Return the links of an edition in the order of the mail, those of templates last."""
    links = [link for link in issue.shown.links if link.language == language]
    measure = measure_of(links)
    ordered = sorted(links, key=lambda link: (link.number == 0, link.number))
    return [_followed(link, measure) for link in ordered]


def languages_of(issue: IssueFigures) -> list[str]:
    """Return the languages of the editions that have links, the first edition's first."""
    codes = {link.language for link in issue.shown.links}
    return sorted(codes, key=lambda code: (code != issue.language, code))


def ranked(followed: Sequence[Followed]) -> list[Followed]:
    """Return links, those that were followed most first."""
    return sorted(followed, key=lambda one: (-(one.number or 0), one.at))


def harmless_words(text: str) -> str:
    """Return an author's words without what no page may have, and without anybody's address."""
    return without_addresses(clean(text))


def _followed(link: LinkCounts, measure: Measure) -> Followed:
    split = link.people if measure.of_people else link.times
    is_sorted = measure is not UNSORTED
    return Followed(
        at=link.number,
        words=harmless_words(link.words) or place_of(link.url) or _name_of(link.number),
        section=harmless_words(link.section),
        place=place_of(link.url),
        number=split.human if is_sorted else split.known,
        unknown=split.unknown if is_sorted else None,
        machine=split.machine,
    )


def _name_of(number: int) -> Wording:
    return say("link {number}", number=number) if number else OTHER_LINKS


def place_of(url: str) -> str:
    """Return host and path of an address: what comes after them may be somebody's own."""
    try:
        parts = urlsplit(clean(url))
        host = parts.hostname or ""
    except ValueError:
        return ""
    if not host or _is_number(host):
        return ""
    return without_addresses(host.removeprefix("www.") + parts.path.rstrip("/"))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
