"""Speak Brevo's v3 API: one letter and up to a thousand versions of it, merged by `params`."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from . import brevo_reports as reports
from .dialect import Answer, Dialect, Mail, Reply, Request, Sent, Taken, json_reply, mailbox
from .enclosed import files, with_files
from .house import ProviderServer
from .openapi import official
from .schemas import (
    FILLED,
    HEADER_VALUE,
    HEADERS,
    Schema,
    not_played,
    problems,
    record,
    several,
    text,
)
from .visits import Visits

# A strict reading of Brevo's "KB": a caller that stays below this is safe with either.
VERSION_PARAMS, ALL_PARAMS = 100_000, 1_000_000
FURTHEST_SCHEDULE = timedelta(hours=72)
CONTENTS = ("subject", "htmlContent", "textContent")

# What must hold whatever the specification says.
NAMED = record({"email": text(r"[^@\s]+@[^@\s]+")}, {"name": text(most=70)})
NOBODY = several({}, most=0)
COMMON: Mapping[str, Schema] = {
    "to": several(NAMED, 1, 1),
    "cc": NOBODY,
    "bcc": NOBODY,
    "replyTo": NAMED,
    "subject": FILLED,
    "htmlContent": FILLED,
    "textContent": text(),
    "params": {"type": "object"},
    "headers": HEADERS,
    # Brevo knows it, but it would make the figures and bodies journalled here untrue.
    **not_played("templateId"),
}
HEX = "[0-9a-fA-F]"
UUID = text(rf"{HEX}{{8}}(-{HEX}{{4}}){{3}}-{HEX}{{12}}")
UUID_4 = text(rf"{HEX}{{8}}-{HEX}{{4}}-4{HEX}{{3}}-[89abAB]{HEX}{{3}}-{HEX}{{12}}")
WITH_KEY = {
    **HEADERS,
    "required": ["idempotencyKey"],
    "properties": {"idempotencyKey": UUID},
    "additionalProperties": HEADER_VALUE,
}
CALL = record(
    {"sender": NAMED, "htmlContent": FILLED, "headers": WITH_KEY, "tags": several(FILLED, 1)},
    {
        **{name: schema for name, schema in COMMON.items() if name != "headers"},
        "messageVersions": several(record({"to": COMMON["to"]}, COMMON), 1, 1000),
        "scheduledAt": text(),
        "batchId": UUID_4,
        "attachment": several(record({"name": FILLED, "content": FILLED}), 1),
    },
)

TOKEN = re.compile(r"(\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|\{[{%#])", re.DOTALL)
COMMENT = re.compile(r"\{#.*#\}", re.DOTALL)
SLOT = re.compile(r"\{\{ *params\.([A-Za-z_][A-Za-z0-9_]*) *\}\}")


def error(status: int, code: str, message: str) -> Reply:
    """Answer with Brevo's error model."""
    return json_reply(status, {"code": code, "message": message})


ERRORS = {
    "400-invalid": error(400, "invalid_parameter", "email is not valid in messageVersions"),
    "401": error(401, "unauthorized", "Key not found"),
    "402": error(402, "not_enough_credits", "Your account has no credits left"),
    "403": error(403, "permission_denied", "Your account may not send"),
    "404": error(404, "document_not_found", "Path not found"),
    "413": error(413, "out_of_range", "Request body is too large"),
    "429": error(429, "too_many_requests", "Rate limit exceeded"),
    "500": error(500, "internal_error", "Internal server error"),
    "503": error(503, "service_unavailable", "Service is temporarily unavailable"),
    "repeat": error(400, "duplicate_request", "idempotencyKey was used before"),
}


