"""How often the links of an issue were followed, in one measure for all of them."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from newsletter.drawing import clean, count, count_range
from newsletter.language import Wording, say, without_addresses
from newsletter.model.figures import IssueFigures, LinkCounts, Split

OTHER_LINKS = say("all other links of the mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A link, and how often it was followed."""

    at: int  # its place in the mail, from 1; 0 for all that are none of the author's
    words: str
    section: str  # heading of its section; empty above the first one
    place: str  # where it leads, without what could tell of anybody
    number: int | None  # as it is measured: what its colour and its bar are of
    told: Wording  # the number; a range where it is not known of some whether they were people
    unknown: int | None
    machine: int | None


class Whose(Enum):
    """Whose clicks a number is of."""

    LIKELY = auto()  # people's, likely; those of whom it is not known make it a range
    PERHAPS = auto()  # none is known for a person's: all of whom it is not known, as a bound
    ANYBODY = auto()  # nobody tells people from machines


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is counted of links."""

    words: Wording
    of_people: bool  # each reader once; else each time
    whose: Whose

    def split_of(self, link: LinkCounts) -> Split:
        """Return the classes of what is counted of a link."""
        return link.people if self.of_people else link.times

    def number_of(self, link: LinkCounts) -> int | None:
        """Return the number by which links are compared."""
        split = self.split_of(link)
        if self.whose is Whose.PERHAPS:
            return (split.human or 0) + (split.unknown or 0)
        return split.human if self.whose is Whose.LIKELY else split.known

    def rank_of(self, link: LinkCounts) -> tuple[int, int]:
        """Return what sorts links, those that were followed most first."""
        return (-(self.number_of(link) or 0), -(self.split_of(link).unknown or 0))

    def told_of(self, link: LinkCounts) -> Wording:
        """Return that number as it is told."""
        is_range = self.whose is Whose.LIKELY
        return count_range(self.split_of(link)) if is_range else count(self.number_of(link))


READERS = Measure(words=say("Readers, likely"), of_people=True, whose=Whose.LIKELY)
READERS_AT_MOST = Measure(words=say("Readers, at most"), of_people=True, whose=Whose.PERHAPS)
TIMES = Measure(words=say("Clicks, likely of people"), of_people=False, whose=Whose.LIKELY)
TIMES_AT_MOST = Measure(
    words=say("Clicks of people, at most"), of_people=False, whose=Whose.PERHAPS
)
UNSORTED = Measure(words=say("Clicks, of people or not"), of_people=False, whose=Whose.ANYBODY)


def measure_of(links: Iterable[LinkCounts]) -> Measure:
    """Return what is known of all links alike: readers, else clicks by people, else clicks.

    Where none of them is known for a person's, as a provider's clicks never are, links are told
    apart by those of which it is not known.
    """
    known = list(links)
    if all(link.people.human is not None for link in known):
        is_certain = knows_people(link.people for link in known)
        return READERS if is_certain else READERS_AT_MOST
    if all(link.times.human is not None for link in known):
        return TIMES if knows_people(link.times for link in known) else TIMES_AT_MOST
    return UNSORTED


def knows_people(splits: Iterable[Split]) -> bool:
    """Return whether any is known for a person's, or there is nothing that could be one."""
    parts = list(splits)
    return any(part.human for part in parts) or not any(part.unknown for part in parts)


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
    return sorted(followed, key=lambda one: (-(one.number or 0), -(one.unknown or 0), one.at))


def harmless_words(text: str) -> str:
    """Return an author's words without what no page may have, and without anybody's address."""
    return without_addresses(clean(text))


def _followed(link: LinkCounts, measure: Measure) -> Followed:
    split = measure.split_of(link)
    return Followed(
        at=link.number,
        words=harmless_words(link.words) or place_of(link.url) or _name_of(link.number),
        section=harmless_words(link.section),
        place=place_of(link.url),
        number=measure.number_of(link),
        told=measure.told_of(link),
        unknown=None if measure.whose is Whose.ANYBODY else split.unknown,
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
