"""The dialects are strict, and merge as their providers do."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from .dialect import ERRORS, Dialect, RefusedError, Reply, Request, Sent, Taken
from .good_calls import GOOD, Changed, mailgun, mailjet, request, resend, sendgrid, ses
from .house import dialect_named, key_for, specification

NAMES = ("mailgun", "sendgrid", "ses", "mailjet", "resend")


def opened(name: str, *, with_spec: bool = False, **options: str) -> Dialect:
    spec = specification(name) if with_spec else None
    return dialect_named(name)(spec, key_for(name), **options)


def told(reply: Reply) -> Any:
    return json.loads(reply.body)


def sent(taken: Taken, call: int = 1) -> list[Sent]:
    return [Sent(mail=mail, at=datetime.now(UTC), call=call) for mail in taken.mails]


@pytest.mark.parametrize("with_spec", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_good_call_reaches_each_person(name: str, with_spec: bool) -> None:
    dialect, call = opened(name, with_spec=with_spec), GOOD[name]()

    taken = dialect.take(call, 1)

    assert dialect.is_sending(call)
    assert taken.violations == ()
    assert [mail.email for mail in taken.mails] == ["ada@example.org", "bo@example.org"]
    ada = taken.mails[0]
    assert (ada.subject, ada.html, ada.text) == ("Hej Ada", "<p>Hej Ada</p>", "Hej Ada")
    assert ada.headers.keys() == {"List-Unsubscribe"}
    assert ada.sender == "Ylva <ylva@example.org>"
    assert "2026-11" in ada.tags


@pytest.mark.parametrize("name", NAMES)
def test_every_error_is_worded(name: str) -> None:
    dialect = opened(name)

    assert all(dialect.error(kind).status >= 400 for kind in ERRORS)


def entry(changed: Changed) -> Sequence[Changed]:
    told: dict[str, Any] = json.loads(ses().body)
    return [{**told["BulkEmailEntries"][0], **changed}]


def person(changed: Changed) -> Sequence[Changed]:
    told: dict[str, Any] = json.loads(sendgrid().body)
    return [{**told["personalizations"][0], **changed}]


TWO = [{"email": "ada@example.org"}, {"email": "bo@example.org"}]
REFUSED = [
    ("mailgun", {"subjct": "Hej"}, "unknown field"),
    ("mailgun", {"to": "ada"}, "malformed"),
    ("mailgun", {"h:X-Note": "Åsa"}, "h:.X-Note"),
    ("mailgun", {"v:long": "x" * 17_000}, "at most 16384"),
    ("mailgun", {"cc": "bo@example.org"}, "not played"),
    ("mailgun", {"recipient-variables": "{"}, "not JSON"),
    ("sendgrid", {"catgories": []}, "unknown field"),
    ("sendgrid", {"personalizations": person({"to": TWO})}, "maxItems"),
    ("sendgrid", {"personalizations": person({"custom_args": {"n": 1}})}, "not of type string"),
    ("sendgrid", {"headers": {"Subject": "Hej"}}, "may not be set"),
    ("sendgrid", {"headers": {"X-Note": "Åsa"}}, "pattern"),
    ("sendgrid", {"content": [{"type": "text/html", "value": ""}]}, "minLength"),
    ("sendgrid", {"categories": [str(n) for n in range(11)]}, "maxItems"),
    ("sendgrid", {"batch_id": "made-up"}, "never created"),
    ("ses", {"BulkEmailEntry": []}, "unknown field"),
    ("ses", {"BulkEmailEntries": [*entry({})] * 51}, "maxItems"),
    ("ses", {"DefaultEmailTags": [{"Name": "issue", "Value": "key.1"}]}, "pattern"),
    ("ses", {"FromEmailAddress": "Åsa <asa@example.org>"}, "pattern"),
    ("ses", {"ListManagementOptions": {"ContactListName": "all"}}, "not played"),
    ("resend", {"to": ["ada@example.org", "bo@example.org"]}, "exactly one"),
    ("resend", {"scheduled_at": "tomorrow"}, "not played"),
    ("resend", {"headers": {"X-Number": 1}}, "not of type string"),
    ("resend", {"tags": [{"name": "batch", "value": "key.1"}]}, "pattern"),
    ("resend", {"reply-to": "ylva@example.org"}, "unknown field"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), REFUSED)
def test_what_breaks_the_api_is_refused(name: str, changed: Changed, reason: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        opened(name).take(GOOD[name](changed), 1)

    assert reason in " ".join(refusal.value.reasons)
    assert refusal.value.reply.status >= 400


VIOLATED = [
    ("mailgun", {"recipient-variables": None}, "everybody sees the list"),
    ("mailgun", {"text": "%recipient.nick%"}, "%recipient.nick% has no value"),
    ("mailgun", {"text": "100 %unsubscribe_url%"}, "is replaced by Mailgun"),
    ("sendgrid", {"tracking_settings": {}}, "left to the account"),
    ("sendgrid", {"subject": "%%nick%%"}, None),
    ("sendgrid", {"content": [{"type": "text/plain", "value": "%%nick%%"}]}, "%%nick%%"),
    ("sendgrid", {"headers": {"X-Name": "%%name%%"}}, "not documented to be merged"),
    ("ses", {"BulkEmailEntries": entry({"ReplacementEmailContent": {}})}, "name has no value"),
    ("mailjet", {"HTMLPart": "Hej [[var:name]]"}, "template syntax left"),
    ("mailjet", {"To": TWO}, "To"),
    ("mailjet", {"Headers": {"List-Id": "<list.example.org>"}}, "may not be set"),
    ("mailjet", {"TemplateLanguage": True}, "TemplateLanguage"),
    ("mailjet", {"Subject": "x" * 256}, "maxLength"),
]


@pytest.mark.parametrize(("name", "changed", "reason"), VIOLATED)
def test_what_is_taken_but_wrong_is_a_violation(
    name: str, changed: Changed, reason: str | None
) -> None:
    taken = opened(name).take(GOOD[name](changed), 1)

    assert reason is None or reason in " ".join(taken.violations)


def test_mailgun_reads_multipart_and_commas() -> None:
    parts = {"from": "y@example.org", "to": "Ada <ada@example.org>, ada@example.org", "text": "Åh"}
    parts |= {"subject": "Hej", "o:tag": "a"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    kind = 'multipart/form-data; boundary="x"'
    call = request("POST", "/v3/example.org/messages", f"{body}--x--\r\n".encode())
    call = replace(call, headers={"Content-Type": kind})

    taken = opened("mailgun").take(call, 1)

    assert [(mail.email, mail.text) for mail in taken.mails] == [("ada@example.org", "Åh")]


def test_mailgun_shows_variables_unless_told_not_to() -> None:
    taken = opened("mailgun").take(mailgun({"o:suppress-headers": None}), 1)

    assert taken.mails[1].headers["X-Mailgun-Variables"] == '{"delivery": "t2"}'


def test_mailgun_gives_events_in_pages_until_one_is_empty() -> None:
    dialect = opened("mailgun")
    taken = dialect.take(mailgun(), 1)
    target, found = "/v3/example.org/events?tags=key.1&event=accepted&limit=1", []

    while items := (page := told(dialect.ask(request("GET", target), sent(taken))))["items"]:
        found += items
        target = page["paging"]["next"].removeprefix("http://127.0.0.1:8000")

    assert [item["recipient"] for item in found] == ["bo@example.org", "ada@example.org"]
    assert f"<{found[0]['message']['headers']['message-id']}>" == told(taken.reply)["id"]


def test_mailgun_greets_who_mistakes_the_path_and_knows_one_domain() -> None:
    dialect = opened("mailgun")

    assert dialect.ask(request("POST", "/v3/messages"), []).body == b"Mailgun Magnificent API"
    with pytest.raises(RefusedError) as refusal:
        dialect.take(replace(mailgun(), path="/v3/example.com/messages"), 1)
    assert refusal.value.reply.status == 404


def test_mailgun_counts_machines_apart() -> None:
    dialect = opened("mailgun")
    taken = dialect.take(mailgun(), 1)
    values = [{"label": "2026-11", "value": "2026-11"}]
    question = {
        "dimensions": ["bot"],
        "metrics": ["accepted_count", "opened_count"],
        "filter": {"AND": [{"attribute": "tag", "comparator": "=", "values": values}]},
        "include_aggregates": True,
    }

    answer = told(dialect.ask(request("POST", "/v1/analytics/metrics", question), sent(taken) * 50))

    opens = {row["dimensions"][0]["value"]: row["metrics"] for row in answer["items"]}
    assert opens.keys() == {"", "apple", "gmail"}
    total = answer["aggregates"]["metrics"]["opened_count"]
    assert sum(each["opened_count"] for each in opens.values()) == total > 0
    assert opens[""]["accepted_count"] == 100


def test_sendgrid_answers_nothing_but_an_id() -> None:
    taken = opened("sendgrid").take(sendgrid(), 1)

    assert (taken.reply.status, taken.reply.body) == (202, b"")
    assert taken.mails[0].message_id.startswith(taken.reply.headers["X-Message-Id"])


def test_sendgrid_finds_mail_by_category_without_pages() -> None:
    dialect = opened("sendgrid")
    mail = sent(dialect.take(sendgrid(), 1))
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    query = f"categories IN ('key.1') AND sg_message_id_created_at > TIMESTAMP \"{hour_ago}\""

    answer = told(dialect.ask(request("POST", "/v3/logs", {"query": query}), mail))
    few = told(dialect.ask(request("POST", "/v3/logs", {"query": query, "limit": 1}), mail))

    assert {each["to_email"] for each in answer["messages"]} == {
        "ada@example.org",
        "bo@example.org",
    }
    assert len(few["messages"]) == 1
    with pytest.raises(RefusedError, match="categories ="):
        dialect.ask(request("POST", "/v3/logs", {"query": "categories = 'key.1'"}), mail)


def test_sendgrid_calls_scheduled_mail_off_once() -> None:
    dialect = opened("sendgrid")
    batch = told(dialect.ask(request("POST", "/v3/mail/batch"), []))["batch_id"]
    later = int(datetime.now(UTC).timestamp()) + 3600
    mail = sent(dialect.take(sendgrid({"send_at": later, "batch_id": batch}), 1))
    cancel = request("POST", "/v3/user/scheduled_sends", {"batch_id": batch, "status": "cancel"})

    reply = dialect.ask(cancel, mail)

    assert (reply.status, reply.notes) == (201, ({"cancelled": batch},))
    answer = told(dialect.ask(request("POST", "/v3/logs", {}), mail))
    assert {each["status"] for each in answer["messages"]} == {"dropped"}
    with pytest.raises(RefusedError):
        dialect.ask(cancel, mail)


def test_sendgrid_counts_each_day_of_a_category() -> None:
    dialect, today = opened("sendgrid"), datetime.now(UTC).date()
    mail = sent(dialect.take(sendgrid(), 1))
    target = f"/v3/categories/stats?start_date={today - timedelta(days=1)}&categories=2026-11"

    days = told(dialect.ask(request("GET", target), mail))

    assert [day["stats"][0]["metrics"]["requests"] for day in days][-1] == 2


def test_ses_gives_each_entry_a_status_and_passing_ones_pass() -> None:
    dialect = opened("ses", status="ada@example.org:ACCOUNT_THROTTLED")

    first, second = (dialect.take(ses(), number) for number in (1, 2))

    results = told(first.reply)["BulkEmailEntryResults"]
    assert [each["Status"] for each in results] == ["ACCOUNT_THROTTLED", "SUCCESS"]
    assert [mail.email for mail in first.mails] == ["bo@example.org"]
    assert len(second.mails) == 2


def test_ses_takes_mime_for_one_person() -> None:
    mime = b"Subject: Hej\r\nX-Note: a\r\nContent-Type: text/plain\r\n\r\nHej"
    body = {
        "FromEmailAddress": "=?utf-8?q?=C3=85sa?= <asa@example.org>",
        "Destination": {"ToAddresses": ["ada@example.org"]},
        "Content": {"Raw": {"Data": base64.b64encode(mime).decode()}},
    }

    (mail,) = opened("ses").take(request("POST", "/v2/email/outbound-emails", body), 1).mails

    assert (mail.sender, mail.subject, mail.text) == ("Åsa <asa@example.org>", "Hej", "Hej")


def signed(secret: str, service: str = "ses") -> Request:
    auth, call = import_module("botocore.auth"), ses()
    url, kind = f"http://127.0.0.1:8000{call.path}", {"Content-Type": "application/json"}
    copy = import_module("botocore.awsrequest").AWSRequest("POST", url, kind, call.body)
    keys = import_module("botocore.credentials").Credentials("test-key", secret)
    auth.SigV4Auth(keys, service, "eu-north-1").add_auth(copy)
    for name in ("X-Amz-Date", "Authorization"):
        call.headers[name] = copy.headers[name]  # type: ignore[index]
    return call


def test_ses_recomputes_signatures() -> None:
    pytest.importorskip("botocore")
    dialect = opened("ses")

    assert dialect.is_authorized(signed("test-secret"))
    assert not dialect.is_authorized(replace(signed("test-secret"), body=b"{}"))
    assert not dialect.is_authorized(signed("other-secret"))
    assert not dialect.is_authorized(signed("test-secret", service="email"))
    assert not dialect.is_authorized(ses())


def test_mailjet_refuses_one_and_sends_the_rest() -> None:
    taken = opened("mailjet", fail="ada@example.org:send-0008").take(mailjet(), 1)

    results = told(taken.reply)["Messages"]
    assert taken.reply.status == 403
    assert [each["Status"] for each in results] == ["error", "success"]
    assert results[1]["To"][0]["MessageID"] > 2**53
    assert [mail.email for mail in taken.mails] == ["bo@example.org"]


def test_mailjet_holds_a_second_mail_of_a_campaign_back() -> None:
    dialect = opened("mailjet")
    first = sent(dialect.take(mailjet(), 1))
    second = dialect.take(mailjet(), 2)
    target = "/v3/REST/message?CustomID=key.1&ShowContactAlt=true&Limit=100"

    answer = told(dialect.ask(request("GET", target), first))

    assert second.mails == ()
    assert [each["Status"] for each in answer["Data"]] == ["sent", "sent", "blocked", "blocked"]
    assert answer["Data"][0]["ContactAlt"] == "ada@example.org"


def test_mailjet_counts_by_campaign() -> None:
    dialect = opened("mailjet")
    mail = sent(dialect.take(mailjet(), 1))
    found = told(dialect.ask(request("GET", "/v3/REST/campaign?CustomCampaign=2026-11"), mail))
    identifier = found["Data"][0]["ID"]
    target = f"/v3/REST/statcounters?SourceID={identifier}&CounterSource=Campaign"
    target += "&CounterTiming=Message&CounterResolution=Lifetime"

    answer = told(dialect.ask(request("GET", target), mail))

    assert answer["Data"][0]["Total"] == 2


def test_resend_remembers_what_a_key_was_used_with() -> None:
    dialect = opened("resend")
    first, again = dialect.take(resend(), 1), dialect.take(resend(), 2)

    with pytest.raises(RefusedError) as refusal:
        dialect.take(resend({"subject": "Hej då"}), 3)

    assert first.key == again.key == "key.1"
    assert told(refusal.value.reply)["name"] == "invalid_idempotent_request"


def test_resend_lists_and_counts_by_id_alone() -> None:
    dialect = opened("resend")
    mail = sent(dialect.take(resend(), 1))
    ids = [each.mail.message_id for each in mail]

    page = told(dialect.ask(request("GET", "/emails?limit=1"), mail))
    rest = told(dialect.ask(request("GET", f"/emails?limit=1&after={ids[1]}"), mail))
    figures = told(dialect.ask(request("GET", f"/emails/metrics?email_id={','.join(ids)}"), mail))

    assert (page["data"][0]["id"], page["has_more"]) == (ids[1], True)
    assert (rest["data"][0]["id"], rest["has_more"]) == (ids[0], False)
    assert figures["totals"]["sent"] == 2
