"""SendGrid: one call for a batch, and what its answers mean."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.model import Call, State
from newsletter.providers.sendgrid import Sendgrid
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE,
    HOSTILE_PEOPLE,
    ISSUE_TAG,
    PEOPLE,
    as_read,
    call_for,
    hostile_letter,
    in_syntax_of,
    letter,
    options,
    play,
)
from tests.servers.house import ProviderServer, specification

DAY = dt.date(2026, 6, 15)
TAKEN = (202, b"", {"X-Message-Id": "Xj5LmNkWSOqRbdvOpR34BA"})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ProviderServer]:
    """SendGrid on loopback; each call is checked by the official specification if it is there."""
    journal, spec = tmp_path / "journal.jsonl", specification("sendgrid")
    with ProviderServer(name="sendgrid", journal_file=journal, spec=spec, bodies="all") as started:
        yield started


def sendgrid(**changes: Any) -> Sendgrid:
    """Return an adapter."""
    return Sendgrid(options(**changes))


def a_call(provider: Sendgrid) -> Call:
    """Return a usual call."""
    return call_for(provider, in_syntax_of(provider, letter()))


def refusal_of(provider: Sendgrid, *answers: tuple[Any, ...]) -> ProviderError:
    """Return the error that a call ends in."""
    play(provider, *answers)
    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))
    return caught.value


def errors(message: str, field: str | None) -> dict[str, Any]:
    """Return an error as SendGrid words it."""
    return {"errors": [{"message": message, "field": field, "help": None}]}


# --- the call -----------------------------------------------------------------------------


def test_what_looks_like_a_template_arrives_as_text(server: ProviderServer) -> None:
    provider = sendgrid(base_url=server.url)
    plain = hostile_letter()

    provider.send(call_for(provider, in_syntax_of(provider, plain), HOSTILE_PEOPLE))

    assert server.violations() == []
    for at, (person, got) in enumerate(
        zip(HOSTILE_PEOPLE, server.messages(), strict=True), start=1
    ):
        assert got["email"] == person[1]
        assert got["subject"] == as_read(plain.subject, person, at)
        assert got["html"] == as_read(plain.html, person, at)
        assert got["text"] == as_read(plain.text, person, at)


def test_each_reader_has_a_personalization_of_their_own(server: ProviderServer) -> None:
    provider = sendgrid(base_url=server.url)

    outcomes = provider.send(a_call(provider))

    assert server.violations() == []
    assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 3
    for at, got in enumerate(server.messages(), start=1):
        headers = got["headers"]
        assert headers["List-Unsubscribe"].startswith(f"<https://kirje.example.org/leave/{at}>, <")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Id"] == "<kirje.example.org>"
        assert headers["Reply-To"] == "toimitus@example.org"
        assert got["tags"] == [ISSUE_TAG, BATCH_TAG]
        assert got["metadata"] == {"nl_batch": BATCH_TAG, "nl_delivery": f"6f1c2b9e-{at}"}


def test_a_key_is_replaced_in_any_order_of_the_keys() -> None:
    """Text that reads like a key is broken so that replacing no other key mends it too early."""
    syntax = Sendgrid.capabilities.merge
    assert syntax

    text = syntax.protect(f"~.nl-v0.-{HOSTILE}") + syntax.placeholder("v0")

    assert text.count(syntax.placeholder("v0")) == 1
    assert text.endswith(syntax.placeholder("v0"))
    assert syntax.protect("a~b ~.x .- 100 %") == "a~b ~.x .- 100 %"


def test_a_letter_without_slots_and_links_still_has_one_reader_each() -> None:
    provider = sendgrid()

    body = json.loads(call_for(provider, letter(subject="x", html="x", own_headers={})).body)

    assert [p["to"] for p in body["personalizations"]] == [[{"email": a}] for _, a in PEOPLE]
    assert all("substitutions" not in p and "headers" not in p for p in body["personalizations"])


@pytest.mark.parametrize("wanted", [True, False])
def test_every_tracker_is_switched_in_each_call(wanted: bool) -> None:
    provider = sendgrid(track_opens=wanted)

    settings = json.loads(a_call(provider).body)["tracking_settings"]

    assert settings == {
        "click_tracking": {"enable": wanted, "enable_text": False},
        "open_tracking": {"enable": wanted},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def test_an_empty_part_is_left_out() -> None:
    provider = sendgrid()

    body = json.loads(call_for(provider, letter(text="")).body)

    assert [part["type"] for part in body["content"]] == ["text/html"]


# --- answers ------------------------------------------------------------------------------


def test_the_id_of_the_call_stands_for_each_message() -> None:
    provider = sendgrid()
    heard = play(provider, TAKEN)

    outcomes = provider.send(a_call(provider))

    assert {outcome.message_id for outcome in outcomes} == {"Xj5LmNkWSOqRbdvOpR34BA"}
    assert heard.asked[0].url == "https://api.sendgrid.com/v3/mail/send"
    assert heard.asked[0].headers["Authorization"] == "Bearer test-key"


def test_what_is_taken_without_an_id_is_taken() -> None:
    provider = sendgrid()
    play(provider, (202, b""))

    assert {outcome.state for outcome in provider.send(a_call(provider))} == {State.ACCEPTED}


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b"", Verdict.UNKNOWN),  # a sandbox
        (200, b"<html>", Verdict.UNKNOWN),
        (400, errors("no valid address", "personalizations.0.to.0.email"), Verdict.REJECT),
        (400, errors("Bad Request", None), Verdict.REJECT),
        (400, errors("no valid address", "from.email"), Verdict.STOP),
        (400, errors("The content value must be a string", "content.0.value"), Verdict.STOP),
        (400, b"oops", Verdict.REJECT),
        (401, errors("Maximum credits exceeded", None), Verdict.STOP),
        (403, errors("The from address does not match", "from"), Verdict.STOP),
        (413, errors("too large", None), Verdict.REJECT),
        (429, errors("too many requests", None), Verdict.RETRY),
        (500, errors("internal server error", None), Verdict.UNKNOWN),
        (503, b"", Verdict.UNKNOWN),
    ],
)
def test_an_answer_has_one_meaning(status: int, body: Any, verdict: Verdict) -> None:
    assert refusal_of(sendgrid(), (status, body)).verdict is verdict


def test_a_refusal_names_the_field_and_the_cure() -> None:
    error = refusal_of(sendgrid(), (403, errors("does not match a verified Sender", "from")))

    assert "verified Sender (from)" in str(error)
    assert "verify the sender's address" in str(error)


def test_the_wait_is_read_from_the_end_of_the_limit() -> None:
    soon = int(dt.datetime.now(dt.UTC).timestamp()) + 30
    limited = (429, errors("too many requests", None))

    told = refusal_of(sendgrid(), (*limited, {"X-RateLimit-Reset": str(soon)})).retry_after

    assert told is not None
    assert 20 < told <= 30
    assert refusal_of(sendgrid(), limited).retry_after is None
    assert refusal_of(sendgrid(), (*limited, {"X-RateLimit-Reset": "soon"})).retry_after is None


@pytest.mark.parametrize(
    ("region", "host"), [("", "api.sendgrid.com"), ("EU", "api.eu.sendgrid.com")]
)
def test_the_region_chooses_the_host(region: str, host: str) -> None:
    provider = sendgrid(region=region)
    heard = play(provider, TAKEN)

    provider.send(a_call(provider))

    assert heard.asked[0].url == f"https://{host}/v3/mail/send"


def test_an_unknown_region_sends_nothing_anywhere() -> None:
    with pytest.raises(ConfigError, match="eu"):
        sendgrid(region="europe")


# --- look-up and figures ------------------------------------------------------------------


def test_a_look_up_finds_what_was_sent(server: ProviderServer) -> None:
    provider = sendgrid(base_url=server.url)
    call = a_call(provider)
    [call_id] = {outcome.message_id for outcome in provider.send(call)}

    found = provider.look_up(call, DAY, DAY)

    assert list(found) == [address for _, address in reversed(PEOPLE)]
    assert all(message_id.startswith(f"{call_id}.") for message_id in found.values())


@pytest.mark.parametrize("answer", [{}, [], {"messages": [{"to_email": "a@b.fi"}]}])
def test_a_look_up_that_cannot_be_read_settles_nothing(answer: Any) -> None:
    provider = sendgrid()
    play(provider, (200, answer))

    with pytest.raises(ProviderError) as caught:
        provider.look_up(a_call(provider), DAY, DAY)

    assert caught.value.verdict is Verdict.RETRY


def test_figures_are_the_sum_of_the_days_of_the_category() -> None:
    provider = sendgrid()
    metrics = {"requests": 10, "delivered": 9, "bounces": 1, "blocks": 2, "unique_opens": 4}
    ours = {"type": "category", "name": ISSUE_TAG, "metrics": metrics}
    other = {"type": "category", "name": "other", "metrics": {"requests": 99}}
    days = [
        {"date": "2026-06-15", "stats": [ours, other]},
        {"date": "2026-06-16", "stats": [ours]},
    ]
    heard = play(provider, (200, days))

    figures = provider.figures(ISSUE_TAG, DAY, DAY + dt.timedelta(days=1))

    assert (figures.sent, figures.delivered, figures.opens_unique) == (20, 18, 8)
    assert (figures.bounced_hard, figures.bounced_soft) == (2, 4)
    assert (figures.clicks_total, figures.opens_machine, figures.opens_human) == (None,) * 3
    assert "start_date=2026-06-15&end_date=2026-06-16&categories=2026-06" in str(heard.asked[0].url)


def test_figures_of_a_long_time_keep_to_the_range_that_is_kept(server: ProviderServer) -> None:
    provider = sendgrid(base_url=server.url)
    provider.send(a_call(provider))
    today = dt.datetime.now(dt.UTC).date()

    figures = provider.figures(ISSUE_TAG, today - dt.timedelta(days=30), today)
    provider.figures(ISSUE_TAG, today - dt.timedelta(days=900), today)

    assert figures.sent == figures.delivered == 3
    assert server.violations() == []


def test_figures_that_cannot_be_read_are_an_error_and_not_zeros() -> None:
    provider = sendgrid()
    play(provider, (200, {"errors": []}))

    with pytest.raises(ProviderError):
        provider.figures(ISSUE_TAG, DAY, DAY)
