"""What the public service did, counted for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from newsletter.monitoring.labels import Labels
from newsletter.observing import HitStored, HitUnstored, Observation, RequestAnswered

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Visits:
    """Requests, and the opens and clicks among them."""

    def __init__(self, registry: CollectorRegistry, labels: Labels) -> None:
        self._labels = labels
        self._requests = Histogram(
            "newsletter_request_duration_seconds",
            "Requests to the public service, by what answered and how.",
            ["route", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._hits = Counter(
            "newsletter_hits_total",
            "Opens and clicks that were stored, or passed over as they are not allowed.",
            ["kind", "visitor"],
            registry=registry,
        )
        self._unstored = Counter(
            "newsletter_hits_unstored_total",
            "Opens and clicks that were answered before the ledger took them.",
            registry=registry,
        )

    def count(self, observed: Observation | None) -> None:
        """Count what is observed; what is about anything else is passed over."""
        match observed:
            case RequestAnswered():
                route = self._labels.bound("route", observed.route)
                status = self._labels.bound("status", str(observed.status))
                self._requests.labels(route=route, status=status).observe(observed.seconds)
            case HitStored():
                self._hits.labels(kind=observed.kind, visitor=observed.visitor).inc()
            case HitUnstored():
                self._unstored.inc()
