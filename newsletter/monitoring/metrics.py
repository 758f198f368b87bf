"""What this process did, counted for Prometheus, and the address at which it can be asked."""

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    make_wsgi_app,
)

from newsletter.errors import ConfigError
from newsletter.language import reason_of_network, say
from newsletter.ledger import Ledger
from newsletter.monitoring.asked import Visits
from newsletter.monitoring.gauges import LedgerGauges
from newsletter.monitoring.labels import Labels
from newsletter.observing import (
    LOGGER,
    Answered,
    CallAnswered,
    ClaimDelayed,
    DeliveriesRecorded,
    JobBegun,
    JobEnded,
    LedgerAway,
    MetricsServed,
    Observation,
    PaceSlowed,
    ProcessBegun,
    Purpose,
    Troubled,
    observe,
)

_STATES = ("accepted", "rejected", "put_off", "unknown")  # as observations name them
# Seconds: an API answers in tenths, a greylisting server in minutes.
_OF_CALLS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_OF_JOBS = (0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
# Why nobody can listen at an address -> what to do.
_CURES = {
    errno.EADDRINUSE: say("another process listens there; give each process a port of its own"),
    errno.EACCES: say("choose a port from 1024 on"),
}
_ANY_CURE = say("name an address of this machine, such as 127.0.0.1:9108")


@contextmanager
def metrics_served(ledger: Ledger, host: str, port: int) -> Iterator[int]:
    """Answer Prometheus at an address until the end of the block; yield the port.

    Raise ConfigError where nobody can listen there.
    """
    # One more series for each counter, which no question needs.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    registry.register(LedgerGauges(ledger))
    counting, logger = _Counting(registry), logging.getLogger(LOGGER)
    server = _listen(registry, host, port)
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    level = logger.level
    logger.addHandler(counting)
    logger.setLevel(logging.DEBUG)
    try:
        observe(MetricsServed(port=server.server_port))
        yield server.server_port
    finally:
        logger.setLevel(level)
        logger.removeHandler(counting)
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each who asks in a thread of their own."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over who went away, or said nothing: the library would write a traceback."""


class _ServerOfSix(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10.0  # seconds for which somebody may hold a thread who says nothing

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each scrape."""


def _listen(registry: CollectorRegistry, host: str, port: int) -> WSGIServer:
    kind = _ServerOfSix if ":" in host else _Server
    try:
        return make_server(host, port, make_wsgi_app(registry), kind, _Handler)
    except OSError as err:
        raise ConfigError(
            say(
                "metrics cannot be served at {address} ({reason}): {cure}",
                address=f"{host}:{port}",
                reason=reason_of_network(err.strerror or str(err)),
                cure=_CURES.get(err.errno or 0, _ANY_CURE),
            )
        ) from err


class _Counting(logging.Handler):
    """Counts what is observed; what is only told is passed over."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._labels = Labels()
        Info("newsletter_build", "The program.", registry=registry).info(
            {"version": version("newsletter")}
        )
        self._calls = Histogram(
            "newsletter_call_duration_seconds",
            "Calls to providers, by what they were for and how they ended.",
            ["provider", "purpose", "answer"],
            buckets=_OF_CALLS,
            registry=registry,
        )
        self._deliveries = Counter(
            "newsletter_deliveries_total",
            "Outcomes of deliveries that were recorded; one put off or in doubt comes again.",
            ["provider", "state"],
            registry=registry,
        )
        self._waits = Counter(
            "newsletter_claim_wait_seconds_total",
            "Time that lanes waited for pace, caps and batches that wait.",
            ["provider"],
            registry=registry,
        )
        self._slowdowns = Counter(
            "newsletter_pace_slowdowns_total",
            "Answers that calls came too fast.",
            ["provider"],
            registry=registry,
        )
        self._outages = Counter(
            "newsletter_ledger_outages_total",
            "Times that the ledger did not answer a change or a question of a send.",
            registry=registry,
        )
        self._troubles = Counter(
            "newsletter_troubles_total",
            "Faults that kept a worker from its work, by the class of the error.",
            ["fault"],
            registry=registry,
        )
        self._delays = Histogram(
            "newsletter_job_delay_seconds",
            "Time from when a job was due to its beginning.",
            ["queue"],
            buckets=_OF_JOBS,
            registry=registry,
        )
        self._jobs = Histogram(
            "newsletter_job_duration_seconds",
            "Runs of jobs, by how they ended.",
            ["name", "outcome"],
            buckets=_OF_JOBS,
            registry=registry,
        )

        self._visits = Visits(registry, self._labels)

    def emit(self, record: logging.LogRecord) -> None:
        """Count what a record tells; no fault of counting may disturb what is counted."""
        with suppress(Exception):
            observed = getattr(record, "observation", None)
            self._count_sending(observed)
            self._count_work(observed)
            self._visits.count(observed)

    def _count_sending(self, observed: Observation | None) -> None:
        match observed:
            case CallAnswered():
                labels = self._bound(provider=observed.provider)
                labels |= {"purpose": observed.purpose, "answer": observed.answer}
                self._calls.labels(**labels).observe(observed.seconds)
            case DeliveriesRecorded():
                labels = self._bound(provider=observed.provider)
                for state in _STATES:
                    self._deliveries.labels(**labels, state=state).inc(getattr(observed, state))
            case ClaimDelayed():
                self._waits.labels(**self._bound(provider=observed.provider)).inc(observed.seconds)
            case PaceSlowed():
                self._slowdowns.labels(**self._bound(provider=observed.provider)).inc()

    def _count_work(self, observed: Observation | None) -> None:
        match observed:
            case ProcessBegun():
                self._begin_at_zero(observed.provider)
            case LedgerAway():
                self._outages.inc()
            case Troubled():
                self._troubles.labels(**self._bound(fault=observed.fault)).inc()
            case JobBegun(late=float(late)):
                self._delays.labels(**self._bound(queue=observed.queue)).observe(late)
            case JobEnded():
                labels = self._bound(name=observed.name) | {"outcome": observed.outcome}
                self._jobs.labels(**labels).observe(observed.seconds)

    def _begin_at_zero(self, provider: str) -> None:
        """Tell of what has not happened yet: Prometheus sees only what grows between two scrapes.

        A small send is over within one; its counts would be there from nowhere, and never grow.
        """
        for state in _STATES:
            self._deliveries.labels(**self._bound(provider=provider), state=state)
        for answer in Answered:
            labels = self._bound(provider=provider) | {"purpose": Purpose.SEND, "answer": answer}
            self._calls.labels(**labels)

    def _bound(self, **labels: str) -> dict[str, str]:
        return {label: self._labels.bound(label, value) for label, value in labels.items()}
