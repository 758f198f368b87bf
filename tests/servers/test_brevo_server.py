"""Check that the Brevo test server accepts, refuses, merges, counts and schedules as it should."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import yaml
from jsonschema import Draft4Validator
from requests import Response

from tests.waiting import PATIENCE

from .brevo import SPECIFICATION, BrevoServer
from .brevo_rules import checks, parse_call
from .dialect import RefusedError

REPORT, EVENTS = "/smtp/statistics/aggregatedReport", "/smtp/statistics/events"
KEY, OTHER = ({"idempotencyKey": f"7f1a0d58-3c5e-4a2b-9e59-5f0a6a4a1c{n}"} for n in (11, 12))
A, B = {"email": "a@example.org"}, {"email": "b@example.org"}
LONG = {**A, "name": "x" * 71}
BATCH = "5c6cfa04-eed9-42c2-8b5c-6d470d978e9d"
# What must be there in any case, without what may also stand in each version.
PARTLY = {"sender": A, "htmlContent": "a", "headers": KEY, "tags": ["a"]}
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)

needs_specification = pytest.mark.skipif(
    not SPECIFICATION.exists(), reason="Brevo's specification lies outside the repository"
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def server(journal: Path) -> Iterator[BrevoServer]:
    with BrevoServer(journal_file=journal) as running:
        yield running


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrevoServer]:
    """A server that is only asked things, shared because it stays as it is."""
    with BrevoServer(journal_file=tmp_path_factory.mktemp("idle") / "journal.jsonl") as running:
        yield running


def version(email: str, **more: Any) -> dict[str, Any]:
    """Address one recipient."""
    return {"to": [{"email": email}], "params": {"name": email.partition("@")[0]}, **more}


def batch(*versions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Build a call that breaks no rule."""
    return {
        "sender": {"name": "Työhönvalmennus", "email": "news@example.org"},
        "replyTo": {"email": "editor@example.org"},
        "subject": "Hei {{ params.name }}",
        "htmlContent": "<p>Hei {{params.name}}!</p>{# seen by nobody #}",
        "textContent": "Hei {{ params.name }}!",
        "headers": {"idempotencyKey": str(uuid4()), "List-ID": "<news.example.org>"},
        "tags": ["issue-1", "monthly"],
        "messageVersions": list(versions) or [version("a@example.org")],
        **more,
    }


def post(server: BrevoServer, body: Any, key: str = "test-key", timeout: float = 10) -> Response:
    """Make a sending call."""
    url, headers = f"{server.url}/smtp/email", {"api-key": key}
    return requests.post(url, json=body, headers=headers, timeout=timeout)


def ask(server: BrevoServer, path: str, key: str = "test-key", **query: Any) -> Response:
    """Ask a question."""
    headers = {"api-key": key}
    return requests.get(server.url + path, params=query, headers=headers, timeout=PATIENCE)


def refusals(body: object) -> Sequence[str]:
    """Read why a call is refused, without a server."""
    with pytest.raises(RefusedError) as refused:
        parse_call(json.dumps(body).encode(), checks(None), NOW)
    return refused.value.reasons


def test_each_recipient_gets_a_merged_message_of_their_own(server: BrevoServer) -> None:
    own = {"List-Unsubscribe": "<https://example.org/u/1>"}
    body = batch(version("a@example.org", headers=own), version("b@example.org"))
    body |= {"params": {"name": "all", "place": "Oulu"}, "textContent": "{{ params.place }}"}

    reply = post(server, body)

    first, second = server.messages()
    ids = [first["messageId"], second["messageId"]]
    assert (reply.status_code, reply.json()) == (201, {"messageIds": ids})
    assert {**first, "messageId": "set"} == {
        "email": "a@example.org",
        "tag": "issue-1",
        "tags": ["issue-1", "monthly"],
        "metadata": {},
        "key": body["headers"]["idempotencyKey"],
        "call": 1,
        "subject": "Hei a",
        "html": "<p>Hei a!</p>",
        "text": "Oulu",
        "headers": {"List-Id": "<news.example.org>", **own},
        "sender": "Työhönvalmennus <news@example.org>",
        "replyTo": body["replyTo"],
        "messageId": "set",
    }
    assert [second["subject"], second["html"], second["text"]] == ["Hei b", None, None]
    assert "List-Unsubscribe" not in second["headers"]
    assert server.violations() == []


