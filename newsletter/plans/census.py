"""Who would get an issue, and what the ledger knows about them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from newsletter.audience import work_name
from newsletter.checking import Audience
from newsletter.ledger import (
    Choice,
    Ledger,
    Readers,
    Restoration,
    Send,
    count_readers,
    count_variants,
    find_restoration,
    history,
    list_readers,
    origins,
    people,
    planning,
    questionnaires,
    sends,
)
from newsletter.model import Segment, Variant
from newsletter.plans.readership import choice_of, variant_for
from newsletter.press import Manuscript

_AHEAD = dt.timedelta(days=31)  # so long before its date an issue is sent at the earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Who would get an issue, according to the list as it is."""

    choice: Choice  # whom the issue is for
    counts: Mapping[Variant, int] = field(default_factory=dict)  # readers of each edition
    readers: Readers = field(default_factory=dict)  # those who were counted, if that is recorded
    tested: tuple[Variant, ...] = ()  # what the addresses of a test get
    left_out: Mapping[str, int] = field(default_factory=dict)  # reason -> number of people
    # Language without an issue -> people who get another one.
    strangers: Mapping[str, int] = field(default_factory=dict)
    rehearsal: Send | None = None  # an earlier one
    is_sent: bool = False
    tagged: str = ""  # another issue that was sent with its tag
    # Date of the newest issue sent by a ledger the list came from, if that is not older.
    sent_until: str = ""
    # The ledger came back from a backup, and the issue may have been sent by the one that was lost.
    restoration: Restoration | None = None
    began: str = ""  # day on which this ledger began, if the issue is older: was it sent elsewhere?


def wake(ledger: Ledger, now: dt.datetime) -> None:
    """End the pauses that are over, so that those people are readers again."""
    with ledger.read() as connection:
        is_time = history.is_anybody_awake(connection, now)
    if is_time:
        with ledger.write() as connection:
            people.lock_people(connection)
            history.wake(connection, now)


def take_census(
    ledger: Ledger | None,
    manuscript: Manuscript,
    segment: Segment | None = None,
    *,
    zone: ZoneInfo,
    tests: Sequence[str] = (),
    are_kept: bool = True,
) -> Census:
    """Count who would get an issue: nobody, where there is no ledger.

    Who they are is recorded only if it is to be frozen.
    """
    choice = choice_of(manuscript, segment, zone=zone)
    if ledger is None:
        return Census(choice=choice)
    lead = manuscript.lead
    day = lead.date.isoformat()
    with ledger.read() as connection:
        readers = list_readers(connection, choice) if are_kept else {}
        counts = count_readers(readers) if are_kept else count_variants(connection, choice)
        known = people.find_subscribers(connection, tests)
        first = people.began_at(connection)
        began = f"{first:%Y-%m-%d}" if first else ""
        sent_until = origins.sent_elsewhere_until(connection)
        return Census(
            choice=choice,
            counts=counts,
            readers=readers,
            tested=tuple(variant_for(manuscript, known.get(a.lower()), zone) for a in tests),
            left_out=planning.count_left_out(connection, choice),
            strangers=planning.count_strangers(connection, choice),
            rehearsal=sends.find_rehearsal(connection, lead.id),
            is_sent=sends.find_send(connection, lead.id) is not None,
            tagged=sends.find_tagged(connection, lead.tag, lead.id),
            sent_until=sent_until if sent_until >= day else "",
            restoration=_which_may_hide(find_restoration(connection), lead.date),
            began=began if began > day else "",
        )


def _which_may_hide(found: Restoration | None, day: dt.date) -> Restoration | None:
    """Return a restoration that an issue may have been sent before; none far ahead of its date."""
    return found if found and day <= found.restored_at.date() + _AHEAD else None


def audience_of(
    ledger: Ledger | None, manuscript: Manuscript, census: Census, now: dt.datetime
) -> Audience | None:
    """Return what the checks know about those who would get an issue; None without a list."""
    if ledger is None or not (census.counts or census.left_out):
        return None
    choice = census.choice
    names = {slot.name for issue in manuscript.issues.values() for slot in issue.slots}
    met: dict[str, int] = {}
    for variant, count in census.counts.items():
        for condition in variant.met:
            met[str(condition)] = met.get(str(condition), 0) + count
    keys = {name for c in (*choice.conditions, choice.segment) if c for name in c.names}
    with ledger.read() as connection:
        attributes = frozenset(people.attribute_names(connection))
        return Audience(
            recipients=sum(census.counts.values()),
            attributes=attributes,
            meant={
                name: work_name(name)
                for name in names | keys
                if work_name(name) in attributes - {name}
            },
            empty=people.empty_values(connection, names, choice.segment, choice.zone),
            longest=people.longest_values(connection, {*names, "email"}),
            met=met,
            strangers=sum(census.strangers.values()),
            unserved={code: n for code, n in census.strangers.items() if code},
            stand_in=choice.default_language,
            variants=census.counts,
            segment=str(choice.segment or ""),
            surveys=questionnaires.find_standing(connection, now),
            odd_names=people.count_odd_names(connection, choice.segment, choice.zone)
            if "name" in names
            else 0,
        )
