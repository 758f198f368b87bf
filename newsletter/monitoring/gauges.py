"""What the ledger knows of sending as a whole, read when Prometheus asks.

A read is a few grouped queries, and serves for a while all who ask, for longer the longer it took:
asking often costs nothing. It happens in a thread of its own, as a database that is away may take
long to say so: then the answer is `newsletter_up 0`, without figures that may be old.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Condition, Thread

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from newsletter.errors import LedgerError
from newsletter.ledger import KnownWorker, Ledger, Vitals, find_vitals
from newsletter.model import JobState, JobTally
from newsletter.monitoring.labels import Labels
from newsletter.observing import Troubled, observe

_FRESH = 5.0  # seconds for which a read serves ...
_SHARE = 20.0  # ... or so many times as long as it took: at most a twentieth of the time is reading
_PATIENCE = 3.0  # seconds for which a scrape waits; Prometheus gives up after ten
_STALE = 60.0  # seconds after which figures are too old while a read goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the ledger said, or that it said nothing."""

    vitals: Vitals | None
    at: float  # end of the read, by the monotonic clock
    took: float  # seconds
    serves_until: float  # when the ledger is to be read again


class LedgerGauges(Collector):
    """The ledger's figures, as Prometheus collects them."""

    def __init__(
        self, ledger: Ledger, *, fresh: float = _FRESH, patience: float = _PATIENCE
    ) -> None:
        """Read a ledger for scrapes that wait so long; `fresh` is how long a quick read serves."""
        self._ledger = ledger
        self._fresh, self._patience = fresh, patience
        self._labels = Labels()
        self._changed = Condition()
        self.last: Reading | None = None
        self._is_reading = False
        self._fault = ""  # class of the error that the last read ended with

    def describe(self) -> Iterable[Metric]:
        """Return nothing: names are known when they are asked for, and no read is made for them."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the last read; where there is none, only that the ledger is away."""
        reading = self._read_lately()
        vitals = reading.vitals if reading else None
        yield GaugeMetricFamily("newsletter_up", "Whether the ledger answers.", value=bool(vitals))
        if reading and vitals:
            yield GaugeMetricFamily(
                "newsletter_ledger_read_seconds",
                "How long reading these figures took.",
                value=reading.took,
            )
            yield from self._of_sends(vitals)
            yield from self._of_paces(vitals)
            yield from self._of_jobs(vitals.jobs)
            yield from self._of_webhooks(vitals)
            yield from _of_workers(vitals.workers)
            yield from _of_postings(vitals)

    def _read_lately(self) -> Reading | None:
        """Return a read that serves still, waiting a while for a new one where it does not."""
        with self._changed:
            if not self._serves() and not self._is_reading:
                self._is_reading = True
                Thread(target=self._read, name="metrics-ledger", daemon=True).start()
            self._changed.wait_for(self._serves, timeout=self._patience)
            last = self.last
        is_stale = last is None or time.monotonic() > last.serves_until + _STALE
        return None if is_stale else last

    def _serves(self) -> bool:
        return self.last is not None and time.monotonic() < self.last.serves_until

    def _read(self) -> None:
        begun, vitals = time.monotonic(), None
        try:
            with self._ledger.read() as connection:
                vitals = find_vitals(connection)
            self._fault = ""
        except LedgerError:  # it is away, and whoever needs it says so
            self._fault = ""
        except Exception as err:  # whatever it is, the figures are not to be had
            self._report(err)
        with self._changed:
            now = time.monotonic()
            until = now + max(self._fresh, _SHARE * (now - begun))
            self.last = Reading(vitals=vitals, at=now, took=now - begun, serves_until=until)
            self._is_reading = False
            self._changed.notify_all()

    def _report(self, err: Exception) -> None:
        """Tell of a fault, once until it is another one, or over."""
        before, self._fault = self._fault, type(err).__name__
        if self._fault != before:
            observe(Troubled(fault=self._fault, reason=""), error=err)

    def _of_sends(self, vitals: Vitals) -> Iterator[Metric]:
        sends = GaugeMetricFamily(
            "newsletter_sends", "Sends that are not over.", labels=["provider", "state"]
        )
        for (provider, state), count in vitals.sends.items():
            sends.add_metric([self._labels.bound("provider", provider), state.value], count)
        yield sends
        deliveries = GaugeMetricFamily(
            "newsletter_send_deliveries",
            "Deliveries of sends that are not over, by the state of their batch.",
            labels=["provider", "state"],
        )
        for (provider, batch_state), count in vitals.deliveries.items():
            name = self._labels.bound("provider", provider)
            deliveries.add_metric([name, batch_state.value], count)
        yield deliveries
        yield GaugeMetricFamily(
            "newsletter_next_send_timestamp_seconds",
            "When the next send begins, or should have begun; 0 if none is planned for later.",
            value=vitals.next_at.timestamp() if vitals.next_at else 0.0,
        )

    def _of_paces(self, vitals: Vitals) -> Iterator[Metric]:
        gaps = GaugeMetricFamily(
            "newsletter_pace_gap_seconds",
            "Pause between two calls that a provider's refusals led to.",
            labels=["provider"],
        )
        calls = GaugeMetricFamily(
            "newsletter_pace_next_call_timestamp_seconds",
            "When a provider may be called next, by whomever.",
            labels=["provider"],
        )
        for pace in vitals.paces:
            name = self._labels.bound("provider", pace.provider)
            gaps.add_metric([name], pace.gap)
            calls.add_metric([name], pace.next_at.timestamp())
        yield from (gaps, calls)

    def _of_jobs(self, tallies: Iterable[JobTally]) -> Iterator[Metric]:
        found = GaugeMetricFamily(
            "newsletter_jobs",
            "Jobs that are due, wait for their time (later), run or have failed.",
            labels=["queue", "state"],
        )
        ages = GaugeMetricFamily(
            "newsletter_oldest_job_age_seconds",
            "How long the job of a queue has waited that is due the longest.",
            labels=["queue"],
        )
        for tally in tallies:
            name, state = self._labels.bound("queue", tally.queue), tally.state.value
            if tally.state is JobState.WAITING:
                state = "due" if tally.is_due else "later"
            found.add_metric([name, state], tally.count)
            if state == "due":
                ages.add_metric([name], tally.waited)
        yield from (found, ages)

    def _of_webhooks(self, vitals: Vitals) -> Iterator[Metric]:
        newest = GaugeMetricFamily(
            "newsletter_webhooks_newest_timestamp_seconds",
            "When a provider last posted anything.",
            labels=["provider"],
        )
        for provider, at in vitals.posted.items():
            newest.add_metric([self._labels.bound("provider", provider)], at.timestamp())
        yield newest


def _of_postings(vitals: Vitals) -> Iterator[Metric]:
    lag = vitals.postings
    yield GaugeMetricFamily(
        "newsletter_webhooks_waiting",
        "Requests of providers that are stored, and not yet read.",
        value=lag.waiting,
    )
    yield GaugeMetricFamily(
        "newsletter_oldest_webhook_timestamp_seconds",
        "When the oldest of them came; 0 if none waits.",
        value=lag.oldest.timestamp() if lag.oldest else 0.0,
    )


def _of_workers(workers: Iterable[KnownWorker]) -> Iterator[Metric]:
    workers = list(workers)
    states = Counter(map(_state_of, workers))
    found = GaugeMetricFamily(
        "newsletter_workers",
        "Processes that send: they wait for work, carry out one send, or are missed.",
        labels=["state"],
    )
    for state in ("serving", "sending", "missing"):
        found.add_metric([state], states[state])
    yield found
    if workers:
        yield GaugeMetricFamily(
            "newsletter_heartbeat_age_seconds",
            "Time since any process that sends was last seen.",
            value=min(worker.age for worker in workers),
        )


def _state_of(worker: KnownWorker) -> str:
    if worker.is_missed:
        return "missing"
    return "serving" if worker.is_serving else "sending"
