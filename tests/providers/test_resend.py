"""Resend: finished messages in a list, all or nothing, once for each key."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.delivery.retry import Action, decide
from newsletter.errors import ProviderError, Verdict
from newsletter.model import State
from newsletter.providers.resend import Resend
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE_PEOPLE,
    KEY,
    PEOPLE,
    as_read,
    call_for,
    hostile_letter,
    letter,
    options,
    play,
)
from tests.servers.house import ProviderServer, specification
from tests.servers.openapi import official

IDS = ("ae2014de-c168-4c61", "faccb7a5-8a28-4e9a", "0b3c1f52-77ab-4d10")
TAKEN = {"data": [{"id": message_id} for message_id in IDS]}


def refusal(status: int, name: str, message: str = "No.") -> tuple[int, dict[str, Any]]:
    """Return an error in Resend's words."""
    return status, {"statusCode": status, "name": name, "message": message}


@pytest.fixture
def resend() -> Iterator[Resend]:
    """An adapter that points at the real address; recorded answers keep it from there."""
    provider = Resend(options())
    yield provider
    provider.close()


def messages_of(provider: Resend, **changes: Any) -> list[dict[str, Any]]:
    """Return the messages of a call, read back."""
    read: list[dict[str, Any]] = json.loads(call_for(provider, letter(**changes)).body)
    return read


def error_of(provider: Resend, *answer: Any) -> ProviderError:
    """Return the error that an answer becomes."""
    play(provider, answer)
    with pytest.raises(ProviderError) as caught:
        provider.send(call_for(provider, letter()))
    return caught.value


# --- what is asked ------------------------------------------------------------------------


def test_every_reader_gets_a_message_of_their_own(resend: Resend) -> None:
    """Its events do not tell the readers of one message apart."""
    messages = messages_of(resend)

    assert [message["to"] for message in messages] == [[address] for _, address in PEOPLE]
    assert messages[1]["text"].startswith('Hei Bo "the \\ man" <b>!\n100 % kesää')
    assert messages[2]["subject"] == "Kesäkuun kirje, Cæsar %s {{ x }}"
    assert messages[2]["from"] == '"Säätiö, “Kirje”" <kirje@example.org>'
    assert messages[1]["headers"] == {
        "List-Id": "<kirje.example.org>",
        "List-Unsubscribe": "<https://kirje.example.org/leave/2>, "
        "<mailto:kirje@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_nothing_in_texts_or_names_breaks_a_message(resend: Resend) -> None:
    written = hostile_letter()

    messages = json.loads(call_for(resend, written, HOSTILE_PEOPLE).body)

    for at, (message, person) in enumerate(zip(messages, HOSTILE_PEOPLE, strict=True), start=1):
        seen = [message["html"], message["text"]]
        assert seen == [as_read(text, person, at) for text in (written.html, written.text)]


def test_tags_hold_only_what_tags_may(resend: Resend) -> None:
    tags = messages_of(resend, tag="2026.06 é")[2]["tags"]

    assert tags == [
        {"name": "issue", "value": "2026_06__"},
        {"name": "batch", "value": BATCH_TAG},
        {"name": "delivery", "value": "6f1c2b9e-3"},
    ]


def test_its_call_fits_the_official_specification(resend: Resend) -> None:
    spec = specification("resend")
    if spec is None:
        pytest.skip("the specification is not at hand")
    steps = ("paths", "/emails/batch", "post", "requestBody", "content", "application/json")
    check = official(spec, *steps, "schema")

    assert list(check(messages_of(resend))) == []


def test_a_repeat_is_the_same_to_the_byte_and_under_the_same_key(resend: Resend) -> None:
    recorded = play(resend, (500, b""), (200, TAKEN))
    call = call_for(resend, letter())

    with pytest.raises(ProviderError):
        resend.send(call)
    resend.send(call_for(resend, letter()))

    first, second = recorded.asked
    assert first.url == second.url == "https://api.resend.com/emails/batch"
    assert first.body == second.body == call.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == KEY
    assert first.headers["x-batch-validation"] == "strict"
    assert first.headers["Authorization"] == "Bearer test-key"
    assert first.headers["User-Agent"].startswith("newsletter")


def test_it_asks_twice_a_second_at_most_by_default() -> None:
    assert Resend.capabilities.rate / Resend.capabilities.batch_size == 2
    assert Resend.capabilities.concurrency == 1


# --- what comes back ----------------------------------------------------------------------


def test_messages_are_taken_in_the_order_of_the_call(resend: Resend) -> None:
    play(resend, (200, TAKEN))

    outcomes = resend.send(call_for(resend, letter()))

    assert [(o.delivery, o.state, o.message_id) for o in outcomes] == [
        (at, State.ACCEPTED, message_id) for at, message_id in enumerate(IDS, start=1)
    ]


@pytest.mark.parametrize(
    "body", [b"<html>", {}, {"data": TAKEN["data"][:2]}, {"data": [{"id": ""}] * 3}, {"data": [3]}]
)
def test_an_answer_nobody_can_read_leaves_doubt(resend: Resend, body: Any) -> None:
    assert error_of(resend, 200, body).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (refusal(400, "validation_error", "Invalid `to` field."), Verdict.REJECT),
        (refusal(422, "validation_error", "Invalid `to` field."), Verdict.REJECT),
        (refusal(422, "validation_error", "Invalid `from` field."), Verdict.STOP),
        (refusal(422, "validation_error", "Invalid `reply_to` field."), Verdict.STOP),
        (refusal(413, "validation_error"), Verdict.REJECT),  # halves may fit
        (refusal(403, "validation_error", "The domain is not verified."), Verdict.STOP),
        (refusal(401, "missing_api_key"), Verdict.STOP),
        (refusal(403, "invalid_api_key"), Verdict.STOP),
        (refusal(422, "invalid_from_address"), Verdict.STOP),
        (refusal(429, "rate_limit_exceeded"), Verdict.RETRY),
        (refusal(429, "daily_quota_exceeded"), Verdict.STOP),
        (refusal(429, "monthly_quota_exceeded"), Verdict.STOP),
        (refusal(409, "invalid_idempotent_request"), Verdict.LOOK_UP),
        (refusal(409, "concurrent_idempotent_requests"), Verdict.UNKNOWN),
        (refusal(500, "application_error"), Verdict.UNKNOWN),
        (refusal(503, "internal_server_error"), Verdict.UNKNOWN),
    ],
)
def test_an_error_tells_what_is_true(resend: Resend, answer: Any, verdict: Verdict) -> None:
    assert error_of(resend, *answer).verdict is verdict


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (refusal(401, "missing_api_key"), "NEWSLETTER_API_KEY"),
        (refusal(403, "invalid_api_key"), "NEWSLETTER_API_KEY"),
        (refusal(403, "validation_error", "The domain is not verified."), "verify the domain"),
        (refusal(422, "validation_error", "Invalid `from` field."), "check from"),
        (refusal(429, "daily_quota_exceeded"), "quota"),
    ],
)
def test_an_error_names_its_cure(resend: Resend, answer: Any, cure: str) -> None:
    assert cure in str(error_of(resend, *answer))


