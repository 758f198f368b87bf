"""A server's ledger is backed up by pg_dump, and sends on in an empty database: nobody twice."""

import json
import os
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.conftest import Site, StartBrevo
from tests.servers.brevo import BrevoServer
from tests.servers.postgres import PostgresServer
from tests.waiting import read_until, wait_until

SLOWLY = "batch_size = 5\nconcurrency = 1\nsettles_after = 0"
EVERYBODY = Counter(f"person{n}@example.org" for n in range(50))


@pytest.fixture
def office(site: Site, postgres: PostgresServer) -> Site:
    """A newsletter whose ledger is a server's, with PostgreSQL's programs on PATH."""
    _use(site, _made(postgres))
    site.environment["PATH"] = f"{postgres.programs}:{os.environ['PATH']}"
    return site


def _made(postgres: PostgresServer) -> str:
    return postgres.create_database(f"kept{uuid4().hex[:8]}")


def _use(site: Site, url: str) -> None:
    site.settings(url=f'url = "{url}"')


def _mailed(provider: BrevoServer) -> Counter[str]:
    return Counter(message["email"] for message in provider.messages())


def _file(site: Site) -> Path:
    return site.root / "subscribers/backups/b.dump"


def test_a_send_by_workers_goes_on_from_the_restored_ledger(
    office: Site, postgres: PostgresServer, start_brevo: StartBrevo
) -> None:
    provider = start_brevo(office, extra=SLOWLY, delay=0.4)
    office.people(50)
    worker = office.start("worker")
    read_until(worker.stderr, "Working for")
    viewer = office.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 10)
    office.run("backup", str(_file(office)))
    at_the_backup = _mailed(provider).total()
    wait_until(lambda: _mailed(provider).total() >= min(50, at_the_backup + 10))
    for process in (worker, viewer):
        process.kill()
        process.wait()
    lost = _mailed(provider).total()

    _use(office, _made(postgres))
    told = office.run("restore", str(_file(office)), "--yes", "--json")
    further = office.start("worker")
    read_until(further.stderr, "Working for")
    assert _mailed(provider).total() == lost  # nothing goes out unasked
    office.run("send", "2026-06", "--yes", "--despite-departures", code=None)
    wait_until(lambda: _mailed(provider).total() >= 50)
    further.end()

    assert json.loads(told.stdout)["in_doubt"] > 0
    assert _mailed(provider) == EVERYBODY
    assert stat.S_IMODE(_file(office).stat().st_mode) == 0o600


def test_a_database_that_holds_anything_is_not_restored_into(office: Site) -> None:
    office.people(3)
    office.run("backup", str(_file(office)))

    refused = office.run("restore", str(_file(office)), "--yes", code=3)

    assert "nothing is ever written over it" in refused.stderr
    assert office.run("subscribers", "list").stdout.count("@") == 3


def test_who_left_since_is_taken_over_from_the_database_that_went_on(
    office: Site, postgres: PostgresServer
) -> None:
    went_on, goal = _made(postgres), _made(postgres)
    _use(office, went_on)
    office.people(3)
    office.run("backup", str(_file(office)))
    office.run("subscribers", "remove", "person1@example.org")
    _use(office, goal)

    strange = office.run("restore", str(_file(office)), "--newer", "mysql://x", "--yes", code=2)
    told = office.run("restore", str(_file(office)), "--newer", went_on, "--yes", "--json")

    assert "--newer: expected" in strange.stderr
    known = {"gone": 1, "erased": 0, "joined": 0, "is_whole": True}
    assert json.loads(told.stdout)["taken_over"] == known
    assert "unsubscribed" in office.run("subscribers", "show", "person1@example.org").stdout


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def _bits_lost(file: Path) -> None:
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    file.write_bytes(data)


@pytest.mark.parametrize("harm", [_cut, _bits_lost])
def test_a_damaged_dump_is_refused_before_anything_is_touched(
    office: Site, postgres: PostgresServer, harm: Callable[[Path], None]
) -> None:
    office.people(300)
    office.run("backup", str(_file(office)))
    harm(_file(office))
    url = _made(postgres)
    _use(office, url)

    refused = office.run("restore", str(_file(office)), "--yes", code=3)

    assert "is damaged or cut short" in refused.stderr
    with postgres.connect(urlsplit(url).path[1:]) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchone() == (0,)


def test_a_restore_that_is_killed_leaves_nothing_that_could_send(
    office: Site, postgres: PostgresServer
) -> None:
    office.people(3)
    office.run("backup", str(_file(office)))
    url = _made(postgres)
    _use(office, url)
    with postgres.connect(urlsplit(url).path[1:]) as connection:  # as a killed one leaves it
        connection.execute("CREATE TABLE restoring (since text)")

    refused = office.run("subscribers", "list", code=3)
    again = office.run("restore", str(_file(office)), "--yes", code=3)

    assert "a backup is being restored into" in refused.stderr
    assert "nothing is ever written over it" in again.stderr


def test_programs_that_are_missing_or_too_old_are_named_with_their_cure(
    office: Site, tmp_path: Path
) -> None:
    office.people(1)
    folder = tmp_path / "programs"
    folder.mkdir()
    office.environment["PATH"] = str(folder)
    missing = office.run("backup", str(_file(office)), code=3)
    old = folder / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", encoding="utf-8")
    old.chmod(0o755)

    too_old = office.run("backup", str(_file(office)), code=3)

    assert "pg_dump is not on PATH: install PostgreSQL’s client programs" in missing.stderr
    assert "is of PostgreSQL 9, older than the server, which is 18" in too_old.stderr
    assert list(_file(office).parent.iterdir()) == []


def test_each_backup_names_the_database_that_it_is_for(office: Site, tmp_path: Path) -> None:
    office.people(1)
    office.run("backup", str(_file(office)))
    _use(office, f"sqlite:///{tmp_path}/new.db")

    refused = office.run("restore", str(_file(office)), "--yes", code=3)

    assert "is a backup of a server’s ledger" in refused.stderr
    assert not (tmp_path / "new.db").exists()
