"""What an editor may ask of a send: a canary, a time, a pause, another try, an end."""

import datetime as dt
import json
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Site, StartProvider
from tests.servers.forked import Forked
from tests.servers.house import ProviderServer
from tests.servers.smtp import SmtpServer
from tests.waiting import read_until, wait_until

HELSINKI = ZoneInfo("Europe/Helsinki")


def _status(site: Site) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(site.run("status", "2026-06", "--json").stdout)
    return report


def _accepted(site: Site) -> int:
    count: int = _status(site)["counts"]["accepted"]
    return count


def _mailed(server: ProviderServer) -> Counter[str]:
    return Counter(message["email"] for message in server.messages())


# --- a canary -----------------------------------------------------------------------------


def test_a_canary_goes_to_so_many_drawn_by_lot_and_the_rest_waits_for_a_yes(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(60)

    held = site.run("send", "2026-06", "--canary", "20", answer="yes\nno\n", code=1)

    assert "The canary is out: 20 accepted, 0 rejected." in held.stderr
    assert "Send to the other 40 now?" in held.stderr
    chosen = _mailed(server)
    assert len(chosen) == 20
    assert set(chosen) != {f"person{n}@example.org" for n in range(20)}
    assert _status(site)["counts"]["queued"] == 40
    assert _status(site)["held"]
    assert "held: “newsletter send 2026-06”" in site.run("status", "2026-06").stdout

    site.run("send", "2026-06", answer="yes\n")

    assert _mailed(server) == Counter(f"person{n}@example.org" for n in range(60))
    assert _status(site)["state"] == "done"


def test_after_its_wait_the_rest_follows_a_canary_that_did_not_bounce(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(60)

    wishes = ("--canary", "20", "--canary-wait", "1s", "--max-bounce", "5%")
    done = site.run("send", "2026-06", *wishes, "--yes")

    assert "0 of the canary bounced: 0.0%, at most 5.0% may." in done.stderr
    assert len(_mailed(server)) == 60


def test_a_canary_that_bounced_stops_the_send_and_says_why(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")  # of 400 mails 2 bounce there
    site.people(500)

    wishes = ("--canary", "400", "--canary-wait", "1s", "--max-bounce", "0.4%")
    stopped = site.run("send", "2026-06", *wishes, "--yes", code=1)

    assert "2 of the canary bounced: 0.5%, at most 0.4% may." in stopped.stderr
    assert len(_mailed(server)) == 400
    assert _status(site)["reason"] == "0.5% of the canary bounced"


def test_ctrl_c_during_the_wait_keeps_the_rest_back(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(30)
    process = site.start("send", "2026-06", "--canary", "5", "--canary-wait", "1h", "--yes")
    read_until(process.stderr, "Going on in 60 min")

    process.send_signal(signal.SIGINT)
    _, shown = process.communicate()

    assert "The rest is held back." in shown
    assert len(_mailed(server)) == 5


def test_a_share_of_bounces_nobody_tells_is_not_taken_for_none(site: Site) -> None:
    site.people(30)  # through the outbox, which knows of no bounces

    wishes = ("--canary", "5", "--canary-wait", "1s", "--max-bounce", "5%")
    refused = site.run("send", "2026-06", *wishes, "--yes", code=2)

    assert "outbox lists no bounces" in refused.stderr
    assert _accepted(site) == 5


# --- a time -------------------------------------------------------------------------------


def _clock(moment: dt.datetime) -> str:
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M:%S}"


def _in(**span: float) -> str:
    return _clock(dt.datetime.now(dt.UTC) + dt.timedelta(**span))


def test_a_provider_that_can_holds_the_mail_until_its_time(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(30)
    at = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)).replace(microsecond=0)

    done = site.run("send", "2026-06", "--at", _clock(at), "--yes")

    assert "kept by brevo" in done.stderr
    assert server.violations() == []
    held = {dt.datetime.fromisoformat(message["scheduled"]) for message in server.messages()}
    assert held == {at}
    assert len(_mailed(server)) == 30


def test_what_a_provider_holds_is_taken_back_by_a_cancel(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo")
    site.people(30)
    site.run("send", "2026-06", "--at", _in(hours=5), "--yes")

    done = site.run("send", "2026-06", "--cancel", "--yes")

    assert "Cancelled." in done.stderr
    assert len(server.cancelled()) == 1
    report = _status(site)
    assert (report["state"], report["counts"]["skipped"]) == ("cancelled", 30)
    assert report["counts"]["accepted"] == 0


def _work(site: Site) -> Forked:
    """Start a worker, and wait until it waits for sends."""
    process = site.start("worker")
    read_until(process.stderr, "Working for")
    return process


def test_a_worker_waits_for_the_time_where_the_provider_cannot(
    site: Site,
) -> None:
    site.people(10)
    worker = _work(site)

    done = site.run("send", "2026-06", "--at", _in(seconds=20), "--yes")

    assert "kept by newsletter worker" in done.stderr
    assert _status(site)["state"] == "scheduled"
    assert re.search(r"    time: 20.*\(Europe/Helsinki\)", site.run("status", "2026-06").stdout)
    assert _accepted(site) == 0
    read_until(worker.stderr, "10 decided")
    wait_until(lambda: _status(site)["state"] == "done")
    assert _accepted(site) == 10


def test_a_time_nobody_would_keep_is_refused_before_anything_is_planned(site: Site) -> None:
    site.people(10)

    refused = site.run("send", "2026-06", "--at", _in(hours=1), "--yes", code=2)

    assert "outbox does not hold mail for later" in refused.stderr
    assert "newsletter worker" in refused.stderr
    site.run("status", "2026-06", code=2)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2020-01-01 09:00", "is past"),
        ("2027-03-28 03:30", "does not exist"),  # clocks are put forward that night
        ("0001-01-01 00:00", "is past"),
        ("9999-12-31 23:59", "is years away"),
        ("12026-11-30 09:00", "is not a time"),
        ("2027-02-29 09:00", "is not a time"),  # no leap day
        ("2026-11-30 24:00:01", "is not a time"),
        ("tomorrow", "is not a time"),
        ("2026-13-01 09:00", "is not a time"),
    ],
)
def test_a_time_that_cannot_be_kept_is_told_apart(site: Site, at: str, told: str) -> None:
    site.people(1)

    assert told in site.run("send", "2026-06", "--at", at, "--yes", code=2).stderr


def test_a_send_that_waits_for_a_worker_is_taken_back_by_a_cancel(site: Site) -> None:
    site.people(10)
    _work(site)
    site.run("send", "2026-06", "--at", _in(hours=1), "--yes")
    early = site.run("send", "2026-06", "--yes", code=2)

    site.run("send", "2026-06", "--cancel", answer="yes\n")

    assert "waits for" in early.stderr
    report = _status(site)
    assert (report["state"], report["counts"]["skipped"]) == ("cancelled", 10)
    again = site.run("send", "2026-06", "--dry-run")  # only rehearsed, it may be so again
    assert "Dry run" in again.stderr


# --- a pause ------------------------------------------------------------------------------


def test_a_pause_from_elsewhere_ends_the_calls_and_a_resume_goes_on(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=0.3, extra="batch_size = 5\nconcurrency = 2")
    site.people(200)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 10)

    site.run("send", "2026-06", "--pause")
    _, shown = process.communicate()

    assert process.returncode == 130
    assert "newsletter send 2026-06 --resume" in shown
    report = _status(site)
    assert report["state"] == "paused"
    assert report["counts"]["accepted"] == len(server.messages()) < 200
    assert report["counts"]["sending"] == report["counts"]["unknown"] == 0
    assert "is paused" in site.run("send", "2026-06", "--yes", code=2).stderr

    site.run("send", "2026-06", "--resume", "--yes")

    assert _mailed(server) == Counter(f"person{n}@example.org" for n in range(200))


