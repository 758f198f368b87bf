"""Mailgun: one form for a batch, and what its answers mean."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.model import Call, State
from newsletter.providers.mailgun import Mailgun
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE,
    HOSTILE_PEOPLE,
    ISSUE_TAG,
    PEOPLE,
    Recorded,
    as_read,
    call_for,
    hostile_letter,
    in_syntax_of,
    letter,
    options,
    play,
)
from tests.servers.house import ProviderServer, specification
from tests.servers.openapi import official

QUEUED = {"id": "<20261124.1@example.org>", "message": "Queued. Thank you."}
DAY = dt.date(2026, 6, 15)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ProviderServer]:
    """Mailgun on loopback; each call is checked by the official specification if it is there."""
    journal, spec = tmp_path / "journal.jsonl", specification("mailgun")
    with ProviderServer(name="mailgun", journal_file=journal, spec=spec, bodies="all") as started:
        yield started


def mailgun(**changes: Any) -> Mailgun:
    """Return an adapter."""
    return Mailgun(options(domain="example.org", **changes))


def a_call(provider: Mailgun) -> Call:
    """Return a usual call."""
    return call_for(provider, in_syntax_of(provider, letter()))


def fields_of(call: Call) -> dict[str, str]:
    """Take a form apart; of a field given twice the last counts."""
    boundary = call.content_type.partition("boundary=")[2]
    parts = call.body.decode().split(f"--{boundary}\r\n")[1:]
    pairs = [part.removesuffix(f"--{boundary}--\r\n").split("\r\n\r\n", 1) for part in parts]
    return {head.split('"')[1]: value.removesuffix("\r\n") for head, value in pairs}


def refusal_of(provider: Mailgun, *answers: tuple[Any, ...]) -> ProviderError:
    """Return the error that a call ends in."""
    play(provider, *answers)
    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))
    return caught.value


# --- the form -----------------------------------------------------------------------------


def test_what_looks_like_a_template_arrives_as_text(server: ProviderServer) -> None:
    provider = mailgun(base_url=server.url)
    plain = hostile_letter(sender=("Kirje %recipient% “Ö”", "kirje@example.org"))

    provider.send(call_for(provider, in_syntax_of(provider, plain), HOSTILE_PEOPLE))

    assert server.violations() == []
    for at, (person, got) in enumerate(
        zip(HOSTILE_PEOPLE, server.messages(), strict=True), start=1
    ):
        assert got["email"] == person[1]
        assert got["subject"] == as_read(plain.subject, person, at)
        assert got["html"] == as_read(plain.html, person, at)
        assert got["text"] == as_read(plain.text, person, at)


def test_each_reader_has_headers_and_an_id_of_their_own(server: ProviderServer) -> None:
    provider = mailgun(base_url=server.url)

    outcomes = provider.send(a_call(provider))

    assert server.violations() == []
    assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 3
    for at, got in enumerate(server.messages(), start=1):
        headers = got["headers"]
        assert headers["List-Unsubscribe"].startswith(f"<https://kirje.example.org/leave/{at}>, <")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Reply-To"] == "toimitus@example.org"
        assert "X-Mailgun-Variables" not in headers
        assert got["tags"] == [ISSUE_TAG, BATCH_TAG]
        assert got["metadata"] == {"delivery": f"6f1c2b9e-{at}"}


def test_nobody_sees_the_list_of_all_even_if_nothing_differs() -> None:
    provider = mailgun()

    fields = fields_of(call_for(provider, letter(html="x", text="x", subject="x", own_headers={})))

    assert fields["to"] == ", ".join(address for _, address in PEOPLE)
    variables = json.loads(fields["recipient-variables"])
    assert set(variables) == {address for _, address in PEOPLE}


def test_a_name_with_punctuation_is_quoted() -> None:
    provider = mailgun()

    fields = fields_of(call_for(provider, letter(sender=('Säätiö, "A"', "a@example.org"))))

    assert fields["from"] == r'"Säätiö, \"A\"" <a@example.org>'


@pytest.mark.parametrize(("wanted", "opens", "clicks"), [(True, "yes", "htmlonly"), (False,) * 3])
def test_tracking_is_said_in_each_call(wanted: bool, opens: str, clicks: str) -> None:
    provider = mailgun(track_opens=wanted)

    fields = fields_of(a_call(provider))

    assert fields["o:tracking"] == fields["o:tracking-opens"] == (opens or "no")
    assert fields["o:tracking-clicks"] == (clicks or "no")


def test_options_stay_far_below_16_kb_however_many_readers() -> None:
    provider = mailgun()
    people = [("Äijä", f"reader{n}@example.org") for n in range(1000)]

    fields = fields_of(call_for(provider, in_syntax_of(provider, letter()), people))

    sizes = [len(f"{n}{v}".encode()) for n, v in fields.items() if n[:2] in ("o:", "h:", "v:")]
    assert sum(sizes) < 2000


def test_only_what_mailgun_would_misread_is_protected() -> None:
    syntax = Mailgun.capabilities.merge

    assert syntax
    assert syntax.protect("100 % width:50%; %recipe% {{x}}") == "100 % width:50%; %recipe% {{x}}"
    assert "%recipient.v0%" not in syntax.protect(HOSTILE)
    assert "%UNSUBSCRIBE_URL%" not in syntax.protect("%UNSUBSCRIBE_URL%")


# --- answers ------------------------------------------------------------------------------


def test_one_id_without_brackets_stands_for_the_whole_call() -> None:
    provider = mailgun()
    heard = play(provider, (200, QUEUED))

    outcomes = provider.send(a_call(provider))

    assert {outcome.message_id for outcome in outcomes} == {"20261124.1@example.org"}
    assert heard.asked[0].url == "https://api.mailgun.net/v3/example.org/messages"
    assert heard.asked[0].headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b"Mailgun Magnificent API", Verdict.STOP),  # a wrong path
        (200, {"message": "Hello", "id": "<a@b>"}, Verdict.UNKNOWN),
        (200, {"message": "Queued. Thank you."}, Verdict.UNKNOWN),
        (200, b"", Verdict.UNKNOWN),
        (400, {"message": "to parameter is not a valid address. please check"}, Verdict.REJECT),
        (400, {"message": "'from' parameter is not a valid address."}, Verdict.STOP),
        (400, {"message": "Sandbox subdomains are for test purposes only."}, Verdict.STOP),
        (400, {"message": "Send options (parameters starting with o:) are limited"}, Verdict.STOP),
        (401, b"Forbidden", Verdict.STOP),
        (402, {"message": "no messages left"}, Verdict.STOP),
        (403, {"message": "Domain example.org is not allowed to send: disabled"}, Verdict.STOP),
        (404, {"message": "Domain not found: example.org"}, Verdict.STOP),
        (429, {"message": "not allowed to send: limit exceeded"}, Verdict.RETRY),
        (500, {"message": "Internal Server Error"}, Verdict.UNKNOWN),
    ],
)
def test_an_answer_has_one_meaning(status: int, body: Any, verdict: Verdict) -> None:
    assert refusal_of(mailgun(), (status, body)).verdict is verdict


def test_a_domain_that_is_not_found_names_the_region_as_the_cure() -> None:
    assert 'region = "eu"' in str(refusal_of(mailgun(), (404, {"message": "Domain not found"})))


def test_the_wait_is_read_from_the_words_where_no_header_tells() -> None:
    told = {"message": "account-requests-per-sec limit exceeded, try again after 120 seconds"}

    assert refusal_of(mailgun(), (429, told)).retry_after == 120
    assert refusal_of(mailgun(), (429, told, {"Retry-After": "7"})).retry_after == 7
    assert refusal_of(mailgun(), (429, {"message": "slow down"})).retry_after is None


@pytest.mark.parametrize(
    ("region", "host"), [("", "api.mailgun.net"), ("EU", "api.eu.mailgun.net")]
)
def test_the_region_chooses_the_host(region: str, host: str) -> None:
    provider = mailgun(region=region)
    heard = play(provider, (200, QUEUED))

    provider.send(a_call(provider))

    assert heard.asked[0].url == f"https://{host}/v3/example.org/messages"


def test_an_unknown_region_sends_nothing_anywhere() -> None:
    with pytest.raises(ConfigError, match="eu"):
        mailgun(region="europe")


# --- look-up and figures ------------------------------------------------------------------


def page(at: int, *addresses: str, root: str = "https://api.mailgun.net") -> dict[str, Any]:
    """Return a page of events as the specification shows it."""
    items = [
        {"event": "accepted", "recipient": a, "message": {"headers": {"message-id": "1@b"}}}
        for a in addresses
    ]
    return {"items": items, "paging": {"next": f"{root}/v3/example.org/events/p{at}"}}


def look_up(provider: Mailgun, *pages: Any) -> tuple[Any, Recorded]:
    """Look up a call."""
    heard = play(provider, *((200, each) for each in pages))
    return provider.look_up(a_call(provider), DAY, DAY), heard


def test_a_look_up_reads_pages_until_one_is_empty() -> None:
    found, heard = look_up(mailgun(), page(1, "a@b.fi"), page(2, "c@b.fi"), page(3))

    assert found == {"a@b.fi": "1@b", "c@b.fi": "1@b"}
    assert f"tags={BATCH_TAG}" in str(heard.asked[0].url)
    assert str(heard.asked[2].url).endswith("/events/p2")


def test_a_look_up_finds_what_was_sent(server: ProviderServer) -> None:
    provider = mailgun(base_url=server.url)
    call = a_call(provider)
    [message_id] = {outcome.message_id for outcome in provider.send(call)}
    today = dt.datetime.now(dt.UTC).date()

    found = provider.look_up(call, today - dt.timedelta(days=1), today)

    assert found == {address: message_id for _, address in PEOPLE}


@pytest.mark.parametrize(
    "answer",
    [
        page(1, "a@b.fi", root="https://api.mailgun.net.evil.example"),
        {"items": [{}], "paging": {"next": ""}},
        {"items": None},
        [],
    ],
)
def test_a_look_up_that_cannot_be_read_or_leads_elsewhere_settles_nothing(answer: Any) -> None:
    with pytest.raises(ProviderError) as caught:
        look_up(mailgun(), answer)

    assert caught.value.verdict is Verdict.RETRY


def test_opens_flagged_as_a_machines_are_told_apart_and_no_others() -> None:
    provider = mailgun()
    names = ("delivered_count", "opened_count", "unique_opened_count", "hard_bounces_count")
    rows = [("", 50), ("apple", 30), ("gmail", 5)]
    items = [
        {
            "dimensions": [{"dimension": "bot", "value": bot, "display_value": bot}],
            "metrics": {"unique_opened_count": count},
        }
        for bot, count in rows
    ]
    totals = dict(zip(names, (200, 120, 80, 2), strict=True)) | {"complained_count": None}
    heard = play(provider, (200, {"items": items, "aggregates": {"metrics": totals}}))

    figures = provider.figures(ISSUE_TAG, DAY, DAY)

    assert (figures.delivered, figures.bounced_hard, figures.complained) == (200, 2, None)
    assert (figures.opens_total, figures.opens_unique) == (120, 80)
    assert (figures.opens_machine, figures.opens_unknown, figures.opens_human) == (35, 50, None)
    asked = json.loads(heard.asked[0].body or b"")
    assert asked["start"] == "Mon, 15 Jun 2026 00:00:00 +0000"
    assert asked["end"] == "Mon, 15 Jun 2026 23:59:59 +0000"
    steps = ("paths", "/v1/analytics/metrics", "post", "requestBody", "content")
    check = official(specification("mailgun"), *steps, "application/json", "schema")
    assert [*check(asked)] == []


def test_figures_that_cannot_be_read_are_an_error_and_not_zeros() -> None:
    provider = mailgun()
    play(provider, (200, {"items": []}))

    with pytest.raises(ProviderError):
        provider.figures(ISSUE_TAG, DAY, DAY)
