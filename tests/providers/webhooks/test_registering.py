"""A provider is told once where to post, and again only where something changed."""

from dataclasses import replace
from typing import Any

import pytest

from newsletter.errors import ProviderError, WebhookError
from newsletter.providers.webhooks import HOOKED, Done, Wanted, can_register, register
from tests.providers.forms import connect, play
from tests.providers.kinds import adapter
from tests.servers.offices import KEY

TAUGHT = [name for name in HOOKED if can_register(name)]
SETTINGS = "/v3/user/webhooks/event/settings"
SIGNING = {"mailgun": KEY, "resend": f"whsec_{KEY}", "sendgrid": KEY}


def wanted(provider: str, word: str = "word") -> Wanted:
    """Return what is to be registered."""
    return Wanted(address=f"https://news.example.org/kirje/w/{provider}/{word}", word=word)


def hooks(account: Any) -> list[dict[str, Any]]:
    """Return what the account was told, in order."""
    return [line["hook"] for line in account.journal() if "hook" in line]


def address_in(hook: dict[str, Any]) -> str:
    return next(str(hook[name]) for name in ("url", "Url", "endpoint") if name in hook)


def test_all_but_amazon_can_be_told() -> None:
    assert set(HOOKED) - set(TAUGHT) == {"ses"}


@pytest.mark.parametrize("name", TAUGHT)
def test_registering_twice_changes_nothing_and_another_address_replaces_the_first(
    name: str,
) -> None:
    provider, first, second = adapter(name), wanted(name), wanted(name, "another")
    account = connect(provider)

    made = register(provider, first)
    told = len(hooks(account))
    kept = register(provider, first)
    assert len(hooks(account)) == told > 0
    renewed = register(provider, second)

    assert (made.done, kept.done, renewed.done) == (Done.MADE, Done.KEPT, Done.RENEWED)
    assert {address_in(hook) for hook in hooks(account)[:told]} == {first.address}
    assert address_in(hooks(account)[-1]) == second.address
    assert {made.key, kept.key} == {SIGNING.get(name, "")}
    assert account.violations() == []


@pytest.mark.parametrize(
    ("name", "path", "rows", "off", "on"),
    [
        ("resend", "/webhooks", "data", {"status": "disabled"}, {"status": "enabled"}),
        ("sendgrid", f"{SETTINGS}/all", "webhooks", {"enabled": False}, {"enabled": True}),
    ],
    ids=["resend", "sendgrid"],
)
def test_what_the_provider_switched_off_is_switched_on_again(
    name: str, path: str, rows: str, off: dict[str, Any], on: dict[str, Any]
) -> None:
    provider: Any = adapter(name)
    account = connect(provider)
    register(provider, wanted(name))
    [known] = provider.request("GET", path).rows(rows)
    provider.request("PATCH", f"{path.removesuffix('/all')}/{known['id']}", json=off)

    assert register(provider, wanted(name)).done is Done.RENEWED
    assert on.items() <= hooks(account)[-1].items()


@pytest.mark.parametrize("name", TAUGHT)
def test_opens_and_clicks_are_asked_for_only_where_they_are_counted(name: str) -> None:
    provider, without = adapter(name), wanted(name)
    account = connect(provider)

    register(provider, without)
    quiet = repr(hooks(account))
    assert register(provider, replace(without, counts_opens=True)).done in (Done.MADE, Done.RENEWED)

    assert "click" not in quiet.lower() or "False" in quiet
    assert "click" in repr(hooks(account)[-1]).lower()


@pytest.mark.parametrize("name", TAUGHT)
def test_what_another_program_registered_is_left_alone(name: str) -> None:
    provider = adapter(name)
    account = connect(provider)
    others = replace(wanted(name), address="https://crm.example.com/hook")

    register(provider, others)
    before = len(hooks(account))
    ours = register(provider, wanted(name))

    if name == "mailjet":  # it has one address for each kind of event
        assert len(hooks(account)) == before
        assert set(ours.left_out) == {"sent", "bounce", "blocked", "spam", "unsub"}
    else:
        assert ours.done is Done.MADE
        assert ours.left_out == ()


@pytest.mark.parametrize("name", TAUGHT)
@pytest.mark.parametrize("answer", [[], {}, {"webhooks": 1}, b"<html>"])
def test_an_answer_that_cannot_be_read_is_said_to_be_so(name: str, answer: object) -> None:
    provider = adapter(name)
    play(provider, (200, answer), (200, answer), (200, answer))

    with pytest.raises((ProviderError, WebhookError)):
        register(provider, wanted(name))
