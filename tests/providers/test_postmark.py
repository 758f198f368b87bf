"""Postmark: finished messages in a list, each with a fate of its own."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.errors import ProviderError, Verdict
from newsletter.model import State
from newsletter.providers.postmark import THEIR_HEADERS, THEIR_HTML, THEIR_TEXT, Postmark
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE_PEOPLE,
    ISSUE_TAG,
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

DAY = dt.date(2026, 6, 15)
IDS = ("0A26B6E1-aaaa", "0A26B6E1-bbbb", "0A26B6E1-cccc")
TAKEN = [
    {"To": address, "MessageID": message_id, "ErrorCode": 0, "Message": "OK"}
    for (_, address), message_id in zip(PEOPLE, IDS, strict=True)
]
INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\nFound: bo@…",
}
NO_CREDIT = {"ErrorCode": 405, "Message": "You ran out of credits."}


def refusal(code: int, message: str = "No.") -> dict[str, Any]:
    """Return an error in Postmark's words."""
    return {"ErrorCode": code, "Message": message}


@pytest.fixture
def postmark() -> Iterator[Postmark]:
    """An adapter that points at the real address; recorded answers keep it from there."""
    provider = Postmark(options())
    yield provider
    provider.close()


def messages_of(provider: Postmark, **changes: Any) -> list[dict[str, Any]]:
    """Return the messages of a call, read back."""
    read: list[dict[str, Any]] = json.loads(call_for(provider, letter(**changes)).body)
    return read


# --- what is asked ------------------------------------------------------------------------


def test_every_reader_gets_a_message_of_their_own(postmark: Postmark) -> None:
    messages = messages_of(postmark)

    assert [message["To"] for message in messages] == [address for _, address in PEOPLE]
    assert not any(message.keys() & {"Cc", "Bcc"} for message in messages)
    assert messages[1]["TextBody"].startswith('Hei Bo "the \\ man" <b>!\n100 % kesää')
    assert "Bo &quot;the \\ man&quot; &lt;b&gt;" in messages[1]["HtmlBody"]
    assert messages[2]["Subject"] == "Kesäkuun kirje, Cæsar %s {{ x }}"
    assert messages[2]["Tag"] == ISSUE_TAG
    assert messages[2]["Metadata"] == {"batch": BATCH_TAG, "delivery": "6f1c2b9e-3"}


def test_nothing_in_texts_or_names_breaks_a_message(postmark: Postmark) -> None:
    written = hostile_letter()

    messages = json.loads(call_for(postmark, written, HOSTILE_PEOPLE).body)

    for at, (message, person) in enumerate(zip(messages, HOSTILE_PEOPLE, strict=True), start=1):
        seen = [message["HtmlBody"], message["TextBody"]]
        assert seen == [as_read(text, person, at) for text in (written.html, written.text)]


def test_its_messages_fit_the_official_specification(postmark: Postmark) -> None:
    spec = specification("postmark")
    if spec is None:
        pytest.skip("the specification is not at hand")
    newer = {"MessageStream": {"type": "string"}, "Metadata": {"type": "object"}}
    check = official(spec, "definitions", "SendEmailRequest", also=newer)

    assert [text for message in messages_of(postmark) for text in check(message)] == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", "kirje@example.org"),
        ("Säätiö", "Säätiö <kirje@example.org>"),
        ("Säätiö, kirje", '"Säätiö, kirje" <kirje@example.org>'),
        ('A "B" \\ C', r'"A \"B\" \\ C" <kirje@example.org>'),
    ],
)
def test_the_senders_name_is_quoted_where_it_must_be(
    postmark: Postmark, name: str, written: str
) -> None:
    assert messages_of(postmark, sender=(name, "kirje@example.org"))[0]["From"] == written


def test_it_leaves_unsubscribing_to_postmark(postmark: Postmark) -> None:
    """On a broadcast stream nobody may replace Postmark's own headers."""
    headers = messages_of(postmark)[0]["Headers"]

    assert headers == [{"Name": "List-Id", "Value": "<kirje.example.org>"}]
    assert not Postmark.capabilities.own_unsubscribe


@pytest.mark.parametrize(
    ("may_track", "opens", "links"), [(True, True, "HtmlOnly"), (False, False, "None")]
)
def test_each_message_says_whether_it_is_tracked(may_track: bool, opens: bool, links: str) -> None:
    message = messages_of(Postmark(options(track_opens=may_track)))[0]

    assert (message["TrackOpens"], message["TrackLinks"]) == (opens, links)


def test_it_sends_through_the_broadcast_stream_unless_told_otherwise(postmark: Postmark) -> None:
    told = Postmark(options(stream="uutiskirje"))

    assert messages_of(postmark)[0]["MessageStream"] == "broadcast"
    assert messages_of(told)[0]["MessageStream"] == "uutiskirje"


