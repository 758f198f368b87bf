"""The other providers are played as they are: what is each one's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from .dialect import RefusedError, Request
from .good_calls import (
    ADA,
    BO,
    LEAVING,
    Changed,
    mailgun,
    mailjet,
    postmark,
    postmark_batch,
    postmark_message,
    question,
    request,
    resend,
    sendgrid,
    ses,
)
from .played import Played, told

TODAY = datetime.now(UTC).date()


# --- Mailgun ------------------------------------------------------------------------------


def test_mailgun_reads_addresses_between_commas_once() -> None:
    call = mailgun({"to": f"Ada <{ADA}>, {ADA}", "text": "Åh", "recipient-variables": None})

    assert [(mail.email, mail.text) for mail in Played("mailgun").take(call).mails] == [(ADA, "Åh")]


def test_mailgun_shows_variables_unless_told_not_to() -> None:
    taken = Played("mailgun").take(mailgun({"o:suppress-headers": None}))

    assert taken.mails[1].headers["X-Mailgun-Variables"] == '{"delivery": "t2"}'


def test_mailgun_gives_events_in_pages_until_one_is_empty() -> None:
    played = Played("mailgun")
    taken = played.take(mailgun())
    target, found = "/v3/example.org/events?tags=key.1&event=accepted&limit=1", []

    while items := (page := played.ask(request("GET", target)))["items"]:
        found += items
        target = page["paging"]["next"].removeprefix("http://127.0.0.1:8000")

    assert [item["recipient"] for item in found] == [BO, ADA]
    assert f"<{found[0]['message']['headers']['message-id']}>" == told(taken.reply)["id"]


def test_mailgun_greets_who_mistakes_the_path_and_knows_one_domain() -> None:
    played = Played("mailgun")

    greeting = played.dialect.ask(request("POST", "/v3/messages"), [])

    assert greeting.body == b"Mailgun Magnificent API"
    elsewhere = replace(mailgun(), path="/v3/example.com/messages")
    assert played.refuses(elsewhere).reply.status == 404


def test_mailgun_counts_machines_apart() -> None:
    played = Played("mailgun")
    played.take(*[mailgun()] * 50)
    values = [{"label": "2026-11", "value": "2026-11"}]
    asked = {
        "dimensions": ["bot"],
        "metrics": ["accepted_count", "opened_count"],
        "filter": {"AND": [{"attribute": "tag", "comparator": "=", "values": values}]},
        "include_aggregates": True,
    }

    answer = played.ask(request("POST", "/v1/analytics/metrics", asked))

    opens = {row["dimensions"][0]["value"]: row["metrics"] for row in answer["items"]}
    assert opens.keys() == {"", "apple", "gmail"}
    total = answer["aggregates"]["metrics"]["opened_count"]
    assert sum(each["opened_count"] for each in opens.values()) == total > 0
    assert opens[""]["accepted_count"] == 100


# --- Mailjet ------------------------------------------------------------------------------


def test_mailjet_refuses_one_and_sends_the_rest() -> None:
    taken = Played("mailjet", fail=f"{ADA}:send-0008").take(mailjet())

    results = told(taken.reply)["Messages"]
    assert taken.reply.status == 403
    assert [each["Status"] for each in results] == ["error", "success"]
    assert results[1]["To"][0]["MessageID"] > 2**53
    assert [mail.email for mail in taken.mails] == [BO]


def test_mailjet_holds_a_second_mail_of_a_campaign_back() -> None:
    played = Played("mailjet")

    second = played.take(mailjet(), mailjet())

    asked = question("/v3/REST/message", CustomID="key.1", ShowContactAlt="true", Limit=100)
    data = played.ask(asked)["Data"]
    assert second.mails == ()
    assert [each["Status"] for each in data] == ["sent", "sent", "blocked", "blocked"]
    assert data[0]["ContactAlt"] == ADA


def test_mailjet_counts_by_campaign() -> None:
    played = Played("mailjet")
    played.take(mailjet())
    [campaign] = played.ask(question("/v3/REST/campaign", CustomCampaign="2026-11"))["Data"]
    lifetime = {"CounterSource": "Campaign", "CounterTiming": "Message"}

    def counters(**query: object) -> Any:
        return played.ask(question("/v3/REST/statcounters", SourceID=campaign["ID"], **query))

    assert counters(**lifetime, CounterResolution="Lifetime")["Data"][0]["Total"] == 2
    with pytest.raises(RefusedError):
        counters(**lifetime, CounterResolution="Day")


# --- Postmark -----------------------------------------------------------------------------


def test_postmark_gives_each_message_a_fate_of_its_own() -> None:
    played = Played("postmark", inactive="b@b.fi", fail="c@b.fi:300,d@b.fi:100")

    taken = played.take(postmark_batch(*(postmark_message(f"{name}@b.fi") for name in "abcde")))

    results = told(taken.reply)
    assert [each["ErrorCode"] for each in results] == [0, 406, 300, 100, 0]
    assert set(results[1]) == {"ErrorCode", "Message"}
    ids = [each["MessageID"] for each in results if not each["ErrorCode"]]
    assert [mail.message_id for mail in taken.mails] == ids
    assert [mail.metadata for mail in taken.mails] == [{"batch": "key.1"}] * 2


@pytest.mark.parametrize(
    ("options", "stream", "replaced"),
    [
        ({}, "broadcast", True),
        ({"custom_unsubscribe": "1"}, "broadcast", False),
        ({}, "outbound", False),
    ],
)
def test_postmark_replaces_the_way_out_on_a_broadcast_stream_alone(
    options: dict[str, Any], stream: str, replaced: bool
) -> None:
    [mail, _] = Played("postmark", **options).take(postmark({"MessageStream": stream})).mails

    assert ("Unsubscribe" in mail.html) == ("Unsubscribe" in mail.text) == replaced
    assert (mail.headers["List-Unsubscribe"] != LEAVING["List-Unsubscribe"]) == replaced


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (postmark_batch(postmark_message(ADA, {"Cc": BO})), 300),
        (postmark_batch(), 402),
        (postmark_batch(*[postmark_message(ADA)] * 501), 410),
        (postmark_batch(postmark_message(ADA), Accept="*/*"), 409),
    ],
    ids=["a field", "nothing", "too many", "no JSON asked for"],
)
def test_postmark_refuses_a_batch_with_a_code(call: Request, code: int) -> None:
    reply = Played("postmark").refuses(call).reply

    assert (reply.status, told(reply)["ErrorCode"]) == (422, code)


def test_postmark_finds_messages_by_metadata_and_tag_newest_first() -> None:
    played = Played("postmark")
    a, b, c, d = (postmark_message(f"{name}@example.org") for name in "abcd")
    played.take(postmark_batch(a, b))
    played.take(postmark_batch({**c, "Metadata": {"batch": "other"}}, {**d, "Tag": "other"}))

    def search(**query: Any) -> str:
        asked = question("/messages/outbound", **{"count": 500, "offset": 0, **query})
        return "".join(each["Recipients"][0][0] for each in played.ask(asked)["Messages"])

    assert search() == "dcba"
    assert search(**{"metadata_batch": "key.1"}) == "dba"
    assert search(tag="2026-11", metadata_batch="key.1") == "ba"
    assert search(count=1, offset=2) == "b"
    assert search(recipient="c@example.org", messagestream="outbound") == "c"
    assert search(todate="2020-01-01") == search(status="queued") == ""


@pytest.mark.parametrize(
    "query",
    [{"count": 501}, {"count": 500, "offset": 9501}, {"metadata_a": 1, "metadata_b": 2}, {"x": 1}],
)
def test_postmark_refuses_a_search_that_breaks_the_api(query: Changed) -> None:
    with pytest.raises(RefusedError):
        Played("postmark").ask(question("/messages/outbound", **{"count": 1, "offset": 0, **query}))


def test_postmark_counts_the_messages_with_a_tag() -> None:
    played = Played("postmark")
    played.take(postmark_batch(*(postmark_message(f"p{n}@b.fi") for n in range(400))))

    figures = played.ask(question("/stats/outbound", tag="2026-11"))

    assert [figures[name] for name in ("Sent", "Bounced", "UniqueOpens")] == [400, 6, 177]
    assert played.ask(question("/stats/outbound", tag="never sent"))["Sent"] == 0


# --- Resend -------------------------------------------------------------------------------


def test_resend_remembers_what_a_key_was_used_with() -> None:
    played = Played("resend")

    keys = [played.take(resend()).key for _ in range(2)]
    refusal = played.refuses(resend({"subject": "Hej då"}))

    assert keys == ["key.1"] * 2
    assert told(refusal.reply)["name"] == "invalid_idempotent_request"


# --- SendGrid -----------------------------------------------------------------------------


def test_sendgrid_answers_nothing_but_an_id() -> None:
    taken = Played("sendgrid").take(sendgrid())

    assert (taken.reply.status, taken.reply.body) == (202, b"")
    assert taken.mails[0].message_id.startswith(taken.reply.headers["X-Message-Id"])


def test_sendgrid_finds_mail_by_category_without_pages() -> None:
    played = Played("sendgrid")
    played.take(sendgrid())

    def people(query: str, **more: Any) -> set[str]:
        answer = played.ask(request("POST", "/v3/logs", {"query": query, **more}))
        return {each["to_email"] for each in answer["messages"]}

    assert people("categories IN ('other', 'key.1')") == {ADA, BO}
    assert people("categories IN ('other')") == set()
    assert len(people("categories IN ('key.1')", limit=1)) == 1
    with pytest.raises(RefusedError, match="categories ="):
        people("categories = 'key.1'")


def test_sendgrid_counts_each_day_of_a_category() -> None:
    played = Played("sendgrid")
    played.take(sendgrid())
    since = TODAY - timedelta(days=1)

    days = played.ask(question("/v3/categories/stats", start_date=since, categories="2026-11"))

    assert [day["stats"][0]["metrics"]["requests"] for day in days][-1] == 2


# --- Amazon SES ---------------------------------------------------------------------------


def test_ses_gives_each_entry_a_status_and_passing_ones_pass() -> None:
    played = Played("ses", status=f"{ADA}:ACCOUNT_THROTTLED")

    first, second = (played.take(ses()) for _ in range(2))

    results = told(first.reply)["BulkEmailEntryResults"]
    assert [each["Status"] for each in results] == ["ACCOUNT_THROTTLED", "SUCCESS"]
    assert [mail.email for mail in first.mails] == [BO]
    assert len(second.mails) == 2


def signed(secret: str, service: str = "ses") -> Request:
    auth, call = import_module("botocore.auth"), ses()
    url, kind = f"http://127.0.0.1:8000{call.path}", {"Content-Type": "application/json"}
    copy = import_module("botocore.awsrequest").AWSRequest("POST", url, kind, call.body)
    keys = import_module("botocore.credentials").Credentials("test-key", secret)
    auth.SigV4Auth(keys, service, "eu-north-1").add_auth(copy)
    own = {name: copy.headers[name] for name in ("X-Amz-Date", "Authorization")}
    return replace(call, headers=CaseInsensitiveDict({**call.headers, **own}))


def test_ses_recomputes_signatures() -> None:
    pytest.importorskip("botocore")
    dialect = Played("ses").dialect

    assert dialect.is_authorized(signed("test-secret"))
    assert not dialect.is_authorized(replace(signed("test-secret"), body=b"{}"))
    assert not dialect.is_authorized(signed("other-secret"))
    assert not dialect.is_authorized(signed("test-secret", service="email"))
    assert not dialect.is_authorized(ses())