def test_a_cancel_in_the_middle_sends_nothing_more_and_keeps_what_was_sent(
    site: Site, start_provider: StartProvider
) -> None:
    server = start_provider(site, "brevo", delay=0.3, extra="batch_size = 5\nconcurrency = 1")
    site.people(200)
    process = site.start("send", "2026-06", "--yes")
    wait_until(lambda: len(server.messages()) >= 20)

    site.run("send", "2026-06", "--cancel", "--yes")
    process.communicate()

    counts = _status(site)["counts"]
    assert counts["accepted"] == len(server.messages())
    assert counts["accepted"] + counts["skipped"] == 200
    assert "was cancelled" in site.run("send", "2026-06", "--yes", code=1).stderr
    assert counts["accepted"] == len(server.messages())


@pytest.mark.parametrize("order", ["--pause", "--resume", "--cancel"])
def test_an_order_without_a_send_is_wrong_usage(site: Site, order: str) -> None:
    site.people(1)

    assert "was not sent" in site.run("send", "2026-06", order, "--yes", code=2).stderr


# --- another try --------------------------------------------------------------------------


@pytest.fixture
def smtp(site: Site, tmp_path: Path) -> Iterator[Callable[..., SmtpServer]]:
    """Starts SMTP servers, and points the newsletter at them."""
    started: list[SmtpServer] = []

    def start(*faults: str) -> SmtpServer:
        for server in started:
            server.stop()
        server = SmtpServer(journal_file=tmp_path / "smtp.jsonl", faults=faults)
        server.start()
        started.append(server)
        lines = f'name = "smtp"\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"'
        lines += "\ngreylist_wait = 0"  # whoever is put off is told of at once
        site.settings(name=lines) if len(started) == 1 else site.settings(
            port=f"port = {server.port}"
        )
        return server

    yield start
    for server in started:
        server.stop()


