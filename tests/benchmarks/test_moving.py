"""A ledger of years moves to a server in the middle of a send: what it costs, and nobody twice."""

import datetime as dt
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from newsletter import pipeline
from newsletter.ledger import open_ledger
from newsletter.settings import load_settings
from tests.benchmarks.crowd import Cost, crowd_in_file, file_of, measure, settle
from tests.conftest import Site, StartBrevo
from tests.servers.postgres import PostgresServer
from tests.waiting import wait_until

_PEOPLE, _SMALL, _ISSUES = 100_000, 10_000, 24
_MOST = 150 * 2**20  # bytes, at any size
_GROWTH = 1.3  # of the peak, for ten times the people
_MOST_EACH = 40e-6  # seconds of processor a row, both ways of reading and hashing included


def _history(site: Site, people: int) -> None:
    """Write two years of issues that everybody got, copied from the one that is planned."""
    with closing(sqlite3.connect(file_of(site))) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(sends)")]
        for issue in range(2, 2 + _ISSUES):
            own = {
                "id": str(issue),
                "key": f"printf('%032x', {issue})",
                "scope": f"'old-{issue}'",
                "issue_id": f"'old-{issue}'",
                "tag": f"'old-{issue}'",
                "state": "'done'",
            }
            told = ", ".join(own.get(name, name) for name in names)
            connection.execute(f"INSERT INTO sends SELECT {told} FROM sends WHERE id = 1")  # noqa: S608 - ours
            connection.execute(
                "INSERT INTO editions SELECT (SELECT max(id) + 1 FROM editions), ?, variant, "
                "language, subject, html, text, slots, pictures, digest FROM editions "
                "WHERE send_id = 1 LIMIT 1",
                [issue],
            )
            connection.execute(
                "INSERT INTO batches (send_id, edition_id, size, is_canary, state, reason, key, "
                "worker, attempt, not_before, called_at) SELECT ?, (SELECT max(id) FROM editions), "
                "size, 0, 'settled', '', hex(randomblob(16)), '', 1, 0.0, 1700000000.25 "
                "FROM batches WHERE send_id = 1",
                [issue],
            )
            connection.execute(
                "INSERT INTO deliveries (send_id, batch_id, subscriber_id, address, state, "
                "message_id, reason, transient, changed_at) "
                "SELECT ?, (SELECT max(id) FROM batches) - id % 100, id, address, 'accepted', "
                "'m-' || id || '@smtp.example.org', '', 0, changed_at FROM subscribers",
                [issue],
            )
        held = connection.execute("SELECT count(*) FROM deliveries").fetchone()[0]
        assert held == people * (_ISSUES + 1)


def _begin(site: Site, people: int) -> None:
    crowd_in_file(site, people)
    settings, now = load_settings(site.root), dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
    with closing(open_ledger(file_of(site))) as ledger:
        plan = pipeline.plan(settings, pipeline.read(settings, "2026-06"), ledger, now=now)
        pipeline.freeze(settings, plan, ledger, now=now)
    _history(site, people)


def _moved(site: Site, server: PostgresServer, name: str) -> Cost:
    url = server.create_database(name)
    return measure(site, "database", "move", "sqlite:///subscribers/newsletter.db", url, "--yes")


def test_a_ledger_of_years_moves_in_constant_memory_and_its_send_goes_on(
    tmp_path: Path, start_brevo: StartBrevo
) -> None:
    rows = (_PEOPLE * (_ISSUES + 1) + _PEOPLE) * 1.01
    with PostgresServer(fsync=False) as server:
        small = settle(tmp_path / "small", provider="brevo", base_url="http://127.0.0.1:9")
        _begin(small, _SMALL)
        less = _moved(small, server, "small")
        large = settle(
            tmp_path / "large", provider="brevo", base_url="http://127.0.0.1:9", extra="# extra"
        )
        large.settings(base_url="# as the provider is started")
        provider = start_brevo(large, bodies="none", delay=0.05, extra="concurrency = 2")
        large.write(".env", f"NEWSLETTER_API_KEY={provider.api_key}\nNEWSLETTER_SECRET=ours\n")
        _begin(large, _PEOPLE)
        sending = large.start("send", "2026-06", "--yes")
        wait_until(lambda: len(provider.messages()) >= _PEOPLE // 4 or sending.poll() is not None)
        sending.kill()
        sending.wait()

        cost = _moved(large, server, "large")

        url = server.url_of("large")
        large.settings(url=f'url = "{url}"')
        large.run("send", "2026-06", "--yes")
        mailed = Counter(message["email"] for message in provider.messages())
    each, twice = cost.processor_seconds / rows, sum(count > 1 for count in mailed.values())
    print(
        f"\nmoved {_PEOPLE:,} people and {_ISSUES} issues in {cost.seconds:.0f} s, "
        f"{cost.processor_seconds:.0f} s of processor ({each * 1e6:.1f} µs a row), at most "
        f"{cost.peak_bytes / 2**20:.0f} MB; a tenth of the people: {less.seconds:.0f} s, "
        f"{less.peak_bytes / 2**20:.0f} MB; then {len(mailed):,} mailed, {twice} twice",
        end="",
    )
    assert len(mailed) == _PEOPLE
    assert set(mailed.values()) == {1}
    assert cost.peak_bytes <= _MOST
    assert cost.peak_bytes <= _GROWTH * less.peak_bytes
    assert each <= _MOST_EACH
