"""Brevo is played as it is: versions of a letter, its report and events, mail held for later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator

from .dialect import RefusedError, Request
from .good_calls import (
    ADA,
    BO,
    LEAVING,
    brevo,
    brevo_body,
    brevo_version,
    question,
    request,
)
from .house import specification
from .played import Played, told

ONE = [{"email": ADA}]
TODAY = datetime.now(UTC).date()


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