def test_a_notice_goes_through_the_transactional_stream_whatever_stream_issues_take(
    postmark: Postmark,
) -> None:
    for provider in (postmark, Postmark(options(stream="uutiskirje"))):
        message = messages_of(provider, headers={}, own_headers={}, is_of_list=False)[0]

        assert message["MessageStream"] == "outbound"


def test_what_postmark_puts_into_mail_of_a_list_has_a_sign_in_copies(postmark: Postmark) -> None:
    page = letter(html="<body><p>Hei</p></body>", text="Hei\n")

    [of_list, *_] = Postmark.read_back(call_for(postmark, page))
    [notice, *_] = Postmark.read_back(
        call_for(postmark, replace(page, headers={}, own_headers={}, is_of_list=False))
    )

    assert of_list.html == f"<body><p>Hei</p>{THEIR_HTML}</body>"
    assert of_list.text == f"Hei\n{THEIR_TEXT}"
    assert [of_list.header(name) for name, _ in THEIR_HEADERS] == [v for _, v in THEIR_HEADERS]
    assert (notice.html, notice.text) == ("<body><p>Hei</p></body>", "Hei\n")
    assert not notice.header("List-Unsubscribe")


def test_an_issue_keeps_its_own_way_out_where_postmark_puts_none_in() -> None:
    headers = messages_of(Postmark(options(stream="outbound")))[0]["Headers"]

    assert [header["Name"] for header in headers] == [
        "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    ]  # fmt: skip


# --- what each message became -------------------------------------------------------------


def test_messages_are_taken_in_the_order_of_the_call(postmark: Postmark) -> None:
    recorded = play(postmark, (200, TAKEN))

    outcomes = postmark.send(call_for(postmark, letter()))

    assert [(o.delivery, o.state, o.message_id) for o in outcomes] == [
        (at, State.ACCEPTED, message_id) for at, message_id in enumerate(IDS, start=1)
    ]
    asked = recorded.asked[0]
    assert asked.url == "https://api.postmarkapp.com/email/batch"
    assert asked.headers["X-Postmark-Server-Token"] == "test-key"
    assert asked.headers["Accept"] == asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("item", "state"),
    [
        (INACTIVE, State.REJECTED),
        (refusal(300, "Invalid 'To' address: 'bo@example..org'."), State.REJECTED),
        (refusal(411), State.REJECTED),
        (refusal(99999), State.REJECTED),
        (refusal(100), State.QUEUED),
        (refusal(429), State.QUEUED),
        # About us, but not about these three alone: the next call stops the run.
        (NO_CREDIT, State.QUEUED),
        (refusal(300, "Invalid 'From' address: 'x'."), State.QUEUED),
        (refusal(401), State.QUEUED),
        # Neither yes nor no.
        ({}, State.UNKNOWN),
        (None, State.UNKNOWN),
        ({"ErrorCode": None, "Message": "?"}, State.UNKNOWN),
    ],
)
def test_a_200_does_not_mean_that_every_message_was_taken(
    postmark: Postmark, item: Any, state: State
) -> None:
    play(postmark, (200, [TAKEN[0], item, TAKEN[2]]))

    first, second, third = postmark.send(call_for(postmark, letter()))

    assert (first.state, second.state, third.state) == (State.ACCEPTED, state, State.ACCEPTED)
    assert second.reason.isprintable()
    assert (second.reason != "", second.message_id) == (True, "")


def test_a_message_may_be_taken_without_a_code(postmark: Postmark) -> None:
    """While delivery is delayed, ErrorCode may be absent."""
    late = {"MessageID": "abc", "Message": "OK, but delivery may be delayed"}
    play(postmark, (200, [late, TAKEN[1], {"ErrorCode": 0, "Message": "OK"}]))

    outcomes = postmark.send(call_for(postmark, letter()))

    assert [o.state for o in outcomes] == [State.ACCEPTED] * 3
    assert [o.message_id for o in outcomes] == ["abc", IDS[1], ""]


@pytest.mark.parametrize(
    ("item", "cure"),
    [
        (NO_CREDIT, "buy credits"),
        (refusal(400), "verify the address or the domain"),
        (refusal(401), "verify the address or the domain"),
        (refusal(300, "Invalid 'From' address: 'x'."), "verify the address or the domain"),
        (refusal(412), "approve the account"),
        (refusal(413), "may not send"),
        (refusal(1235), "check stream"),
    ],
)
def test_a_fault_of_ours_stops_the_run_and_names_the_cure(
    postmark: Postmark, item: Any, cure: str
) -> None:
    play(postmark, (200, [INACTIVE, item, item]))

    with pytest.raises(ProviderError, match=cure) as caught:
        postmark.send(call_for(postmark, letter()))

    assert caught.value.verdict is Verdict.STOP


