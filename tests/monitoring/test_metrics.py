"""What Prometheus gets over a socket: counts of this process, figures of the ledger, at no cost."""

import datetime as dt
import io
import json
import re
import socket
import struct
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection

from newsletter.errors import ConfigError, LedgerBusyError, ProviderError, Verdict
from newsletter.language import say
from newsletter.ledger import Ledger, claims, open_ledger, queue, workers
from newsletter.model import SENDS, End, Job
from newsletter.monitoring.gauges import LedgerGauges
from newsletter.monitoring.labels import OTHER
from newsletter.monitoring.logs import json_log
from newsletter.monitoring.metrics import metrics_served
from newsletter.observing import (
    Answered,
    JobBegun,
    JobEnded,
    JobOutcome,
    PaceSlowed,
    ProcessBegun,
    Troubled,
    observe,
)
from tests.delivery.scene import START, Scene
from tests.servers.postgres import PostgresServer
from tests.waiting import wait_until

IN_2100 = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
Families = dict[str, Metric]


def scraped(port: int) -> Families:
    """Return what Prometheus gets, read as it reads it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert answer.status == 200
        text = answer.read().decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(families: Families, series: str, /, **labels: str) -> float | None:
    """Return the value of a series; None where there is none."""
    found = [
        sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == series and sample.labels == labels
    ]
    return found[0] if found else None


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A planned send of forty, in batches of ten."""
    return Scene(tmp_path, 40)


