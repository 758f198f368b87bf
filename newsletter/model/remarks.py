"""What a record tells besides what happened, as people read it."""

import datetime as dt
from collections.abc import Callable, Mapping

from newsletter.language import Wording, say, say_list
from newsletter.model.parting import Why
from newsletter.model.people import Basis, Standing, Tracking
from newsletter.model.records import Happened, Record

_SOURCES = {
    "one-click": say("the button of their mail program"),
    "page": say("the page for leaving"),
    "preferences": say("the page of choices"),
    "form": say("the form"),
    "web site": say("the form on another web site"),
    "soft": say("soft bounces"),
    "mailbox": say("the mailbox"),
}
_FIELDS = {"name": say("name"), "language": say("language")}


def source_of(record: Record) -> Wording | str:
    """Return who made it so, and from where it is known."""
    source = _SOURCES.get(record.source, record.source)
    said = [record.by.words, source] if source not in ("", record.by.words) else [record.by.words]
    return say_list(said)


def remarks_on(record: Record, zone: dt.tzinfo) -> list[Wording | str]:
    """Return why it happened and what else is known of it; times are in a time zone."""
    found = [_reason_of(record)]
    for key, value in record.detail.items():
        tell = _TOLD.get(key)
        found.append(tell(value, zone) if tell else f"{key}={value}")
    return [remark for remark in found if remark]


def _reason_of(record: Record) -> Wording | str:
    is_why = record.what is Happened.EXPLAINED and record.reason in set(Why)
    return Why(record.reason).words if is_why else record.reason


def _until(value: str, zone: dt.tzinfo) -> Wording:
    return say("until {at:%Y-%m-%d %H:%M}", at=_local(value, zone))


def _mailed(value: str, zone: dt.tzinfo) -> Wording:
    return say("the mail that asked went out {at:%Y-%m-%d %H:%M}", at=_local(value, zone))


def _local(value: str, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.fromisoformat(value).astimezone(zone)


def _fields(value: str, _: dt.tzinfo) -> Wording:
    return say_list([_FIELDS.get(name, name) for name in value.split(", ")])


# By the key in the detail; what is left out here is told elsewhere.
_TOLD: Mapping[str, Callable[[str, dt.tzinfo], Wording | str]] = {
    "standing": lambda value, _: Standing(value).words,
    "basis": lambda value, _: say("basis: {basis}", basis=Basis(value).words),
    "tracking": lambda value, _: Tracking(value).words,
    "until": _until,
    "mailed": _mailed,
    "fields": _fields,
    "evidence": lambda value, _: say("evidence: {evidence}", evidence=value),
    "agreed": lambda value, _: say("agreed {day:%Y-%m-%d}", day=dt.date.fromisoformat(value)),
    "line": lambda value, _: say("line {line}", line=value),
    "language": lambda value, _: say("language: {language}", language=value),
    "wording": lambda _value, _zone: "",
}
