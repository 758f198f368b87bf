"""Certificates and the way links are followed in these tests."""

import datetime as dt
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from newsletter.checking.instruments import CheckResult
from newsletter.checking.online.dead_links import LinkOptions, check_links_online
from newsletter.checking.online.visits import Pace
from newsletter.language import Wording
from newsletter.model import Finding, Skipped
from newsletter.net import Network, NoSuchHostError
from tests.language.catalogs import lost_words
from tests.servers.smtp import make_certificate

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


# Values of templates that are words of ours, unlike names and addresses.
_PARTS = {"fault", "more", "told", "why"}


def sorted_out(said: Iterable[CheckResult]) -> tuple[list[Finding], dict[str, str]]:
    """Return what is found, and why rules are skipped, all in words that catalogs can translate."""
    said = list(said)
    findings = [one for one in said if isinstance(one, Finding)]
    skipped: dict[str, str] = {o.id: o.reason for o in said if isinstance(o, Skipped)}
    texts = [text for finding in findings for text in (finding.message, finding.hint) if text]
    texts += skipped.values()
    assert [text for text in texts if not _is_wording(text) or lost_words(text)] == []
    return findings, skipped


def _is_wording(text: object) -> bool:
    return isinstance(text, Wording) and all(
        _is_wording(part)
        for part in (*text.parts, *(text.values[name] for name in _PARTS & text.values.keys()))
    )


def loopback(host: str) -> list[str]:
    """Find every host on this machine, but for those that do not exist."""
    if host.startswith("poissa."):
        raise NoSuchHostError(host)
    return ["127.0.0.1"]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of www.firma.example."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "www.firma.example")


Follow = Callable[..., tuple[list[Finding], dict[str, str]]]


@pytest.fixture
def follow(certificate: Path) -> Follow:
    """Follow links, one a line of the issue; this machine may be asked unless said."""

    def run(
        *urls: str,
        find: Callable[[str], list[str]] = loopback,
        is_forbidden: Callable[[str], bool] = lambda _: False,
        timeout: float = 5.0,
        budget: float = 30.0,
        cache: Path | None = None,
        now: dt.datetime = NOW,
    ) -> tuple[list[Finding], dict[str, str]]:
        network = Network(
            find_addresses=find,
            context=ssl.create_default_context(cafile=str(certificate)),
            is_forbidden=is_forbidden,
            timeout=timeout,
        )
        options = LinkOptions(
            path="issues/2026-12.md",
            contact="toimitus@example.org",
            now=now,
            network=network,
            public_url="https://kirje.example",
            marker_key="qzx",
            cache=cache,
            pace=Pace(budget=budget),
        )
        links = [(url, line) for line, url in enumerate(urls, 1)]
        return sorted_out(check_links_online(links, options=options))

    return run
