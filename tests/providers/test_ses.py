"""Amazon SES: signed bulk calls, and what each entry's status means."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ConfigError, ProviderError, Verdict
from newsletter.model import Call, Outcome, State
from newsletter.providers.ses import Ses
from tests.providers.forms import (
    BATCH_TAG,
    HOSTILE_PEOPLE,
    PEOPLE,
    as_read,
    call_for,
    hostile_letter,
    in_syntax_of,
    letter,
    options,
    play,
)
from tests.servers.house import ProviderServer

if find_spec("botocore") is None:
    pytest.skip("needs the extra `ses`", allow_module_level=True)

KEY = "test-key:test-secret"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ProviderServer]:
    """SES on loopback; it checks signatures, and each call by AWS's own model."""
    journal = tmp_path / "journal.jsonl"
    with ProviderServer(name="ses", journal_file=journal, bodies="all") as started:
        yield started


def ses(**changes: Any) -> Ses:
    """Return an adapter."""
    return Ses(options(**{"api_key": KEY, "region": "eu-north-1", **changes}))


def a_call(provider: Ses) -> Call:
    """Return a usual call."""
    return call_for(provider, in_syntax_of(provider, letter()))


def results(*statuses: str, error: str = "") -> dict[str, Any]:
    """Return an answer with a status for each entry, in the shape of the model."""
    return {
        "BulkEmailEntryResults": [
            {"Status": status, "MessageId": f"id-{at}"}
            if status == "SUCCESS"
            else {"Status": status, "Error": error}
            for at, status in enumerate(statuses)
        ]
    }


def outcomes_of(*statuses: str, error: str = "") -> tuple[Outcome, ...]:
    """Return what a call with these statuses ends in."""
    provider = ses()
    play(provider, (200, results(*statuses, error=error)))
    return provider.send(a_call(provider))


def refusal_of(provider: Ses, *answers: tuple[Any, ...]) -> ProviderError:
    """Return the error that a call ends in."""
    play(provider, *answers)
    with pytest.raises(ProviderError) as caught:
        provider.send(a_call(provider))
    return caught.value


# --- the call -----------------------------------------------------------------------------


def test_what_looks_like_a_template_arrives_as_text(server: ProviderServer) -> None:
    provider = ses(base_url=server.url)
    plain = hostile_letter()

    provider.send(call_for(provider, in_syntax_of(provider, plain), HOSTILE_PEOPLE))

    assert server.violations() == []
    for at, (person, got) in enumerate(
        zip(HOSTILE_PEOPLE, server.messages(), strict=True), start=1
    ):
        assert got["email"] == person[1]
        assert got["subject"] == as_read(plain.subject, person, at)
        assert got["html"] == as_read(plain.html, person, at)
        assert got["text"] == as_read(plain.text, person, at)


def test_each_reader_has_an_entry_of_their_own(server: ProviderServer) -> None:
    provider = ses(base_url=server.url)
    written = in_syntax_of(provider, letter(tag="2026-06 kesä.1"))

    outcomes = provider.send(call_for(provider, written))

    assert server.violations() == []
    assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 3
    assert len({outcome.message_id for outcome in outcomes}) == 3
    for at, got in enumerate(server.messages(), start=1):
        headers = got["headers"]
        assert headers["List-Unsubscribe"].startswith(f"<https://kirje.example.org/leave/{at}>, <")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Id"] == "<kirje.example.org>"
        assert headers["Reply-To"] == "toimitus@example.org"
        assert got["metadata"] == {
            "nl-tag": "2026-06_kes__1",
            "nl-batch": BATCH_TAG,
            "nl-delivery": f"6f1c2b9e-{at}",
        }


def test_braces_that_would_join_those_of_a_placeholder_are_protected() -> None:
    syntax = Ses.capabilities.merge
    assert syntax

    before, after = syntax.protect("a {"), syntax.protect("} b")

    assert before + syntax.placeholder("v0") + after == "a {{open}}{{v0}}{{close}} b"
    assert syntax.protect("{ x } \\ } p {color: red}") == "{ x } \\ } p {color: red}"


