"""The dialects are strict, merge as their providers do, and tell of what was sent."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator
from requests.structures import CaseInsensitiveDict

from .dialect import ERRORS, RefusedError, Reply, Request, Sent, Taken
from .good_calls import (
    ADA,
    BO,
    GOOD,
    LEAVING,
    Changed,
    brevo,
    brevo_body,
    brevo_version,
    mailgun,
    mailjet,
    postmark,
    postmark_batch,
    postmark_message,
    question,
    request,
    resend,
    sendgrid,
    sendgrid_people,
    ses,
    ses_entries,
)
from .house import dialect_named, key_for, specification

ONE, TWO = [{"email": ADA}], [{"email": ADA}, {"email": BO}]
LONG = {"email": ADA, "name": "x" * 71}
TODAY = datetime.now(UTC).date()


class Played:
    """A dialect and what was sent by it."""

    def __init__(self, name: str, *, with_spec: bool = False, **options: str) -> None:
        spec = specification(name) if with_spec else None
        self.dialect = dialect_named(name)(spec, key_for(name), **options)
        self.sent: list[Sent] = []

    def take(self, *calls: Request) -> Taken:
        """Carry calls out; return what the last came to."""
        for number, call in enumerate(calls, start=1):
            taken = self.dialect.take(call, number)
            at = datetime.now(UTC)
            self.sent += [Sent(mail=mail, at=at, call=number) for mail in taken.mails]
        return taken

    def ask(self, asked: Request) -> Any:
        """Return the answer to a question, from JSON."""
        return told(self.dialect.ask(asked, self.sent))

    def refuses(self, call: Request) -> RefusedError:
        """Return how a call is refused."""
        with pytest.raises(RefusedError) as refusal:
            self.dialect.take(call, 1)
        return refusal.value


def told(reply: Reply) -> Any:
    return json.loads(reply.body)


# --- what every dialect does --------------------------------------------------------------


@pytest.mark.parametrize("with_spec", [False, True])
@pytest.mark.parametrize("name", GOOD)
def test_a_good_call_reaches_each_person(name: str, with_spec: bool) -> None:
    played, call = Played(name, with_spec=with_spec), GOOD[name]()

    taken = played.take(call)

    assert played.dialect.is_sending(call)
    assert taken.violations == ()
    assert [mail.email for mail in taken.mails] == [ADA, BO]
    assert len({mail.message_id for mail in taken.mails}) == (1 if name == "mailgun" else 2)
    for mail, who in zip(taken.mails, ("Ada", "Bo"), strict=True):
        assert (mail.subject, mail.text) == (f"Hej {who}",) * 2
        assert mail.html == f"<p>Hej {who}</p>"
        assert mail.headers.keys() == LEAVING.keys()
        assert mail.sender == "Ylva <ylva@example.org>"
        assert "2026-11" in mail.tags


@pytest.mark.parametrize("name", GOOD)
def test_every_error_is_worded(name: str) -> None:
    assert all(Played(name).dialect.error(kind).status >= 400 for kind in ERRORS)


@pytest.mark.parametrize("name", GOOD)
def test_without_the_key_nobody_is_let_in(name: str) -> None:
    dialect = Played(name).dialect
    call = GOOD[name]()
    with_wrong_key = {**call.headers, dialect.key_header: dialect.credential() + "x"}
    with_none = {n: v for n, v in with_wrong_key.items() if n.lower() != dialect.key_header.lower()}

    assert not dialect.is_authorized(replace(call, headers=with_wrong_key))
    assert not dialect.is_authorized(replace(call, headers=with_none))


def test_an_option_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="brevo has no options: fail"):
        Played("brevo", fail=ADA)


def postmark_headers(value: str) -> Changed:
    return {"Headers": [{"Name": "X", "Value": value}]}


REFUSED: list[tuple[str, Changed, str]] = [
    ("brevo", {"sender": {"name": "No address"}}, "$.sender.email: is missing"),
    ("brevo", {"sender": LONG}, "$.sender.name: "),
    ("brevo", {"htmlContent": ""}, "$.htmlContent: "),
    ("brevo", {"subject": ""}, "$.subject: "),
    ("brevo", {"tags": []}, "$.tags: "),
    ("brevo", {"headers": {}}, "$.headers.idempotencyKey: is missing"),
    ("brevo", {"headers": {"idempotencyKey": "abc-123"}}, "$.headers.idempotencyKey: "),
    ("brevo", {"headers": {"X-Name": "Työ"}}, "$.headers.X-Name: "),
    ("brevo", {"headers": {"X-Name": "a\r\nBcc: x"}}, "$.headers.X-Name: "),
    ("brevo", {"messageVersions": []}, "$.messageVersions: "),
    ("brevo", {"messageVersions": [{"to": ONE}] * 1001}, "breaks maxItems 1000"),
    ("brevo", {"messageVersions": [{"to": TWO}]}, "$.messageVersions[0].to: "),
    ("brevo", {"messageVersions": [{"to": ONE, "cc": ONE}]}, "$.messageVersions[0].cc: "),
    ("brevo", {"messageVersions": [{"to": [LONG]}]}, "$.messageVersions[0].to[0].name: "),
    ("brevo", {"messageVersions": [{"to": ONE, "headers": {"X": "ä"}}]}, "[0].headers"),
    ("brevo", {"bcc": ONE}, "$.bcc: "),
    ("brevo", {"templateId": 7}, "$.templateId: "),
    ("mailgun", {"subjct": "Hej"}, "unknown field"),
    ("mailgun", {"to": "ada"}, "malformed"),
    ("mailgun", {"h:X-Note": "Åsa"}, "h:.X-Note"),
    ("mailgun", {"v:long": "x" * 17_000}, "at most 16384"),
    ("mailgun", {"cc": BO}, "not played"),
    ("mailgun", {"recipient-variables": "{"}, "not JSON"),
    ("sendgrid", {"catgories": []}, "unknown field"),
    ("sendgrid", {"personalizations": sendgrid_people(to=TWO)}, "maxItems"),
    ("sendgrid", {"personalizations": sendgrid_people(custom_args={"n": 1})}, "type string"),
    ("sendgrid", {"headers": {"Subject": "Hej"}}, "may not be set"),
    ("sendgrid", {"headers": {"X-Note": "Åsa"}}, "pattern"),
    ("sendgrid", {"content": [{"type": "text/html", "value": ""}]}, "minLength"),
    ("sendgrid", {"categories": [str(n) for n in range(11)]}, "maxItems"),
    ("sendgrid", {"batch_id": "made-up"}, "not played"),
    ("ses", {"BulkEmailEntry": []}, "unknown field"),
    ("ses", {"BulkEmailEntries": ses_entries() * 26}, "maxItems"),
    ("ses", {"DefaultEmailTags": [{"Name": "issue", "Value": "key.1"}]}, "pattern"),
    ("ses", {"FromEmailAddress": "Åsa <asa@example.org>"}, "pattern"),
    ("ses", {"ListManagementOptions": {"ContactListName": "all"}}, "not played"),
    ("resend", {"to": [ADA, BO]}, "exactly one"),
    ("resend", {"scheduled_at": "tomorrow"}, "not played"),
    ("resend", {"headers": {"X-Number": 1}}, "not of type string"),
    ("resend", {"tags": [{"name": "batch", "value": "key.1"}]}, "pattern"),
    ("resend", {"reply-to": "ylva@example.org"}, "unknown field"),
    ("postmark", {"Cc": BO}, "$[0].Cc: "),
    ("postmark", {"To": f"{ADA}, {BO}"}, "$[0].To: "),
    ("postmark", {"Tags": ["x"]}, "$[1].Tags: "),
    ("postmark", {"Metadata": {"n": 1}}, "$[0].Metadata.n: "),
    ("postmark", {"HtmlBody": "", "TextBody": ""}, "$[0]: neither"),
    ("postmark", postmark_headers("a\r\nBcc: b"), "$[0].Headers[0]"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), REFUSED)
def test_what_breaks_the_api_is_refused(name: str, changed: Changed, reason: str) -> None:
    refusal = Played(name).refuses(GOOD[name](changed))

    assert reason in " ".join(refusal.reasons)
    assert refusal.reply.status >= 400


@pytest.mark.parametrize("name", GOOD)
def test_what_is_no_json_and_no_form_is_refused(name: str) -> None:
    assert Played(name).refuses(replace(GOOD[name](), body=b"{")).reply.status in (400, 422)


VIOLATED: list[tuple[str, Changed, str]] = [
    ("brevo", {"messageVersions": [brevo_version(ADA, params={})]}, "params.name is missing"),
    ("mailgun", {"recipient-variables": None}, "everybody sees the list"),
    ("mailgun", {"text": "%recipient.nick%"}, "%recipient.nick% has no value"),
    ("mailgun", {"text": "100 %unsubscribe_url%"}, "is replaced by Mailgun"),
    ("sendgrid", {"tracking_settings": {}}, "left to the account"),
    ("sendgrid", {"content": [{"type": "text/plain", "value": "%%nick%%"}]}, "%%nick%%"),
    ("sendgrid", {"headers": {"X-Name": "%%name%%"}}, "not documented to be merged"),
    ("ses", {"BulkEmailEntries": ses_entries(ReplacementEmailContent={})}, "name has no value"),
    ("mailjet", {"HTMLPart": "Hej [[var:name]]"}, "template syntax left"),
    ("mailjet", {"To": [{"Email": ADA}, {"Email": BO}]}, "To"),
    ("mailjet", {"Headers": {"List-Id": "<list.example.org>"}}, "may not be set"),
    ("mailjet", {"TemplateLanguage": True}, "TemplateLanguage"),
    ("mailjet", {"Subject": "x" * 256}, "maxLength"),
    ("postmark", {"MessageStream": "broadcast"}, "stream broadcast replaces List-Unsubscribe"),
    ("postmark", {"MessageStream": "unheard-of"}, "unknown stream"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), VIOLATED)
def test_what_is_taken_but_wrong_is_a_violation(name: str, changed: Changed, reason: str) -> None:
    assert reason in " ".join(Played(name).take(GOOD[name](changed)).violations)


# What only the specification knows to be wrong, or finds as well.
UNSPECIFIED: Mapping[str, Changed] = {
    "brevo": {"attachment": "none"},
    "mailgun": {"o:dkim": "maybe"},
    "postmark": {"Subject": 7},
    "resend": {"subject": 7},
    "sendgrid": {"subject": 7},
}


@pytest.mark.parametrize("name", UNSPECIFIED)
def test_calls_are_held_against_the_specification(name: str) -> None:
    if specification(name) is None:
        pytest.skip("the specification is not at hand")
    call = GOOD[name](UNSPECIFIED[name])

    ours, all_of_them = (Played(name, with_spec=i).refuses(call).reasons for i in (False, True))

    assert set(ours) < set(all_of_them)


# --- Brevo --------------------------------------------------------------------------------

REPORT, EVENTS = "/v3/smtp/statistics/aggregatedReport", "/v3/smtp/statistics/events"
BATCH = "5c6cfa04-eed9-42c2-8b5c-6d470d978e9d"


def test_brevo_lays_a_version_over_the_letter() -> None:
    own = {"List-unsubscribe": "<https://example.org/u/1>"}
    special = brevo_version(ADA, headers=own, subject="Hei {{ params.place }}")
    params = {"name": "all", "place": "Oulu"}
    call = brevo({"params": params, "messageVersions": [special, brevo_version(BO)]})

    first, second = Played("brevo").take(call).mails

    assert (first.subject, second.subject) == ("Hei Oulu", "Hej Bo")
    assert first.headers == {"List-Unsubscribe": "<https://example.org/u/1>"}
    assert second.headers == LEAVING
    assert first.extra["replyTo"] == {"email": "editor@example.org"}


def test_brevo_gives_a_call_without_versions_one_id() -> None:
    body = brevo_body({"to": ONE, "params": {"name": "Aino"}})
    del body["messageVersions"]

    taken = Played("brevo").take(request("POST", "/v3/smtp/email", body))

    assert told(taken.reply) == {"messageId": taken.mails[0].message_id}
    assert taken.mails[0].subject == "Hej Aino"


def test_brevo_puts_hostile_values_in_literally() -> None:
    hostile = ["{{ params.a }}", "{% if x %}", "{# gone? #}", r"\1 \g<0> $1", '<b>&amp;"\u2028\r']
    versions = [brevo_version(ADA, params={"name": text}) for text in hostile]

    taken = Played("brevo").take(brevo({"messageVersions": versions}))

    assert [mail.html for mail in taken.mails] == [f"<p>Hej {text}</p>" for text in hostile]
    assert taken.violations == ()


@pytest.mark.parametrize(
    "syntax",
    ["{{ contact.X }}", "{{ params.a|upper }}", "{{\n1 }}", "{% if x %}", "{{ a", "{#a{b:c}"],
)
@pytest.mark.parametrize("field", ["subject", "htmlContent", "textContent"])
def test_brevo_refuses_template_syntax_left_in_content(field: str, syntax: str) -> None:
    content = {field: f"before {syntax} after"}

    for changed in (content, {"messageVersions": [brevo_version(ADA, **content)]}):
        [reason, *_] = Played("brevo").refuses(brevo(changed)).reasons
        assert reason.startswith(f"template syntax left in content: {field}: {{")


def test_brevo_misses_what_must_be_there() -> None:
    given = ("sender", "htmlContent", "headers", "tags")
    partly = {name: value for name, value in brevo_body().items() if name in given}
    calls = [request("POST", "/v3/smtp/email", body) for body in ({}, partly)]

    reasons = "\n".join(told for call in calls for told in Played("brevo").refuses(call).reasons)

    for field in ("sender", "subject", "htmlContent", "headers", "tags", "to"):
        assert f"$.{field}: is missing" in reasons or f"'{field}'" in reasons


def test_brevo_limits_the_size_of_params() -> None:
    def sized(*sizes: int) -> Request:
        versions = [brevo_version(ADA, params={"name": "x" * size}) for size in sizes]
        return brevo({"messageVersions": versions})

    played = Played("brevo")
    played.take(sized(*[99_000] * 10))
    assert "at most 100000" in played.refuses(sized(100_001)).reasons[0]
    assert "at most 1000000" in played.refuses(sized(*[99_000] * 11)).reasons[0]


def test_brevo_counts_the_messages_with_a_tag() -> None:
    played = Played("brevo")
    played.take(brevo({"messageVersions": [brevo_version(f"p{n}@b.fi") for n in range(1000)]}))

    found = played.ask(question(REPORT, tag="key.1", startDate=TODAY, endDate=TODAY))
    other = played.ask(question(REPORT, tag="never sent"))

    assert found == {
        "range": f"{TODAY}|{TODAY}",
        **{"requests": 1000, "delivered": 985, "hardBounces": 5, "softBounces": 10},
        **{"uniqueOpens": 443, "opens": 590, "uniqueClicks": 118, "clicks": 157},
        **{"unsubscribed": 3, "spamReports": 0, "blocked": 0, "invalid": 0},
    }
    assert {value for name, value in other.items() if name != "range"} == {0}


@pytest.mark.parametrize("path", [REPORT, EVENTS])
@pytest.mark.parametrize(
    "frame",
    [
        ("2026-01-01", None),
        (None, "2026-01-01"),
        ("2026-01-01", "2026-04-02"),
        ("2026-01-02", "2026-01-01"),
        ("01.01.2026", "02.01.2026"),
    ],
)
def test_brevo_wants_both_ends_of_a_time_frame_of_ninety_days(
    path: str, frame: tuple[str | None, str | None]
) -> None:
    played = Played("brevo")
    query = {n: day for n, day in zip(("startDate", "endDate"), frame, strict=True) if day}

    with pytest.raises(RefusedError):
        played.ask(question(path, **query))
    played.ask(question(path, startDate="2026-01-01", endDate="2026-04-01"))


def test_brevo_filters_and_pages_events_newest_first() -> None:
    played = Played("brevo")
    abcd = [brevo_version(f"{name}@example.org") for name in "abcd"]
    played.take(brevo({"messageVersions": abcd}))
    played.take(brevo({"messageVersions": [brevo_version("e@example.org")], "tags": ["other"]}))

    def people(**query: Any) -> str:
        events = played.ask(question(EVENTS, **query))["events"]
        return "".join(event["email"][0] for event in events)

    assert people(sort="asc", tags="missing, key.1") == "abcd"
    assert people(limit=2) + people(limit=2, offset=2) == "edcb"
    assert people(email="b@example.org") == "b"
    assert people(tags="missing") == people(event="opened") == people(limit=0) == ""
    with pytest.raises(RefusedError):
        people(limit=5001)


def test_brevo_answers_in_the_shape_the_specification_gives() -> None:
    spec = specification("brevo")
    if spec is None:
        pytest.skip("the specification is not at hand")
    played = Played("brevo")
    schemas = yaml.load(spec.read_bytes(), Loader=yaml.CSafeLoader)["components"]["schemas"]
    answers = {
        "createSmtpEmail": told(played.take(brevo()).reply),
        "errorModel": told(played.refuses(brevo({"tags": []})).reply),
        "getAggregatedReport": played.ask(question(REPORT)),
        "getEmailEventReport": played.ask(question(EVENTS)),
    }

    for name, answer in answers.items():
        Draft4Validator(schemas[name]).validate(answer)
        assert set(answer) <= set(schemas[name]["properties"])


def test_brevo_holds_scheduled_mail_until_its_time_and_calls_it_off_once() -> None:
    played, at = Played("brevo"), (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    status = question(f"/v3/smtp/emailStatus/{BATCH}")
    calling_off = request("DELETE", f"/v3/smtp/email/{BATCH}")

    taken = played.take(brevo({"scheduledAt": at, "batchId": BATCH}))
    held = played.ask(status)
    replies = [played.dialect.ask(calling_off, played.sent) for _ in range(2)]

    assert (taken.reply.status, told(taken.reply)["batchId"]) == (202, BATCH)
    assert taken.mails[0].extra["scheduled"] == at
    assert (held["count"], held["batches"][0]["status"]) == (1, "queued")
    assert played.ask(question(REPORT))["requests"] == 0
    assert played.ask(question(EVENTS)) == {"events": []}
    assert [reply.status for reply in replies] == [204, 404]
    assert replies[0].notes == ({"cancelled": BATCH},)
    assert played.dialect.ask(status, played.sent).status == 404


@pytest.mark.parametrize("hours", [None, -0.001, 72.1])
def test_brevo_schedules_mail_for_the_next_three_days(hours: float | None) -> None:
    at = datetime.now(UTC) + timedelta(hours=hours or 0)
    call = brevo({"scheduledAt": "soon" if hours is None else at.isoformat()})

    assert Played("brevo").refuses(call).reasons[0].startswith("$.scheduledAt: ")


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
