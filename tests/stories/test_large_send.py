"""A send large enough for two processes, whichever of them is killed: nobody lost, nobody twice."""

import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.conftest import LEDGER, Site
from tests.servers.smtp import SmtpServer
from tests.waiting import wait_until

PEOPLE = 2_100


@pytest.fixture
def server(site: Site, tmp_path: Path) -> SmtpServer:
    """A mail server that the newsletter sends through."""
    site.people(PEOPLE)
    return SmtpServer(journal_file=tmp_path / "smtp.jsonl")


@pytest.mark.parametrize("victim", ["the further process", "the one that has the ledger"])
@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux tells of processes there")
def test_whichever_process_is_killed_nobody_gets_two_mails_and_nobody_none(
    site: Site, server: SmtpServer, victim: str
) -> None:
    with server:
        site.settings(name=_table(server))
        sender = site.start("send", "2026-06", "--yes")
        wait_until(lambda: _further_processes(sender.pid))
        [further] = _further_processes(sender.pid)
        wait_until(lambda: len(server.messages()) > 200)

        os.kill(further if victim == "the further process" else sender.pid, signal.SIGKILL)

        sender.wait()
        wait_until(lambda: not Path(f"/proc/{further}/stat").exists())
        site.run("send", "2026-06", "--yes", code=None)
        mailed = [message["email"] for message in server.messages()]
        states = _states(site)
    assert len(mailed) == len(set(mailed))
    assert {who for who, state in states.items() if state == "accepted"} <= set(mailed)
    assert {who for who, state in states.items() if state != "accepted"} | set(mailed) == {*states}
    assert sum(state != "accepted" for state in states.values()) <= 4 * 20  # a batch for each call
    assert len(states) == PEOPLE


def test_a_large_send_divides_its_calls_and_is_done_as_any_other(
    site: Site, server: SmtpServer
) -> None:
    with server:
        site.settings(name=_table(server))
        sender = site.start("send", "2026-06", "--yes")
        wait_until(lambda: _further_processes(sender.pid) or sender.poll() is not None)
        assert sender.poll() is None
        assert sender.wait() == 0
        mailed = [message["email"] for message in server.messages()]

    assert sorted(mailed) == sorted(_states(site))
    assert set(_states(site).values()) == {"accepted"}


def _table(server: SmtpServer) -> str:
    place = f'host = "{server.host}"\nport = {server.port}\nsecurity = "none"'
    return f'name = "smtp"\n{place}\nprocesses = 2\nconcurrency = 4'


def _further_processes(pid: int) -> list[int]:
    """Return the processes that a command started to make calls."""
    found = []
    with suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, file.read_text().split()):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(child)
    return found


def _states(site: Site) -> dict[str, str]:
    """Return what became of each delivery, read past the program."""
    with closing(sqlite3.connect(site.root / LEDGER)) as ledger:
        return dict(ledger.execute("SELECT address, state FROM deliveries").fetchall())