@pytest.mark.parametrize(
    ("name", "action"),
    [
        # Another body came under the key: what that did, no repeat can tell.
        ("invalid_idempotent_request", Action.DOUBT),
        # The first call is still under way: its answer comes to a repeat.
        ("concurrent_idempotent_requests", Action.REPEAT),
    ],
)
def test_a_key_that_is_known_is_never_a_refusal(resend: Resend, name: str, action: Action) -> None:
    error = error_of(resend, *refusal(409, name))

    assert decide_about(error) is action


def decide_about(error: ProviderError) -> Action:
    """Return what delivery does about the first error of a call within the key's window."""
    return decide(
        error, attempt=1, recipients=3, repeatable=True, random_source=random.Random(1)
    ).action


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"retry-after": "3", "ratelimit-reset": "1"}, 3.0),
        (429, {"ratelimit-reset": "1"}, 1.0),
        (500, {"ratelimit-reset": "1"}, None),
        (429, {}, None),
    ],
)
def test_it_waits_as_long_as_resend_asks(
    resend: Resend, status: int, headers: dict[str, str], wait: float | None
) -> None:
    assert error_of(resend, status, b"", headers).retry_after == wait


def test_a_server_that_speaks_resend_finds_no_fault(tmp_path: Path) -> None:
    with ProviderServer(
        name="resend",
        journal_file=tmp_path / "journal.jsonl",
        spec=specification("resend"),
        faults=["1:500-after"],
    ) as server:
        provider = Resend(options(base_url=server.url))
        call = call_for(provider, letter())

        with pytest.raises(ProviderError) as caught:
            provider.send(call)
        outcomes = provider.send(call)

        assert caught.value.verdict is Verdict.UNKNOWN
        assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 3
        assert len(server.messages()) == 3  # sent once, although it was asked twice
        assert server.violations() == []
