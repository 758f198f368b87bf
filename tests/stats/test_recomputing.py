"""Figures are the same in whatever order things come, and however often they are computed."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from newsletter.ledger import Ledger, figures, hits
from newsletter.model import Hit, HitKind, IssueFigures, ReturnKind, Source, Visitor
from newsletter.stats import update_figures
from tests.ledger.blank import put_blank
from tests.stats.sent import (
    BEGUN,
    DAY,
    HOUR,
    HUMAN,
    copies_of,
    has_link,
    is_counted,
    is_seen,
    is_told,
    issue_goes_out,
    leaves,
    people_join,
    report,
)

READERS, AT_LAST = 12, BEGUN + 29 * DAY  # when it is still known whose copies were seen
# When either issue is sent; the later one while the window of the other is open.
BEGINNINGS = (BEGUN, BEGUN + 5 * DAY)
TOLD = (ReturnKind.DELIVERED, ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.COMPLAINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that happens to a copy of an issue, or is told of it."""

    issue: int
    reader: int
    after: int  # hours since the issue began
    what: ReturnKind | tuple[HitKind, Visitor, int] | None  # None: its reader leaves

    @property
    def at(self) -> dt.datetime:
        """Return when it happened."""
        return BEGINNINGS[self.issue] + self.after * HOUR


def deeds() -> st.SearchStrategy[list[Deed]]:
    """Return what may happen in the first days of two issues; nobody leaves twice."""
    seen = st.tuples(st.sampled_from(HitKind), st.sampled_from(Visitor), st.integers(0, 2))
    each = st.builds(
        Deed,
        issue=st.integers(0, 1),
        reader=st.integers(0, READERS - 1),
        after=st.integers(0, 20 * 24),
        what=st.sampled_from(TOLD) | seen | st.none(),
    )
    return st.lists(each, min_size=1, max_size=15, unique_by=_whose)


def _whose(deed: Deed) -> object:
    return deed.reader if deed.what is None else deed


@pytest.fixture
def write(sqlite: Ledger) -> Callable[[Sequence[int]], list[list[int]]]:
    """Return what empties the ledger, sends two issues with their windows, and returns copies."""

    def begin(windows: Sequence[int]) -> list[list[int]]:
        sqlite.close()
        put_blank(Path(sqlite.place))
        with sqlite.write() as connection:
            people_join(connection, READERS)
            issues = [
                issue_goes_out(connection, f"2026-1{n}", begun=begun, window_days=days)
                for n, (begun, days) in enumerate(zip(BEGINNINGS, windows, strict=True))
            ]
            for issue in issues:
                has_link(connection, issue, 1, "Uutiset")
                has_link(connection, issue, 2, "Uutiset")
            return [copies_of(connection, issue) for issue in issues]

    return begin


def happens(connection: Connection, deed: Deed, copies: Sequence[Sequence[int]]) -> None:
    delivery = copies[deed.issue][deed.reader]
    if deed.what is None:
        leaves(connection, f"key-fi{deed.reader}", deed.at)
    elif isinstance(deed.what, ReturnKind):
        is_told(connection, [(delivery, deed.what)], at=deed.at)
    else:
        kind, visitor, link = deed.what
        hit = Hit(
            send=deed.issue + 1,
            kind=kind,
            hour=deed.at.isoformat()[:13],
            visitor=visitor,
            reason="of-the-test",
            rules="2026-11-30",
            delivery=delivery,
            link=link or None if kind is HitKind.CLICKED else None,
            source=Source.WEBHOOKS,
            mark=crc32(repr(deed).encode()),  # the same in each process
        )
        hits.add_hits(connection, [hit])


def told(ledger: Ledger) -> list[IssueFigures]:
    """Return the report in the end; what was revised on the way to it is another matter."""
    return [replace(issue, revisions=()) for issue in report(ledger, AT_LAST).issues]


@settings(max_examples=12)
@given(deeds(), st.tuples(*[st.sampled_from((1, 3, 7, 14))] * 2), st.data())
def test_order_repeats_and_moments_of_computing_make_no_difference(
    write: Callable[[Sequence[int]], list[list[int]]],
    sqlite: Ledger,
    some: list[Deed],
    windows: tuple[int, int],
    data: st.DataObject,
) -> None:
    copies = write(windows)
    for deed in some:
        with sqlite.write() as connection:
            happens(connection, deed, copies)
    at_once = told(sqlite)

    copies = write(windows)
    last, *others = some
    repeated = [deed for deed in others if deed.what is not None]
    for deed in data.draw(st.permutations([*others, *repeated])):
        with sqlite.write() as connection:
            happens(connection, deed, copies)
        days = data.draw(st.integers(0, 20))
        update_figures(sqlite, now=BEGUN + days * DAY)
    # Then the windows are over: all that is news is the last one.
    update_figures(sqlite, now=BEGUN + 20 * DAY)
    with sqlite.write() as connection:
        happens(connection, last, copies)

    assert told(sqlite) == at_once


@pytest.mark.parametrize("back", [HOUR, DAY, 5 * DAY, 30 * DAY])
def test_a_clock_that_is_set_back_changes_nothing_of_what_was_final(
    ledger: Ledger, back: dt.timedelta
) -> None:
    with ledger.write() as connection:
        people_join(connection, 20)
        send = issue_goes_out(connection)
        is_counted(connection, send, BEGUN + 3 * HOUR, "human", 12)
        is_seen(connection, send, dict.fromkeys(copies_of(connection, send)[:12], HUMAN))
    [before] = report(ledger, BEGUN + 8 * DAY).issues
    with ledger.write() as connection:
        figures.note_news(connection, [send])

    [after] = report(ledger, BEGUN + 8 * DAY - back).issues
    [again] = report(ledger, BEGUN + 8 * DAY).issues

    assert before.is_final
    assert before.shown.half_after is not None
    assert replace(after, whole=before.whole) == before == again


def test_persons_and_times_are_of_the_window_of_their_own_issue(
    write: Callable[[Sequence[int]], list[list[int]]], sqlite: Ledger
) -> None:
    copies = write((3, 14))
    opened = (HitKind.OPENED, Visitor.HUMAN, 0)
    for n, day in enumerate((0, 2, 5, 13, 17)):
        for issue in (0, 1):
            with sqlite.write() as connection:
                deed = Deed(issue=issue, reader=n, after=24 * day, what=opened)
                happens(connection, deed, copies)
        update_figures(sqlite, now=BEGUN + (day + 6) * DAY)

    shown = [issue.shown for issue in told(sqlite)]

    assert [one.opens.human for one in shown] == [2, 4]
    assert [one.openers.human for one in shown] == [2, 4]
