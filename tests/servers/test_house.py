"""Check that a test server journals the truth, fails as planned, and starts and ends cleanly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from requests import Response

from tests.waiting import PATIENCE, wait_until

from .account import Manner
from .good_calls import ADA, BO, KEY, brevo_body, brevo_version
from .house import ProviderServer, opened
from .journal import Journal
from .smtp import make_certificate
from .wire import Server

OTHER = "7f1a0d58-3c5e-4a2b-9e59-5f0a6a4a1c12"
LONGER_THAN_ANY_TEST = 6000.0  # seconds
EVENTS = "/smtp/statistics/events"


@dataclass
class Here(Journal):
    """A server in a thread of the test's own process."""

    url: str
    written: BytesIO = field(default_factory=BytesIO)

    def journal(self) -> list[dict[str, Any]]:
        """Read what it wrote."""
        return [json.loads(line) for line in self.written.getvalue().splitlines()]


@contextmanager
def here(*faults: str, tls: tuple[Path, Path] | None = None, **manner: Any) -> Iterator[Here]:
    """Run a server of the one dialect that has idempotency keys of its own."""
    found = Here("")
    account = opened(Manner(name="brevo", faults=faults, **manner), found.written)
    server = Server(account, 0, tls)
    found.url = server.url
    with server.running():
        yield found


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def call(key: str = "", *people: str, **more: Any) -> dict[str, Any]:
    """Build a call that breaks no rule."""
    versions = [brevo_version(email) for email in people or (ADA,)]
    headers = {"idempotencyKey": key or str(uuid4())}
    return brevo_body({"headers": headers, "messageVersions": versions, **more})


def post(
    server: Here | ProviderServer, body: Any = None, timeout: float = PATIENCE, **how: Any
) -> Response:
    """Make a sending call."""
    url, given = f"{server.url}/smtp/email", {"headers": {"api-key": "test-key"}, **how}
    given.setdefault("allow_redirects", False)
    return requests.post(url, json=body or call(), timeout=timeout, **given)


def ask(server: Here | ProviderServer, path: str, key: str = "test-key") -> Response:
    """Ask a question."""
    return requests.get(server.url + path, headers={"api-key": key}, timeout=PATIENCE)


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
    fault: str, status: int, content: str, retry_after: str | None, accepted: int
) -> None:
    with here(f"2:{fault}") as server:
        first, hit, again = (post(server, call(key)) for key in (OTHER, KEY, KEY))

    assert [first.status_code, hit.status_code, again.status_code] == [201, status, 201]
    assert content in hit.text
    assert hit.headers.get("Retry-After") == retry_after
    assert [line["call"] for line in server.messages()] == [1, 2 if accepted else 3]
    assert server.repeats() == [KEY] * accepted
    assert server.faulted() == [fault]


def test_truncated_json_cannot_be_read() -> None:
    with here("1:truncated") as server, pytest.raises(requests.JSONDecodeError):
        post(server).json()


def test_a_wait_can_be_told_as_a_date() -> None:
    with here("1:429-date:90") as server:
        until = parsedate_to_datetime(post(server).headers["Retry-After"])

    assert timedelta(seconds=80) < until - datetime.now(UTC) <= timedelta(seconds=90)


def test_who_follows_a_redirect_is_journalled() -> None:
    with here("1:redirect") as server:
        post(server, allow_redirects=True)

    assert server.asked() == ["GET /elsewhere"]


@pytest.mark.parametrize(
    ("fault", "accepted"),
    [("reset-before", 0), ("reset-during", 0), ("reset-after", 1), ("reset-answer", 1)],
)
@pytest.mark.parametrize("size", [1, 3_000_000])
def test_a_reset_gives_no_answer(fault: str, accepted: int, size: int) -> None:
    broken = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
    with here(f"1:{fault}") as server, pytest.raises(broken):
        post(server, call(htmlContent="x" * size))

    assert len(server.messages()) == accepted


@pytest.mark.parametrize(
    ("fault", "accepted"), [("slow:6000", 1), ("slow-before:6000", 0), ("timeout-before:6000", 0)]
)
def test_slow_is_before_or_after_the_journal(journal: Path, fault: str, accepted: int) -> None:
    with ProviderServer(name="brevo", journal_file=journal, faults=[f"1:{fault}"]) as server:
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
def test_a_fault_can_hit_many_calls(faults: list[str], statuses: list[int]) -> None:
    with here(*faults) as server:
        assert [post(server).status_code for _ in statuses] == statuses


@pytest.mark.parametrize("fault", ["429", "x:429", "1:unheard-of", "1:slow", "+:429"])
def test_an_unknown_fault_is_refused_before_the_start(journal: Path, fault: str) -> None:
    with pytest.raises(ValueError, match="is not N:KIND"):
        ProviderServer(name="brevo", journal_file=journal, faults=[fault])


@pytest.mark.parametrize(("bodies", "whose"), [("first", "a"), ("all", "ab"), ("none", "")])
def test_the_journal_holds_as_many_bodies_as_asked_for(bodies: str, whose: str) -> None:
    with here(bodies=bodies) as server:
        post(server, call("", ADA, BO))

    lines = server.messages()
    assert "".join(line["email"][0] for line in lines if line["html"]) == whose
    assert "".join(line["email"][0] for line in lines if line["text"]) == whose