def test_a_call_without_versions_gets_one_id(server: BrevoServer) -> None:
    body = batch(to=[A], params={"name": "Aino"})
    del body["messageVersions"]

    reply = post(server, body)

    assert reply.json() == {"messageId": server.messages()[0]["messageId"]}
    assert server.messages()[0]["subject"] == "Hei Aino"


def test_hostile_values_arrive_literally(journal: Path) -> None:
    hostile = ["{{ params.a }}", "{% if x %}", "{# gone? #}", r"\1 \g<0> $1", '<b>&amp;"\u2028\r']
    with BrevoServer(journal_file=journal, bodies="all") as server:
        post(server, batch(*(version("a@example.org", params={"name": text}) for text in hostile)))

        assert [line["html"] for line in server.messages()] == [f"<p>Hei {x}!</p>" for x in hostile]
        assert server.violations() == []


@pytest.mark.parametrize(
    "syntax",
    ["{{ contact.X }}", "{{ params.a|upper }}", "{{\n1 }}", "{% if x %}", "{{ a", "{#a{b:c}"],
)
@pytest.mark.parametrize("field", ["subject", "htmlContent", "textContent"])
def test_template_syntax_left_in_content_is_a_violation(field: str, syntax: str) -> None:
    content = {field: f"before {syntax} after"}

    for body in (batch(**content), batch(version("a@example.org", **content))):
        assert refusals(body)[0].startswith(f"template syntax left in content: {field}: {{")


def test_a_refused_call_is_journalled_and_does_not_use_up_its_key(server: BrevoServer) -> None:
    reason = "template syntax left in content: htmlContent: {{ unsubscribe }}"

    refused = post(server, batch(headers=KEY, htmlContent="{{ unsubscribe }}"))
    mended = post(server, batch(headers=KEY))

    assert [refused.status_code, mended.status_code] == [400, 201]
    assert refused.json() == {"code": "invalid_parameter", "message": reason}
    assert server.journal() == [{"violation": reason, "call": 1}, *server.messages()]


def test_a_missing_param_renders_as_nothing_and_is_a_violation(server: BrevoServer) -> None:
    assert post(server, batch(version("a@example.org", params={}))).status_code == 201
    assert server.messages()[0]["html"] == "<p>Hei !</p>"
    assert server.violations() == ["params.name is missing for a@example.org"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sender": {"name": "No address"}}, "$.sender.email: is missing"),
        ({"sender": LONG}, "$.sender.name: "),
        ({"htmlContent": ""}, "$.htmlContent: "),
        ({"subject": ""}, "$.subject: "),
        ({"tags": []}, "$.tags: "),
        ({"headers": {}}, "$.headers.idempotencyKey: is missing"),
        ({"headers": {"idempotencyKey": "abc-123"}}, "$.headers.idempotencyKey: "),
        ({"headers": {**KEY, "X-Name": "Työ"}}, "$.headers.X-Name: "),
        ({"headers": {**KEY, "X-Name": "a\r\nBcc: x"}}, "$.headers.X-Name: "),
        ({"messageVersions": []}, "$.messageVersions: "),
        ({"messageVersions": [{"to": [A]}] * 1001}, "$.messageVersions: breaks maxItems 1000"),
        ({"messageVersions": [{"to": [A, B]}]}, "$.messageVersions[0].to: "),
        ({"messageVersions": [{"to": [A], "cc": [B]}]}, "$.messageVersions[0].cc: "),
        ({"messageVersions": [{"to": [LONG]}]}, "$.messageVersions[0].to[0].name: "),
        ({"messageVersions": [{"to": [A], "headers": {"X": "ä"}}]}, "$.messageVersions[0].headers"),
        ({"bcc": [B]}, "$.bcc: "),
        ({"templateId": 7}, "$.templateId: "),
    ],
)
def test_a_broken_rule_is_named(change: Mapping[str, Any], reason: str) -> None:
    assert refusals(batch(**change))[0].startswith(reason)


