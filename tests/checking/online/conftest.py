"""Certificates and the way links are followed in these tests."""

import datetime as dt
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from newsletter.checking.online.dead_links import LinkOptions, check_links_online
from newsletter.checking.online.visits import Pace
from newsletter.language import Wording
from newsletter.model import Finding
from newsletter.net import Network, NoSuchHostError
from tests.preview.catalogs import lost_words
from tests.servers.smtp import make_certificate

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


# Values of templates that are words of ours, unlike names and addresses.
_PARTS = {"fault", "more", "told", "why"}


def plain_texts(findings: Iterable[Finding], skipped: Iterable[tuple[str, str]]) -> list[str]:
    """Return what was told in words that no catalog can say in another language."""
    texts = [text for finding in findings for text in (finding.message, finding.hint) if text]
    texts += [reason for _, reason in skipped]
    return [text for text in texts if not _is_wording(text) or lost_words(text)]


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
        findings, skipped = check_links_online(links, options=options)
        assert plain_texts(findings, skipped) == []
        return findings, dict(skipped)

    return run