def test_the_journal_tells_all_of_a_message() -> None:
    with here() as server:
        post(server, call(KEY))

    assert {**server.messages()[0], "messageId": "set"} == {
        "email": ADA,
        "tag": "2026-11",
        "tags": ["2026-11", "key.1"],
        "metadata": {},
        "key": KEY,
        "call": 1,
        "subject": "Hej Ada",
        "html": "<p>Hej Ada</p>",
        "text": "Hej Ada",
        "headers": {},
        "sender": "Ylva <ylva@example.org>",
        "replyTo": {"email": "editor@example.org"},
        "messageId": "set",
    }
    assert server.violations() == []


@pytest.mark.parametrize(
    ("how", "status", "code", "sent"),
    [
        ({}, 201, None, 1),  # answered as the first time
        ({"repeat_answer": "duplicate"}, 400, "duplicate_request", 1),
        ({"window": 0}, 201, None, 2),
    ],
)
def test_a_repeated_key_sends_nothing_within_its_window(
    how: dict[str, Any], status: int, code: str | None, sent: int
) -> None:
    with here(**how) as server:
        first, again = post(server, call(KEY)), post(server, call(KEY))

    assert [first.status_code, again.status_code] == [201, status]
    assert again.json().get("code") == code
    assert (again.json() == first.json()) == (not how)
    assert len(server.messages()) == sent
    assert server.repeats() == [KEY] * (2 - sent)


def test_a_refused_call_is_journalled_and_does_not_use_up_its_key() -> None:
    reason = "template syntax left in content: htmlContent: {{ unsubscribe }}"

    with here() as server:
        refused = post(server, call(KEY, htmlContent="{{ unsubscribe }}"))
        mended = post(server, call(KEY))

    assert [refused.status_code, mended.status_code] == [400, 201]
    assert refused.json() == {"code": "invalid_parameter", "message": reason}
    assert server.journal() == [{"violation": reason, "call": 1}, *server.messages()]


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_the_key_nothing_is_told_or_sent(key: str) -> None:
    with here() as server:
        replies = [post(server, headers={"api-key": key})]
        replies += [ask(server, path, key=key) for path in (EVENTS, "/nowhere")]

    assert [reply.status_code for reply in replies] == [401] * 3
    assert replies[0].json() == {"code": "unauthorized", "message": "Key not found"}
    assert server.journal() == []


def test_mail_is_found_only_after_the_lag() -> None:
    with here(lag=LONGER_THAN_ANY_TEST) as server:
        post(server)

        assert ask(server, EVENTS).json()["events"] == []
        assert server.asked() == [f"GET /v3{EVENTS}"]
    with here(lag=0.5) as server:
        post(server)

        wait_until(lambda: len(ask(server, EVENTS).json()["events"]) == 1)


def test_a_look_up_that_breaks_the_api_is_a_violation() -> None:
    with here() as server:
        assert ask(server, f"{EVENTS}?days=400").status_code == 400
    assert server.violations() == ["days must be from 1 to 90"]


def test_what_is_called_off_is_journalled() -> None:
    at, batch = datetime.now(UTC) + timedelta(hours=1), "5c6cfa04-eed9-42c2-8b5c-6d470d978e9d"

    with here() as server:
        post(server, call(scheduledAt=at.isoformat(), batchId=batch))
        url = f"{server.url}/smtp/email/{batch}"
        told = requests.delete(url, headers={"api-key": "test-key"}, timeout=PATIENCE)

    assert told.status_code == 204
    assert server.cancelled() == [batch]


def test_it_serves_https(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "127.0.0.1")

    with here("2:reset-after", tls=(certificate, certificate)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert post(server, verify=str(certificate)).status_code == 201
        with pytest.raises(requests.exceptions.SSLError):
            post(server)
        with pytest.raises(requests.ConnectionError):
            post(server, verify=str(certificate))

    assert len(server.messages()) == 2


def test_one_connection_carries_many_calls() -> None:
    with here() as server, requests.Session() as session:
        session.headers["api-key"] = "test-key"
        for _ in range(50):
            session.post(f"{server.url}/smtp/email", json=call(), timeout=PATIENCE)

    assert len(server.messages()) == 50


# --- in a process of its own --------------------------------------------------------------


def test_what_was_accepted_is_journalled_when_both_ends_are_killed(journal: Path) -> None:
    server = ProviderServer(name="brevo", journal_file=journal, faults=["1:slow:6000"])
    server.start()
    with pytest.raises(requests.ReadTimeout):
        post(server, timeout=0.3)

    wait_until(server.messages)
    server.kill()

    assert [line["email"] for line in server.messages()] == [ADA]


def test_it_ends_when_told_to_even_while_it_waits(journal: Path) -> None:
    with ProviderServer(name="brevo", journal_file=journal, faults=["1:drip:6000"]) as server:
        with pytest.raises(requests.RequestException):
            post(server, timeout=0.5)
        wait_until(server.messages)

    assert server.exit_code == 0  # by itself: not killed for want of an answer
    assert len(server.messages()) == 1
    with pytest.raises(requests.ConnectionError):
        ask(server, EVENTS)


def test_a_second_process_goes_on_with_the_journal_at_the_same_address(journal: Path) -> None:
    with ProviderServer(name="brevo", journal_file=journal) as server:
        before = server.url
        post(server)
        server.kill()

        server.start()

        assert server.url == before
        assert post(server).status_code == 201
    lines = journal.read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["messageId"] for line in lines}) == 2