@dataclass(frozen=True)
class CountedLedger(Ledger):
    """A ledger whose reads are counted, and held up or refused as the test wishes."""

    reads: list[None]
    may_answer: Event
    faults: list[Exception]

    @classmethod
    def like(cls, ledger: Ledger) -> "CountedLedger":
        """Return a ledger at the same place that answers."""
        known = {each.name: getattr(ledger, each.name) for each in fields(Ledger)}
        made = cls(**known, reads=[], may_answer=Event(), faults=[])
        made.may_answer.set()
        return made

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read, after being held up."""
        self.reads.append(None)
        self.may_answer.wait()
        if self.faults:
            raise self.faults[0]
        with Ledger.read(self) as connection:
            yield connection


# --- what this process did ----------------------------------------------------------------


def test_calls_and_deliveries_are_counted_by_provider_and_outcome(scene: Scene) -> None:
    scene.provider.answers = [_refusal(Verdict.RETRY, 429)]

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        scene.run()
        families = scraped(port)

    call = {"provider": "recorder", "purpose": "send"}
    name = "newsletter_call_duration_seconds_count"
    assert value(families, name, **call, answer="taken") == 4
    assert value(families, name, **call, answer="retry") == 1
    recorder = {"provider": "recorder"}
    taken = value(families, "newsletter_deliveries_total", **recorder, state="accepted")
    assert taken == 40
    assert value(families, "newsletter_deliveries_total", **recorder, state="rejected") == 0
    assert value(families, "newsletter_pace_slowdowns_total", **recorder) == 1
    assert (value(families, "newsletter_claim_wait_seconds_total", **recorder) or 0) > 0


def _refusal(verdict: Verdict, status: int | None = None) -> ProviderError:
    return ProviderError(say("no"), provider="recorder", verdict=verdict, status=status)


def test_what_has_not_happened_yet_is_told_as_zero(scene: Scene) -> None:
    """A small send is over between two scrapes: what is not there before it never grows."""
    begun = ProcessBegun(command="worker", version="1", provider="brevo", database="sqlite")

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        observe(begun)
        families = scraped(port)

    for state in ("accepted", "rejected", "put_off", "unknown"):
        labels = {"provider": "brevo", "state": state}
        assert value(families, "newsletter_deliveries_total", **labels) == 0
    for answer in Answered:
        labels = {"provider": "brevo", "purpose": "send", "answer": answer}
        assert value(families, "newsletter_call_duration_seconds_count", **labels) == 0


def test_what_is_in_doubt_is_counted(scene: Scene) -> None:
    scene.provider.answers = [_refusal(Verdict.LOOK_UP)]

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        scene.run()
        families = scraped(port)

    doubt = value(families, "newsletter_deliveries_total", provider="recorder", state="unknown")
    asked = value(
        families,
        "newsletter_call_duration_seconds_count",
        provider="recorder",
        purpose="look_up",
        answer="taken",
    )
    assert (doubt, asked) == (10, 1)


def test_jobs_are_counted_with_their_times(scene: Scene) -> None:
    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        observe(JobBegun(name="sync", key="sync", queue="calm", attempt=1, late=0.3))
        for outcome in (JobOutcome.DONE, JobOutcome.DONE, JobOutcome.FAILED):
            observe(
                JobEnded(
                    name="sync", key="sync", queue="calm", outcome=outcome, reason="", seconds=2.0
                )
            )
        families = scraped(port)

    name = "newsletter_job_duration_seconds"
    assert value(families, f"{name}_count", name="sync", outcome="done") == 2
    assert value(families, f"{name}_sum", name="sync", outcome="failed") == 2.0
    assert value(families, "newsletter_job_delay_seconds_sum", queue="calm") == 0.3


def test_a_label_has_few_values_whatever_comes(scene: Scene) -> None:
    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        for number in range(500):
            observe(Troubled(fault=f"Fault{number}", reason=""))
            observe(PaceSlowed(provider=f"provider{number}", gap=1.0, seconds=1.0))
        families = scraped(port)

    for name in ("newsletter_troubles", "newsletter_pace_slowdowns"):
        samples = families[name].samples
        assert len(samples) == 51
        assert sum(sample.value for sample in samples) == 500
    assert value(families, "newsletter_troubles_total", fault=OTHER) == 450


def test_nothing_that_cannot_be_counted_disturbs_what_happens(scene: Scene) -> None:
    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        observe(Troubled(fault=[], reason=""))  # type: ignore[arg-type]
        observe(PaceSlowed(provider={}, gap="?", seconds=None))  # type: ignore[arg-type]
        result = scene.run()
        scraped(port)

    assert result.state is End.DONE


def test_after_the_end_nobody_counts_and_nobody_listens(scene: Scene) -> None:
    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        pass

    with (
        pytest.raises(ConnectionRefusedError),
        closing(socket.create_connection(("127.0.0.1", port))),
    ):
        pass
    scene.run()


# --- what the ledger knows ----------------------------------------------------------------


def test_a_send_under_way_is_seen_by_provider_and_state(scene: Scene) -> None:
    scene.doubt(scene.claim("w1"))
    scene.claim("w2")

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    recorder = scene.send.provider
    assert value(families, "newsletter_up") == 1
    assert value(families, "newsletter_sends", provider=recorder, state="sending") == 1
    for state, count in {"queued": 20, "sending": 10, "unknown": 10}.items():
        labels = {"provider": recorder, "state": state}
        assert value(families, "newsletter_send_deliveries", **labels) == count


def test_a_send_that_is_over_is_no_longer_counted(scene: Scene) -> None:
    scene.run()

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    assert families["newsletter_sends"].samples == []
    assert families["newsletter_send_deliveries"].samples == []


def test_the_pace_of_a_provider_is_told(scene: Scene) -> None:
    with scene.ledger.write() as connection:
        claims.slow_down(connection, "brevo", now=START, wait=30.0)

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    name = "newsletter_pace_next_call_timestamp_seconds"
    assert value(families, name, provider="brevo") == START.timestamp() + 30
    assert value(families, "newsletter_pace_gap_seconds", provider="brevo") == 0.1


def test_workers_are_counted_and_missed(scene: Scene) -> None:
    with scene.ledger.write() as connection:
        workers.enroll(connection, "a", host="h", is_serving=True)
        workers.enroll(connection, "b", host="h", is_serving=False)
        workers.enroll(connection, "c", host="h", is_serving=True)
        connection.exec_driver_sql("UPDATE workers SET seen_at = seen_at - 60 WHERE name = 'c'")

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    states = {s.labels["state"]: s.value for s in families["newsletter_workers"].samples}
    assert states == {"serving": 1, "sending": 1, "missing": 1}
    assert 0 <= (value(families, "newsletter_heartbeat_age_seconds") or 0) < 30


def test_jobs_are_counted_by_queue_and_what_they_wait_for(scene: Scene) -> None:
    job = Job(name="carry-on", queue=SENDS, key="send:1:0")
    with scene.ledger.write() as connection:
        queue.put(connection, job)
        queue.put(connection, replace(job, key="send:1:1", due=IN_2100))

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    for state in ("due", "later"):
        assert value(families, "newsletter_jobs", queue="sends", state=state) == 1
    assert 0 <= (value(families, "newsletter_oldest_job_age_seconds", queue="sends") or 0) < 300


def test_a_ledger_that_is_away_is_told_without_old_figures(scene: Scene) -> None:
    ledger = CountedLedger.like(scene.ledger)
    ledger.faults.append(LedgerBusyError(say("the ledger does not answer")))

    with metrics_served(ledger, "127.0.0.1", 0) as port:
        families = scraped(port)

    assert value(families, "newsletter_up") == 0
    assert "newsletter_sends" not in families
    assert "newsletter_call_duration_seconds" in families
    assert "process_cpu_seconds" in families


def test_any_other_fault_of_the_database_is_no_fault_of_the_answer(scene: Scene) -> None:
    ledger = CountedLedger.like(scene.ledger)
    ledger.faults.append(RuntimeError("whatever"))

    with metrics_served(ledger, "127.0.0.1", 0) as port:
        assert value(scraped(port), "newsletter_up") == 0


def test_a_fault_of_a_read_is_logged_once_and_the_next_reads_go_on(scene: Scene) -> None:
    ledger, stream = CountedLedger.like(scene.ledger), io.StringIO()
    gauges = LedgerGauges(ledger, fresh=0.0)

    def is_up() -> float:
        before = gauges.last
        wait_until(lambda: list(gauges.collect()) and gauges.last is not before)
        return float(bool(gauges.last and gauges.last.vitals))

    with json_log("info", stream):
        ledger.faults.append(RuntimeError("of jane@example.org"))
        assert [is_up() for _ in range(3)] == [0, 0, 0]
        ledger.faults.clear()
        assert is_up() == 1
        ledger.faults.append(LedgerBusyError(say("the ledger does not answer")))
        assert is_up() == 0

    [line] = map(json.loads, stream.getvalue().splitlines())
    assert (line["event"], line["fault"]) == ("troubled", "RuntimeError")
    assert "trace" in line
    assert "jane" not in stream.getvalue()


def test_a_storm_of_scrapes_is_one_read(scene: Scene) -> None:
    ledger = CountedLedger.like(scene.ledger)
    gauges = LedgerGauges(ledger, fresh=3600.0)

    with ThreadPoolExecutor(20) as pool:
        told = [
            list(families) for families in pool.map(lambda _: list(gauges.collect()), range(200))
        ]

    assert len(ledger.reads) == 1
    assert {families[0].samples[0].value for families in told} == {1.0}


def test_a_slow_read_serves_twenty_times_as_long(scene: Scene) -> None:
    ledger = CountedLedger.like(scene.ledger)
    gauges = LedgerGauges(ledger, fresh=0.0)

    list(gauges.collect())

    last = gauges.last
    assert last
    assert last.serves_until == pytest.approx(last.at + 20 * last.took)


def test_a_ledger_that_never_answers_holds_up_no_scrape(scene: Scene) -> None:
    ledger = CountedLedger.like(scene.ledger)
    ledger.may_answer.clear()
    gauges = LedgerGauges(ledger, patience=0.05)

    first, second = list(gauges.collect()), list(gauges.collect())
    ledger.may_answer.set()

    assert [families[0].samples[0].value for families in (first, second)] == [0.0, 0.0]
    assert len(first) == 1
    assert len(ledger.reads) == 1


def test_a_server_that_went_away_is_told_and_one_that_came_back(postgres: PostgresServer) -> None:
    ledger = open_ledger(postgres.create_database(f"metrics{uuid4().hex[:8]}"))
    gauges = LedgerGauges(ledger, fresh=0.0)

    def is_up() -> bool:
        return next(iter(gauges.collect())).samples[0].value == 1.0

    with closing(ledger):
        before = is_up()
        postgres.stop()
        try:
            wait_until(lambda: not is_up())
        finally:
            postgres.start()
        wait_until(is_up)

    assert before


# --- the address --------------------------------------------------------------------------


def test_who_goes_away_before_the_answer_is_nothing_to_tell_of(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    at_once = struct.pack("ii", 1, 0)  # so that closing resets the connection

    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as asker:
                asker.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                asker.sendall(b"GET /metrics HTTP/1.1\r\nHost: x")
        scraped(port)

    assert capfd.readouterr() == ("", "")


def _has_version_six() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_version_six(), reason="this machine has no IPv6")
def test_an_address_of_version_six_is_listened_at(scene: Scene) -> None:
    with (
        metrics_served(scene.ledger, "::1", 0) as port,
        urllib.request.urlopen(f"http://[::1]:{port}/metrics") as answer,
    ):
        assert b"newsletter_up 1.0" in answer.read()


def test_a_taken_port_is_refused_with_the_cure(scene: Scene) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        with (
            pytest.raises(ConfigError, match=rf"127\.0\.0\.1:{port}.*a port of its own"),
            metrics_served(scene.ledger, "127.0.0.1", port),
        ):
            pass


def test_an_address_of_another_machine_is_refused_with_the_cure(scene: Scene) -> None:
    with (
        pytest.raises(ConfigError, match=r"192\.0\.2\.1:9108.*of this machine"),
        metrics_served(scene.ledger, "192.0.2.1", 9108),
    ):
        pass


# --- names --------------------------------------------------------------------------------


def test_names_are_as_prometheus_wants_them(scene: Scene) -> None:
    with metrics_served(scene.ledger, "127.0.0.1", 0) as port:
        ours = [f for n, f in scraped(port).items() if n.startswith("newsletter_")]

    for family in ours:
        assert family.documentation.endswith("."), family.name
        assert re.fullmatch(r"[a-z_]+", family.name)
        assert not re.search(r"_(ms|minutes|milliseconds|count|total)$", family.name)
        labels = {label for sample in family.samples for label in sample.labels}
        assert labels.isdisjoint({"job", "instance"}), "Prometheus writes these itself"
    assert len(ours) >= 15
