"""What each provider tells by webhook, as its documentation shows it, in our own words."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import WebhookError
from newsletter.model import ReturnKind
from newsletter.providers.webhooks import HOOKED, parse
from tests.providers.webhooks.shapes import ADDRESS, AGENT, BATCH, NETWORK, REFERENCE, Shape, shapes
from tests.servers.hooks import confirmation, posted

NOW = dt.datetime(2026, 11, 30, 6, 5, tzinfo=dt.UTC)
EACH = [(provider, shape) for provider in HOOKED for shape in shapes(provider)]
EVENTS = [pytest.param(*each, id=f"{each[0]}: {each[1].name}") for each in EACH]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(("provider", "shape"), EVENTS)
def test_an_event_says_what_happened_to_whom(provider: str, shape: Shape) -> None:
    told = parse(provider, posted(provider, shape.event, NOW).body)

    assert [(one.kind, one.status) for one in told] == ([shape.says] if shape.says else [])
    for one in told:
        assert one.address == ADDRESS
        assert one.source == provider
        assert one.reference == REFERENCE or one.tag == BATCH or one.message_id


@pytest.mark.parametrize("provider", HOOKED)
def test_every_kind_that_a_provider_knows_is_among_them(provider: str) -> None:
    kinds = {shape.says[0] for shape in shapes(provider) if shape.says}

    cannot = {"ses": set(), "resend": {ReturnKind.UNSUBSCRIBED}}.get(provider, set())
    assert kinds == set(ReturnKind) - cannot


def test_an_event_happened_when_it_says() -> None:
    at = {
        told.at
        for provider in HOOKED
        for shape in shapes(provider)
        for told in parse(provider, posted(provider, shape.event, NOW).body)
        if told.at and told.kind in (ReturnKind.HARD, ReturnKind.COMPLAINED)
    }

    on_the_half = dt.timedelta(milliseconds=500)  # Mailgun's
    exactly = dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC)
    assert at == {exactly, exactly + on_the_half}


@pytest.mark.parametrize("provider", ["brevo", "mailgun", "sendgrid"])
def test_an_open_by_a_machine_is_told_as_one(provider: str) -> None:
    opens = [s for s in shapes(provider) if s.says and s.says[0] is ReturnKind.OPENED]

    flags = {parse(provider, posted(provider, s.event, NOW).body)[0].is_machine for s in opens}

    assert True in flags


# What each tells of who opened a mail, and of who followed a link: a program, a network.
TRACES = {
    "brevo": ((AGENT, ""), (AGENT, "")),
    "mailgun": ((AGENT, NETWORK), (AGENT, NETWORK)),
    "mailjet": ((AGENT, NETWORK), (AGENT, NETWORK)),
    "postmark": ((AGENT, NETWORK), (AGENT, NETWORK)),
    "resend": (("", ""), (AGENT, NETWORK)),
    "sendgrid": ((AGENT, NETWORK), (AGENT, NETWORK)),
    "ses": ((AGENT, NETWORK), (AGENT, NETWORK)),
}


@pytest.mark.parametrize("provider", HOOKED)
def test_an_open_and_a_click_tell_of_program_and_network_what_the_provider_knows(
    provider: str,
) -> None:
    told = [
        one
        for shape in shapes(provider)
        for one in parse(provider, posted(provider, shape.event, NOW).body)
    ]

    for kind, traces in zip((ReturnKind.OPENED, ReturnKind.CLICKED), TRACES[provider], strict=True):
        assert traces in {(one.agent, one.network) for one in told if one.kind is kind}
    assert not any(AGENT in repr(replace(one, agent="")) for one in told)
    assert not any(NETWORK in repr(replace(one, network="")) for one in told if one.kind.is_visit)


def test_what_cannot_be_read_is_kept_without_what_tells_of_a_readers_program_and_network() -> None:
    event = {"of": "open", "ip": NETWORK, "a": [{"User-Agent": AGENT, "geo": {"IP": NETWORK}}]}

    [told] = parse("sendgrid", json.dumps([event]).encode())

    assert told.kind is ReturnKind.UNKNOWN
    assert '"of": "open"' in told.text
    assert AGENT not in told.text
    assert NETWORK not in told.text


@pytest.mark.parametrize("provider", ["brevo", "mailjet", "sendgrid"])
def test_a_list_of_events_is_read_whatever_is_broken_in_one(provider: str) -> None:
    good = [shape.event for shape in shapes(provider) if shape.says][:3]

    told = parse(provider, posted(provider, [good[0], {"event": []}, *good[1:]], NOW).body)

    assert [one.kind for one in told].count(ReturnKind.UNKNOWN) == 1
    assert len(told) == 4


def test_batched_events_of_brevo_are_read_in_either_container() -> None:
    event = next(s.event for s in shapes("brevo") if s.name == "hard_bounce")

    for body in ([event, event], {"events": [event, event]}):
        assert len(parse("brevo", json.dumps(body).encode())) == 2


def test_what_sns_says_of_itself_is_about_no_mail() -> None:
    greeting = posted("ses", "Successfully validated SNS topic for Amazon SES.", NOW)

    assert parse("ses", greeting.body) == []
    assert parse("ses", confirmation(NOW).body) == []
    assert parse("ses", confirmation(NOW, kind="UnsubscribeConfirmation").body) == []


def test_a_text_that_no_database_holds_is_made_one_that_it_does() -> None:
    event = {"event": "hard_bounce", "email": "a\0b@example.org", "reason": "\ud800 5.1.1 \0"}

    [told] = parse("brevo", json.dumps(event).encode())

    assert told.address == "a\ufffdb@example.org"
    assert told.text.isprintable() or "\ufffd" in told.text
    told.text.encode()


BROKEN = [b"", b"nul", b"[", b"\xff\xfe", b"[" * 100_000, b"1" * 5000, b'"text"', b"[1]", b"null"]


@pytest.mark.parametrize("provider", HOOKED)
@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:8]))
def test_a_body_that_cannot_be_read_is_said_to_be_so(provider: str, body: bytes) -> None:
    with pytest.raises(WebhookError, match=provider):
        parse(provider, body)


@settings(max_examples=150)
@given(drawn=st.sampled_from(EACH), part=st.integers(0, 99), value=_JSON)
def test_no_body_makes_it_fail(drawn: tuple[str, Shape], part: int, value: Any) -> None:
    provider, shape = drawn
    event = dict(shape.event)
    event[sorted(event)[part % len(event)]] = value

    for said in (value, event, [event], {"event-data": event}, {"Type": "", "Message": event}):
        try:
            told = parse(provider, json.dumps(said).encode())
        except WebhookError:
            continue
        for one in told:
            for text in (one.address, one.text, one.reference, one.message_id, one.url):
                assert "\0" not in text.encode().decode()
