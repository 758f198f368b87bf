"""What the forms for news and for requests ask, and what of it was filled in."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.contributions import Quotas, clean_line, clean_text, is_plain_link
from newsletter.language import Wording, say
from newsletter.model import ContributionKind
from newsletter.net import holds_address
from newsletter.public.forms import read_address

# The most characters of each field.
LONGEST: Mapping[str, int] = {
    "title": 120,
    "text": 4000,
    "link": 500,
    "picture_words": 300,
    "dates": 200,
    "place": 200,
    "name": 100,
    "organisation": 100,
}
# The fields of both forms, as they stand there.
FIELDS = (
    *("title", "text", "link", "dates", "place", "region", "name", "organisation", "email"),
    *("picture", "picture_words", "consent"),
)
_OF_REQUESTS = ("dates", "place")
_OF_NEWS = ("link", "picture_words")
# In a name or a title stands no address of the web: what is typed there may be mailed, once the
# editor accepted it, and such forms were used to mail advertisements to strangers.
_PLAIN = ("title", "name", "organisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionForm:
    """The two forms of a newsletter, and how much they take in."""

    is_open: bool = True
    regions: Sequence[str] = ()  # to choose from; none: it is not asked
    deadline_day: int | None = None  # of each month, until which news reaches the next issue
    deadline: dt.date | None = None  # one that counts before it, until it is past
    quotas: Quotas = field(default_factory=Quotas)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEntry:
    """What somebody filled in, and what is wrong with it."""

    address: str
    values: Mapping[str, Any]  # by field, as they are kept: words
    errors: Mapping[str, Wording]  # by field


def read_offer(
    form: ContributionForm,
    kind: ContributionKind,
    given: Mapping[str, str],
    *,
    has_picture: bool,
) -> OfferEntry:
    """Return what was filled in; whatever the form did not ask for is not read."""
    foreign = _OF_REQUESTS if kind is ContributionKind.NEWS else _OF_NEWS
    values = {name: _typed(name, given) for name in LONGEST if name not in foreign}
    region = given.get("region", "")
    values["region"] = region if region in form.regions else ""
    address, fault = read_address(given)
    faults = dict(_faults(kind, values, given, has_picture=has_picture))
    if fault:
        faults["email"] = fault
    return OfferEntry(address=address, values=values, errors=faults)


def _typed(name: str, given: Mapping[str, str]) -> str:
    """Return what was typed: a text with its lines, anything else on one."""
    typed = given.get(name, "")
    return clean_text(typed) if name == "text" else clean_line(typed)


def _faults(
    kind: ContributionKind,
    values: Mapping[str, str],
    given: Mapping[str, str],
    *,
    has_picture: bool,
) -> Iterator[tuple[str, Wording]]:
    for name, text in values.items():
        if len(text) > LONGEST.get(name, len(text)):
            yield name, say("Write {most:,} characters at most.", most=LONGEST[name])
        elif name in _PLAIN and holds_address(text):
            yield name, say("Write it without an address of the web.")
    for name, words in _REQUIRED.items():
        if not values[name]:
            yield name, words
    if values.get("link") and not is_plain_link(values["link"]):
        yield "link", say("Write a link such as https://www.example.org/news.")
    if has_picture and not values.get("picture_words"):
        yield "picture_words", say("Write what the picture shows, for those who do not see it.")
    if kind is ContributionKind.NEWS and given.get("consent") != "yes":
        yield "consent", say("We can publish it only if you agree.")


_REQUIRED = {
    "title": say("Write in a few words what it is about."),
    "text": say("Write your text."),
    "name": say("Write your name."),
}