def test_what_must_be_there_is_missed() -> None:
    reasons = "\n".join([*refusals({}), *refusals(PARTLY)])

    for field in ("sender", "subject", "htmlContent", "headers", "tags", "to"):
        assert f"$.{field}: is missing" in reasons or f"'{field}'" in reasons


def test_params_are_limited_in_size() -> None:
    def sized(*sizes: int) -> dict[str, Any]:
        return batch(*(version("a@example.org", params={"name": "x" * size}) for size in sizes))

    parse_call(json.dumps(sized(*[99_000] * 10)).encode(), checks(None), NOW)
    assert "at most 100000" in refusals(sized(100_001))[0]
    assert "at most 1000000" in refusals(sized(*[99_000] * 11))[0]


@needs_specification
def test_calls_are_validated_against_the_specification(journal: Path) -> None:
    with BrevoServer(journal_file=journal, spec=SPECIFICATION) as server:
        good = post(server, batch(version("a@example.org", headers={"X-Name": "a"})))
        misspelt = post(server, batch(version("a@example.org", textConten="lost")))
        mistyped = post(server, batch(attachment="none"))

        assert [each.status_code for each in (good, misspelt, mistyped)] == [201, 400, 400]
        reasons = server.violations()
        assert any("'textConten' was unexpected" in reason for reason in reasons)
        assert any("'none' is not of type 'array'" in reason for reason in reasons)


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_the_key_nothing_is_told_or_sent(idle: BrevoServer, key: str) -> None:
    asked = [ask(idle, path, key=key) for path in ("/account", REPORT, EVENTS, "/nowhere")]

    for reply in (post(idle, batch(), key=key), *asked):
        assert reply.status_code == 401
        assert reply.json() == {"code": "unauthorized", "message": "Key not found"}
    assert idle.messages() == []


def test_the_account_is_told_and_other_paths_are_not_known(idle: BrevoServer) -> None:
    assert set(ask(idle, "/account").json()) == {"email", "companyName"}
    assert [ask(idle, path).status_code for path in ("/contacts", "/smtp/email")] == [404, 405]


@pytest.mark.parametrize(
    ("how", "status", "code", "sent"),
    [
        ({}, 201, None, 1),  # answered as the first time
        ({"repeat_answer": "duplicate"}, 400, "duplicate_request", 1),
        ({"window": 0}, 201, None, 2),
    ],
)
def test_a_repeated_key_sends_nothing_within_its_window(
    journal: Path, how: dict[str, Any], status: int, code: str | None, sent: int
) -> None:
    with BrevoServer(journal_file=journal, **how) as server:
        first, again = post(server, batch(headers=KEY)), post(server, batch(headers=KEY))

        assert [first.status_code, again.status_code] == [201, status]
        assert again.json().get("code") == code
        assert (again.json() == first.json()) == (not how)
        assert len(server.messages()) == sent
        assert server.repeats() == [KEY["idempotencyKey"]] * (2 - sent)


def test_figures_follow_from_the_number_of_messages_with_the_tag(server: BrevoServer) -> None:
    post(server, batch(*(version(f"p{number}@example.org") for number in range(1000))))
    sent = {"requests": 1000, "delivered": 985, "hardBounces": 5, "softBounces": 10}
    read = {"uniqueOpens": 443, "opens": 590, "uniqueClicks": 118, "clicks": 157, "unsubscribed": 3}
    none = {"spamReports": 0, "blocked": 0, "invalid": 0}

    found = ask(server, REPORT, tag="monthly", startDate="2026-01-01", endDate="2026-04-01").json()
    other = ask(server, REPORT, tag="never sent").json()

    assert found == {"range": "2026-01-01|2026-04-01", **sent, **read, **none}
    assert {value for name, value in other.items() if name != "range"} == {0}
    assert len({line["messageId"] for line in server.messages()}) == 1000


