"""Brevo: transactional mail by its v3 API, merged there from `params`.

Facts: developers.brevo.com, "Batch send customised transactional emails" and "Idempotency for
batch emails"; the specification at api.brevo.com/v3/swagger_definition_v3.yml.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import requests

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Figures, Message, Outcome, State
from newsletter.providers.base import (
    Capabilities,
    HttpProvider,
    MergeSyntax,
    Options,
    one_line,
    seconds,
)

_NAME_LIMIT = 70  # characters of a display name
_LONGEST_RANGE = dt.timedelta(days=89)  # a report covers at most 90 days
_PAGE = 2500  # events of one answer

# What Brevo's own words mean; its status alone does not tell.
_CODES = {
    "unauthorized": Verdict.STOP,
    "permission_denied": Verdict.STOP,
    "not_enough_credits": Verdict.STOP,
    "account_under_validation": Verdict.STOP,
    "duplicate_request": Verdict.LOOK_UP,
    "duplicate_parameter": Verdict.LOOK_UP,
}
_CURES = {
    "unauthorized": "check NEWSLETTER_API_KEY: it must be a v3 API key, not an SMTP key",
    "not_enough_credits": "buy credits in the account, then run the same command again",
    "account_under_validation": "wait for Brevo to validate the account",
    "permission_denied": "give the API key the right to send, and verify the sender",
}


class Brevo(HttpProvider):
    """Sends a batch as one call, one recipient to a message version."""

    name = "brevo"
    root = "https://api.brevo.com/v3"
    secret = "NEWSLETTER_API_KEY"  # noqa: S105 - the name of the variable, not its value
    capabilities = Capabilities(
        batch_size=1000,
        batch_bytes=900_000,  # 1000 KB for the parameters of all versions
        merge=MergeSyntax(
            before="{{ params.",
            after=" }}",
            # "{{", "{%" and "{#" begin its syntax, and so does "{" before a placeholder.
            hazard=re.compile(r"\{(?=[{%#]|\Z)"),
            hazard_name="brace",
            hazard_value="{",
        ),
        idempotency_window=15 * 60,  # documented as 30 minutes today and as 15 in 2021
        look_up=True,
        statistics=True,
    )

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._session.headers["api-key"] = options.api_key

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call."""
        return self._receipt(call, self.request("POST", "/smtp/email", json=_payload(call)))

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Ask for the events of the batch's own tag."""
        found: dict[str, str] = {}
        read = 0
        while True:
            query = {
                "tags": call.tags[-1],
                "event": "requests",
                "startDate": since.isoformat(),
                "endDate": min(until, since + _LONGEST_RANGE).isoformat(),
                "limit": _PAGE,
                "offset": read,
            }
            answer = self._json(self.request("GET", "/smtp/statistics/events", params=query))
            events = answer.get("events") or []
            if not isinstance(events, list):
                raise self._error("answered something unreadable", Verdict.RETRY)
            read += len(events)
            found |= dict(_taken(event) for event in events)
            found.pop("", None)
            if len(events) < _PAGE:
                return found

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Ask for the aggregated report of a tag.

        Whether `opens` counts those made by proxies is not documented, so they stay unsorted.
        """
        query = {
            "tag": tag,
            "startDate": since.isoformat(),
            "endDate": min(until, since + _LONGEST_RANGE).isoformat(),
        }
        path = "/smtp/statistics/aggregatedReport"
        said = self._json(self.request("GET", path, params=query))
        return Figures(**{ours: _count(said, theirs) for ours, theirs in _FIGURES.items()})

    def refusal(self, response: requests.Response) -> ProviderError:
        """Read Brevo's code as well as the status, and name the cure."""
        error = super().refusal(response)
        code = str(_body(response).get("code", ""))
        error.code = code
        error.verdict = _CODES.get(code, error.verdict)
        if cure := _CURES.get(code):
            error.args = (f"{error}; {cure}",)
        reset = response.headers.get("x-sib-ratelimit-reset", "")
        if response.status_code == 429 and error.retry_after is None:
            error.retry_after = seconds(reset)
        return error

    def explain(self, response: requests.Response) -> str:
        """Return Brevo's message."""
        return one_line(str(_body(response).get("message") or "")) or super().explain(response)

    def _receipt(self, call: Call, response: requests.Response) -> tuple[Outcome, ...]:
        body = _body(response)
        ids = body.get("messageIds", [body.get("messageId")])
        if not isinstance(ids, list) or not _are_ids(ids, len(call.messages)):
            raise self._error("answered something unreadable after a call", Verdict.UNKNOWN)
        return tuple(_accepted(m, str(i)) for m, i in zip(call.messages, ids, strict=True))

    def _json(self, response: requests.Response) -> dict[str, Any]:
        body = _body(response)
        if not body:
            raise self._error("answered something unreadable", Verdict.RETRY)
        return body


# Our figures and the fields of Brevo's aggregated report.
_FIGURES = {
    "delivered": "delivered",
    "bounced_hard": "hardBounces",
    "bounced_soft": "softBounces",
    "opens_total": "opens",
    "opens_unique": "uniqueOpens",
    "clicks_total": "clicks",
    "clicks_unique": "uniqueClicks",
    "unsubscribed": "unsubscribed",
    "complained": "spamReports",
}


def _payload(call: Call) -> dict[str, Any]:
    name, address = call.sender
    sender = {"email": address} | ({"name": name[:_NAME_LIMIT]} if name else {})
    return {
        "sender": sender,
        "replyTo": {"email": call.reply_to},
        "subject": call.subject,
        "htmlContent": call.html,
        "textContent": call.text,
        "tags": list(call.tags),
        # The key stands in the body's headers, not in HTTP's.
        "headers": {**call.headers, "idempotencyKey": call.key},
        "messageVersions": [_version(message) for message in call.messages],
    }


def _version(message: Message) -> dict[str, Any]:
    version: dict[str, Any] = {"to": [{"email": message.address}]}
    if message.params:
        version["params"] = dict(message.params)
    if message.headers:
        version["headers"] = dict(message.headers)
    return version


def _accepted(message: Message, message_id: str) -> Outcome:
    return Outcome(delivery=message.delivery, state=State.ACCEPTED, message_id=_bare(message_id))


def _are_ids(ids: list[Any], count: int) -> bool:
    return len(ids) == count and all(isinstance(i, str) and i for i in ids)


def _taken(event: Any) -> tuple[str, str]:
    """Return address and message id of an event; empty ones of anything else."""
    event = event if isinstance(event, dict) else {}
    address, message_id = event.get("email"), event.get("messageId")
    known = isinstance(address, str) and address
    return (address if known else "", _bare(message_id) if isinstance(message_id, str) else "")


def _bare(message_id: str) -> str:
    return message_id.strip().removeprefix("<").removesuffix(">")


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError, LookupError):
        return {}
    return body if isinstance(body, dict) else {}


def _count(said: Mapping[str, Any], field: str) -> int | None:
    value = said.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
