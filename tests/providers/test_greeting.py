"""An account proves the key by a call that sends nothing, and says what keeps it from mailing."""

from typing import Any

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.providers import PROVIDERS
from newsletter.providers.http import HttpProvider
from tests.providers.forms import connect, options, play
from tests.providers.kinds import KINDS, adapter

# What an account says of itself -> a word of what it means for mail.
CAVEATS: list[tuple[str, Any, str]] = [
    ("brevo", {"relay": {"enabled": False}}, "switched on"),
    ("mailgun", {"domain": {"state": "unverified"}}, "not verified"),
    ("mailgun", {"domain": {"state": "disabled"}}, "disabled"),
    ("postmark", {"DeliveryType": "Sandbox"}, "sandbox"),
    ("resend", {"data": [{"status": "pending"}]}, "no domain"),
    ("sendgrid", {"scopes": ["stats.read"]}, "Mail Send"),
    ("ses", {"ProductionAccessEnabled": False, "SendingEnabled": True}, "sandbox"),
    ("ses", {"ProductionAccessEnabled": True, "SendingEnabled": False}, "suspended"),
]
SHAPES: list[Any] = [
    [],
    {},
    None,
    "x",
    {"data": 1, "domain": [], "relay": "on", "scopes": {}},
    b"<",
]


@pytest.fixture(params=KINDS)
def provider(request: pytest.FixtureRequest) -> HttpProvider:
    """Return an adapter of each in turn."""
    return adapter(request.param)


def test_a_key_that_is_known_is_greeted_and_nothing_is_sent(provider: HttpProvider) -> None:
    account = connect(provider)

    assert provider.greet().caveats == ()
    assert account.messages() == []
    assert account.violations() == []


def test_a_key_that_is_not_known_stops_with_the_cure(provider: HttpProvider) -> None:
    play(provider, *[(401, {"message": "no such key", "code": "unauthorized"})] * 2)

    with pytest.raises(ProviderError, match="answered 401") as caught:
        provider.greet()

    assert caught.value.verdict is Verdict.STOP


def test_the_hour_of_its_clock_is_told(provider: HttpProvider) -> None:
    play(provider, (200, {}, {"Date": "Tue, 15 Dec 2026 08:00:00 GMT"}))

    at = provider.greet().at

    assert at is not None
    assert at.isoformat() == "2026-12-15T08:00:00+00:00"


@pytest.mark.parametrize(("name", "said", "word"), CAVEATS)
def test_what_keeps_an_account_from_mailing_is_said(name: str, said: Any, word: str) -> None:
    provider = adapter(name)
    play(provider, (200, said))

    [caveat] = provider.greet().caveats

    assert word in caveat


@pytest.mark.parametrize("said", SHAPES)
def test_an_answer_of_any_shape_proves_the_key(provider: HttpProvider, said: Any) -> None:
    play(provider, (200, said))

    assert all(caveat.endswith(("DNS records", "there")) for caveat in provider.greet().caveats)


def test_a_key_that_may_only_send_is_known_by_how_it_is_refused() -> None:
    mailgun, resend, ses = adapter("mailgun"), adapter("resend"), adapter("ses")
    asked = play(mailgun, (401, {}), (400, {"message": "to parameter is missing"}))
    play(resend, (401, {"name": "restricted_api_key", "message": "only to send"}))
    play(ses, (403, {"message": "not authorized"}, {"x-amzn-ErrorType": "AccessDeniedException"}))

    assert mailgun.greet().caveats == resend.greet().caveats == ()
    assert not asked.asked[1].body
    assert "ses:GetAccount" in ses.greet().caveats[0]


def test_practice_is_greeted_without_a_key() -> None:
    assert PROVIDERS["outbox"](options()).greet().caveats == ()
