"""How the list grew follows from what happened to people, and stays as it was told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from newsletter.ledger import Ledger, erasing, figures, history, people
from newsletter.ledger.figure_tables import figures as kept_figures
from newsletter.ledger.people_tables import records
from newsletter.ledger.personal import find_holder
from newsletter.ledger.tables import subscribers
from newsletter.model import (
    By,
    Happened,
    MonthOfGrowth,
    Record,
    Standing,
    Subscriber,
    standing_after,
)
from newsletter.model.memberships import months_between
from newsletter.stats.growing import count_growth
from newsletter.stats.months import update_growth
from tests.ledger.examples import person

ZONE = ZoneInfo("Europe/Helsinki")
DAY = dt.timedelta(days=1)
SEPTEMBER = dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC)
OCTOBER, NOVEMBER, DECEMBER = (SEPTEMBER + n * DAY for n in (30, 61, 91))
# What may happen to somebody, but for pauses, which end by themselves.
_HAPPENINGS = st.sampled_from(
    [
        *(Happened.ASKED, Happened.CONFIRMED, Happened.RETURNED, Happened.UNCONFIRMED),
        *(Happened.BOUNCED, Happened.UNSUBSCRIBED, Happened.COMPLAINED, Happened.UNDONE),
    ]
)


def joins(connection: Connection, *persons: Subscriber, at: dt.datetime) -> None:
    """Put people on the list."""
    people.add_subscribers(connection, persons, at)


def note(
    connection: Connection, key: str, what: Happened, at: dt.datetime, **other: object
) -> None:
    """Let something have happened to somebody, and be noted then or `noted` later."""
    noted = other.get("noted", at)
    assert isinstance(noted, dt.datetime)
    people.lock_people(connection)
    by = By(str(other.get("by", By.PERSON)))
    history.note(connection, [Record(key=key, what=what, at=at, noted_at=noted, by=by)], noted)


def is_erased(connection: Connection, name: str, now: dt.datetime) -> None:
    """Erase somebody."""
    erasing.erase(connection, find_holder(connection, person(name).address), now)


def told(ledger: Ledger, now: dt.datetime) -> dict[str, MonthOfGrowth]:
    return {month.month: month for month in update_growth(ledger, "Europe/Helsinki", now)}


def test_who_joined_and_who_left_is_told_by_month(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, *map(person, ("aino", "bea", "cai", "dag")), at=SEPTEMBER)
        note(connection, "key-aino", Happened.UNSUBSCRIBED, OCTOBER)
        note(connection, "key-bea", Happened.BOUNCED, OCTOBER, by=By.PROVIDER)
        note(connection, "key-cai", Happened.COMPLAINED, NOVEMBER, by=By.PROVIDER)
        note(connection, "key-aino", Happened.CONFIRMED, NOVEMBER)

    months = told(ledger, DECEMBER)

    assert list(months) == ["2026-09", "2026-10", "2026-11", "2026-12"]
    september, october, november, december = months.values()
    assert september.joined == {"editor": 4}
    assert (september.at_end, october.at_end, november.at_end, december.at_end) == (4, 2, 2, 2)
    assert (october.left, october.bounced, november.complained) == (1, 1, 1)
    assert november.joined == {"form": 1}
    assert december.joined == {}


def test_a_month_is_the_newsletters_own(ledger: Ledger) -> None:
    """In Helsinki it is October three hours earlier, and two hours from November on."""
    with ledger.write() as connection:
        joins(connection, person("aino"), at=dt.datetime(2026, 9, 30, 21, 30, tzinfo=dt.UTC))
        joins(connection, person("bea"), at=dt.datetime(2026, 10, 31, 21, 30, tzinfo=dt.UTC))

    months = told(ledger, NOVEMBER)

    assert {name: month.joined for name, month in months.items()} == {
        "2026-10": {"editor": 2},
        "2026-11": {},
    }


def test_a_month_stays_as_it_was_told_whoever_is_erased(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, person("aino"), person("bea"), at=SEPTEMBER)
        note(connection, "key-aino", Happened.UNSUBSCRIBED, OCTOBER)
    before = told(ledger, NOVEMBER)

    with ledger.write() as connection:
        connection.execute(delete(records).where(records.c.subscriber_key == "key-aino"))
        connection.execute(delete(subscribers).where(subscribers.c.key == "key-aino"))
        joins(connection, person("cai"), at=NOVEMBER + DAY)
    after = told(ledger, DECEMBER)

    assert (after["2026-09"], after["2026-10"]) == (before["2026-09"], before["2026-10"])
    assert (after["2026-09"].joined, after["2026-10"].left) == ({"editor": 2}, 1)
    assert after["2026-11"].at_end == 2


def test_a_month_that_is_not_over_keeps_what_those_did_who_are_erased(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, *map(person, ("aino", "bea", "cai", "dag")), at=SEPTEMBER)
        joins(connection, person("eva"), at=OCTOBER)
        note(connection, "key-aino", Happened.UNSUBSCRIBED, OCTOBER)
        note(connection, "key-bea", Happened.BOUNCED, OCTOBER, by=By.PROVIDER)
        note(connection, "key-cai", Happened.COMPLAINED, OCTOBER, by=By.PROVIDER)
    before = told(ledger, OCTOBER)

    with ledger.write() as connection:
        for name in ("aino", "bea", "cai", "eva"):
            is_erased(connection, name, OCTOBER + DAY)
    after, later = told(ledger, OCTOBER + DAY), told(ledger, DECEMBER)

    october = before["2026-10"]
    assert (october.joined, october.left, october.at_end) == ({"editor": 1}, 1, 2)
    # One of them was on the list until then.
    assert after["2026-10"] == replace(october, left=2, at_end=1)
    assert after["2026-09"] == before["2026-09"]
    assert (later["2026-10"], later["2026-11"].at_end) == (after["2026-10"], 1)
    with ledger.read() as connection:
        rows = figures.find_rows(connection, [figures.LIST])[figures.LIST]
    assert {row.grouping for row in rows} == {figures.MONTH}


def test_who_was_there_before_records_began_leaves_by_being_erased(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, person("aino"), person("bea"), at=SEPTEMBER)
        connection.execute(delete(records))
    before = told(ledger, NOVEMBER)

    with ledger.write() as connection:
        is_erased(connection, "aino", NOVEMBER + DAY)
    after = told(ledger, NOVEMBER + DAY)

    assert after == before | {"2026-11": replace(before["2026-11"], left=1, at_end=1)}


def test_what_is_told_late_counts_when_it_is_told(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, person("aino"), person("bea"), at=SEPTEMBER)
    told(ledger, NOVEMBER)

    with ledger.write() as connection:
        note(connection, "key-aino", Happened.UNSUBSCRIBED, OCTOBER, noted=NOVEMBER + DAY)
    months = told(ledger, DECEMBER)

    assert [month.left for month in months.values()] == [0, 0, 1, 0]
    assert months["2026-11"].at_end == 1


def test_who_was_on_the_list_before_records_began_joined_all_the_same(ledger: Ledger) -> None:
    with ledger.write() as connection:
        joins(connection, person("aino"), person("bea"), at=SEPTEMBER)
        connection.execute(delete(records))
        connection.execute(update(subscribers).values(changed_at=SEPTEMBER))
        note(connection, "key-aino", Happened.UNSUBSCRIBED, NOVEMBER)

    months = told(ledger, DECEMBER)

    assert months["2026-09"].joined == {"other": 2}
    assert [month.at_end for month in months.values()] == [2, 2, 1, 1]


def test_whoever_pauses_stays_but_may_not_be_mailed_at_the_end(ledger: Ledger) -> None:
    until = {"until": (NOVEMBER + 5 * DAY).isoformat()}
    with ledger.write() as connection:
        joins(connection, person("aino"), at=SEPTEMBER)
        pause = Record(key="key-aino", what=Happened.PAUSED, at=OCTOBER, by=By.PERSON, detail=until)
        history.note(connection, [pause], OCTOBER)

    months = told(ledger, DECEMBER)

    assert [month.left for month in months.values()] == [0, 0, 0, 0]
    assert [month.at_end for month in months.values()] == [1, 0, 1, 1]


# --- anything at all ----------------------------------------------------------------------


def lives(first: int = 0, last: int = 364) -> st.SearchStrategy[list[Record]]:
    """Return what may happen to somebody in a year, the acts of leaving undone among it.

    They join on its first day, or as many days later.
    """

    def record(day: int, what: Happened, act: int) -> Record:
        at = SEPTEMBER - 365 * DAY + day * DAY
        named = f"act{act}" if what in (Happened.UNSUBSCRIBED, Happened.UNDONE) else ""
        return Record(key="k", what=what, at=at, noted_at=at, by=By.PERSON, act=named)

    each = st.builds(record, st.integers(first + 1, last), _HAPPENINGS, st.integers(1, 2))
    begin = SEPTEMBER - (365 - first) * DAY
    joined = Record(key="k", what=Happened.JOINED, at=begin, noted_at=begin, by=By.EDITOR)
    return st.lists(each, max_size=8).map(lambda some: [joined, *some])


@given(lives())
def test_a_list_is_as_long_as_its_people_stand(life: Sequence[Record]) -> None:
    months = months_between(SEPTEMBER - 365 * DAY, SEPTEMBER, ZONE)

    grown = count_growth(months, ZONE, still=0, lone=(), lives=[life])

    for month, told_of in zip(months, grown, strict=True):
        known = [record for record in life if record.moment(SEPTEMBER) < month.end]
        undone = {r.act for r in life if r.what is Happened.UNDONE}
        valid = [r for r in known if not (r.act in undone and r.what is not Happened.UNDONE)]
        stands = standing_after(valid, month.end)
        assert told_of.at_end == (stands is Standing.ACTIVE)


@settings(max_examples=40)
@given(st.one_of(lives(last=360), lives(first=300, last=360), lives(first=350, last=360)))
def test_no_difference_of_months_tells_what_somebody_did_who_was_erased(
    ledger: Ledger, life: Sequence[Record]
) -> None:
    """Neither August nor September is told for good; they leave if they are on the list."""
    now = SEPTEMBER - 4 * DAY
    with ledger.write() as connection:
        connection.execute(delete(kept_figures))
        joins(connection, person("aino"), at=life[0].moment(now))
        for record in sorted(life[1:], key=lambda record: record.moment(now)):
            history.note(connection, [replace(record, key="key-aino")], record.moment(now))
    before = told(ledger, now)

    with ledger.write() as connection:
        is_erased(connection, "aino", now)
    after = told(ledger, now)

    is_on = before["2026-09"].at_end
    last = replace(before["2026-09"], left=before["2026-09"].left + is_on, at_end=0)
    assert after == before | {"2026-09": last}


@given(st.lists(lives(), max_size=4))
def test_who_came_and_who_went_explain_how_long_the_list_is(people_: list[list[Record]]) -> None:
    months = months_between(SEPTEMBER - 365 * DAY, SEPTEMBER, ZONE)

    grown = count_growth(months, ZONE, still=0, lone=(), lives=people_)

    for before, after in pairwise(grown):
        gone = after.left + after.bounced + after.complained
        assert after.at_end == before.at_end + sum(after.joined.values()) - gone
