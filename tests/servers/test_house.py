"""Check that a test server journals the truth, fails as planned, and starts and ends cleanly."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from requests import Response

from tests.waiting import PATIENCE, wait_until

from .house import ProviderServer

KEY, OTHER = "7f1a0d58-3c5e-4a2b-9e59-5f0a6a4a1c11", "7f1a0d58-3c5e-4a2b-9e59-5f0a6a4a1c12"
LONGER_THAN_ANY_TEST = 6000.0  # seconds
EVENTS = "/smtp/statistics/events"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def server(journal: Path) -> Iterator[ProviderServer]:
    with brevo(journal) as running:
        yield running


def brevo(journal: Path, *faults: str, **flags: Any) -> ProviderServer:
    """Describe a server of the one dialect that has idempotency keys of its own."""
    return ProviderServer(name="brevo", journal_file=journal, faults=faults, **flags)


def call(key: str = "", *people: str, html: str = "<p>Hei!</p>") -> dict[str, Any]:
    """Build a call that breaks no rule."""
    return {
        "sender": {"email": "news@example.org"},
        "subject": "Hei",
        "htmlContent": html,
        "textContent": "Hei!",
        "headers": {"idempotencyKey": key or str(uuid4())},
        "tags": ["issue-1"],
        "messageVersions": [{"to": [{"email": email}]} for email in people or ("a@example.org",)],
    }


def post(
    server: ProviderServer, body: Any = None, timeout: float = PATIENCE, **how: Any
) -> Response:
    """Make a sending call."""
    url, headers = f"{server.url}/smtp/email", {"api-key": server.api_key}
    given = {"allow_redirects": False, "headers": headers, **how}
    return requests.post(url, json=body or call(), timeout=timeout, **given)


def ask(server: ProviderServer, path: str, **how: Any) -> Response:
    """Ask a question."""
    headers = {"api-key": server.api_key}
    return requests.get(server.url + path, headers=headers, timeout=PATIENCE, **how)


# Each fault by what the second of three calls gets, and whether it was accepted nevertheless.
@pytest.mark.parametrize(
    ("fault", "status", "content", "retry_after", "accepted"),
    [
        ("429", 429, '"too_many_requests"', None, 0),
        ("429:3", 429, '"too_many_requests"', "3", 0),
        ("500-before", 500, '"internal_error"', None, 0),
        ("500-after", 500, '"internal_error"', None, 1),
        ("503-before:7", 503, '"service_unavailable"', "7", 0),
        ("503-after", 503, '"service_unavailable"', None, 1),
        ("401", 401, '"unauthorized"', None, 0),
        ("402", 402, '"not_enough_credits"', None, 0),
        ("403", 403, '"permission_denied"', None, 0),
        ("404", 404, '"document_not_found"', None, 0),
        ("413", 413, '"out_of_range"', None, 0),
        ("400-invalid", 400, '"email is not valid in messageVersions"', None, 0),
        ("html", 200, "<!DOCTYPE html>", None, 0),
        ("html-after", 200, "<!DOCTYPE html>", None, 1),
        ("truncated", 201, '{"messageIds": ["<', None, 1),
        ("wrong", 201, "[1, 2]", None, 1),
        ('wrong:{"hello": 1}', 201, '{"hello": 1}', None, 1),
        ("redirect", 302, "", None, 0),
        ("drip:0.2", 201, '{"messageIds": ["<', None, 1),
    ],
)
def test_a_fault_hits_its_call_and_no_other(
    journal: Path, fault: str, status: int, content: str, retry_after: str | None, accepted: int
) -> None:
    with brevo(journal, f"2:{fault}") as server:
        first, hit, again = (post(server, call(key)) for key in (OTHER, KEY, KEY))

        assert [first.status_code, hit.status_code, again.status_code] == [201, status, 201]
        assert content in hit.text
        assert hit.headers.get("Retry-After") == retry_after
        assert [line["call"] for line in server.messages()] == [1, 2 if accepted else 3]
        assert server.repeats() == [KEY] * accepted
        assert server.faulted() == [fault]


def test_truncated_json_cannot_be_read(journal: Path) -> None:
    with brevo(journal, "1:truncated") as server, pytest.raises(requests.JSONDecodeError):
        post(server).json()


def test_a_wait_can_be_told_as_a_date(journal: Path) -> None:
    with brevo(journal, "1:429-date:90") as server:
        until = parsedate_to_datetime(post(server).headers["Retry-After"])

        assert timedelta(seconds=80) < until - datetime.now(UTC) <= timedelta(seconds=90)


def test_who_follows_a_redirect_is_journalled(journal: Path) -> None:
    with brevo(journal, "1:redirect") as server:
        post(server, allow_redirects=True)

        assert server.asked() == ["GET /elsewhere"]


@pytest.mark.parametrize(
    ("fault", "accepted"),
    [("reset-before", 0), ("reset-during", 0), ("reset-after", 1), ("reset-answer", 1)],
)
@pytest.mark.parametrize("size", [1, 3_000_000])
def test_a_reset_gives_no_answer(journal: Path, fault: str, accepted: int, size: int) -> None:
    broken = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
    with brevo(journal, f"1:{fault}") as server:
        with pytest.raises(broken):
            post(server, call(html="x" * size))

        assert len(server.messages()) == accepted


@pytest.mark.parametrize(
    ("fault", "accepted"), [("slow:6000", 1), ("slow-before:6000", 0), ("timeout-before:6000", 0)]
)
def test_slow_is_before_or_after_the_journal(journal: Path, fault: str, accepted: int) -> None:
    with brevo(journal, f"1:{fault}") as server:
        with pytest.raises(requests.ReadTimeout):
            post(server, timeout=0.5)

        wait_until(server.faulted)
        wait_until(lambda: len(server.messages()) >= accepted)
        assert len(server.messages()) == accepted


@pytest.mark.parametrize(
    ("faults", "statuses"),
    [
        (["*:429"], [429, 429, 429, 429]),
        (["3+:429"], [201, 201, 429, 429]),
        (["2:500-before", "2+:429"], [201, 500, 429, 429]),  # the first that fits
    ],
)
def test_a_fault_can_hit_many_calls(journal: Path, faults: list[str], statuses: list[int]) -> None:
    with brevo(journal, *faults) as server:
        assert [post(server).status_code for _ in statuses] == statuses


@pytest.mark.parametrize("fault", ["429", "x:429", "1:unheard-of", "1:slow", "+:429"])
def test_an_unknown_fault_is_refused_at_the_start(journal: Path, fault: str) -> None:
    with pytest.raises(RuntimeError, match="exit code 2"):
        brevo(journal, fault).start()


@pytest.mark.parametrize(("bodies", "whose"), [("first", "a"), ("all", "ab"), ("none", "")])
def test_the_journal_holds_as_many_bodies_as_asked_for(
    journal: Path, bodies: str, whose: str
) -> None:
    with brevo(journal, bodies=bodies) as server:
        post(server, call("", "a@example.org", "b@example.org"))

        lines = server.messages()
        assert "".join(line["email"][0] for line in lines if line["html"]) == whose
        assert "".join(line["email"][0] for line in lines if line["text"]) == whose


def test_mail_is_found_only_after_the_lag(journal: Path) -> None:
    with brevo(journal, lag=LONGER_THAN_ANY_TEST) as server:
        post(server)

        assert ask(server, EVENTS).json()["events"] == []
        assert server.asked() == [f"GET /v3{EVENTS}"]
    with brevo(journal, lag=0.5) as server:
        post(server)

        wait_until(lambda: len(ask(server, EVENTS).json()["events"]) == 1)


def test_a_look_up_that_breaks_the_api_is_a_violation(server: ProviderServer) -> None:
    assert ask(server, f"{EVENTS}?days=400").status_code == 400
    assert server.violations() == ["days must be from 1 to 90"]


def test_what_was_accepted_is_journalled_when_both_ends_are_killed(journal: Path) -> None:
    server = brevo(journal, "1:slow:6000")
    server.start()
    with pytest.raises(requests.ReadTimeout):
        post(server, timeout=0.3)

    wait_until(server.messages)
    server.kill()

    assert [line["email"] for line in server.messages()] == ["a@example.org"]


def test_it_serves_https(journal: Path, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *made, *names], check=True, capture_output=True)

    with brevo(journal, "2:reset-after", tls=(certificate, key)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert post(server, verify=str(certificate)).status_code == 201
        with pytest.raises(requests.exceptions.SSLError):
            post(server)
        with pytest.raises(requests.ConnectionError):
            post(server, verify=str(certificate))

        assert len(server.messages()) == 2


def test_one_connection_carries_many_calls(server: ProviderServer) -> None:
    with requests.Session() as session:
        session.headers["api-key"] = "test-key"
        for _ in range(50):
            session.post(f"{server.url}/smtp/email", json=call(), timeout=PATIENCE)

    assert len(server.messages()) == 50


def test_it_ends_when_told_to_even_while_it_waits(journal: Path) -> None:
    with brevo(journal, delay=LONGER_THAN_ANY_TEST) as server:
        with pytest.raises(requests.ReadTimeout):
            post(server, timeout=0.5)
        wait_until(server.messages)

    assert server.exit_code == 0  # by itself: not killed for want of an answer
    assert len(server.messages()) == 1
    with pytest.raises(requests.ConnectionError):
        ask(server, "/account")


def test_a_second_process_goes_on_with_the_journal(journal: Path) -> None:
    for _ in range(2):
        with brevo(journal) as server:
            post(server)

    lines = journal.read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["messageId"] for line in lines}) == 2


def test_it_starts_again_at_the_same_address(server: ProviderServer) -> None:
    before = server.url
    server.kill()

    server.start()

    assert server.url == before
    assert post(server).status_code == 201
