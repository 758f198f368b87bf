"""What this machine may do to a send in the middle of a call, through the command line."""

import json
import resource
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.conftest import Site
from tests.servers.forked import Forked
from tests.stories.accounts import Account, opened
from tests.stories.fault_table import ASK, KEY, KINDS, MAIL, NEITHER, OF_THE_LEDGER
from tests.stories.rehearsal import NEEDS
from tests.waiting import wait_until

PROVIDERS = ("brevo", "mailgun", "ses", "smtp")  # one of each kind
COLUMNS = (KEY, ASK, NEITHER, MAIL)
DISK, SECONDS, FOR_GOOD, KILLED = OF_THE_LEDGER
THEN = {  # after the same command once more: exit code and deliveries
    "sent": (0, {"accepted": 30}),
    "sent later": (0, {"accepted": 30}),
    "unknown": (1, {"accepted": 20, "unknown": 10}),
}


def _cases(words: str, *names: str) -> list[object]:
    """Return providers, one of each kind or those named, with their endings."""
    endings = dict(zip(COLUMNS, OF_THE_LEDGER[words], strict=True))
    return [pytest.param(name, endings[KINDS[name]], id=name) for name in names or PROVIDERS]


@pytest.mark.parametrize(("name", "ending"), _cases(DISK))
def test_a_disk_that_is_full_after_a_call_loses_nobody(site: Site, name: str, ending: str) -> None:
    with _in_a_call(site, name) as (account, process):
        # From now on no file grows: every write fails, as on a full disk.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
        _, shown = process.communicate()

        assert (process.returncode, "make room" in shown) == (1, True), shown
        assert _counts(site) == {"queued": 20, "sending": 10}
        _goes_on(site, account, ending)


@pytest.mark.parametrize(("name", "ending"), _cases(SECONDS, "brevo"))
def test_a_ledger_that_is_locked_for_seconds_is_waited_for(
    site: Site, name: str, ending: str
) -> None:
    with _in_a_call(site, name) as (account, process):
        with _locked(site):
            time.sleep(2)
            assert process.poll() is None
            assert len(account.messages()) == 10  # no call that could not be written down
        _, shown = process.communicate()

        assert process.returncode == 0, shown
        _goes_on(site, account, ending)


@pytest.mark.parametrize(("name", "ending"), _cases(FOR_GOOD, "brevo", "ses"))
def test_a_ledger_that_is_locked_for_good_is_left_by_a_second_ctrl_c(
    site: Site, name: str, ending: str
) -> None:
    with _in_a_call(site, name) as (account, process):
        with _locked(site):
            time.sleep(1.5)  # the call ends and cannot be recorded
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            process.communicate()

        assert process.returncode == 130
        assert _counts(site) == {"queued": 20, "sending": 10}
        _goes_on(site, account, ending)


@pytest.mark.parametrize(("name", "ending"), _cases(KILLED, "mailgun", "smtp"))
def test_a_process_that_is_killed_in_a_call_loses_nobody(
    site: Site, name: str, ending: str
) -> None:
    with _in_a_call(site, name) as (account, process):
        process.kill()
        process.communicate()

        assert _counts(site) == {"queued": 20, "sending": 10}
        _goes_on(site, account, ending)


@contextmanager
def _in_a_call(site: Site, name: str) -> Iterator[tuple[Account, Forked]]:
    """Begin a send to thirty, and give it over while its first call is under way."""
    site.people(30)
    extra = f"{NEEDS.get(name, '')}\nbatch_size = 10\nconcurrency = 1"
    slow = {"latency": 0.05} if name == "smtp" else {"delay": 1.0}
    with opened(site, name, extra=extra, checked=False, **slow) as account:
        process = site.start("send", "2026-06", "--yes")
        wait_until(lambda: bool(account.messages()))
        yield account, process
        process.end()  # before the server


@contextmanager
def _locked(site: Site) -> Iterator[None]:
    """Hold the ledger, as another program may do."""
    file = site.root / "subscribers" / "newsletter.db"
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def _goes_on(site: Site, account: Account, ending: str) -> None:
    """Run the same command once more, and see that nobody is lost or mailed twice."""
    code, counts = THEN[ending]

    done = site.run("send", "2026-06", "--yes", code=code)

    assert _counts(site) == counts, done.stderr
    mailed = Counter(message["email"] for message in account.messages())
    assert set(mailed.values()) == {1}
    assert len(mailed) >= counts["accepted"]


def _counts(site: Site) -> dict[str, int]:
    counts = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    return {state: count for state, count in counts.items() if count}
