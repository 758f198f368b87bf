"""Check that the Postmark test server takes, fails, finds and counts each message by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests import Response

from tests.waiting import PATIENCE

from .house import ProviderServer, specification

OWN = [
    {"Name": "List-Unsubscribe", "Value": "<https://example.org/u/1>"},
    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
]
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ProviderServer]:
    with postmark(tmp_path) as running:
        yield running


def postmark(folder: Path, **options: str) -> ProviderServer:
    """Describe a server."""
    return ProviderServer(
        name="postmark",
        journal_file=folder / "journal.jsonl",
        spec=specification("postmark"),
        options=options,
    )


def message(name: str, **more: Any) -> dict[str, Any]:
    """Build a message that breaks no rule."""
    return {
        "From": "Työ <news@example.org>",
        "To": f"{name}@example.org",
        "Subject": "Hei",
        "HtmlBody": "<p>Hei!</p>",
        "TextBody": "Hei!",
        "Tag": "issue-1",
        "Metadata": {"batch": "b1"},
        "TrackOpens": False,
        "TrackLinks": "None",
        "MessageStream": "broadcast",
        **more,
    }


def post(server: ProviderServer, *messages: Any, **headers: str) -> Response:
    """Send a batch."""
    given = {**JSON, "X-Postmark-Server-Token": "test-key", **headers}
    return requests.post(
        f"{server.url}/email/batch", json=messages, headers=given, timeout=PATIENCE
    )


def ask(server: ProviderServer, path: str, **query: Any) -> Any:
    """Ask a question."""
    headers = {**JSON, "X-Postmark-Server-Token": "test-key"}
    return requests.get(server.url + path, params=query, headers=headers, timeout=PATIENCE).json()


def search(server: ProviderServer, **query: Any) -> str:
    """Search, and give the first letter of each address found."""
    found = ask(server, "/messages/outbound", **{"count": 500, "offset": 0, **query})
    return "".join(each["Recipients"][0][0] for each in found["Messages"])


def test_each_message_has_a_fate_of_its_own(tmp_path: Path) -> None:
    unlucky = {"inactive": "b@example.org", "fail": "c@example.org:300,d@example.org:100"}
    with postmark(tmp_path, **unlucky) as server:
        reply = post(server, *(message(name) for name in "abcde"))

        assert reply.status_code == 200
        assert [each["ErrorCode"] for each in reply.json()] == [0, 406, 300, 100, 0]
        assert set(reply.json()[1]) == {"ErrorCode", "Message"}
        ids = [each["MessageID"] for each in reply.json() if not each["ErrorCode"]]
        assert [line["messageId"] for line in server.messages()] == ids
        assert [line["metadata"] for line in server.messages()] == [{"batch": "b1"}] * 2
        assert server.violations() == []


def test_a_broadcast_stream_replaces_unsubscribe_headers(server: ProviderServer) -> None:
    post(server, message("a", Headers=OWN))

    (line,) = server.messages()
    assert line["headers"]["List-Unsubscribe"] != OWN[0]["Value"]
    assert "Unsubscribe" in line["html"]
    assert server.violations() == [
        "stream broadcast replaces List-Unsubscribe",
        "stream broadcast replaces List-Unsubscribe-Post",
    ]


@pytest.mark.parametrize(
    ("options", "stream"), [({"custom_unsubscribe": "1"}, "broadcast"), ({}, "outbound")]
)
def test_other_streams_leave_unsubscribing_to_the_caller(
    tmp_path: Path, options: dict[str, str], stream: str
) -> None:
    with postmark(tmp_path, **options) as server:
        post(server, message("a", Headers=OWN, MessageStream=stream))

        assert server.messages()[0]["headers"]["List-Unsubscribe"] == OWN[0]["Value"]
        assert server.messages()[0]["html"] == "<p>Hei!</p>"
        assert server.violations() == []


# What is wrong with a batch, and the ErrorCode and the first violation it gets.
@pytest.mark.parametrize(
    ("messages", "code", "reason"),
    [
        ([message("a", Cc="b@example.org")], 300, "$[0].Cc: "),
        ([message("a", To="a@example.org, b@example.org")], 300, "$[0].To: "),
        ([message("a"), message("b", Tags=["x"])], 300, "$[1].Tags: "),
        ([message("a", Metadata={"n": 1})], 300, "$[0].Metadata.n: "),
        ([message("a", HtmlBody="", TextBody="")], 300, "$[0]: neither"),
        ([message("a", Headers=[{"Name": "X", "Value": "a\r\nBcc: b"}])], 300, "$[0].Headers[0]"),
        ([message("a")] * 501, 410, "501 messages"),
        ([], 402, "$: not a list"),
    ],
)
def test_a_broken_rule_refuses_the_batch(
    server: ProviderServer, messages: list[Any], code: int, reason: str
) -> None:
    reply = post(server, *messages)

    assert (reply.status_code, reply.json()["ErrorCode"]) == (422, code)
    assert server.violations()[0].startswith(reason)
    assert server.messages() == []


def test_requests_must_carry_the_token_and_be_json(server: ProviderServer) -> None:
    wrong_key = post(server, message("a"), **{"X-Postmark-Server-Token": "wrong"})
    no_json = post(server, message("a"), Accept="*/*")

    assert (wrong_key.status_code, wrong_key.json()["ErrorCode"]) == (401, 10)
    assert (no_json.status_code, no_json.json()["ErrorCode"]) == (422, 409)
    assert server.messages() == []


def test_messages_are_found_by_metadata_and_tag_newest_first(server: ProviderServer) -> None:
    post(server, message("a"), message("b"))
    post(server, message("c", Metadata={"batch": "b2"}), message("d", Tag="issue-2"))

    assert search(server) == "dcba"
    assert search(server, metadata_batch="b1") == "dba"
    assert search(server, tag="issue-1", metadata_batch="b1") == "ba"
    assert search(server, count=1, offset=2) == "b"
    assert search(server, recipient="c@example.org", messagestream="broadcast") == "c"
    assert search(server, todate="2020-01-01") == search(server, status="queued") == ""


@pytest.mark.parametrize(
    "query",
    [{"count": 501}, {"count": 500, "offset": 9501}, {"metadata_a": 1, "metadata_b": 2}, {"x": 1}],
)
def test_a_search_that_breaks_the_api_is_refused(
    server: ProviderServer, query: dict[str, Any]
) -> None:
    assert ask(server, "/messages/outbound", **{"count": 1, "offset": 0, **query})["ErrorCode"]
    assert len(server.violations()) == 1


def test_figures_follow_from_the_number_of_messages_with_the_tag(server: ProviderServer) -> None:
    post(server, *(message(f"p{number}") for number in range(400)))

    told = ask(server, "/stats/outbound", tag="issue-1")
    assert [told[name] for name in ("Sent", "Bounced", "UniqueOpens")] == [400, 6, 177]
    assert ask(server, "/stats/outbound", tag="never sent")["Sent"] == 0


def test_a_stream_tells_who_handles_unsubscribing(server: ProviderServer) -> None:
    told = ask(server, "/message-streams/broadcast")

    assert told["MessageStreamType"] == "Broadcasts"
    handling = told["SubscriptionManagementConfiguration"]["UnsubscribeHandlingType"]
    assert handling == "Postmark"
    assert ask(server, "/message-streams/none")["ErrorCode"] == 1226