@pytest.mark.parametrize("path", [REPORT, EVENTS])
def test_a_time_frame_has_both_ends_and_ninety_days_at_most(idle: BrevoServer, path: str) -> None:
    def asked(**query: str) -> int:
        return ask(idle, path, **query).status_code

    assert asked(startDate="2026-01-01") == asked(endDate="2026-01-01") == 400
    assert asked(startDate="2026-01-01", endDate="2026-04-01") == 200
    assert asked(startDate="2026-01-01", endDate="2026-04-02") == 400
    assert asked(startDate="2026-01-02", endDate="2026-01-01") == 400
    assert asked(startDate="01.01.2026", endDate="02.01.2026") == 400


def test_events_are_filtered_and_paged_newest_first(server: BrevoServer) -> None:
    sent = post(server, batch(*(version(f"{name}@example.org") for name in "abcd"))).json()
    post(server, batch(version("e@example.org"), tags=["issue-2"]))

    def people(**query: Any) -> str:
        return "".join(one["email"][0] for one in ask(server, EVENTS, **query).json()["events"])

    (last,) = ask(server, EVENTS, tags="monthly", event="requests", limit=1).json()["events"]
    assert [last["messageId"], last["tag"]] == [sent["messageIds"][-1], "issue-1"]
    assert people(sort="asc", tags="other, monthly") == "abcd"
    assert people(limit=2) + people(limit=2, offset=2) == "edcb"
    assert people(email="b@example.org") == "b"
    assert people(tags="other") == people(event="opened") == people(limit=0) == ""
    assert ask(server, EVENTS, limit=5001).status_code == 400


@needs_specification
def test_answers_have_the_shape_the_specification_gives(server: BrevoServer) -> None:
    document = yaml.load(SPECIFICATION.read_bytes(), Loader=yaml.CSafeLoader)
    answers = {
        "createSmtpEmail": post(server, batch()).json(),
        "errorModel": post(server, {}).json(),
        "getAggregatedReport": ask(server, REPORT).json(),
        "getEmailEventReport": ask(server, EVENTS).json(),
    }

    for name, answer in answers.items():
        schema = document["components"]["schemas"][name]
        Draft4Validator(schema).validate(answer)
        assert set(answer) <= set(schema["properties"])


def scheduled(hours: float, **more: Any) -> dict[str, Any]:
    """Build a call whose mail leaves later."""
    time = datetime.now(UTC) + timedelta(hours=hours)
    return batch(scheduledAt=time.isoformat(), batchId=BATCH, **more)


def test_scheduled_mail_is_accepted_and_not_counted_before_its_time(server: BrevoServer) -> None:
    body = scheduled(1)

    reply = post(server, body)

    (message,) = server.messages()
    assert (reply.status_code, reply.json()["batchId"]) == (202, BATCH)
    assert message["scheduled"] == body["scheduledAt"]
    assert ask(server, REPORT).json()["requests"] == 0
    assert ask(server, EVENTS).json() == {"events": []}
    known = ask(server, f"/smtp/emailStatus/{BATCH}").json()
    assert (known["count"], known["batches"][0]["status"]) == (1, "queued")


def test_scheduled_mail_can_be_called_off_once(server: BrevoServer) -> None:
    post(server, scheduled(1))
    url, key = f"{server.url}/smtp/email/{BATCH}", {"api-key": "test-key"}

    told = [requests.delete(url, headers=key, timeout=PATIENCE).status_code for _ in range(2)]

    assert told == [204, 404]
    assert server.cancelled() == [BATCH]
    assert ask(server, f"/smtp/emailStatus/{BATCH}").status_code == 404
    assert len(server.messages()) == 1


@pytest.mark.parametrize("time", ["soon", "2026-06-15T08:59:59Z", "2026-06-18T12:00:01+03:00"])
def test_mail_is_scheduled_for_the_next_three_days(time: str) -> None:
    assert refusals(batch(scheduledAt=time))[0].startswith("$.scheduledAt: ")
