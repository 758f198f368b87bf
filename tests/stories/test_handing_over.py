"""A ledger that moves to another database takes everything along, and nobody is mailed twice."""

import json
import random
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.conftest import LEDGER, Site, StartBrevo
from tests.servers.brevo import BrevoServer
from tests.servers.postgres import PostgresServer
from tests.waiting import read_until, wait_until

FILE = f"sqlite:///{LEDGER}"
SLOWLY = "batch_size = 5\nconcurrency = 2"


@pytest.fixture
def server(postgres: PostgresServer) -> str:
    """The address of an empty database, as settings have it."""
    return postgres.create_database(f"moved{uuid4().hex[:8]}").replace("+psycopg", "")


def _mailed(provider: BrevoServer) -> Counter[str]:
    return Counter(message["email"] for message in provider.messages())


def _killed_in_the_middle(site: Site, provider: BrevoServer, *, at: int = 10) -> None:
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= at)
    sending.kill()
    sending.wait()


def test_a_send_that_was_killed_goes_on_from_the_new_ledger(
    site: Site, server: str, start_brevo: StartBrevo
) -> None:
    provider = start_brevo(site, extra=SLOWLY, delay=0.2)
    site.people(60)
    _killed_in_the_middle(site, provider)

    told = site.run("database", "move", FILE, server, "--yes", "--json")
    refused = site.run("send", "2026-06", "--yes", code=3)
    site.settings(url=f'url = "{server}"')
    site.run("send", "2026-06", "--yes")

    assert json.loads(told.stdout)["rows"] > 120
    assert f'url = "{server}"' in told.stderr
    assert f'was moved to {server}: write url = "{server}"' in refused.stderr
    assert _mailed(provider) == Counter(f"person{n}@example.org" for n in range(60))


def test_a_send_under_way_ends_with_its_calls_and_goes_on_from_the_new_ledger(
    site: Site, server: str, start_brevo: StartBrevo
) -> None:
    provider = start_brevo(site, extra=SLOWLY, delay=3.0)
    site.people(40)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)

    site.run("database", "move", FILE, server, "--yes")

    said = "".join(sending.communicate())
    assert sending.returncode == 3, said
    assert "was closed, as it moves to another place" in said
    site.settings(url=f'url = "{server}"')
    counts = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    assert counts.get("unknown", 0) == counts.get("sending", 0) == 0  # all calls were waited for
    site.run("send", "2026-06", "--yes")
    assert _mailed(provider) == Counter(f"person{n}@example.org" for n in range(40))


def test_what_was_moved_to_a_server_and_back_is_the_same(
    site: Site, server: str, start_brevo: StartBrevo
) -> None:
    start_brevo(site)
    site.people(20)
    site.run("send", "2026-06", "--yes")
    new = "sqlite:///subscribers/new.db"

    there = site.run("database", "move", FILE, server, "--yes", "--json")
    back = site.run("database", "move", server, new, "--yes", "--json")

    assert json.loads(there.stdout)["tables"] == json.loads(back.stdout)["tables"]
    site.settings(url=f'url = "{new}"')
    assert "was sent already: 20 accepted" in site.run("send", "2026-06", "--yes").stderr
    assert (site.root / "subscribers/new.db").stat().st_mode & 0o777 == 0o600
    site.run("subscribers", "add", "new@example.org")  # ids go on behind the old ones


@pytest.mark.parametrize("round_", range(4))
def test_a_move_that_is_killed_at_any_instant_is_finished_by_the_same_command(
    site: Site, server: str, start_brevo: StartBrevo, round_: int
) -> None:
    provider = start_brevo(site, extra=SLOWLY, delay=0.05)
    site.people(300)
    _killed_in_the_middle(site, provider)
    draw = random.Random(round_)

    for _ in range(3):
        moving = site.start("database", "move", FILE, server, "--yes")
        time.sleep(draw.uniform(0.0, 0.8))  # whatever it is doing then
        moving.kill()
        moving.wait()
    site.run("database", "move", FILE, server, "--yes")
    again = site.run("database", "move", FILE, server, "--yes")

    assert "The move was finished before." in again.stderr
    site.run("send", "2026-06", "--yes", code=3)
    site.settings(url=f'url = "{server}"')
    site.run("send", "2026-06", "--yes")
    assert _mailed(provider) == Counter(f"person{n}@example.org" for n in range(300))


def test_a_database_that_holds_anything_is_no_place_to_move_to(
    site: Site, server: str, postgres: PostgresServer
) -> None:
    site.people(1)
    with postgres.connect(urlsplit(server).path[1:]) as connection:
        connection.execute("CREATE TABLE strange (id integer)")

    refused = site.run("database", "move", FILE, server, "--yes", code=3)

    assert "holds something already" in refused.stderr
    site.run("subscribers", "list")


