"""One person of the list, and what happened to them, as the editor is shown."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from newsletter.cli.common import Settings, in_words
from newsletter.language import Wording, say, say_list
from newsletter.model import Record, Standing, Subscriber, remarks_on, source_of


def fields_of(settings: Settings, person: Subscriber) -> Iterator[tuple[Wording, str]]:
    """Yield what is known of a person, with the word for each."""
    yield say("address"), person.address
    yield say("name"), person.name
    yield say("language"), person.language
    yield say("attributes"), ", ".join(f"{k}={v}" for k, v in person.attributes.items())
    yield say("standing"), in_words(person.standing.words)
    if person.standing is Standing.PAUSED and person.paused_until:
        yield say("pause ends"), in_words(settings.local_time(person.paused_until))
    yield say("basis"), in_words(person.basis.words)
    yield say("counting of opens"), in_words(person.tracking.words)


def line_of(settings: Settings, record: Record) -> Wording:
    """Return what happened to somebody: when, what, by whom and why."""
    moment = record.at or record.noted_at
    when = settings.local_time(moment) if moment else say("at some time")
    told = say("{when}  {what} ({by})", when=when, what=record.what.words, by=source_of(record))
    remarks = remarks_on(record, settings.zone)
    return say_list([told, say_list(remarks, "; ")], between=": ") if remarks else told


def entry_of(record: Record) -> dict[str, Any]:
    """Return a record as programs read it."""
    return {
        "what": record.what,
        "at": record.at.isoformat() if record.at else None,
        "noted_at": record.noted_at.isoformat() if record.noted_at else None,
        "by": record.by,
        "source": record.source,
        "reason": record.reason,
        "act": record.act,
        "detail": dict(record.detail),
    }


def object_of(person: Subscriber) -> dict[str, Any]:
    """Return what is known of a person as programs read it."""
    until = person.paused_until
    given = {k: v for k, v in asdict(person).items() if k not in ("key", "joined_at")}
    return {**given, "paused_until": until.isoformat() if until else None}