def test_a_letter_without_slots_and_links_still_has_one_reader_each(
    server: ProviderServer,
) -> None:
    provider = ses(base_url=server.url)

    provider.send(call_for(provider, letter(subject="x", html="x", text="x", own_headers={})))

    assert server.violations() == []
    assert [got["email"] for got in server.messages()] == [address for _, address in PEOPLE]


def test_a_display_name_is_ascii_on_one_line_and_read_as_it_was_written(
    server: ProviderServer,
) -> None:
    provider = ses(base_url=server.url)
    name = "Säätiön, “työhönvalmennuksen” ja ystävien hyvin pitkä uutiskirje"

    provider.send(call_for(provider, letter(sender=(name, "a@example.org"))))

    assert server.violations() == []
    assert server.messages()[0]["sender"] == f"{name} <a@example.org>"


def test_tracking_is_switched_off_for_the_call_and_otherwise_left_to_the_configuration_set() -> (
    None
):
    off = json.loads(a_call(ses(track_opens=False, stream="kirje")).body)
    on = json.loads(a_call(ses()).body)

    tracking = {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
    assert off["ConfigurationOverrides"] == {"Tracking": tracking}
    assert off["ConfigurationSetName"] == "kirje"
    assert not {"ConfigurationOverrides", "ConfigurationSetName", "ListManagementOptions"} & set(on)


# --- credentials --------------------------------------------------------------------------


def test_the_region_chooses_the_host_and_a_token_is_signed_too() -> None:
    provider = ses(api_key=f"{KEY}:the/token+=", region="eu-central-1")
    heard = play(provider, (200, results(*["SUCCESS"] * 3)))

    provider.send(a_call(provider))

    asked = heard.asked[0]
    assert asked.url == "https://email.eu-central-1.amazonaws.com/v2/email/outbound-bulk-emails"
    assert asked.headers["X-Amz-Security-Token"] == "the/token+="
    assert "/eu-central-1/ses/aws4_request" in asked.headers["Authorization"]
    assert "content-type;host;x-amz-date;x-amz-security-token" in asked.headers["Authorization"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"api_key": "s3cret"}, "ID:SECRET"),
        ({"api_key": ":s3cret"}, "ID:SECRET"),
        ({"region": "evil.example/"}, "region"),
        ({"region": "eu"}, "region"),
    ],
)
def test_settings_that_cannot_be_right_are_told_without_the_key(
    changes: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        ses(**changes)

    assert "s3cret" not in str(caught.value)


def test_a_wrong_secret_stops_and_names_the_variable(server: ProviderServer) -> None:
    provider = ses(base_url=server.url, api_key="test-key:wrong")

    with pytest.raises(ProviderError, match="NEWSLETTER_API_KEY") as caught:
        provider.send(a_call(provider))

    assert caught.value.verdict is Verdict.STOP


# --- statuses of entries ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ACCOUNT_THROTTLED", State.QUEUED),
        ("TRANSIENT_FAILURE", State.QUEUED),
        ("FAILED", State.QUEUED),
        ("MESSAGE_REJECTED", State.REJECTED),
        ("INVALID_PARAMETER", State.REJECTED),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", State.QUEUED),
        ("ACCOUNT_SUSPENDED", State.QUEUED),
        ("SOMETHING_NEW", State.UNKNOWN),
        ("", State.UNKNOWN),
    ],
)
def test_each_entry_has_a_fate_of_its_own_in_the_order_of_the_call(
    status: str, state: State
) -> None:
    first, second, third = outcomes_of("SUCCESS", status, "SUCCESS", error="why")

    assert (first.delivery, first.state, first.message_id) == (1, State.ACCEPTED, "id-0")
    assert (third.delivery, third.state, third.message_id) == (3, State.ACCEPTED, "id-2")
    assert (second.delivery, second.state, second.message_id) == (2, state, "")
    assert second.reason.startswith(f"{status or 'no status'}: why")
    assert not second.transient


