"""A closed terminal ends a command as SIGTERM does: calls in flight are finished and recorded."""

import json
import os
import pty
import signal
import subprocess

import pytest

from tests.conftest import Site, StartProvider
from tests.waiting import PATIENCE, wait_until

SLOWLY = "batch_size = 5\nconcurrency = 2"


def _in_a_terminal(site: Site, *arguments: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command in a terminal of its own; return it and the terminal's other end."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", *site.command(*arguments)],
        stdin=its,
        stdout=its,
        stderr=its,
        env=site.full_environment,
    )
    os.close(its)
    return process, ours


def _counts(site: Site) -> dict[str, int]:
    counts: dict[str, int] = json.loads(site.run("status", "2026-06", "--json").stdout)["counts"]
    return counts


def test_a_closed_terminal_leaves_nobody_in_doubt(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=0.5, extra=SLOWLY)
    site.people(100)
    process, terminal = _in_a_terminal(site, "send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 10)

    os.close(terminal)

    assert process.wait(PATIENCE) == 130
    counts = _counts(site)
    assert counts["sending"] == counts["unknown"] == 0
    assert counts["accepted"] == len(server.messages()) < 100


def test_a_hangup_told_twice_or_beside_a_sigterm_cuts_off_no_call(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=1, extra=SLOWLY)
    site.people(100)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 10)

    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
        process.send_signal(number)

    process.communicate()
    assert process.returncode == 130
    counts = _counts(site)
    assert counts["sending"] == counts["unknown"] == 0


def test_what_nohup_started_goes_on(site: Site, start_provider: StartProvider) -> None:
    server = start_provider(site, "brevo", delay=0.3, extra=SLOWLY)
    site.people(60)
    process = subprocess.Popen(
        ["nohup", *site.command("send", "2026-06", "--yes")],
        env=site.full_environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    wait_until(lambda: len(server.messages()) >= 10)

    process.send_signal(signal.SIGHUP)

    process.communicate()
    assert process.returncode == 0
    assert len(server.messages()) == 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_worker_and_a_preview_end_in_good_order(site: Site, number: signal.Signals) -> None:
    worker = site.start("worker")
    assert worker.stderr
    assert "Working for" in worker.stderr.readline()
    preview = site.start("preview", "--port", "0", "--no-open")
    assert preview.stderr
    assert "Preview of" in preview.stderr.readline()

    for process in (worker, preview):
        process.send_signal(number)
        _, said = process.communicate()

        assert process.returncode == 0, said
        assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_import_that_is_ended_while_it_asks_writes_nothing(
    site: Site, number: signal.Signals
) -> None:
    people = site.write("people.csv", "email\naino@example.org\n")
    process = subprocess.Popen(
        site.command("subscribers", "import", str(people)),
        env=site.full_environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    while b"Type" not in os.read(process.stderr.fileno(), 10_000):
        assert process.poll() is None

    process.send_signal(number)

    assert process.wait(PATIENCE) == 130
    assert b"Traceback" not in process.communicate()[1]
    assert site.run("subscribers", "list").stdout == ""


def test_status_says_how_a_send_that_was_cut_off_goes_on(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=0.3, extra=SLOWLY)
    site.people(60)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 10)
    process.send_signal(signal.SIGINT)
    process.communicate()

    cut_off = site.run("status", "2026-06").stdout
    site.run("send", "2026-06", "--yes")

    assert "    “newsletter send 2026-06” goes on" in cut_off
    assert "goes on" not in site.run("status", "2026-06").stdout
