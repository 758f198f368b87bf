"""Resend: mail by its batch API, all of a call or nothing, and safe to repeat under its key.

Facts: resend.com/docs, pages "Send Batch Emails", "Idempotency Keys", "Errors", "Rate Limit" and
"Tags"; the specification at github.com/resend/resend-openapi. Opens and clicks are switched per
domain, not per message, and it has no figures by tag: events of an issue come only by webhook. The
team's suppressions ("List Suppressions") tell to whom it no longer sends.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording, say
from newsletter.model import Call, Copy, Form, Letter, Outcome, copy_of_form
from newsletter.providers.base import (
    Capabilities,
    Carries,
    Greeting,
    Options,
    accepted,
    attached,
    json_form,
    mailbox,
    one_line,
)
from newsletter.providers.http import Answer
from newsletter.providers.reports.resend import ResendReports

_UNFIT = re.compile(r"[^A-Za-z0-9_-]")  # for a tag
_TAG_LIMIT = 256  # characters
_OUR_FIELD = re.compile(r"`(from|reply_to|headers|tags)")
_SENDER = say("verify the domain of the sender at resend.com/domains")
_QUOTA = say("raise the plan or wait for the quota, then run the same command again")
_KEY = say("check NEWSLETTER_API_KEY: it must be a key that may send")
_FAULT = say("this looks like a fault of newsletter; please report it")


class Resend(ResendReports):
    """Sends a batch as a list of finished messages under an idempotency key."""

    name = "resend"
    root = "https://api.resend.com"
    account = "/domains"
    capabilities = Capabilities(
        batch_size=100,
        rate=200,  # two calls a second for all keys of a team
        idempotency_window=23 * 60 * 60,  # of 24 hours
        # With a type of their own, invitations stopped working at Gmail: resend/resend-node#198.
        carries=Carries.FILES,
        encloses_alone=True,
        departures=True,
        suppressions=True,
        is_told=100,
    )
    limit_ends = "ratelimit-reset"
    # One name comes with several statuses: for names not listed here the status decides.
    codes: ClassVar[Mapping[str, Verdict]] = {
        # Another body was sent under this key: that call was accepted, or it is no longer known.
        "invalid_idempotent_request": Verdict.LOOK_UP,
        # The first call under this key is still under way; a repeat will get its answer.
        "concurrent_idempotent_requests": Verdict.UNKNOWN,
    }
    ours: ClassVar[Mapping[str, Wording | None]] = {
        "invalid_from_address": _SENDER,
        "validation_error from": say("check from in newsletter.toml"),
        "validation_error reply_to": say("check reply_to in newsletter.toml"),
        "validation_error headers": _FAULT,
        "validation_error tags": _FAULT,
        "invalid_idempotency_key": _FAULT,
        "daily_quota_exceeded": _QUOTA,
        "monthly_quota_exceeded": _QUOTA,
    }
    cures: ClassVar[Mapping[str, Wording]] = {"401": _KEY, "invalid_api_key": _KEY, "403": _SENDER}

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._session.headers["Authorization"] = f"Bearer {options.api_key}"

    def greet(self) -> Greeting:
        """Ask for the domains; a key that may only send is known by how that is refused."""
        try:
            return super().greet()
        except ProviderError as err:
            if err.code == "restricted_api_key":
                return Greeting()
            raise

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield that there is no domain to send from."""
        domains = answer.fields.get("data")
        if not isinstance(domains, list):
            return
        states = [each.get("status") for each in domains if isinstance(each, dict)]
        if "verified" not in states:
            yield say("no domain is verified at Resend: add yours, and its DNS records")

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form:
        """Write a call: a list with each reader's whole message, one recipient to each."""
        del options  # opens and clicks are switched per domain
        tags = {
            "issue": _UNFIT.sub("_", letter.tag)[:_TAG_LIMIT],
            "batch": letter.batch,
            "delivery": letter.reference,
        }
        message: dict[str, Any] = {
            "from": mailbox(*letter.sender),
            "to": [letter.address],
            "reply_to": letter.reply_to,
            "subject": letter.subject,
            "html": letter.html,
            "text": letter.text,
            "headers": {**letter.headers, **letter.own_headers},
            "tags": [{"name": name, "value": value} for name, value in tags.items()],
        }
        if not letter.enclosures:
            return json_form(letter, [letter.recipients], message)
        message["attachments"] = [
            {"filename": each.filename, "content": each.base64} for each in letter.enclosures
        ]
        return json_form(letter, letter.recipients, message)  # its batches take no files

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Read each message; one with files is alone."""
        body = json.loads(call.body)
        return tuple(map(_copy, body if isinstance(body, list) else [body]))

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch in one call; a strict one is accepted whole, and its ids come in order."""
        if not call.body.startswith(b"["):
            return self._send_one(call)
        headers = {"Idempotency-Key": call.key, "x-batch-validation": "strict"}
        answer = self.post("/emails/batch", call, headers=headers)
        ids = [item.get("id") for item in answer.rows("data", count=len(call.messages))]
        if not all(isinstance(message_id, str) and message_id for message_id in ids):
            raise self.unreadable()
        return accepted(call, [str(message_id) for message_id in ids])

    def _send_one(self, call: Call) -> tuple[Outcome, ...]:
        """Send a message that has files, which its batches do not take."""
        answer = self.post("/emails", call, headers={"Idempotency-Key": call.key})
        message_id = answer.fields.get("id")
        if not (isinstance(message_id, str) and message_id):
            raise self.unreadable()
        return accepted(call, [message_id])

    def code(self, answer: Answer) -> str:
        """Return Resend's name of an error, with the field if that tells whose fault it is."""
        name = one_line(str(answer.fields.get("name", "")))
        field = _OUR_FIELD.search(self.explain(answer)) if name == "validation_error" else None
        return f"{name} {field[1]}" if field else name


def _copy(message: dict[str, Any]) -> Copy:
    return copy_of_form(
        sender=message["from"],
        address=message["to"][0],
        reply_to=message["reply_to"],
        subject=message["subject"],
        html=message["html"],
        text=message["text"],
        headers=message["headers"].items(),
        carried=attached(message.get("attachments", ()), "filename", "content_type"),
    )