def test_a_move_that_is_given_up_lets_the_old_ledger_send_and_never_the_new_one(
    site: Site, server: str, start_brevo: StartBrevo
) -> None:
    provider = start_brevo(site, extra=SLOWLY, delay=2.0)
    site.people(20)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)
    moving = site.start("database", "move", FILE, server, "--yes")
    read_until(moving.stderr, "waiting for")  # for that call
    moving.kill()
    moving.wait()
    sending.wait()

    stuck = site.run("send", "2026-06", "--yes", code=3)
    site.run("database", "reopen", FILE)
    site.run("send", "2026-06", "--yes")
    refused = site.run("database", "move", FILE, server, "--yes", code=3)
    site.settings(url=f'url = "{server}"')
    other = site.run("send", "2026-06", "--yes", code=3)

    assert "if the move was cut off, run it again" in stuck.stderr
    assert "nothing is ever written over it" in refused.stderr
    assert "whose move was given up" in other.stderr
    assert _mailed(provider) == Counter(f"person{n}@example.org" for n in range(20))


def test_a_move_that_was_finished_is_not_taken_back_by_reopening(site: Site) -> None:
    site.people(1)
    new = "sqlite:///subscribers/new.db"
    site.run("database", "move", FILE, new, "--yes")

    refused = site.run("database", "reopen", FILE, code=3)

    assert f"was moved to {new}, which goes on" in refused.stderr


def test_a_ledger_whose_moved_one_was_moved_on_is_not_reopened(site: Site) -> None:
    site.people(1)
    second, third = "sqlite:///subscribers/second.db", "sqlite:///subscribers/third.db"
    site.run("database", "move", FILE, second, "--yes")
    site.run("database", "move", second, third, "--yes")

    refused = site.run("database", "reopen", FILE, code=3)

    assert f"was moved to {second}, which goes on" in refused.stderr
    site.run("subscribers", "list", code=3)


def test_nothing_is_moved_over_another_ledger_nor_from_nowhere(site: Site) -> None:
    site.people(1)
    site.settings(url='url = "sqlite:///subscribers/other.db"')
    site.people(2)
    other = "sqlite:///subscribers/other.db"

    taken = site.run("database", "move", FILE, other, "--yes", code=3)
    missing = site.run("database", "move", "sqlite:///no.db", other, "--yes", code=3)
    odd = site.run("database", "move", "mysql://x/y", other, "--yes", code=2)
    open_still = site.run("database", "reopen", other, code=3)

    assert "nothing is ever written over it" in taken.stderr
    assert "there is no ledger" in missing.stderr
    assert not (site.root / "no.db").exists()
    assert "ORIGIN: expected" in odd.stderr or "FROM: expected" in odd.stderr
    assert "is not closed" in open_still.stderr
    assert site.run("subscribers", "list", "--json").stdout.count("@") == 2


def test_a_no_moves_nothing(site: Site, tmp_path: Path) -> None:
    site.people(1)

    site.run("database", "move", FILE, f"sqlite:///{tmp_path}/new.db", answer="no\n", code=1)

    assert not (tmp_path / "new.db").exists()
    site.run("subscribers", "list")


@pytest.mark.parametrize("is_shared", [False, True], ids=["sqlite", "postgresql"])
def test_a_worker_of_a_ledger_that_moved_ends_and_that_of_the_new_one_goes_on(
    site: Site, server: str, start_brevo: StartBrevo, is_shared: bool
) -> None:
    old, new = (server, FILE) if is_shared else (FILE, server)
    provider = start_brevo(site, extra=SLOWLY, delay=3.0)
    site.settings(url=f'url = "{old}"')
    site.people(40)
    worker = site.start("worker")
    read_until(worker.stderr, "Working for")
    viewer = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)

    site.run("database", "move", old, new.replace("newsletter.db", "new.db"), "--yes")

    worker.wait()
    viewer.end()
    site.settings(url=f'url = "{new.replace("newsletter.db", "new.db")}"')
    further = site.start("worker")
    wait_until(lambda: _mailed(provider).total() >= 40)
    further.end()
    assert _mailed(provider) == Counter(f"person{n}@example.org" for n in range(40))


def test_a_ledger_that_is_being_moved_is_neither_reopened_nor_replaced_meanwhile(
    site: Site, server: str, start_brevo: StartBrevo
) -> None:
    provider = start_brevo(site, extra=SLOWLY, delay=3.0)
    site.people(20)
    backup = str(site.root / "backup.db")
    site.run("backup", backup)
    sending = site.start("send", "2026-06", "--yes")
    wait_until(lambda: _mailed(provider).total() >= 5)
    moving = site.start("database", "move", FILE, server, "--yes")
    read_until(moving.stderr, "waiting for")  # for that call

    reopened = site.run("database", "reopen", FILE, code=3)
    replaced = site.run("restore", backup, "--yes", "--replace", code=3)

    assert "wait for its end" in reopened.stderr
    assert "wait for its end" in replaced.stderr
    assert moving.wait() == 0
    sending.wait()
