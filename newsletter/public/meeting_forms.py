"""What the form of a meeting asks, and what of it was filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.language import Wording, regions_of_finland, say
from newsletter.meetings import (
    LONGEST,
    LONGEST_ANSWER,
    Attending,
    Entry,
    Meeting,
    clean_line,
    clean_text,
)
from newsletter.net import holds_address
from newsletter.public.forms import read_address

# In a name stands no address of the web, and it is on one line: such forms were used to mail
# advertisements to strangers.
_PLAIN = ("name", "badge", "organisation")
_NAMED_LIKE_HOSTS = ("organisation",)  # as “Suomi.fi” is


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEntry:
    """What somebody filled in, and what is wrong with it."""

    address: str  # empty where it is not asked for
    entry: Entry
    errors: Mapping[str, Wording]  # by field, in the order of the form


def field_of(question: str) -> str:
    """Return the name of the field of a question."""
    return f"question-{question}"


def read_meeting_form(
    meeting: Meeting,
    given: Mapping[str, str],
    *,
    language: str,
    asks_address: bool,
    name: str = "",
) -> MeetingEntry:
    """Return what was filled in; whatever the form did not ask for is not read.

    `name` is what somebody is called who left that empty.
    """
    address, fault = read_address(given) if asks_address else ("", None)
    ways = list(meeting.seats)
    asked = given.get("attending", "")
    attending = next((way for way in ways if way == asked), ways[0])
    entry = Entry(
        attending=attending,
        name=clean_line(given.get("name", "")) or name,
        badge=clean_line(given.get("badge", "")),
        organisation=clean_line(given.get("organisation", "")) if meeting.asks_organisation else "",
        region=_region(given) if meeting.asks_region else "",
        language=language,
        answers=dict(_answers(meeting, given)),
        needs=clean_text(given.get("needs", "")) if meeting.asks_needs else "",
        wants_on_site=given.get("wants_on_site") == "yes"
        and attending is Attending.REMOTE
        and Attending.ON_SITE in ways,
    )
    faults = dict(_faults(meeting, given, entry))
    if asked not in ways and len(ways) > 1:
        faults["attending"] = say("Choose how you take part.")
    if fault:
        faults["email"] = fault
    return MeetingEntry(address=address, entry=entry, errors=_in_order(meeting, faults))


def regions_in(language: str) -> list[tuple[str, str]]:
    """Return the regions to choose from, in the order of their names."""
    named = [(code, region.name_in(language)) for code, region in regions_of_finland().items()]
    return sorted(named, key=lambda one: one[1])


def _answers(meeting: Meeting, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for question in meeting.questions:
        typed = clean_text(given.get(field_of(question.id), ""))
        kept = [choice for choice, _ in question.choices_in("")]
        yield question.id, typed if not kept or typed in kept else ""


def _faults(
    meeting: Meeting, given: Mapping[str, str], entry: Entry
) -> Iterator[tuple[str, Wording]]:
    for name, most in LONGEST.items():
        if len(given.get(name, "")) > most:
            yield name, say("Write {most:,} characters at most.", most=most)
        elif name in _PLAIN and _is_odd(name, given.get(name, "")):
            yield name, say("Write it without an address of the web.")
    if not entry.name:
        yield "name", say("Write your name.")
    for question in meeting.questions:
        field = field_of(question.id)
        if len(given.get(field, "")) > LONGEST_ANSWER:
            yield field, say("Write {most:,} characters at most.", most=LONGEST_ANSWER)
        elif question.is_required and not entry.answers[question.id]:
            yield field, say("Choose one.") if question.choices else say("Answer this, please.")


def _is_odd(name: str, typed: str) -> bool:
    """Return whether what is typed as a name is none: an address, or more than a line."""
    holds = holds_address(typed, also_bare=name not in _NAMED_LIKE_HOSTS)
    return holds or not typed.strip().isprintable()


def _in_order(meeting: Meeting, faults: Mapping[str, Wording]) -> Mapping[str, Wording]:
    asked = (field_of(question.id) for question in meeting.questions)
    order = ("attending", "name", "email", "badge", "organisation", "region", *asked, "needs")
    return {name: faults[name] for name in order if name in faults}


def _region(given: Mapping[str, str]) -> str:
    code = given.get("region", "")
    return code if code in regions_of_finland() else ""