@pytest.mark.parametrize(
    "status",
    [
        "ACCOUNT_SUSPENDED",
        "ACCOUNT_SENDING_PAUSED",
        "CONFIGURATION_SET_SENDING_PAUSED",
        "ACCOUNT_DAILY_QUOTA_EXCEEDED",
        "MAIL_FROM_DOMAIN_NOT_VERIFIED",
        "TEMPLATE_NOT_FOUND",
        "CONFIGURATION_SET_NOT_FOUND",
        "INVALID_SENDING_POOL_NAME",
    ],
)
def test_a_fault_of_ours_stops_when_nothing_was_taken(status: str) -> None:
    with pytest.raises(ProviderError, match=status) as caught:
        outcomes_of(status, "FAILED", "MESSAGE_REJECTED")

    assert caught.value.verdict is Verdict.STOP


def test_nobody_is_rejected_for_an_address_of_ours_that_is_not_verified() -> None:
    words = "Email address is not verified. The following identities failed: kirje@example.org"

    with pytest.raises(ProviderError, match="verify the sender") as caught:
        outcomes_of(*["MESSAGE_REJECTED"] * 3, error=words)

    assert caught.value.verdict is Verdict.STOP


def test_a_call_in_which_all_are_throttled_is_no_error() -> None:
    assert {o.state for o in outcomes_of(*["ACCOUNT_THROTTLED"] * 3)} == {State.QUEUED}


def test_the_server_s_statuses_become_outcomes(tmp_path: Path) -> None:
    statuses = {"status": "aija@example.org:ACCOUNT_THROTTLED,bo@example.org:MESSAGE_REJECTED"}
    journal = tmp_path / "journal.jsonl"
    with ProviderServer(name="ses", journal_file=journal, options=statuses) as server:
        provider = ses(base_url=server.url)

        outcomes = provider.send(a_call(provider))

    states = [outcome.state for outcome in outcomes]
    assert states == [State.QUEUED, State.REJECTED, State.ACCEPTED]


@pytest.mark.parametrize(
    "answer", [{}, [], results("SUCCESS"), {"BulkEmailEntryResults": "x"}, b"<html>"]
)
def test_an_answer_that_does_not_fit_the_call_leaves_it_in_doubt(answer: Any) -> None:
    assert refusal_of(ses(), (200, answer)).verdict is Verdict.UNKNOWN


# --- errors of a whole call ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "words", "verdict"),
    [
        (400, "BadRequestException", "Missing final '@domain'", Verdict.REJECT),
        (400, "MessageRejected", "virus", Verdict.REJECT),
        (400, "MessageRejected", "Email address is not verified.", Verdict.STOP),
        (400, "MailFromDomainNotVerifiedException", "", Verdict.STOP),
        (400, "AccountSuspendedException", "", Verdict.STOP),
        (400, "SendingPausedException:http://internal.amazon.com/", "", Verdict.STOP),
        (400, "LimitExceededException", "", Verdict.STOP),
        (400, "ThrottlingException", "Rate exceeded", Verdict.RETRY),
        (403, "InvalidSignatureException", "", Verdict.STOP),
        (404, "NotFoundException", "Configuration set <x> does not exist.", Verdict.STOP),
        (429, "TooManyRequestsException", "Maximum sending rate exceeded.", Verdict.RETRY),
        (429, "TooManyRequestsException", "Daily message quota exceeded.", Verdict.STOP),
        (500, "InternalFailure", "", Verdict.UNKNOWN),
        (503, "ServiceUnavailableException", "", Verdict.UNKNOWN),
    ],
)
def test_an_error_has_one_meaning(status: int, kind: str, words: str, verdict: Verdict) -> None:
    error = refusal_of(ses(), (status, {"message": words}, {"x-amzn-ErrorType": kind}))

    assert error.verdict is verdict
    assert words in str(error)


def test_the_kind_of_an_error_is_found_in_the_body_too() -> None:
    body = {"__type": "com.amazonaws.ses#SendingPausedException", "Message": "paused"}

    error = refusal_of(ses(), (400, body))

    assert (error.code, error.verdict) == ("SendingPausedException", Verdict.STOP)
    assert "paused" in str(error)
