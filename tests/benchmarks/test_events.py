"""Ten million opens and clicks over five years: taken in, kept small, and told at once.

A tenth of them by default; NEWSLETTER_BENCH_EVENTS says how many. Beside it stands the way in which
listmonk gets such figures, written anew: it counts the rows of all views and clicks of a campaign.
"""

import datetime as dt
import os
import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from newsletter.ledger import Ledger, hits, open_ledger, planning, summing
from newsletter.model import Counting, Hit, HitKind, Source, Visitor
from newsletter.stats import Frame, read_report, update_figures
from tests.ledger.examples import NEW
from tests.servers.postgres import PostgresServer

EVENTS = int(os.environ.get("NEWSLETTER_BENCH_EVENTS", "1_000_000"))
_ISSUES, _EACH = 60, 4  # and so many events of a copy
_READERS = EVENTS // _ISSUES // _EACH
_BATCH, _ROUND = 2_000, 20_000  # events that come, and that are summed up, together
_WANTED = 20_000  # events a second
_RATIO = 50 * EVENTS / 10_000_000  # of the time that counting rows takes
_MONTH, _DAY = dt.timedelta(days=30), dt.timedelta(days=1)
_FRAME = Frame(title="Kirje", language="fi", timezone="Europe/Helsinki")
_AT = "2026-12-15T08:00:00.000000+00:00"
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {count}))",
}
_PEOPLE = (
    "INSERT INTO subscribers (id, address, key, name, language, attributes, standing, basis, "
    "tracking, joined_at, changed_at) {numbers} SELECT i, 'p' || i || '@example.org', 'k' || i, "
    "'', '', '{{}}', 'active', 'consent', 'granted', '{at}', '{at}' FROM n"
)
_EDITIONS = (
    "INSERT INTO editions (id, send_id, variant, language, subject, html, text, slots, pictures, "
    "digest) VALUES ({send}, {send}, 'fi', 'fi', '', '', '', '[]', '[]', '')"
)
_BATCHES = (
    "INSERT INTO batches (id, send_id, edition_id, size, is_canary, state, reason, key, worker, "
    "attempt, not_before) VALUES ({send}, {send}, {send}, 1, false, 'settled', '', '', '', 1, 0)"
)
_DELIVERIES = (
    "INSERT INTO deliveries (id, send_id, batch_id, subscriber_id, address, state, message_id, "
    "reason, transient, changed_at, is_counted) {numbers} SELECT {first} + i, {send}, {send}, i, "
    "'p' || i || '@example.org', 'accepted', '', '', false, '{at}', true FROM n"
)
_CLASSES = [
    (Visitor.HUMAN, "gmail-proxy", False),
    (Visitor.MACHINE, "apple-proxy", True),
    (Visitor.MACHINE, "scanner", False),
    (Visitor.UNKNOWN, "no-rule", False),
]
_RAW = """
CREATE TABLE {name} (id BIGSERIAL PRIMARY KEY, campaign_id INTEGER, subscriber_id INTEGER,
  link_id INTEGER, created_at TIMESTAMP WITH TIME ZONE);
INSERT INTO {name} (campaign_id, subscriber_id, link_id, created_at)
  SELECT mod(i, {issues}) + 1, random() * {readers}, random() * 20,
    TIMESTAMPTZ '2026-12-15' + mod(i, {issues}) * INTERVAL '30 days' + random() * INTERVAL '7 days'
  FROM generate_series(1, {count}) AS i;
CREATE INDEX ON {name} (campaign_id); CREATE INDEX ON {name} (subscriber_id);
CREATE INDEX ON {name} ((TIMEZONE('UTC', created_at)::DATE)); ANALYZE {name};
"""
_COUNTED = [
    "SELECT campaign_id, count(*) FROM {name} GROUP BY campaign_id",
    "SELECT campaign_id, count(DISTINCT subscriber_id) FROM {name} GROUP BY campaign_id",
    "SELECT campaign_id, date_trunc('hour', created_at), count(*) FROM {name} GROUP BY 1, 2",
]
_BY_LINK = (
    "SELECT campaign_id, link_id, count(DISTINCT subscriber_id) FROM link_clicks GROUP BY 1, 2"
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of its own."""
    with PostgresServer() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(
    request: pytest.FixtureRequest, tmp_path: Path, server: PostgresServer
) -> Iterator[Ledger]:
    """An empty ledger on either database."""
    is_shared = request.param == "postgresql"
    place = server.create_database(f"e{uuid4().hex[:8]}") if is_shared else tmp_path / "ledger.db"
    opened = open_ledger(place)
    yield opened
    opened.close()


def begun(issue: int) -> dt.datetime:
    """Return when an issue was sent, the first being 0."""
    return NEW.now + issue * _MONTH


def send_all(ledger: Ledger) -> None:
    """Write all issues, and their deliveries to everybody."""
    numbers = _NUMBERS[ledger.engine.dialect.name].format(count=_READERS)
    with ledger.write() as connection:
        connection.execute(text(_PEOPLE.format(numbers=numbers, at=_AT)))
    for issue in range(_ISSUES):
        key = f"{issue:08x}".ljust(32, "0")
        new = replace(NEW, key=key, scope=key, issue_id=key, counting=Counting.CONSENTED)
        with ledger.write() as connection:
            send = planning.insert_send(connection, replace(new, now=begun(issue)), {})
            values = {"send": send, "first": issue * _READERS, "numbers": numbers, "at": _AT}
            for statement in (_EDITIONS, _BATCHES, _DELIVERIES):
                connection.execute(text(statement.format(**values)))
            connection.execute(text("UPDATE sends SET state = 'done'"))


def events_of(issue: int, source: Source) -> Iterator[list[Hit]]:
    """Yield what is seen of an issue, in the portions in which it comes."""
    chosen, count = random.Random(issue), EVENTS // _ISSUES
    for first in range(0, count, _BATCH):
        some = []
        for number in range(first, min(first + _BATCH, count)):
            visitor, reason, hides = chosen.choice(_CLASSES)
            is_click = chosen.random() < 0.2
            after = dt.timedelta(hours=min(160, int(chosen.expovariate(1 / 20))))
            mark = (issue * EVENTS + number) * 0x9E3779B97F4A7C15 % 2**63
            some.append(
                Hit(
                    send=issue + 1,
                    kind=HitKind.CLICKED if is_click else HitKind.OPENED,
                    hour=(begun(issue) + after).isoformat()[:13],
                    visitor=visitor,
                    reason=reason,
                    rules="2026-11-30",
                    delivery=issue * _READERS + chosen.randint(1, _READERS),
                    link=chosen.randint(1, 20) if is_click else None,
                    source=source,
                    hides=hides,
                    mark=mark if source is Source.WEBHOOKS else None,
                )
            )
        yield some


def size_of(ledger: Ledger) -> int:
    """Return how many bytes a ledger takes."""
    if not ledger.is_shared:
        beside = ("", "-wal")
        files = [Path(f"{ledger.place}{end}") for end in beside]
        return sum(file.stat().st_size for file in files if file.exists())
    with ledger.read() as connection:
        size = text("SELECT pg_database_size(current_database())")
        return int(connection.execute(size).scalar_one())


def forget(ledger: Ledger, now: dt.datetime) -> None:
    """Forget what is not needed any more, as it is done each night."""
    count = 1
    while count:
        with ledger.write() as connection:
            count = summing.forget_readers(connection, before=now - 31 * _DAY)
            before = (now - 35 * _DAY).date().isoformat()
            count += hits.forget_marks(connection, before=before)


class Watch:
    """Adds up how long something takes, and how long processors are at work on it."""

    def __init__(self, ledger: Ledger) -> None:
        """Start at 0; the work of a server is that of the ledger's one connection to it."""
        self.seconds = self.at_work = 0.0
        self._process: int | None = None
        if ledger.is_shared:
            with ledger.read() as connection:
                found = connection.execute(text("SELECT pg_backend_pid()"))
                self._process = int(found.scalar_one())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Add what happens within."""
        begin, worked = time.perf_counter(), self._worked()
        yield
        self.seconds += time.perf_counter() - begin
        self.at_work += self._worked() - worked

    def _worked(self) -> float:
        ticks = 0
        if self._process:
            stat = Path(f"/proc/{self._process}/stat").read_text(encoding="utf-8")
            ticks = sum(map(int, stat.rpartition(")")[2].split()[11:13]))
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def take_all(ledger: Ledger, source: Source) -> tuple[Watch, list[int]]:
    """Take all events in, month by month; return what it took, and peaks of memory."""
    watch, peaks = Watch(ledger), []
    for issue in range(_ISSUES):
        for number, some in enumerate(events_of(issue, source), 1):
            with watch.running():
                with ledger.write() as connection:
                    hits.add_hits(connection, some)
                if number * _BATCH % _ROUND == 0:
                    summing.sum_up(ledger, begun(issue) + _DAY)
        with watch.running():
            summing.sum_up(ledger, begun(issue) + _DAY)
        for days in (9, 30):
            update_figures(ledger, now=begun(issue) + days * _DAY)
        forget(ledger, begun(issue) + 32 * _DAY)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    return watch, peaks


def count_rows(server: PostgresServer) -> float:
    """Count the rows of all views and clicks; return the seconds that took."""
    engine = create_engine(server.create_database(f"r{uuid4().hex[:8]}"), poolclass=NullPool)
    sizes = {"campaign_views": EVENTS * 4 // 5, "link_clicks": EVENTS // 5}
    with engine.begin() as connection:
        for name, count in sizes.items():
            values = {"name": name, "count": count, "issues": _ISSUES, "readers": _READERS}
            connection.exec_driver_sql(_RAW.format(**values))
        asked = [query.format(name=name) for name in sizes for query in _COUNTED]
        begin = time.perf_counter()
        for query in [*asked, _BY_LINK]:
            connection.exec_driver_sql(query).all()
        return time.perf_counter() - begin


@pytest.mark.parametrize("source", [Source.SERVICE, Source.WEBHOOKS])
def test_events_of_five_years_are_taken_kept_small_and_told_at_once(
    ledger: Ledger, server: PostgresServer, source: Source
) -> None:
    send_all(ledger)
    before = size_of(ledger)

    watch, peaks = take_all(ledger, source)

    each = (size_of(ledger) - before) / EVENTS
    told = []
    for _ in range(3):
        begin = time.perf_counter()
        report = read_report(ledger, _FRAME, now=begun(_ISSUES))
        told.append(time.perf_counter() - begin)
    ratio = count_rows(server) / min(told)
    print(
        f"\n{ledger.engine.dialect.name}, {source}: {EVENTS:,} events over {_ISSUES} issues, "
        f"{EVENTS / watch.seconds:,.0f} events/s taken and summed up, "
        f"{EVENTS / watch.at_work:,.0f} for each second of a processor, of which "
        f"{os.getloadavg()[0]:.1f} were asked for at the end; {each:.1f} bytes each; all figures "
        f"within {min(told) * 1000:,.0f} ms, {ratio:.0f} times as fast as counting rows; "
        f"peak of memory {peaks[9] / 2**20:,.0f} MB after ten issues, {peaks[-1] / 2**20:,.0f} MB "
        "after all"
    )
    assert len(report.issues) == _ISSUES
    assert peaks[-1] < 1.2 * peaks[9]
    assert min(told) < 1
    assert ratio >= _RATIO
    assert EVENTS / watch.seconds >= _WANTED
