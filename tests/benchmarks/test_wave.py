"""The hour after a send to a million: how much the public service takes, and that it loses nothing.

Client and server share the machine's processors. What was answered is counted on both sides.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from newsletter.counted_links import CountedLinks
from newsletter.ledger import Ledger, planning
from newsletter.ledger.issue_links import keep_links
from newsletter.ledgers import ledger_of
from newsletter.model import AuthoredLink, Counting
from newsletter.settings import load_settings
from tests.benchmarks.crowd import settle
from tests.conftest import REPOSITORY, Site
from tests.ledger.examples import NEW
from tests.public.test_hooks import path_of
from tests.servers.postgres import PostgresServer

MILLION = 1_000_000
PUBLIC = "https://news.example.org"
SECRET = "so long that nobody guesses it"  # noqa: S105 - invented, as path_of has it
_SECONDS = 15.0
_CONNECTIONS = 64
_WANTED, _CALM = 3_000, 1_000  # requests a second
_LINKS = 40
_HEAD = (
    "Host: news.example.org\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) "
    "Gecko/20100101 Firefox/145.0\r\nAccept: */*\r\nAccept-Language: fi\r\n"
)
_AT = "'2026-12-15T08:00:00.000+00:00'"
# Readers who all allow it, and the deliveries of a send to them; made where they lie.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {count}))",
}
_PEOPLE = (
    "INSERT INTO subscribers (id, address, key, name, language, attributes, standing, basis, "
    "tracking, joined_at, changed_at) {numbers} SELECT i, 'p' || i || '@example.org', 'k' || i, "
    "'', '', '{{}}', 'active', 'consent', 'granted', {at}, {at} FROM n"
)
_DELIVERIES = (
    "INSERT INTO deliveries (id, send_id, batch_id, subscriber_id, address, state, message_id, "
    "reason, transient, changed_at) {numbers} SELECT i, {send}, 1, i, 'p' || i || '@example.org', "
    "'accepted', '', '', false, {at} FROM n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of its own."""
    with PostgresServer() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def sent(request: pytest.FixtureRequest, tmp_path: Path, server: PostgresServer) -> Site:
    """A newsletter that was sent to a million readers, on either database."""
    database = ""
    if request.param == "postgresql":
        database = server.create_database(f"wave{uuid4().hex[:8]}", tcp=True)
    site = settle(
        tmp_path / "site", provider="brevo", base_url="http://127.0.0.1", database=database
    )
    settings = site.root / "newsletter.toml"
    written = settings.read_text(encoding="utf-8")
    written = written.replace("https://kirje.example.org", PUBLIC)
    settings.write_text(f'{written}\n[tracking]\nopens = "consented"\n', encoding="utf-8")
    site.write(".env", f"NEWSLETTER_API_KEY=key\nNEWSLETTER_SECRET={SECRET}\n")
    (site.root / "subscribers").mkdir(exist_ok=True)
    return site


def opened(site: Site) -> Ledger:
    return ledger_of(load_settings(site.root))


def send_to_all(connection: Connection) -> int:
    """Write a million readers, and a send that all of them got; return its id."""
    values = {"count": MILLION, "at": _AT}
    numbers = _NUMBERS[connection.dialect.name].format(count=MILLION)
    connection.execute(text(_PEOPLE.format(numbers=numbers, **values)))
    new = replace(NEW, counting=Counting.CONSENTED, public_url=PUBLIC)
    send = planning.insert_send(connection, new, {})
    connection.execute(text(_DELIVERIES.format(numbers=numbers, send=send, **values)))
    links = [AuthoredLink(url=f"https://www.example.org/{n}") for n in range(_LINKS)]
    keep_links(connection, send, links, "fi")
    return send