def test_only_those_refused_for_a_passing_reason_are_tried_again(
    site: Site, smtp: Callable[..., SmtpServer]
) -> None:
    # The second is refused for good; the third for now, and so at each further try.
    smtp("2:550-rcpt", *(f"{n}:450-rcpt" for n in (3, 4, 5, 6, 7, 8)))
    site.people(3)
    done = site.run("send", "2026-06", "--yes", code=1)
    assert "2 people were refused" in done.stderr
    listed = site.run("status", "2026-06", "--recipients", "--state", "rejected").stdout
    assert "person1@example.org\trejected\t550 5.1.1" in listed
    assert "person2@example.org\trejected\t450 4.2.1" in listed
    server = smtp()

    again = site.run("send", "2026-06", "--retry-failed", "--yes", code=1)

    assert "1 of them was refused for a temporary reason" in again.stderr
    mailed = Counter(message["email"] for message in server.messages())
    assert mailed == Counter(["person0@example.org", "person2@example.org"])
    assert _status(site)["counts"]["rejected"] == 1


def test_where_nobody_failed_there_is_nothing_to_try_again(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")

    again = site.run("send", "2026-06", "--retry-failed", "--yes")

    assert "Nobody was refused" in again.stderr


def test_one_message_in_doubt_is_listed_alone_and_decided_by_the_editor(
    site: Site, smtp: Callable[..., SmtpServer]
) -> None:
    server = smtp("2:reset-after")  # taken, and no reply
    site.people(3)

    site.run("send", "2026-06", "--yes", code=1)

    listed = site.run("status", "2026-06", "--recipients", "--state", "unknown").stdout
    assert [line.partition("\t")[0] for line in listed.splitlines()] == ["person1@example.org"]
    site.run("send", "2026-06", "--unknown", "skip", "--yes")
    mailed = Counter(message["email"] for message in server.messages())
    assert set(mailed.values()) == {1}
    assert _status(site)["counts"] == {
        "queued": 0, "sending": 0, "accepted": 2, "rejected": 0, "unknown": 0, "skipped": 1,
    }  # fmt: skip
