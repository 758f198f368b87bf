"""Opens and clicks are summed up to the same whatever their order, each once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select

from newsletter.ledger import Ledger, figures, hits, planning, summing
from newsletter.ledger.figure_tables import marks, readers
from newsletter.ledger.people_tables import hits as hits_table
from newsletter.ledger.people_tables import visits
from newsletter.ledger.tables import deliveries
from newsletter.model import Hit, HitKind, Visitor
from newsletter.model.figures import Source, Span
from tests.ledger.blank import put_blank
from tests.ledger.examples import FI, FINNISH, NEW, NOW, add, edition, person
from tests.ledger.test_hits import SEEN

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SOON = NOW + HOUR
OPENED, CLICKED = HitKind.OPENED, HitKind.CLICKED
HUMAN, MACHINE, UNKNOWN = Visitor
NAMES = ("aino", "bo", "cecilia")
TOLD = replace(SEEN, source=Source.WEBHOOKS, delivery=1)


def hour(after: dt.timedelta) -> str:
    """Return the hour so long after the first send began."""
    return (NOW + after).isoformat()[:13]


def send_two(connection: Connection) -> None:
    """Send an issue to three people, and the next one a month later; deliveries are 1 to 6."""
    add(connection, *map(person, NAMES))
    for number in range(2):
        name, at = f"2026-{number + 11}", NOW + number * 30 * DAY
        new = replace(NEW, key=name.ljust(32, "0"), scope=name, issue_id=name, now=at)
        planning.plan_send(connection, new, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 500})
    ids = connection.execute(select(deliveries.c.id)).scalars().all()
    assert sorted(ids) == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def sent(ledger: Ledger) -> Ledger:
    """A ledger of two issues that went to three people."""
    with ledger.write() as connection:
        send_two(connection)
    return ledger


def take(ledger: Ledger, *seen: Hit, now: dt.datetime = SOON) -> set[int]:
    """Keep what was seen, and sum it up; return of which sends it is."""
    with ledger.write() as connection:
        hits.add_hits(connection, seen)
    return summing.sum_up(ledger, now)


def counted(ledger: Ledger) -> dict[tuple[object, ...], int]:
    """Return how many visits there were, by all that they are told apart by."""
    with ledger.read() as connection:
        assert connection.execute(select(hits_table)).all() == []
        return {tuple(key): count for *key, count in connection.execute(select(visits))}


def hours(ledger: Ledger) -> dict[object, int]:
    """Return how many visits there were in each hour or on each day."""
    return {key[4]: count for key, count in counted(ledger).items()}


def seen_of(ledger: Ledger) -> dict[tuple[object, ...], tuple[int, int | None]]:
    """Return the best of each copy, ever and within the window."""
    with ledger.read() as connection:
        rows = connection.execute(select(readers)).all()
    return {tuple(row[:5]): (row.rank, row.early) for row in rows}


def test_visits_are_counted_by_the_hour_for_three_days_and_on_the_last_of_the_window(
    sent: Ledger,
) -> None:
    after = [0 * HOUR, 71 * HOUR, 72 * HOUR, 73 * HOUR, 7 * DAY - HOUR, 7 * DAY, 8 * DAY, 9 * DAY]
    hourly = {hour(each) for each in (0 * HOUR, 71 * HOUR, 7 * DAY - HOUR, 7 * DAY)}

    for _ in range(2):  # what comes after it was summed up is added
        take(sent, *(replace(SEEN, hour=hour(each)) for each in after))

    daily = {hour(3 * DAY)[:10]: 4, hour(8 * DAY)[:10]: 2, hour(9 * DAY)[:10]: 2}
    assert hours(sent) == {**dict.fromkeys(hourly, 2), **daily}


def test_of_each_copy_the_best_is_kept_ever_and_within_the_window(sent: Ledger) -> None:
    late = hour(7 * DAY)
    fetched = replace(TOLD, visitor=MACHINE)

    take(sent, fetched, replace(fetched, hides=True), replace(TOLD, visitor=UNKNOWN, hour=late))
    take(sent, replace(TOLD, delivery=2, hour=late), replace(fetched, delivery=3))
    take(sent, replace(fetched, hour=late), replace(TOLD, delivery=2, visitor=MACHINE))

    opened = (1, "webhooks", "opened", summing.ANY)
    assert seen_of(sent) == {(*opened, 1): (2, 1), (*opened, 2): (3, 0), (*opened, 3): (0, 0)}


def test_a_click_counts_for_its_link_and_for_any(sent: Ledger) -> None:
    clicked = replace(TOLD, kind=CLICKED)

    take(sent, replace(clicked, link=7, visitor=MACHINE), replace(clicked, link=8))
    take(sent, replace(clicked, delivery=2))  # a link that is none of the author's

    ranks = {(key[3], key[4]): rank for key, (rank, _) in seen_of(sent).items()}
    assert ranks == {(summing.ANY, 1): 3, (7, 1): 0, (8, 1): 3} | {
        (summing.ANY, 2): 3,
        (summing.OTHERS, 2): 3,
    }


def test_what_is_nobodys_and_two_sources_are_counted_apart(sent: Ledger) -> None:
    changed = take(sent, SEEN, SEEN, replace(TOLD, hides=True, visitor=MACHINE))

    assert changed == {1}
    human = (1, "service", "opened", 0, hour(0 * HOUR), "human", "gmail-proxy", SEEN.rules, False)
    told = (1, "webhooks", "opened", 0, hour(0 * HOUR), "machine", "gmail-proxy", SEEN.rules, True)
    assert counted(sent) == {human: 2, told: 1}
    assert [key[4] for key in seen_of(sent)] == [1]


def test_what_a_provider_tells_twice_counts_once(sent: Ledger) -> None:
    one, other = replace(TOLD, mark=-(2**63)), replace(TOLD, mark=2**63 - 1)

    take(sent, one, one)
    take(sent, one, other)

    assert hours(sent) == {hour(0 * HOUR): 2}


def test_a_late_event_changes_its_own_issue_alone(sent: Ledger) -> None:
    of_second = replace(TOLD, send=2, delivery=4, hour=hour(30 * DAY))
    take(sent, replace(TOLD, visitor=UNKNOWN), of_second)
    before = {key: count for key, count in counted(sent).items() if key[0] == 2}

    changed = take(sent, replace(TOLD, mark=1, hour=hour(2 * DAY)), now=NOW + 29 * DAY)

    assert changed == {1}
    assert {key: count for key, count in counted(sent).items() if key[0] == 2} == before
    of_issues = {key[0]: best for key, best in seen_of(sent).items()}
    assert of_issues == {1: (3, 3), 2: (3, 3)}


def keep_figures(ledger: Ledger, send: int, at: dt.datetime) -> None:
    """Let the figures of a send have been computed of all that was summed up by a moment."""
    row = figures.KeptRow(
        send=send,
        source="",
        span=Span.WINDOW,
        content=figures.Content(),
        computed_at=at,
        is_final=False,
    )
    with ledger.write() as connection:
        figures.take_news(connection, send)
        figures.keep_rows(connection, [row])


def test_whose_copy_it_was_is_known_for_thirty_days(sent: Ledger) -> None:
    take(sent, TOLD, replace(TOLD, send=2, delivery=4), now=NOW + 29 * DAY)

    take(sent, replace(TOLD, delivery=2), replace(TOLD, send=2, delivery=5), now=NOW + 30 * DAY)
    assert {key[4] for key in seen_of(sent)} == {1, 4, 5}
    with sent.write() as connection:
        assert (
            summing.forget_readers(connection, before=NOW + DAY) == 0
        )  # no figures of it are kept
    keep_figures(sent, 1, NOW + 29 * DAY)
    with sent.write() as connection:
        assert summing.forget_readers(connection, before=NOW + DAY) == 0  # something may be missing
    keep_figures(sent, 1, NOW + 30 * DAY)
    with sent.write() as connection:
        assert summing.forget_readers(connection, before=NOW + DAY) == 1

    assert {key[4] for key in seen_of(sent)} == {4, 5}
    assert sum(counted(sent).values()) == 4


def test_what_was_told_is_forgotten_with_its_day(sent: Ledger) -> None:
    take(sent, *(replace(TOLD, mark=day, hour=hour(day * DAY)) for day in range(3)))

    with sent.write() as connection:
        assert hits.forget_marks(connection, before=hour(2 * DAY)[:10]) == 2
        assert connection.execute(select(marks.c.mark)).scalars().all() == [2]


def test_nothing_is_lost_or_counted_twice_while_hits_are_written_and_summed_up(
    sent: Ledger,
) -> None:
    rounds, is_done = 40, Event()

    def write(name: int) -> None:
        for number in range(rounds):
            told = replace(TOLD, mark=number, kind=CLICKED, link=name)
            with sent.write() as connection:
                hits.add_hits(connection, [SEEN, SEEN, told])

    def sum_all() -> None:
        while not is_done.is_set():
            summing.sum_up(sent, SOON)

    with ThreadPoolExecutor() as pool:
        summing_up = [pool.submit(sum_all) for _ in range(2)]
        for one in [pool.submit(write, name) for name in (1, 2)]:
            one.result()
        is_done.set()
        for other in summing_up:
            other.result()

    summing.sum_up(sent, SOON)
    by_kind = {OPENED: 0, CLICKED: 0}
    for key, count in counted(sent).items():
        by_kind[HitKind(str(key[2]))] += count
    assert by_kind == {OPENED: 4 * rounds, CLICKED: rounds}


def test_what_another_process_writes_of_a_second_send_meanwhile_is_counted_later(
    sent: Ledger,
) -> None:
    if not sent.is_shared:
        pytest.skip("one transaction at a time writes there")
    writing = ExitStack()
    hits.add_hits(writing.enter_context(sent.write()), [replace(SEEN, send=2)])  # numbered first
    with sent.write() as connection:
        hits.add_hits(connection, [SEEN])

    def end_writing(_c: object, _d: object, statement: str, *_others: object) -> None:
        if "DELETE FROM hits" in statement:
            writing.close()

    event.listen(sent.engine, "before_cursor_execute", end_writing)
    try:
        summing.sum_up(sent, SOON)
    finally:
        event.remove(sent.engine, "before_cursor_execute", end_writing)
        writing.close()

    assert {key[0]: count for key, count in counted(sent).items()} == {1: 1, 2: 1}


# --- any order ----------------------------------------------------------------------------

Ended = tuple[Mapping[tuple[object, ...], int], Mapping[tuple[object, ...], tuple[int, int | None]]]
EVENTS = st.lists(
    st.builds(
        lambda send, whose, kind, link, after, who, hides: Hit(
            send=send,
            delivery=whose + 3 * (send - 1),
            kind=kind,
            link=link if kind is CLICKED else None,
            hour=hour((send - 1) * 30 * DAY + after * HOUR),
            visitor=who,
            reason=f"as-{who}",
            rules="2026-11-30",
            source=Source.WEBHOOKS,
            hides=hides and who is MACHINE,
        ),
        send=st.integers(1, 2),
        whose=st.integers(1, 3),
        kind=st.sampled_from(HitKind),
        link=st.sampled_from([None, 1, 2]),
        after=st.sampled_from([0, 1, 70, 72, 90, 166, 167, 168, 200]),
        who=st.sampled_from(Visitor),
        hides=st.booleans(),
    ),
    max_size=30,
)


def _marked(events: Sequence[Hit]) -> list[Hit]:
    return [replace(event, mark=number) for number, event in enumerate(events)]


def _in_batches(ledger: Ledger, events: Sequence[Hit], sizes: Sequence[int]) -> Ended:
    """Take events in portions of these sizes, in turn; return how it ends."""
    begin = turn = 0
    while begin < len(events):
        size = sizes[turn % len(sizes)]
        take(ledger, *events[begin : begin + size], now=NOW + 29 * DAY)
        begin, turn = begin + size, turn + 1
    return counted(ledger), seen_of(ledger)


def _emptied(ledger: Ledger) -> Ledger:
    ledger.close()
    put_blank(Path(ledger.place))
    with ledger.write() as connection:
        send_two(connection)
    return ledger


@settings(max_examples=15)
@given(events=EVENTS, data=st.data())
def test_the_same_events_in_any_order_repeated_and_in_other_batches_end_the_same(
    sqlite: Ledger, events: list[Hit], data: st.DataObject
) -> None:
    told = _marked(events)
    at_once = _in_batches(_emptied(sqlite), told, [100])

    again = data.draw(st.permutations(told + told[: data.draw(st.integers(0, 9))]))
    sizes = data.draw(st.lists(st.integers(1, 20), min_size=1, max_size=4))
    bit_by_bit = _in_batches(_emptied(sqlite), again, sizes)

    assert bit_by_bit == at_once
    assert sum(at_once[0].values()) == len(events)


def test_the_best_of_each_copy_is_what_a_loop_over_all_events_finds(sent: Ledger) -> None:
    chosen = Random(7)
    events = _marked(
        [
            replace(
                TOLD,
                delivery=chosen.randint(1, 3),
                kind=chosen.choice(list(HitKind)),
                visitor=chosen.choice(list(Visitor)),
                hour=hour(chosen.randint(0, 300) * HOUR),
            )
            for _ in range(200)
        ]
    )
    ranks = {HUMAN: 3, UNKNOWN: 2, MACHINE: 0}
    best: dict[tuple[str, int], int] = {}
    for one in events:
        key = (one.kind.value, one.delivery)
        best[key] = max(best.get(key, 0), ranks[one.visitor])

    ended = _in_batches(sent, chosen.sample(events * 2, 400), [7, 64])

    assert sum(ended[0].values()) == 200
    found = {(k[2], k[4]): v[0] for k, v in seen_of(sent).items() if k[3] == summing.ANY}
    assert found == best