def write_requests(folder: Path, send: int) -> Path:
    """Write what the wave asks: opens and clicks of many readers, and what a provider posts."""
    links, chosen = CountedLinks(PUBLIC, SECRET), random.Random(2)
    readers = [chosen.randint(1, MILLION) for _ in range(20_000)]
    opens = [links.picture(send, reader).removeprefix(PUBLIC) for reader in readers]
    clicks = [
        f"{links.redirects(send, reader).removeprefix(PUBLIC)}{chosen.randint(1, _LINKS)}"
        for reader in readers
    ]
    posts = []
    place = path_of("brevo").removeprefix("/kirje")
    for number, reader in enumerate(readers):
        event = {
            "event": "delivered",
            "email": f"p{reader}@example.org",
            "message-id": f"<{number}@x>",
        }
        body = json.dumps({**event, "ts_epoch": 1_796_018_400_000 + number})
        posts.append(
            f"POST {place} HTTP/1.1\r\n{_HEAD}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
    asked = [
        (0.55, "open", [f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n" for path in opens]),
        (0.40, "click", [f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n" for path in clicks]),
        (0.05, "post", posts),
    ]
    path = folder / "requests.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    return path


def begin_wave(port: int, requests: Path, *, rate: int = 0) -> subprocess.Popen[str]:
    arguments = [str(port), str(requests), str(_CONNECTIONS), str(_SECONDS), str(rate)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.wave", *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )


def outcome_of(wave: subprocess.Popen[str]) -> dict[str, Any]:
    told, _ = wave.communicate(timeout=120)
    found: dict[str, Any] = json.loads(told)
    return found


def start_service(site: Site) -> tuple[subprocess.Popen[str], int]:
    """Start the service as anybody does, in a process of its own."""
    process = subprocess.Popen(
        site.command("serve", "--port", "0"),
        env=site.full_environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    for line in process.stderr:
        if "http://127.0.0.1:" in line:
            return process, int(line.partition("http://127.0.0.1:")[2].split(".")[0])
    raise AssertionError("it ended without serving")


def stored(ledger: Ledger) -> dict[str, int]:
    """Return what the ledger has of the wave, and forget it."""
    counted = "SELECT kind, sum(count) FROM hits GROUP BY kind"
    with ledger.write() as connection:
        found = {kind: int(count) for kind, count in connection.execute(text(counted))}
        posts = connection.execute(text("SELECT count(*) FROM webhooks")).scalar_one()
        for table in ("hits", "webhooks"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - ours
    return {"open": found.get("opened", 0), "click": found.get("clicked", 0), "post": posts}


def answered(found: dict[str, Any]) -> dict[str, int]:
    good = {"open": "open 200", "click": "click 302", "post": "post 200"}
    return {kind: found["statuses"].get(status, 0) for kind, status in good.items()}


def test_a_wave_after_a_million_is_taken_and_nothing_of_it_lost(sent: Site, tmp_path: Path) -> None:
    ledger = opened(sent)
    with ledger.write() as connection:
        send = send_to_all(connection)
    requests = write_requests(tmp_path, send)
    kind = "postgresql" if ledger.is_shared else "sqlite"
    process, port = start_service(sent)

    before = processor_of(process.pid)
    fast = outcome_of(begin_wave(port, requests))
    used = processor_of(process.pid) - before
    lost_fast = missing(stored(ledger), answered(fast))
    calm = outcome_of(begin_wave(port, requests, rate=_CALM))
    lost_calm = missing(stored(ledger), answered(calm))

    wave = begin_wave(port, requests)
    time.sleep(_SECONDS / 3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    cut = outcome_of(wave)
    kept, told = stored(ledger), answered(cut)
    ledger.close()

    rate, each = fast["answered"] / fast["seconds"], 1e6 / fast["answered"]
    print(
        f"\n{kind}: {rate:,.0f} requests/s at most, each {used * each:.0f} µs of a processor (the "
        f"client {fast['processor'] * each:.0f}), 99 % within {fast['p99'] * 1000:.0f} ms; at "
        f"{calm['answered'] / calm['seconds']:,.0f}/s half within {calm['p50'] * 1000:.1f} ms, "
        f"99 % within {calm['p99'] * 1000:.1f} ms; lost {lost_fast or 'none'}, "
        f"{lost_calm or 'none'}; killed after {sum(told.values()):,} answers, with "
        f"{sum(kept.values()):,} stored"
    )
    assert set(fast["statuses"]) == set(calm["statuses"]) == {"open 200", "click 302", "post 200"}
    assert lost_fast == lost_calm == {}
    assert {kind: told[kind] - kept[kind] for kind in told if kept[kind] < told[kind]} == {}
    assert cut["failed"] > 0  # it was in the middle of it
    assert rate >= _WANTED
    assert calm["p99"] < 0.1


def missing(kept: dict[str, int], told: dict[str, int]) -> dict[str, int]:
    """Return of what more was answered than is there, or less."""
    return {kind: told[kind] - kept[kind] for kind in told if kept[kind] != told[kind]}


def processor_of(pid: int) -> float:
    """Return the seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