def test_what_may_have_been_taken_is_never_queued_again(postmark: Postmark) -> None:
    play(postmark, (200, [NO_CREDIT, {}, NO_CREDIT]))

    outcomes = postmark.send(call_for(postmark, letter()))

    assert [o.state for o in outcomes] == [State.QUEUED, State.UNKNOWN, State.QUEUED]


# --- what became of the whole call --------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, TAKEN[:2], Verdict.UNKNOWN),
        (200, {"Message": "OK"}, Verdict.UNKNOWN),
        (200, b"<html>", Verdict.UNKNOWN),
        (401, refusal(10), Verdict.STOP),
        (413, b"Payload Too Large", Verdict.REJECT),  # halves may fit
        (422, refusal(410), Verdict.REJECT),
        (422, refusal(300, "Invalid 'To' address"), Verdict.REJECT),
        (422, refusal(300, "Invalid 'From' address"), Verdict.STOP),
        (422, refusal(402), Verdict.STOP),
        (422, refusal(405), Verdict.STOP),
        (422, refusal(413), Verdict.STOP),
        (429, refusal(429), Verdict.RETRY),
        (503, refusal(100), Verdict.RETRY),
        (500, refusal(500), Verdict.UNKNOWN),
        (503, b"", Verdict.UNKNOWN),
    ],
)
def test_an_error_of_the_call_tells_what_is_true(
    postmark: Postmark, status: int, body: Any, verdict: Verdict
) -> None:
    recorded = play(postmark, (status, body))

    with pytest.raises(ProviderError) as caught:
        postmark.send(call_for(postmark, letter()))

    assert caught.value.verdict is verdict
    assert len(recorded.asked) == 1  # there is no idempotency: nothing is sent twice


# --- afterwards ---------------------------------------------------------------------------


def test_it_looks_up_a_batch_by_its_own_tag_page_after_page(postmark: Postmark) -> None:
    page = [{"MessageID": f"id{n}", "Recipients": [f"p{n}@example.org"]} for n in range(500)]
    last = {"MessageID": "last", "Recipients": ["Last@example.org"]}
    recorded = play(postmark, (200, {"Messages": page}), (200, {"Messages": [last, None, {}]}))

    found = postmark.look_up(call_for(postmark, letter()), DAY, DAY)

    assert len(found) == 501
    assert found["Last@example.org"] == "last"
    queries = [parse_qs(urlsplit(str(asked.url)).query) for asked in recorded.asked]
    assert [query["offset"] for query in queries] == [["0"], ["500"]]
    assert queries[0] == {
        "metadata_batch": [BATCH_TAG],
        "messagestream": ["broadcast"],
        "count": ["500"],
        "offset": ["0"],
    }


STATS = {
    "Sent": 615,
    "Bounced": 15,
    "BounceRate": 2.439,
    "SpamComplaints": 1,
    "Opens": 166,
    "UniqueOpens": 126,
    "WithOpenTracking": 615,
    "WithLinkTracking": 615,
    "TotalClicks": 72,
    "UniqueLinksClicked": 30,
}


def test_its_figures_claim_no_more_than_was_counted(postmark: Postmark) -> None:
    recorded = play(postmark, (200, STATS), (200, {**STATS, "Opens": 0, "WithOpenTracking": 0}))

    known = postmark.figures(ISSUE_TAG, DAY, DAY)
    untracked = postmark.figures(ISSUE_TAG, DAY, DAY)

    assert (known.sent, known.delivered, known.complained) == (615, 600, 1)
    assert (known.opens_total, known.opens_unique, known.clicks_total) == (166, 126, 72)
    assert (known.clicks_unique, known.bounced_hard, known.unsubscribed) == (None, None, None)
    assert (untracked.opens_total, untracked.opens_unique) == (None, None)
    assert "fromdate=2026-06-14&todate=2026-06-15" in str(recorded.asked[0].url)


def test_a_server_that_speaks_postmark_finds_no_fault(tmp_path: Path) -> None:
    with ProviderServer(
        name="postmark",
        journal_file=tmp_path / "journal.jsonl",
        spec=specification("postmark"),
        options={"fail": "bo@example.org:406"},
    ) as server:
        provider = Postmark(options(base_url=server.url))
        call = call_for(provider, letter())

        states = [outcome.state for outcome in provider.send(call)]
        found = provider.look_up(call, DAY, DAY)
        figures = provider.figures(ISSUE_TAG, dt.date.today(), dt.date.today())  # noqa: DTZ011

        assert states == [State.ACCEPTED, State.REJECTED, State.ACCEPTED]
        assert set(found) == {"aija@example.org", "caesar@example.org"}
        assert figures.sent == 2
        assert server.violations() == []
