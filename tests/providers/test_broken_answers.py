"""Whatever a provider answers, nobody is taken for accepted or rejected by mistake."""

import datetime as dt
import json
from contextlib import suppress
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Figures, State
from newsletter.providers.base import Provider
from newsletter.providers.http import HttpProvider, seconds
from tests.providers.forms import Recorded, call_for, letter
from tests.providers.kinds import KINDS, adapter

NAMES = list(KINDS)
DAY = dt.date(2026, 12, 1)
DEEP = b"[" * 100_000
BROKEN = [
    *(b"", b"null", b"0", b'"words"', b"[]", b"{}", b"NaN", b"1e999", b"\xff\xfe{", b"{", DEEP),
    *(b'{"a":' * 50_000, b"9" * 5000, b"<html><title>Sign in</title></html>", b"\x00" * 40),
    b'{"messageIds": [1, 2, 3]}',
    b'{"messageIds": {"a": 1}}',
    b'{"messageId": ["a"]}',
    b'{"id": 5, "message": "Queued. Thank you."}',
    b'{"message": {"Queued": 1}, "id": "x"}',
    b'{"data": [{"id": null}, {"id": {}}, 5]}',
    b'{"data": {"0": {"id": "a"}}}',
    b'{"Messages": [{"Status": "success", "To": 5}, {"Status": ["success"]}, null]}',
    b'{"Messages": [{"Errors": [{"StatusCode": "x"}]}, {"Errors": 5}, {"Errors": [{}]}]}',
    b'[{"ErrorCode": "0"}, {"ErrorCode": [0]}, {"MessageID": {}}]',
    b'[{"ErrorCode": null}, 5, "x"]',
    b'{"BulkEmailEntryResults": [{"Status": {}}, {"Status": 5}, null]}',
    b'{"ErrorCode": {"a": []}, "Message": [1], "errors": {"0": 1}, "name": 5, "__type": []}',
    b'{"errors": [{"field": {}, "message": 5}], "code": ["x"], "message": {"a": 1}}',
    b'{"events": null}',
    b'{"events": [5, {"email": 5, "messageId": null}]}',
    b'{"items": [{"recipient": 5, "message": {"headers": {}}}], "paging": {"next": 5}}',
    b'{"items": [{"recipient": 5, "message": 7}], "paging": 5}',
    b'{"messages": [{"to_email": null, "sg_message_id": []}]}',
    b'{"Data": [5, {"ContactAlt": 5, "ID": {}}], "Count": "x"}',
    b'{"TotalCount": "x", "Messages": [{"Recipients": 5}, {"Recipients": []}]}',
    b'{"delivered": 1e400, "hardBounces": -5, "opens": 99999999999999999999999999}',
    b'{"Sent": -1, "Bounced": 5}',
    b'[{"ErrorCode": true}, {"ErrorCode": false}, {"ErrorCode": 0.5}]',
]  # fmt: skip


class Saying(HTTPAdapter):
    """Gives one answer to whatever it is asked."""

    def __init__(self, provider: HttpProvider) -> None:
        super().__init__()
        self.answer: tuple[Any, ...] = (200, b"")
        provider._session.mount("https://", self)

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        """Answer a request."""
        return Recorded(self.answer).send(request)


def said_of(provider: Provider, call: Call) -> set[State | Verdict]:
    """Return the states of a call's messages, or the verdict of its error."""
    try:
        return {outcome.state for outcome in provider.send(call)}
    except ProviderError as err:
        return {err.verdict}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [200, 202, 299])
def test_an_answer_that_nobody_can_read_leaves_doubt(name: str, status: int) -> None:
    provider = adapter(name)
    said, call = Saying(provider), call_for(provider, letter())

    for body in BROKEN:
        said.answer = (status, body)
        told = said_of(provider, call)
        assert told <= {Verdict.UNKNOWN, Verdict.STOP, State.UNKNOWN, State.ACCEPTED}, body[:60]
        # Sendgrid says all it has to say by its status.
        assert name == "sendgrid" or State.ACCEPTED not in told or b"success" in body, body[:60]
    provider.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_a_refusal_in_any_shape_is_an_error_of_the_provider(name: str, status: int) -> None:
    provider = adapter(name)
    said, call = Saying(provider), call_for(provider, letter())

    for body in BROKEN:
        said.answer = (status, body, {"Location": "http://[bad"})
        assert State.ACCEPTED not in said_of(provider, call) or b"success" in body
    provider.close()


@pytest.mark.parametrize("name", NAMES)
def test_reports_in_any_shape_tell_nothing_or_an_error(name: str) -> None:
    provider = adapter(name)
    said, call = Saying(provider), call_for(provider, letter())

    for body in BROKEN:
        said.answer = (200, body)
        if provider.capabilities.look_up:
            _look_up(provider, call)
        with suppress(ProviderError, NotImplementedError):
            list(provider.departures("2026-12", DAY, DAY))
        if provider.capabilities.statistics:
            try:
                figures = provider.figures("2026-12", DAY, DAY)
            except ProviderError:
                continue
            assert isinstance(figures, Figures)
            counts = [getattr(figures, field) for field in Figures.__dataclass_fields__]
            assert all(n is None or 0 <= n < 2**53 for n in counts), body[:60]
    provider.close()


def _look_up(provider: Provider, call: Any) -> None:
    """Whoever cannot be read might have their mail, so the whole answer tells nothing."""
    try:
        found = provider.look_up(call, DAY, DAY)
    except ProviderError:
        return
    assert all(isinstance(text, str) for pair in found.items() for text in pair)


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_read_is_named_with_status_and_first_words(name: str) -> None:
    provider = adapter(name)
    said = Saying(provider)
    said.answer = (200, b"<html>\n<title>Sign in,   please</title>" + b"x" * 500)

    with pytest.raises(ProviderError) as caught:
        provider.send(call_for(provider, letter()))
    provider.close()

    assert "answered something unreadable: 200 <html> <title>Sign in, please" in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        *(("120", 120), ("0", 0), ("1.5", 1.5), ("9" * 400, 366 * 86_400)),
        *(("", None), ("soon", None), ("-5", None), ("٣", None), ("1e3", None), ("1, 2", None)),
        ("Tue, 01 Dec 2026 12:00:30 GMT", 30),
        ("Tuesday, 01-Dec-26 12:00:30 GMT", 30),  # RFC 850
        ("Tue Dec  1 12:00:30 2026", 30),  # asctime
        ("Mon, 30 Nov 2026 12:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86_400),
        ("Tue, 99 Dec 2026 12:00:30 GMT", None),
    ],
)  # fmt: skip
def test_a_time_to_wait_is_read_in_every_form(header: str, wait: float | None) -> None:
    assert seconds(header, dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)) == wait


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("messageIds", "messageId", "message", "id", "data", "Messages", "Status"),
                    *("Errors", "ErrorCode", "MessageID", "BulkEmailEntryResults", "To", "code"),
                )
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sendgrid"])
@given(value=json_values)
@settings(max_examples=25)
def test_json_of_any_shape_ends_in_outcomes_or_an_error(name: str, value: Any) -> None:
    provider = adapter(name)
    said = Saying(provider)
    said.answer = (200, json.dumps(value).encode())

    assert said_of(provider, call_for(provider, letter()))
    provider.close()
