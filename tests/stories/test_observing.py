"""A worker that is watched: its log has no word of anybody, and Prometheus gets its figures."""

import datetime as dt
import json
import signal
import socket
import urllib.request
from contextlib import closing
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Site, StartBrevo
from tests.servers.forked import Forked
from tests.waiting import read_until, wait_until

HOSTILE = (
    "maija.meikalainen@example.org,Maija Meikäläinen",
    "sir'o@example.org,Siro{{ name }}%s",
    "kirje@xn--mki-qla.example,Möki <kirje@example.org>",
)
PIECES = (
    "maija",
    "meikäläinen",
    "meikalainen",
    "sir'o",
    "siro",
    "möki",
    "xn--mki",
    "kesäkuun",
    "@",
)


@pytest.fixture
def peopled(site: Site, start_brevo: StartBrevo) -> Site:
    """A newsletter with hostile readers, and a provider that speaks of them."""
    rows = "".join(f"{row},fi\n" for row in HOSTILE)
    site.write("subscribers/people.csv", "email,name,language\n" + rows)
    start_brevo(site, extra="batch_size = 1\nconcurrency = 1")
    site.run("subscribers", "import", str(site.root / "subscribers/people.csv"), "--yes")
    return site


def lines_of(text: str) -> list[dict[str, Any]]:
    """Return the lines of a log, each of which must be JSON."""
    return [json.loads(line) for line in text.splitlines()]


def ended(worker: Forked, code: int = 0) -> str:
    """End a worker; return what it said on stderr since it was last read."""
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate()
    assert worker.returncode == code, said
    return said


def begun(site: Site, *options: str) -> tuple[Forked, str]:
    """Start a worker that logs; return it with its log so far, once it has opened the ledger."""
    worker = site.start("worker", "--log", "json", *options)
    return worker, read_until(worker.stderr, "process_begun")


def test_the_log_of_a_send_is_json_and_tells_nothing_of_anybody(peopled: Site) -> None:
    worker, first = begun(peopled, "--log-level", "debug")
    peopled.run("send", "2026-06", "--yes")

    text = first + ended(worker)

    lines = lines_of(text)
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("process_begun", "process_ended")
    assert events.count("call_answered") == len(HOSTILE)
    assert {"send_begun", "batch_claimed", "deliveries_recorded", "send_left"} <= set(events)
    calls = [line for line in lines if line["event"] == "call_answered"]
    assert all({"worker", "job", "send", "batch"} <= set(line) for line in calls)
    jobs = [line for line in lines if line.get("name") == "carry-on"]
    assert {line["issue"] for line in (*calls, *jobs)} == {"2026-06"}
    assert {line["key"] for line in jobs} == {"send:1:0"}
    told = text.casefold() + str(lines).casefold()
    secrets = [value.casefold() for value in peopled.environment.values()]
    assert [piece for piece in (*PIECES, *secrets) if piece in told] == []


def test_a_worker_tells_people_of_which_issue_by_the_clocks_of_the_newsletter(
    peopled: Site,
) -> None:
    island = ZoneInfo("Pacific/Kiritimati")  # where the day begins first
    peopled.settings(title=f'title = "News"\ntimezone = "{island.key}"')
    worker, earlier = peopled.start("worker"), dt.datetime.now(island)
    read_until(worker.stderr, "Working for")
    peopled.run("send", "2026-06", "--yes")

    said = ended(worker)

    [told, *_] = [line for line in said.splitlines() if "decided" in line]
    at, about, _ = told.split(" ", 2)
    assert about == "2026-06:"
    assert int(at[:2]) in (earlier.hour, dt.datetime.now(island).hour)


def test_prometheus_gets_the_figures_of_a_worker(peopled: Site) -> None:
    worker = peopled.start("worker", "--log", "json", "--metrics", "127.0.0.1:0")
    port = json.loads(read_until(worker.stderr, "metrics_served"))["port"]

    peopled.run("send", "2026-06", "--yes")
    wait_until(lambda: _figure(port, "newsletter_deliveries_total", "accepted") == len(HOSTILE))

    assert _figure(port, "newsletter_workers", "serving") == 1
    ended(worker)


def _figure(port: int, name: str, state: str) -> float | None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    found = [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and sample.labels.get("state") == state
    ]
    return found[0] if found else None


def test_a_second_worker_at_the_same_port_ends_and_names_the_cure(site: Site) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"

        said = site.run("worker", "--metrics", address, code=3).stderr
        logged = site.run("worker", "--log", "json", "--metrics", address, code=3).stderr

    assert address in said
    assert "a port of its own" in said
    [line] = lines_of(logged)
    assert (line["level"], line["event"], line["fault"]) == (
        "error",
        "process_failed",
        "ConfigError",
    )
    assert "a port of its own" in line["reason"]


def test_a_worker_for_a_person_speaks_as_ever_and_listens_nowhere(site: Site) -> None:
    worker = site.start("worker")
    first = read_until(worker.stderr, "Working for")

    assert first.endswith("Ctrl-C ends it.\n")
    assert ended(worker) == "Ended; nothing was under way.\n"


def test_settings_environment_and_flags_ask_in_this_order(site: Site) -> None:
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", settings + '\n[logging]\nform = "json"\nlevel = "debug"\n')

    by_settings, _ = begun_by(site, "process_begun")
    site.environment["NEWSLETTER_LOG"] = "plain"
    by_environment, _ = begun_by(site, "Working for")
    by_flag, _ = begun_by(site, "process_begun", "--log", "json")

    for worker in (by_settings, by_environment, by_flag):
        ended(worker)


def begun_by(site: Site, words: str, *options: str) -> tuple[Forked, str]:
    """Start a worker and wait for its first words."""
    worker = site.start("worker", *options)
    return worker, read_until(worker.stderr, words)


def test_a_person_is_told_where_the_metrics_are(site: Site) -> None:
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", settings + '\n[metrics]\nlisten = "127.0.0.1:0"\n')

    worker, said = begun_by(site, "Metrics are at")

    address = said.partition("http://")[2].strip().rstrip(".")
    with urllib.request.urlopen(f"http://{address}") as answer:
        assert b"newsletter_up 1" in answer.read()
    ended(worker)


@pytest.mark.parametrize("address", ["9108", "127.0.0.1", "127.0.0.1:99999", "a b:1", ":9108"])
def test_an_address_that_is_none_is_refused(site: Site, address: str) -> None:
    typed = site.run("worker", "--metrics", address, code=2).stderr
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    site.write("newsletter.toml", settings + f'\n[metrics]\nlisten = "{address}"\n')
    written = site.run("worker", code=3).stderr

    for said in (typed, written):
        assert 'such as "127.0.0.1:9108"' in said
    assert "newsletter.toml" in written


def test_the_public_service_logs_and_is_measured_alike(site: Site) -> None:
    options = ("--port", "0", "--log", "json", "--log-level", "debug", "--metrics", "127.0.0.1:0")
    service = site.start("serve", "--worker", *options)
    told = read_until(service.stderr, "metrics_served")
    port = json.loads(told)["port"]

    wait_until(lambda: _figure(port, "newsletter_workers", "serving") == 1)
    lines = lines_of(ended(service))

    assert {"process_begun", "job_ended", "process_ended"} <= {line["event"] for line in lines}
    assert [line["command"] for line in lines if line["event"] == "process_begun"] == ["serve"]
