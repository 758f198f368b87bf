"""Every provider that keeps a list of those it sends nothing shows it, and lets people off it."""

import pytest

from newsletter.errors import ProviderError
from newsletter.model import Departure, Standing
from newsletter.providers import PROVIDERS
from newsletter.providers.http import HttpProvider
from tests.providers.forms import connect, play
from tests.providers.kinds import adapter

WITH_A_LIST = [n for n in PROVIDERS if PROVIDERS[n].capabilities.suppressions]
TOLD = [n for n in WITH_A_LIST if PROVIDERS[n].capabilities.is_told]
LEFT = Departure("left+1@example.org", Standing.UNSUBSCRIBED, "")
COMPLAINED = Departure("complained@example.org", Standing.COMPLAINED, "")


def listed(provider: HttpProvider) -> set[str]:
    return {departure.address for departure in provider.suppressed()}


def test_these_have_a_list_and_these_can_be_told() -> None:
    assert WITH_A_LIST == ["brevo", "mailgun", "postmark", "resend", "sendgrid", "ses"]
    assert TOLD == ["mailgun", "postmark", "resend", "sendgrid", "ses"]


@pytest.mark.parametrize("name", TOLD)
def test_who_is_told_to_a_provider_is_on_its_list_until_they_are_lifted(name: str) -> None:
    provider = adapter(name)
    account = connect(provider)

    provider.suppress([LEFT, COMPLAINED])
    assert listed(provider) == {LEFT.address, COMPLAINED.address}
    for _ in range(2):  # whoever is not there need not be lifted
        provider.unsuppress(LEFT.address)

    assert listed(provider) == {COMPLAINED.address}
    assert account.violations() == []


@pytest.mark.parametrize("name", TOLD)
def test_a_call_tells_no_more_than_the_provider_takes(name: str) -> None:
    most = PROVIDERS[name].capabilities.is_told
    provider = adapter(name)
    account = connect(provider)

    provider.suppress([LEFT._replace(address=f"p{n}@example.org") for n in range(most)])

    told = [line for line in account.journal() if "suppressed" in line]
    assert len(told) == most
    assert account.violations() == []


def test_the_list_of_brevo_tells_why_somebody_is_on_it() -> None:
    provider = adapter("brevo")
    contacts = [
        {"email": f"{code}@example.org", "reason": {"code": code}, "blockedAt": "2026-11-01"}
        for code in ("hardBounce", "contactFlaggedAsSpam", "unsubscribedViaEmail", "adminBlocked")
    ]
    play(provider, (200, {"count": 4, "contacts": contacts}))

    kinds = [departure.kind.value for departure in provider.suppressed()]

    assert kinds == ["bounced", "complained", "unsubscribed", "bounced"]


@pytest.mark.parametrize("name", WITH_A_LIST)
@pytest.mark.parametrize("answer", [{}, [1], {"items": 1}, {"contacts": [1]}, b"<html>"])
def test_a_list_that_cannot_be_read_is_an_error_and_not_an_empty_one(
    name: str, answer: object
) -> None:
    provider = adapter(name)
    play(provider, (200, answer))

    with pytest.raises(ProviderError):
        list(provider.suppressed())