class Brevo(Dialect):
    """Brevo; mail it is told to hold until later can be called off."""

    name = "brevo"
    base = "/v3"
    spec = "brevo.yaml"
    key_header = "api-key"
    sending = "POST /v3/smtp/email"
    largest = 64 * 1024 * 1024
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        self._official = official(spec, "components", "schemas", "sendSmtpEmail")
        # A random start keeps ids apart when a second process goes on with the same journal.
        self._serials = count(10_000_000_000 + secrets.randbelow(80_000_000_000))
        self._cancelled: set[str] = set()

    def credential(self) -> str:
        """Return the key as it is."""
        return self.api_key

    def refusal(self, reason: str) -> Reply:
        """Blame a parameter."""
        return error(400, "invalid_parameter", reason)

    def take(self, request: Request, number: int) -> Taken:
        """Merge each version."""
        body = self.read(request)
        if found := [*problems(body, CALL), *self._official(specified(body))]:
            raise self.refused(*found)
        if found := [*missing_parts(body), *size_problems(body), *content_problems(body)]:
            raise self.refused(*found)
        versions = body.get("messageVersions")
        letters = [laid_over(body, version) for version in versions or [{}]]
        at = self._schedule(body)
        batch = body.get("batchId") or str(uuid4())
        held = {"scheduled": at.isoformat(), "batch": batch} if at else {}
        mails = tuple(self._mail(letter, held) for letter in letters)
        ids = [mail.message_id for mail in mails]
        told: dict[str, Any] = {"messageId": ids[0]} if versions is None else {"messageIds": ids}
        return Taken(
            mails=mails,
            reply=json_reply(202, {**told, "batchId": batch}) if at else json_reply(201, told),
            key=body["headers"]["idempotencyKey"].lower(),
            violations=tuple(text for letter in letters for text in missing_params(letter)),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Tell what became of mail, and call off what is scheduled."""
        visits = Visits(self.visits_file)
        return {
            "GET /v3/smtp/statistics/aggregatedReport": self._after_leaving(
                partial(reports.report, visits)
            ),
            "GET /v3/smtp/statistics/events": self._after_leaving(partial(reports.events, visits)),
            "GET /v3/smtp/emailStatus/(.+)": self._told_of,
            "DELETE /v3/smtp/email/(.+)": self._call_off,
            "GET /v3/account": lambda *_: {"plan": [], "relay": {"enabled": True}},
            "GET /v3/smtp/email": lambda *_: error(405, "method_not_allowed", "Not on this path"),
        }

    def _schedule(self, body: Mapping[str, Any]) -> datetime | None:
        """Read when the mail is to leave; None: at once."""
        if "scheduledAt" not in body:
            return None
        told, now = body["scheduledAt"], datetime.now(UTC)
        try:
            found = datetime.fromisoformat(told)
        except ValueError as err:
            raise self.refused(f"$.scheduledAt: {told!r} is not a time") from err
        moment = found if found.tzinfo else found.replace(tzinfo=UTC)
        if not now < moment <= now + FURTHEST_SCHEDULE:
            raise self.refused(f"$.scheduledAt: {told!r} is not within the next 72 hours")
        return moment

    def _mail(self, letter: Mapping[str, Any], held: Mapping[str, str]) -> Mail:
        subject, html, plain = (merged(letter.get(n) or "", letter["params"]) for n in CONTENTS)
        return Mail(
            email=letter["to"][0]["email"],
            subject=subject,
            html=html,
            text=plain,
            headers=letter["headers"],
            tags=tuple(letter["tags"]),
            metadata={},
            sender=mailbox(letter["sender"].get("name"), letter["sender"]["email"]),
            message_id=f"<{datetime.now(UTC):%Y%m%d%H%M}.{next(self._serials)}@smtp-relay.mailin.fr>",
            extra={
                "replyTo": letter.get("replyTo"),
                **held,
                **with_files(files(letter.get("attachment", ()), name="name", content="content")),
            },
        )

    def _after_leaving(self, report: Answer) -> Answer:
        """Let a report count what has left already, and nothing that was called off."""
        return lambda request, sent: report(request, [*filter(has_left, self._valid(sent))])

    def _valid(self, sent: Sequence[Sent]) -> list[Sent]:
        return [each for each in sent if self._cancelled.isdisjoint(names(each))]

    def _told_of(self, _: Request, sent: Sequence[Sent], identifier: str) -> object:
        found = [each for each in self._valid(sent) if identifier in names(each)]
        return reports.schedule(found, identifier, has_left) if found else self.error("404")

    def _call_off(self, _: Request, sent: Sequence[Sent], identifier: str) -> object:
        meant = [each for each in self._valid(sent) if identifier in names(each)]
        if any(map(has_left, meant)):
            raise ValueError("the mail has already left")
        self._cancelled |= {identifier} if meant else set()
        gone = Reply(status=204, body=b"", notes=({"cancelled": identifier},))
        return gone if meant else self.error("404")


def names(sent: Sent) -> tuple[str, str]:
    """Return by what scheduled mail is named: its batch, or itself."""
    return sent.mail.extra.get("batch", ""), sent.mail.message_id


def has_left(sent: Sent) -> bool:
    """Say whether a message's time has come."""
    at = sent.mail.extra.get("scheduled")
    return at is None or datetime.fromisoformat(at) <= datetime.now(UTC)


# --- what a call must be ------------------------------------------------------------------


def specified(body: Any) -> Any:
    """Take out the headers per version, which Brevo knows and its specification does not."""
    versions = body.get("messageVersions") if isinstance(body, dict) else None
    if not isinstance(versions, list) or not all(isinstance(each, dict) for each in versions):
        return body
    plain = [{k: v for k, v in each.items() if k != "headers"} for each in versions]
    return {**body, "messageVersions": plain}


def missing_parts(body: Mapping[str, Any]) -> Iterator[str]:
    """Check what may stand in the call or in each of its versions."""
    versions = body.get("messageVersions", [])
    if "to" not in body and not versions:
        yield "$: neither 'to' nor 'messageVersions'"
    if "subject" not in body and not (versions and all("subject" in each for each in versions)):
        yield "$: neither 'subject' nor one in every version"


def size_problems(body: Mapping[str, Any]) -> Iterator[str]:
    """Check the limits on params, which no schema can state."""
    total = json_size(body.get("params", {}))
    for position, version in enumerate(body.get("messageVersions", [])):
        size = json_size(version.get("params", {}))
        total += size
        if size > VERSION_PARAMS:
            yield f"$.messageVersions[{position}].params: {size} bytes, at most {VERSION_PARAMS}"
    if total > ALL_PARAMS:
        yield f"params of all versions: {total} bytes, at most {ALL_PARAMS}"


def json_size(value: object) -> int:
    """Count the bytes of a value as compact JSON in UTF-8."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(compact.encode("utf-8", "surrogatepass"))


def content_problems(body: Mapping[str, Any]) -> Iterator[str]:
    """Check that no content holds template syntax but comments, and the slots for params."""
    for part in [body, *body.get("messageVersions", [])]:
        for field in CONTENTS:
            for token in pieces(part.get(field, ""))[1::2]:
                if not (SLOT.fullmatch(token) or COMMENT.fullmatch(token)):
                    yield f"template syntax left in content: {field}: {token[:60]}"


def missing_params(letter: Mapping[str, Any]) -> Iterator[str]:
    """Name each slot that has no value; Brevo renders it as nothing."""
    tokens = {token for field in CONTENTS for token in pieces(letter.get(field) or "")[1::2]}
    for name in sorted({slot[1] for slot in map(SLOT.fullmatch, tokens) if slot}):
        if letter["params"].get(name) is None:
            yield f"params.{name} is missing for {letter['to'][0]['email']}"


# --- how a message is merged --------------------------------------------------------------


def laid_over(body: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one version over what the call says for all."""
    headers = {**outgoing(body["headers"]), **outgoing(version.get("headers", {}))}
    params = {**body.get("params", {}), **version.get("params", {})}
    return {**body, **version, "headers": headers, "params": params}


def outgoing(headers: Mapping[str, str]) -> dict[str, str]:
    """Write header names in This-Case-Only, as Brevo does, and keep its own key back."""
    return {
        "-".join(word.capitalize() for word in name.split("-")): value
        for name, value in headers.items()
        if name != "idempotencyKey"
    }


def merged(content: str, params: Mapping[str, Any]) -> str:
    """Put values literally into the slots; comments are gone."""
    parts = list(pieces(content))
    for at in range(1, len(parts), 2):
        slot = SLOT.fullmatch(parts[at])
        value = params.get(slot[1]) if slot else None
        parts[at] = "" if value is None else str(value)
    return "".join(parts)


@lru_cache(maxsize=256)
def pieces(content: str) -> Sequence[str]:
    """Cut a content into what is text and, at every second place, what is template syntax."""
    return TOKEN.split(content)


@dataclass(kw_only=True)
class BrevoServer(ProviderServer):
    """A server that speaks Brevo's API."""

    name: str = "brevo"
