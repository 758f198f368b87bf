"""What is logged of requests: how they were answered, and nothing of who asked or for what."""

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

from tests.public.test_tracking import BROWSER, Counting, make_counting
from tests.serving import Service, answer_of
from tests.waiting import PATIENCE, wait_until

PRIVATE = "c0ffee5ecret"


def test_a_request_is_told_without_who_asked_for_what(tmp_path: Path) -> None:
    site, (port, metrics) = make_counting(tmp_path / "site", "consented"), free_ports()
    options = ("--log", "json", "--metrics", f"127.0.0.1:{metrics}")
    process = site.start("serve", "--port", str(port), *options)
    wait_until(lambda: is_live(port))
    service = Service(site, process, port)
    picture, link = Counting(service).paths("person0")

    for path in (picture, link, f"{link}9?{PRIVATE}={PRIVATE}", f"/{PRIVATE}"):
        service.ask(path, x_forwarded_for="192.0.2.77", **BROWSER)
    service.ask(f"/kirje/pictures/{PRIVATE}.png", method="PUT", referer=f"https://{PRIVATE}/")
    with urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=PATIENCE) as answer:
        figures = answer.read().decode()
    process.terminate()
    text = process.stderr.read()

    told = [line for line in map(json.loads, text.splitlines()) if "route" in line]
    assert [(line["method"], line["route"], line["status"]) for line in told] == [
        ("GET", "tracking.opened", 200),
        ("GET", "tracking.clicked", 302),
        ("GET", "none", 404),
        ("GET", "none", 404),
        ("PUT", "assets.picture", 405),
    ]
    assert all(keys_of(line) == {"method", "route", "status", "seconds"} for line in told)
    for private in (PRIVATE, "192.0.2.77", "Firefox", "person0", "127.0.0.1"):
        assert private not in text
        assert private not in figures
    for series in (
        'newsletter_request_duration_seconds_count{route="tracking.opened",status="200"} 1.0',
        'newsletter_hits_total{kind="clicked",visitor="unknown"} 1.0',
        "newsletter_webhooks_waiting 0.0",
    ):
        assert series in figures


def keys_of(line: Mapping[str, object]) -> set[str]:
    return set(line) - {"at", "level", "event"}


def free_ports() -> list[int]:
    """Return two ports at which nobody listens."""
    bound = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    numbers = [int(each.getsockname()[1]) for each in bound]
    for each in bound:
        each.close()
    return numbers


def is_live(port: int) -> bool:
    with suppress(OSError):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        return answer_of(connection, "/health/live").status == 200
    return False
