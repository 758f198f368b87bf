"""Providers that list opens and clicks are asked for all of them, in the shape of their pages."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Return, ReturnKind
from newsletter.providers import PROVIDERS
from newsletter.providers.http import HttpProvider
from tests.providers.forms import ISSUE_TAG, KEY, PEOPLE, a_call, connect, play
from tests.providers.kinds import KINDS, adapter
from tests.servers.dialect import bare
from tests.servers.direct import Direct
from tests.servers.visits import Visit, note

TODAY = dt.datetime.now(dt.UTC).date()
SINCE = TODAY - dt.timedelta(days=1)
LISTING = [name for name in KINDS if PROVIDERS[name].capabilities.lists]
LINK = "https://example.org/työ?a=1&b=ä"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
# What is told of a click besides its kind, its time and its link.
TOLD = {
    "brevo": {"address", "network"},
    "mailgun": {"address", "network", "agent"},
    "mailjet": set[str](),
    "postmark": {"address", "network", "agent"},
}


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """The file of what is done with the mail."""
    return tmp_path / "visits.jsonl"


def sent(provider: HttpProvider, visits: Path) -> tuple[Direct, str, list[dict[str, Any]]]:
    """Send to three people; return the account, the tag of the send and what they got."""
    account = connect(provider, visits=visits)
    provider.send(a_call(provider))
    return account, provider.counts_by(ISSUE_TAG, KEY[:8]), account.messages()


def done(message: dict[str, Any], kind: str, *, after: float = 60.0, **more: Any) -> Visit:
    """Return what somebody does with a message so many seconds after now."""
    at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=after)
    who = {"message_id": bare(message["messageId"]), "email": message["email"]}
    return Visit(**who, kind=kind, at=at, **more)


@pytest.fixture(params=LISTING)
def provider(request: pytest.FixtureRequest) -> Iterator[HttpProvider]:
    """An adapter of each provider that lists visits."""
    opened = adapter(request.param)
    yield opened
    opened.close()


def listed(provider: HttpProvider, tag: str) -> list[Return]:
    """Return all that is listed, in the order in which it happened."""
    told = provider.visits(tag, SINCE, TODAY + dt.timedelta(days=1))
    return sorted(told, key=lambda each: (str(each.at), each.kind))


def test_all_that_is_listed_is_read_and_nothing_of_other_mail(
    provider: HttpProvider, visits: Path
) -> None:
    account, tag, messages = sent(provider, visits)
    clicks = [
        done(messages[n], "clicked", after=n, url=LINK, agent=FIREFOX, network="198.51.100.7")
        for n in (0, 1)
    ]
    note(visits, *clicks, done(messages[2], "opened", agent=FIREFOX))

    told = listed(provider, tag)

    followed = [each for each in told if each.kind is ReturnKind.CLICKED]
    assert [(c.at, c.url, c.message_id) for c in followed] == [
        (visit.at, LINK, visit.message_id) for visit in clicks
    ]
    for each, visit in zip(followed, clicks, strict=True):
        tells = {"address": visit.email, "network": visit.network, "agent": visit.agent}
        assert {n for n, value in tells.items() if getattr(each, n) == value} == TOLD[provider.name]
    assert {each.kind for each in told} == set(provider.capabilities.lists)
    assert listed(provider, "never-sent") == []
    assert account.violations() == []


@pytest.mark.parametrize("name", ["brevo", "mailgun"])
def test_what_a_proxy_opened_is_told_apart(name: str, visits: Path) -> None:
    provider = adapter(name)
    _, tag, messages = sent(provider, visits)
    note(
        visits, done(messages[0], "opened", machine="apple"), done(messages[1], "opened", after=90)
    )

    told = listed(provider, tag)

    assert [each.is_machine for each in told] == [True, False]


def test_sums_are_those_of_what_was_done(provider: HttpProvider, visits: Path) -> None:
    _, tag, messages = sent(provider, visits)
    some = [done(messages[n % 2], kind, after=n) for n in range(5) for kind in ("opened",)]
    note(visits, *some, *(done(messages[0], "clicked", after=n, url=LINK) for n in range(3)))

    figures = provider.figures(tag, SINCE, TODAY + dt.timedelta(days=1))

    assert (figures.opens_total, figures.opens_unique) == (5, 2)
    assert figures.clicks_total == 3
    assert figures.clicks_unique == (None if provider.name == "postmark" else 1)


@pytest.mark.parametrize("name", [n for n, each in PROVIDERS.items() if each.tells])
def test_a_report_fills_what_the_adapter_says_and_nothing_else(name: str, visits: Path) -> None:
    """Every figure of theirs that we know how to read is read."""
    provider = adapter(name)
    _, tag, messages = sent(provider, visits)
    note(visits, done(messages[0], "opened", after=0, machine="apple"))

    figures = provider.figures(tag, SINCE, TODAY + dt.timedelta(days=1))

    filled = {
        field for field in figures.__dataclass_fields__ if getattr(figures, field) is not None
    }
    assert filled == PROVIDERS[name].tells


def test_many_visits_come_page_by_page(provider: HttpProvider, visits: Path) -> None:
    account, tag, messages = sent(provider, visits)
    note(visits, *(done(messages[n % 3], "clicked", after=n, url=LINK) for n in range(1100)))

    told = listed(provider, tag)

    assert len(told) == 1100
    assert account.violations() == []


def test_a_list_that_shows_not_all_is_an_error(visits: Path) -> None:
    provider = adapter("postmark")
    play(provider, (200, {"TotalCount": 10_001, "Clicks": []}))

    with pytest.raises(ProviderError, match="lists no more than 10,000") as caught:
        listed(provider, ISSUE_TAG)

    assert caught.value.verdict is Verdict.REJECT  # for good


@pytest.mark.parametrize("answer", [{}, [], b"<html>", {"events": [{}], "items": None, "Data": 5}])
def test_a_list_that_cannot_be_read_is_an_error(provider: HttpProvider, answer: Any) -> None:
    play(provider, *[(200, answer)] * 4)

    with pytest.raises(ProviderError):
        listed(provider, ISSUE_TAG)


def test_nobody_is_left_out_of_the_table_of_what_is_told() -> None:
    assert set(TOLD) == set(LISTING)
    assert len(PEOPLE) == 3
