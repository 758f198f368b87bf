"""Brevo: transactional mail by its v3 API, which merges `params` there.

Facts: developers.brevo.com, "Batch send customised transactional emails", "Idempotency for batch
emails" and "Schedule transactional emails"; the specification at
api.brevo.com/v3/swagger_definition_v3.yml.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording, say
from newsletter.model import Call, Copy, Form, Letter, Outcome, ReturnKind, copy_of_form
from newsletter.providers.base import (
    Capabilities,
    MergeSyntax,
    Options,
    accepted,
    attached,
    bare,
    json_form,
    mailbox,
)
from newsletter.providers.http import Answer
from newsletter.providers.reports.brevo import BrevoReports

_NAME_LIMIT = 70  # characters of a display name
_NOT_FOUND = 404
_SYNTAX = MergeSyntax(
    before="{{ params.",
    after=" }}",
    # "{{", "{%" and "{#" begin its syntax, and so does "{" before a placeholder.
    hazard=re.compile(r"\{(?=[{%#]|\Z)"),
    hazards={"{": "brace"},
)


class Brevo(BrevoReports):
    """Sends a batch as one call, one recipient per message version."""

    name = "brevo"
    root = "https://api.brevo.com/v3"
    account = "/account"
    capabilities = Capabilities(
        batch_size=1000,
        entry_bytes=900_000,  # 1000 KB for the parameters of all versions
        merge=_SYNTAX,
        concurrency=4,
        idempotency_window=15 * 60,  # documented as 30 minutes today and as 15 in 2021
        look_up=True,
        look_up_settles=30 * 60,
        schedule=dt.timedelta(days=3),
        statistics=True,
        lists=frozenset({ReturnKind.OPENED, ReturnKind.CLICKED}),
        departures=True,
        suppressions=True,
    )
    limit_ends = "x-sib-ratelimit-reset"
    codes: ClassVar[Mapping[str, Verdict]] = {
        "duplicate_request": Verdict.LOOK_UP,
        "duplicate_parameter": Verdict.LOOK_UP,
    }
    ours: ClassVar[Mapping[str, Wording | None]] = {
        "unauthorized": say("check NEWSLETTER_API_KEY: it must be a v3 API key, not an SMTP key"),
        "not_enough_credits": say("buy credits in the account, then run the same command again"),
        "account_under_validation": say("wait for Brevo to validate the account"),
        "permission_denied": say("give the API key the right to send, and verify the sender"),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._session.headers["api-key"] = options.api_key

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form:
        """Write a call: the letter once, and a message version for each reader."""
        del options  # opens and clicks are switched per account, not per message
        name, address = letter.sender
        frame: dict[str, Any] = {
            "sender": {"email": address} | ({"name": name[:_NAME_LIMIT]} if name else {}),
            "replyTo": {"email": letter.reply_to},
            "subject": letter.subject,
            "htmlContent": letter.html,
            "textContent": letter.text,
            "tags": [letter.tag, letter.batch],
            # The key goes into the body's headers, not into those of HTTP.
            "headers": {**letter.headers, "idempotencyKey": letter.key},
            "messageVersions": [letter.recipients],
        }
        if letter.scheduled_at:
            frame["scheduledAt"] = letter.scheduled_at.isoformat(timespec="milliseconds")
            frame["batchId"] = letter.key
        if letter.enclosures:  # "name" and "content" only: their types it makes of their names
            frame["attachment"] = [
                {"name": each.filename, "content": each.base64} for each in letter.enclosures
            ]
        version: dict[str, Any] = {"to": [{"email": letter.address}]}
        if letter.params:
            version["params"] = dict(letter.params)
        if letter.own_headers:
            version["headers"] = dict(letter.own_headers)
        return json_form(letter, frame, version)

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read the letter for each version, with its own parameters and headers."""
        body = json.loads(call.body)
        return tuple(_copy(body, version) for version in body["messageVersions"])

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call."""
        said = self.post("/smtp/email", call).fields
        ids = said.get("messageIds", [said.get("messageId")])
        if not isinstance(ids, list) or not _are_ids(ids, len(call.messages)):
            raise self.unreadable()
        return accepted(call, ids)

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield that transactional mail is not switched on yet."""
        relay = answer.fields.get("relay")
        if isinstance(relay, dict) and relay.get("enabled") is False:
            yield say("Brevo has not switched on transactional mail yet: ask its support to")

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Query the events of the batch's own tag; a batch held for later has none yet."""
        if call.is_scheduled:
            return self._held(call)
        events = self._events(call.tags[-1], "requests", since, until)
        # An empty one says nothing; one that cannot be read may be about somebody.
        return {e["email"]: bare(e["messageId"]) for e in events if e}

    def _held(self, call: Call) -> Mapping[str, str]:
        """Return whether a call is held, which is accepted whole or not at all."""
        try:
            self.request("GET", f"/smtp/emailStatus/{call.key}")
        except ProviderError as err:
            if err.status == _NOT_FOUND:
                return {}
            raise
        return {message.address: "" for message in call.messages}

    def cancel(self, key: str) -> None:
        """Cancel a batch that is scheduled under its key."""
        self.request("DELETE", f"/smtp/email/{key}")


def _copy(body: dict[str, Any], version: dict[str, Any]) -> Copy:
    params, sender = version.get("params", {}), body["sender"]
    headers = {**body["headers"], **version.get("headers", {})}
    del headers["idempotencyKey"]
    return copy_of_form(
        sender=mailbox(sender.get("name", ""), sender["email"]),
        address=version["to"][0]["email"],
        reply_to=body["replyTo"]["email"],
        subject=_SYNTAX.filled(body["subject"], params),
        html=_SYNTAX.filled(body["htmlContent"], params),
        text=_SYNTAX.filled(body["textContent"], params),
        headers=headers.items(),
        carried=attached(body.get("attachment", ()), "name", ""),
    )


def _are_ids(ids: list[Any], count: int) -> bool:
    return len(ids) == count and all(isinstance(i, str) and i for i in ids)
