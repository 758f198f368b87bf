"""What is known about a part of the newsletter: how it is, and what to do about it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from newsletter.language import Wording, say, say_list
from newsletter.model import Finding, Severity

_SLOW, _WRONG = 60.0, 300.0  # seconds that a clock may be off; signatures expire after five minutes


class Health(StrEnum):
    """The condition of one part."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # works, but somebody should look at it
    BROKEN = "broken"  # does not work until it is fixed
    SKIPPED = "skipped"  # was not checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known about one part of the newsletter."""

    part: str  # one of those that are named below
    health: Health
    message: Wording
    cure: str = ""  # what to do, preferably a command

    @property
    def part_in_words(self) -> Wording:
        """Return the part as people read it."""
        return _PARTS[self.part]


def good(part: str, message: Wording) -> Diagnosis:
    """Say that a part is well."""
    return Diagnosis(part=part, health=Health.GOOD, message=message)


def doubtful(part: str, message: Wording, cure: str = "") -> Diagnosis:
    """Say that somebody should look after a part."""
    return Diagnosis(part=part, health=Health.DOUBTFUL, message=message, cure=cure)


def broken(part: str, message: Wording, cure: str = "") -> Diagnosis:
    """Say that a part does not work until it is mended."""
    return Diagnosis(part=part, health=Health.BROKEN, message=message, cure=cure)


def skipped(part: str, message: Wording, cure: str = "") -> Diagnosis:
    """Say that a part was not looked at."""
    return Diagnosis(part=part, health=Health.SKIPPED, message=message, cure=cure)


def of_finding(part: str, finding: Finding) -> Diagnosis:
    """Tell of what is wrong at a place in a file, with its cure."""
    told = say_list([finding.place, finding.message], between=": ")
    cure = finding.hint or say("mend it in {file}", file=finding.path)
    return Diagnosis(part=part, health=_HEALTHS[finding.severity], message=told, cure=cure)


def of_clock(here: dt.datetime, there: dt.datetime, whose: Wording) -> Diagnosis:
    """Compare the clock of this machine with another."""
    off = abs((here - there).total_seconds())
    if off <= _SLOW:
        return good("clock", say("it agrees with that of {place}", place=whose))
    told = say("it is {minutes:,.0f} min off that of {place}", minutes=off / 60, place=whose)
    cure = say("let the system set it by the network (NTP)")
    if off > _WRONG:
        return broken("clock", told, cure)
    return doubtful("clock", told, cure)


_HEALTHS = {
    Severity.ERROR: Health.BROKEN,
    Severity.WARNING: Health.DOUBTFUL,
    Severity.NOTE: Health.GOOD,
}
_PARTS = {
    "settings": say("settings"),
    "secrets": say("secrets"),
    "files": say("files"),
    "templates": say("templates"),
    "feeds": say("feeds"),
    "ledger": say("ledger"),
    "sends": say("sends"),
    "workers": say("workers"),
    "jobs": say("jobs"),
    "backups": say("backups"),
    "sign-ups": say("sign-ups"),
    "bounces": say("bounces"),
    "provider": say("provider"),
    "events": say("events"),
    "clock": say("clock"),
    "domain": say("domain of the sender"),
    "service": say("public service"),
    "leaving": say("unsubscribing"),
    "webhook": say("webhook"),
    "mailbox": say("mailbox"),
    "meetings": say("meetings"),
    "regions": say("regional networks"),
    "surveys": say("surveys"),
}
