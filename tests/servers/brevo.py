"""Speak Brevo's v3 API."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from . import brevo_reports as reports
from . import brevo_rules as rules
from .brevo_rules import Call, Draft, error
from .dialect import Dialect, Mail, Reply, Request, Sent, Taken, json_reply
from .house import REPOSITORY, SPECIFICATIONS, ProviderServer

SPECIFICATION = SPECIFICATIONS / "brevo.yaml"
SENDING, SCHEDULED = "/v3/smtp/email", "/v3/smtp/emailStatus"
__all__ = ["REPOSITORY", "SPECIFICATION", "Brevo", "BrevoServer"]

ERRORS = {
    "400-invalid": error(400, "invalid_parameter", "email is not valid in messageVersions"),
    "401": error(401, "unauthorized", "Key not found"),
    "402": error(402, "not_enough_credits", "Your account has no credits left"),
    "403": error(403, "permission_denied", "Your account may not send"),
    "404": error(404, "document_not_found", "Path not found"),
    "405": error(405, "method_not_allowed", "Method is not allowed on this path"),
    "413": error(413, "out_of_range", "Request body is too large"),
    "429": error(429, "too_many_requests", "Rate limit exceeded"),
    "500": error(500, "internal_error", "Internal server error"),
    "503": error(503, "service_unavailable", "Service is temporarily unavailable"),
    "repeat": error(400, "duplicate_request", "idempotencyKey was used before"),
}
OWNER = {"email": "editor@example.org", "companyName": "Example Foundation"}
QUESTIONS: dict[str, Callable[[Sequence[Sent], Mapping[str, str], date], dict[str, Any]]] = {
    "/v3/account": lambda *_: OWNER,
    "/v3/smtp/statistics/aggregatedReport": reports.report,
    "/v3/smtp/statistics/events": reports.events,
}


class Brevo(Dialect):
    """Brevo, where a call is one letter and up to a thousand versions of it."""

    name = "brevo"
    base = "/v3"
    spec = "brevo.yaml"

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        if options:
            raise ValueError(f"Brevo has no options: {', '.join(options)}")
        self._key = api_key
        self._checks = rules.checks(spec)
        # A random start keeps ids apart when a second process goes on with the same journal.
        self._serials = count(10_000_000_000 + secrets.randbelow(80_000_000_000))
        self._cancelled: set[str] = set()

    def is_authorized(self, request: Request) -> bool:
        """Compare the key."""
        return request.headers.get("api-key") == self._key

    def is_sending(self, request: Request) -> bool:
        """Know the one sending call."""
        return (request.method, request.path) == ("POST", SENDING)

    def take(self, request: Request, number: int) -> Taken:
        """Merge each version."""
        now = datetime.now(UTC)
        call = rules.parse_call(request.body, self._checks, now)
        batch = call.batch or str(uuid4())
        mails = tuple(self._mail(call, draft, batch, now) for draft in call.drafts)
        ids = [mail.message_id for mail in mails]
        answer: dict[str, Any] = {"messageIds": ids} if call.is_batch else {"messageId": ids[0]}
        return Taken(
            mails=mails,
            reply=json_reply(202, {**answer, "batchId": batch})
            if call.scheduled
            else json_reply(201, answer),
            key=call.key,
            violations=tuple(rules.missing_params(call)),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer about the account, or call scheduled mail off."""
        now = datetime.now(UTC)
        folder, _, identifier = request.path.rpartition("/")
        if (request.method, folder) == ("DELETE", SENDING):
            return self._cancel(sent, identifier, now)
        if (request.method, folder) == ("GET", SCHEDULED):
            found = reports.schedule(self._valid(sent), identifier, now)
            return json_reply(200, found) if found else self.error("404")
        if request.path not in QUESTIONS or request.method != "GET":
            return self.error("405" if request.path in (SENDING, *QUESTIONS) else "404")
        left = [each for each in self._valid(sent) if reports.has_left(each, now)]
        query = {name: values[-1] for name, values in request.query.items()}
        return json_reply(200, QUESTIONS[request.path](left, query, now.date()))

    def error(self, kind: str) -> Reply:
        """Word an error by Brevo's error model."""
        return ERRORS[kind]

    def _mail(self, call: Call, draft: Draft, batch: str, now: datetime) -> Mail:
        text = draft.text.merged(draft.params) if draft.text else ""
        extra: dict[str, Any] = {"replyTo": draft.reply_to}
        if call.scheduled:
            extra |= {"scheduled": call.scheduled.isoformat(), "batch": batch}
        return Mail(
            email=draft.email,
            subject=draft.subject.merged(draft.params),
            html=draft.html.merged(draft.params),
            text=text,
            headers=draft.headers,
            tags=call.tags,
            metadata={},
            sender=written(call.sender),
            message_id=f"<{now:%Y%m%d%H%M}.{next(self._serials)}@smtp-relay.mailin.fr>",
            extra=extra,
        )

    def _valid(self, sent: Sequence[Sent]) -> Sequence[Sent]:
        return [
            each
            for each in sent
            if self._cancelled.isdisjoint((each.extra.get("batch", ""), each.mail.message_id))
        ]

    def _cancel(self, sent: Sequence[Sent], identifier: str, now: datetime) -> Reply:
        meant = [
            each
            for each in self._valid(sent)
            if identifier in (each.extra.get("batch"), each.mail.message_id)
        ]
        if not meant:
            return self.error("404")
        if any(reports.has_left(each, now) for each in meant):
            return error(400, "invalid_parameter", "the mail has already left")
        self._cancelled.add(identifier)
        return Reply(status=204, body=b"", notes=({"cancelled": identifier},))


def written(person: Mapping[str, str]) -> str:
    """Write a person as the From line does."""
    return f"{person['name']} <{person['email']}>" if person.get("name") else person["email"]


@dataclass(kw_only=True)
class BrevoServer(ProviderServer):
    """A server that speaks Brevo's API."""

    name: str = "brevo"
