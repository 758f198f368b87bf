"""Postmark: what is its own of finished messages in a list, and of streams."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.model import State
from newsletter.providers.http import HttpProvider
from newsletter.providers.postmark import THEIR_HEADERS, THEIR_HTML, THEIR_TEXT, Postmark
from tests.providers.forms import BATCH_TAG, ISSUE_TAG, a_call, call_for, letter, play
from tests.providers.kinds import IDS, TAKEN_BY_POSTMARK, adapter

DAY = dt.date(2026, 6, 15)


@pytest.fixture
def postmark() -> HttpProvider:
    return adapter("postmark")


def first_of(provider: HttpProvider, **changes: Any) -> dict[str, Any]:
    """Return the first message of a call, read back."""
    message: dict[str, Any] = json.loads(a_call(provider, **changes).body)[0]
    return message


def test_it_leaves_unsubscribing_to_postmark(postmark: HttpProvider) -> None:
    """On a broadcast stream nobody may replace Postmark's own headers."""
    headers = first_of(postmark)["Headers"]

    assert headers == [{"Name": "List-Id", "Value": "<kirje.example.org>"}]
    assert not Postmark.capabilities.own_unsubscribe


@pytest.mark.parametrize(
    ("may_track", "opens", "links"), [(True, True, "HtmlOnly"), (False, False, "None")]
)
def test_each_message_says_whether_it_is_tracked(may_track: bool, opens: bool, links: str) -> None:
    message = first_of(adapter("postmark", track_opens=may_track))

    assert (message["TrackOpens"], message["TrackLinks"]) == (opens, links)


def test_it_takes_the_broadcast_stream_unless_told_otherwise(
    postmark: HttpProvider,
) -> None:
    told = adapter("postmark", stream="uutiskirje")

    assert first_of(postmark)["MessageStream"] == "broadcast"
    assert first_of(told)["MessageStream"] == "uutiskirje"


def test_a_notice_goes_through_the_transactional_stream_whatever_stream_issues_take(
    postmark: HttpProvider,
) -> None:
    for provider in (postmark, adapter("postmark", stream="uutiskirje")):
        message = first_of(provider, headers={}, own_headers={}, is_of_list=False)

        assert message["MessageStream"] == "outbound"


def test_what_postmark_puts_into_mail_has_a_sign_in_copies(
    postmark: HttpProvider,
) -> None:
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
    headers = first_of(adapter("postmark", stream="outbound"))["Headers"]

    assert [header["Name"] for header in headers] == [
        "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    ]  # fmt: skip


def test_a_message_may_be_taken_without_a_code(postmark: HttpProvider) -> None:
    """While delivery is delayed, ErrorCode may be absent."""
    late = {"MessageID": "abc", "Message": "OK, but delivery may be delayed"}
    play(postmark, (200, [late, TAKEN_BY_POSTMARK[1], {"ErrorCode": 0, "Message": "OK"}]))

    outcomes = postmark.send(a_call(postmark))

    assert [o.state for o in outcomes] == [State.ACCEPTED] * 3
    assert [o.message_id for o in outcomes] == ["abc", IDS[1], ""]


def test_it_looks_up_a_batch_by_its_own_tag_page_after_page(postmark: HttpProvider) -> None:
    page = [{"MessageID": f"id{n}", "Recipients": [f"p{n}@example.org"]} for n in range(500)]
    last = {"MessageID": "last", "Recipients": ["Last@example.org"]}
    recorded = play(postmark, (200, {"Messages": page}), (200, {"Messages": [last, None, {}]}))

    found = postmark.look_up(a_call(postmark), DAY, DAY)

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


def test_its_figures_claim_no_more_than_was_counted(postmark: HttpProvider) -> None:
    recorded = play(postmark, (200, STATS), (200, {**STATS, "Opens": 0, "WithOpenTracking": 0}))

    known = postmark.figures(ISSUE_TAG, DAY, DAY)
    untracked = postmark.figures(ISSUE_TAG, DAY, DAY)

    assert (known.sent, known.delivered, known.complained) == (615, 600, 1)
    assert (known.opens_total, known.opens_unique, known.clicks_total) == (166, 126, 72)
    assert (known.clicks_unique, known.bounced_hard, known.unsubscribed) == (None, None, None)
    assert (untracked.opens_total, untracked.opens_unique) == (None, None)
    assert "fromdate=2026-06-14&todate=2026-06-15" in str(recorded.asked[0].url)
