"""SendGrid: what is its own of a personalization for each reader, and of categories."""

import datetime as dt
import json

import pytest

from newsletter.errors import ProviderError
from newsletter.model import State
from newsletter.providers.sendgrid import Sendgrid
from tests.providers.forms import HOSTILE, ISSUE_TAG, a_call, call_for, connect, letter, play
from tests.providers.kinds import adapter

DAY = dt.date(2026, 6, 15)


def test_a_key_is_replaced_in_any_order_of_the_keys() -> None:
    """Text that reads like a key is broken so that replacing no other key mends it too early."""
    syntax = Sendgrid.capabilities.merge
    assert syntax

    text = syntax.protect(f"~.nl-v0.-{HOSTILE}") + syntax.placeholder("v0")

    assert text.count(syntax.placeholder("v0")) == 1
    assert text.endswith(syntax.placeholder("v0"))
    assert syntax.protect("a~b ~.x .- 100 %") == "a~b ~.x .- 100 %"


def test_a_letter_without_slots_and_links_still_has_one_reader_each() -> None:
    provider = adapter("sendgrid")

    body = json.loads(call_for(provider, letter(subject="x", html="x", own_headers={})).body)

    assert all("substitutions" not in p and "headers" not in p for p in body["personalizations"])


@pytest.mark.parametrize("wanted", [True, False])
def test_every_tracker_is_switched_in_each_call(wanted: bool) -> None:
    provider = adapter("sendgrid", track_opens=wanted)

    settings = json.loads(a_call(provider).body)["tracking_settings"]

    assert settings == {
        "click_tracking": {"enable": wanted, "enable_text": False},
        "open_tracking": {"enable": wanted},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def test_an_empty_part_is_left_out() -> None:
    provider = adapter("sendgrid")

    body = json.loads(call_for(provider, letter(text="")).body)

    assert [part["type"] for part in body["content"]] == ["text/html"]


def test_what_is_taken_without_an_id_is_taken() -> None:
    provider = adapter("sendgrid")
    play(provider, (202, b""))

    assert {outcome.state for outcome in provider.send(a_call(provider))} == {State.ACCEPTED}


def test_the_wait_is_read_from_the_end_of_the_limit() -> None:
    soon = int(dt.datetime.now(dt.UTC).timestamp()) + 30
    provider = adapter("sendgrid")
    play(provider, (429, b"", {"X-RateLimit-Reset": str(soon)}))

    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))

    told = caught.value.retry_after

    assert told is not None
    assert 20 < told <= 30


def test_figures_are_the_sum_of_the_days_of_the_category() -> None:
    provider = adapter("sendgrid")
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
    assert "start_date=2026-06-14&end_date=2026-06-16&categories=2026-06" in str(heard.asked[0].url)


def test_figures_of_a_long_time_keep_to_the_range_that_is_kept() -> None:
    provider = adapter("sendgrid")
    account = connect(provider)
    provider.send(a_call(provider))
    today = dt.datetime.now(dt.UTC).date()

    figures = provider.figures(ISSUE_TAG, today - dt.timedelta(days=30), today)
    provider.figures(ISSUE_TAG, today - dt.timedelta(days=900), today)

    assert figures.sent == figures.delivered == 3
    assert account.violations() == []
