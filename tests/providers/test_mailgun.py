"""Mailgun: what is its own of one form for a batch, pages of events, and machines that open."""

import datetime as dt
import json
from typing import Any

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call
from newsletter.providers.mailgun import Mailgun
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE,
    ISSUE_TAG,
    PEOPLE,
    Recorded,
    a_call,
    call_for,
    connect,
    letter,
    play,
)
from tests.providers.kinds import adapter
from tests.servers.house import specification
from tests.servers.openapi import official

DAY = dt.date(2026, 6, 15)


def fields_of(call: Call) -> dict[str, str]:
    """Take a form apart; of a field given twice the last counts."""
    boundary = call.content_type.partition("boundary=")[2]
    parts = call.body.decode().split(f"--{boundary}\r\n")[1:]
    pairs = [part.removesuffix(f"--{boundary}--\r\n").split("\r\n\r\n", 1) for part in parts]
    return {head.split('"')[1]: value.removesuffix("\r\n") for head, value in pairs}


def test_nobody_sees_the_list_of_all_even_if_nothing_differs() -> None:
    provider = adapter("mailgun")

    fields = fields_of(call_for(provider, letter(html="x", text="x", subject="x", own_headers={})))

    assert fields["to"] == ", ".join(address for _, address in PEOPLE)
    variables = json.loads(fields["recipient-variables"])
    assert set(variables) == {address for _, address in PEOPLE}


@pytest.mark.parametrize(("wanted", "opens", "clicks"), [(True, "yes", "htmlonly"), (False,) * 3])
def test_tracking_is_said_in_each_call(wanted: bool, opens: str, clicks: str) -> None:
    provider = adapter("mailgun", track_opens=wanted)

    fields = fields_of(a_call(provider))

    assert fields["o:tracking"] == fields["o:tracking-opens"] == (opens or "no")
    assert fields["o:tracking-clicks"] == (clicks or "no")


def test_options_stay_far_below_16_kb_however_many_readers() -> None:
    provider = adapter("mailgun")
    people = [("Äijä", f"reader{n}@example.org") for n in range(1000)]

    fields = fields_of(a_call(provider, people))

    sizes = [len(f"{n}{v}".encode()) for n, v in fields.items() if n[:2] in ("o:", "h:", "v:")]
    assert sum(sizes) < 2000


def test_only_what_mailgun_would_misread_is_protected() -> None:
    syntax = Mailgun.capabilities.merge

    assert syntax
    assert syntax.protect("100 % width:50%; %recipe% {{x}}") == "100 % width:50%; %recipe% {{x}}"
    assert "%recipient.v0%" not in syntax.protect(HOSTILE)
    assert "%UNSUBSCRIBE_URL%" not in syntax.protect("%UNSUBSCRIBE_URL%")


def page(at: int, *addresses: str, root: str = "https://api.mailgun.net") -> dict[str, Any]:
    """Return a page of events as the specification shows it."""
    items = [
        {"event": "accepted", "recipient": a, "message": {"headers": {"message-id": "1@b"}}}
        for a in addresses
    ]
    return {"items": items, "paging": {"next": f"{root}/v3/example.org/events/p{at}"}}


def look_up(*pages: Any) -> tuple[Any, Recorded]:
    """Look up a call."""
    provider = adapter("mailgun")
    heard = play(provider, *((200, each) for each in pages))
    return provider.look_up(a_call(provider), DAY, DAY), heard


def test_a_look_up_reads_pages_until_one_is_empty() -> None:
    found, heard = look_up(page(1, "a@b.fi"), page(2, "c@b.fi"), page(3))

    assert found == {"a@b.fi": "1@b", "c@b.fi": "1@b"}
    assert f"tags={BATCH_TAG}" in str(heard.asked[0].url)
    assert str(heard.asked[2].url).endswith("/events/p2")


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
        look_up(answer)

    assert caught.value.verdict is Verdict.RETRY


def test_opens_flagged_as_a_machines_are_told_apart_and_no_others() -> None:
    """Of 85 that were opened by somebody and by each machine 5 were opened by two of them."""
    provider = adapter("mailgun")
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
    assert (figures.opens_machine, figures.opens_unknown, figures.opens_human) == (30, 50, None)
    assert figures.opens_hidden == 30
    asked = json.loads(heard.asked[0].body or b"")
    assert asked["start"] == "Mon, 15 Jun 2026 00:00:00 +0000"
    assert asked["end"] == "Mon, 15 Jun 2026 23:59:59 +0000"
    steps = ("paths", "/v1/analytics/metrics", "post", "requestBody", "content")
    check = official(specification("mailgun"), *steps, "application/json", "schema")
    assert [*check(asked)] == []


def test_a_sender_with_the_signs_of_a_template_is_taken() -> None:
    provider = adapter("mailgun")
    account = connect(provider)

    provider.send(a_call(provider, sender=("Kirje %recipient% “Ö”", "kirje@example.org")))

    assert account.violations() == []
    assert len(account.messages()) == 3


@pytest.mark.parametrize(
    ("rows", "classes"),
    [
        ([("None", 4), ("Generic", 2), ("Apple", 3)], (4, 5, 3)),  # in words of its pages
        ([("", 9)], (9, 0, 0)),  # people, or what nobody recognised
        ([("apple", 3), ("gmail", 8)], (0, 9, 9)),  # some of them by both
        ([], (None, None, None)),  # it does not say
    ],
)
def test_a_machine_may_have_any_name_and_each_copy_counts_once(
    rows: list[tuple[str, int]], classes: tuple[int | None, ...]
) -> None:
    provider = adapter("mailgun")
    items = [
        {
            "dimensions": [{"dimension": "bot", "value": bot, "display_value": bot}],
            "metrics": {"unique_opened_count": count, "unique_clicked_count": count},
        }
        for bot, count in rows
    ]
    totals = {"unique_opened_count": 9, "unique_clicked_count": 9}
    play(provider, (200, {"items": items, "aggregates": {"metrics": totals}}))

    figures = provider.figures(ISSUE_TAG, DAY, DAY)

    assert (figures.opens_unknown, figures.opens_machine, figures.opens_hidden) == classes
    assert (figures.clicks_unknown, figures.clicks_machine) == classes[:2]
