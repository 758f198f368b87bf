"""Speak as SendGrid: one message, and a personalization with substitutions for each person."""

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

from .dialect import Mail, RefusedError, Reply, Request, Sent, Taken, json_reply
from .openapi import (
    ADDRESS,
    FILLED,
    FLAG,
    HEADERS,
    NOT_PLAYED,
    STRINGS,
    first_few,
    official,
    problems,
)
from .sendgrid_reports import category_days, category_sums, log_entry, logs

SENDING = ("POST", "/v3/mail/send")
LOG_ENTRY = re.compile(r"/v3/logs/([^/]+)")
LARGEST_BODY, LARGEST_VALUES = 30_000_000, 10_000
FURTHEST = timedelta(hours=72)

PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": ADDRESS, "name": {"type": "string", "pattern": r"[^\r\n]*"}},
}
PERSONALIZATION: dict[str, Any] = {
    "type": "object",
    "required": ["to"],
    "properties": {
        "to": {"type": "array", "minItems": 1, "maxItems": 1, "items": PERSON},
        "subject": FILLED,
        "headers": HEADERS,
        "substitutions": {**STRINGS, "maxProperties": 10_000},
        "custom_args": STRINGS,
        **dict.fromkeys(("from", "cc", "bcc", "dynamic_template_data", "send_at"), NOT_PLAYED),
    },
}
CONTENT: dict[str, Any] = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["text/plain", "text/html"]},
        "value": FILLED,
    },
}
SWITCH: dict[str, Any] = {
    "type": "object",
    "required": ["enable"],
    "properties": {"enable": FLAG, "enable_text": FLAG},
}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["personalizations", "from", "subject", "content"],
    "properties": {
        "personalizations": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": PERSONALIZATION,
        },
        "from": PERSON,
        "reply_to": PERSON,
        "subject": FILLED,
        "content": {"type": "array", "minItems": 1, "maxItems": 2, "items": CONTENT},
        "headers": HEADERS,
        "categories": {
            "type": "array",
            "maxItems": 10,
            "uniqueItems": True,
            "items": {"type": "string", "minLength": 1, "maxLength": 255},
        },
        "custom_args": STRINGS,
        "send_at": {"type": "integer"},
        "batch_id": FILLED,
        "mail_settings": {"type": "object", "properties": {"sandbox_mode": SWITCH}},
        "tracking_settings": {
            "type": "object",
            "properties": {
                "click_tracking": SWITCH,
                "open_tracking": SWITCH,
                "subscription_tracking": SWITCH,
                "ganalytics": SWITCH,
            },
        },
        **dict.fromkeys(("attachments", "template_id", "asm"), NOT_PLAYED),
        **dict.fromkeys(("ip_pool_name", "reply_to_list"), NOT_PLAYED),
    },
}
# The specification calls it a string; the API takes an object of strings.
KNOWN_BETTER = {"custom_args": {"type": "object"}}
TRACKERS = ("click_tracking", "open_tracking", "subscription_tracking")
FORBIDDEN_HEADERS = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type"),
    *("content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"),
}
SHAPE = re.compile(r"(\W{2,})[\w.-]+?(\W{2,})")  # of a key that can be told from plain text
CANCELLATION: dict[str, Any] = {
    "type": "object",
    "required": ["batch_id", "status"],
    "properties": {"batch_id": FILLED, "status": {"type": "string", "enum": ["pause", "cancel"]}},
}


def error(status: int, message: str, field: str | None = None) -> Reply:
    """Answer with SendGrid's error model."""
    return json_reply(status, {"errors": [{"message": message, "field": field, "help": None}]})


BAD_ADDRESS = error(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
ERRORS: Mapping[str, Reply] = {
    "401": error(401, "The provided authorization grant is invalid, expired, or revoked"),
    "402": error(401, "Maximum credits exceeded"),  # there is no 402
    "403": error(403, "The from address does not match a verified Sender Identity.", "from"),
    "404": error(404, "resource not found"),
    "413": error(413, "The JSON payload is too large"),
    "429": error(429, "too many requests"),
    "500": error(500, "internal server error"),
    "503": error(503, "service unavailable"),
    "400-invalid": BAD_ADDRESS,
    "repeat": error(400, "Bad Request"),  # there are no idempotency keys
}


class Sendgrid:
    """SendGrid's v3 API. It has no options."""

    name = "sendgrid"
    base = ""
    spec = "sendgrid-mail.yaml"

    def __init__(self, spec: Path | None, api_key: str, **_: str) -> None:
        self._key = api_key
        steps = ("paths", "/v3/mail/send", "post", "requestBody", "content", "application/json")
        self._official = official(spec, *steps, "schema", also=KNOWN_BETTER)
        self._batches: dict[str, str] = {}  # each batch id and what was asked about it

    def is_authorized(self, request: Request) -> bool:
        """Look at the bearer token."""
        return request.headers.get("Authorization") == f"Bearer {self._key}"

    def is_sending(self, request: Request) -> bool:
        """Recognise the one path that takes messages."""
        return (request.method, request.path) == SENDING

    def take(self, request: Request, number: int) -> Taken:
        """Merge and take a message: all of it or nothing."""
        if len(request.body) > LARGEST_BODY:
            raise RefusedError("the body is larger than 30 MB", reply=ERRORS["413"])
        body = read(request)
        wrong = [*problems(body, MESSAGE), *self._official(body)]
        wrong = wrong or [*further_problems(body), *self._schedule_problems(body)]
        if wrong:
            field = wrong[0].partition(":")[0].removeprefix("$.")
            raise RefusedError(*first_few(wrong), reply=error(400, wrong[0], field))
        message_id = secrets.token_urlsafe(16)
        mails = tuple(merged(body, at, message_id) for at in range(len(body["personalizations"])))
        is_drill = body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable", False)
        return Taken(
            mails=() if is_drill else mails,
            reply=Reply(
                status=200 if is_drill else 202,
                body=b"",
                kind="text/plain; charset=utf-8",
                headers={"X-Message-Id": message_id},
            ),
            violations=first_few(violations(body)),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer for logs, figures and scheduled mail."""
        dropped = {batch for batch, status in self._batches.items() if status == "cancel"}
        questions: dict[tuple[str, str], Callable[[], Reply]] = {
            ("POST", "/v3/logs"): lambda: logs(read(request), sent, dropped),
            ("GET", "/v3/categories/stats"): lambda: category_days(request.query, sent),
            ("GET", "/v3/categories/stats/sums"): lambda: category_sums(request.query, sent),
            ("POST", "/v3/mail/batch"): self._new_batch,
            ("POST", "/v3/user/scheduled_sends"): lambda: self._set_aside(read(request)),
        }
        answer = questions.get((request.method, request.path))
        if entry := LOG_ENTRY.fullmatch(request.path):
            return log_entry(entry[1], sent, dropped) or ERRORS["404"]
        if (request.method, name := request.path.removeprefix("/v3/suppression/")) in GONE:
            return json_reply(200, suppressions(sent, GONE[request.method, name]))
        try:
            return answer() if answer else ERRORS["404"]
        except RefusedError:
            raise
        except ValueError as err:
            raise RefusedError(str(err), reply=error(400, str(err))) from err

    def error(self, kind: str) -> Reply:
        """Word an error as SendGrid does."""
        return ERRORS[kind]

    def _new_batch(self) -> Reply:
        batch = secrets.token_urlsafe(24)
        self._batches[batch] = ""
        return json_reply(201, {"batch_id": batch})

    def _set_aside(self, body: Any) -> Reply:
        """Cancel or pause what is scheduled; a second time is an error."""
        wrong = [*problems(body, CANCELLATION)]
        if not wrong and self._batches.get(body["batch_id"], "unknown"):
            wrong = ["$.batch_id: unknown, paused or cancelled"]
        if wrong:
            raise ValueError(wrong[0])
        self._batches[body["batch_id"]] = body["status"]
        notes = ({"cancelled": body["batch_id"]},) if body["status"] == "cancel" else ()
        return replace(json_reply(201, body), notes=notes)

    def _schedule_problems(self, body: Mapping[str, Any]) -> Iterator[str]:
        if "batch_id" in body and body["batch_id"] not in self._batches:
            yield "$.batch_id: was never created"
        if "send_at" in body:
            wait = datetime.fromtimestamp(body["send_at"], UTC) - datetime.now(UTC)
            if wait > FURTHEST:
                yield "$.send_at: more than 72 hours ahead"


def read(request: Request) -> Any:
    """Read a JSON body."""
    try:
        return json.loads(request.body)
    except ValueError as err:
        raise RefusedError(f"body is not JSON: {err}", reply=error(400, "Bad Request")) from err


def further_problems(body: Mapping[str, Any]) -> Iterator[str]:
    """Check what the schema cannot say."""
    if [part["type"] for part in body["content"]] not in (
        ["text/plain"],
        ["text/html"],
        ["text/plain", "text/html"],
    ):
        yield "$.content: text/plain comes before text/html, each at most once"
    for at, part in enumerate([body, *body["personalizations"]]):
        where = f"$.personalizations[{at - 1}]" if at else "$"
        for name in part.get("headers", {}):
            if name.lower() in FORBIDDEN_HEADERS:
                yield f"{where}.headers.{name}: may not be set"
        for field in ("substitutions", "custom_args"):
            size = sum(len(f"{key}{value}".encode()) for key, value in part.get(field, {}).items())
            if size > LARGEST_VALUES:
                yield f"{where}.{field}: {size} bytes, at most {LARGEST_VALUES}"


def violations(body: Mapping[str, Any]) -> Iterator[str]:
    """Name what SendGrid takes, but no reader should get."""
    for tracker in TRACKERS:
        if tracker not in body.get("tracking_settings", {}):
            yield f"tracking_settings.{tracker} is left to the account"
    people = body["personalizations"]
    keys = {key for person in people for key in person.get("substitutions", {})}
    contents = [part["value"] for part in body["content"]]
    for one, other in permutations(sorted(keys), 2):
        if one in other:
            yield f"substitution {one!r} is a part of {other!r}"
    for leftover in {found for text in contents for found in unfilled(text, keys)}:
        yield f"placeholder left in content: {leftover[:60]}"
    for person in people:
        yield from person_violations(person, body, keys)


def person_violations(
    person: Mapping[str, Any], body: Mapping[str, Any], keys: set[str]
) -> Iterator[str]:
    """Check the substitutions of one person against those of all."""
    email, own = person["to"][0]["email"], person.get("substitutions", {})
    texts = [person.get("subject", body["subject"]), *(part["value"] for part in body["content"])]
    for key in sorted(keys - own.keys()):
        if any(key in text for text in texts):
            yield f"{key} has no value for {email}"
    for key in keys:
        if any(key in value for value in own.values()):
            yield f"a value for {email} holds the placeholder {key}"
        for name, value in {**body.get("headers", {}), **person.get("headers", {})}.items():
            if key in value:
                yield f"header {name} holds {key}, and headers are not documented to be merged"


def unfilled(text: str, keys: set[str]) -> Iterator[str]:
    """Find what looks like a placeholder, judged by how the others begin and end."""
    marks = {shape.groups() for key in keys if (shape := SHAPE.fullmatch(key))}
    for before, after in marks:
        for found in re.finditer(rf"{re.escape(before)}[\w.-]+?{re.escape(after)}", text):
            if found[0] not in keys:
                yield found[0]


def merged(body: Mapping[str, Any], at: int, message_id: str) -> Mail:
    """Replace each key in subject and content; custom arguments stay as they are."""
    person = body["personalizations"][at]
    contents = {part["type"]: part["value"] for part in body["content"]}

    def fill(text: str) -> str:
        for key, value in person.get("substitutions", {}).items():
            text = text.replace(key, value)
        return text

    reply_to = body.get("reply_to", {}).get("email")
    headers = {"Reply-To": reply_to} if reply_to else {}
    name, address = body["from"].get("name"), body["from"]["email"]
    when = datetime.fromtimestamp(body.get("send_at", 0), UTC).isoformat()
    times = {"scheduled": when} if "send_at" in body else {}
    switches = body.get("tracking_settings", {})
    tracked = any(switches.get(name, {}).get("enable", True) for name in TRACKERS)
    groups = {"batch": body["batch_id"]} if "batch_id" in body else {}
    return Mail(
        email=person["to"][0]["email"],
        subject=fill(person.get("subject", body["subject"])),
        html=fill(contents.get("text/html", "")),
        text=fill(contents.get("text/plain", "")),
        headers={**headers, **body.get("headers", {}), **person.get("headers", {})},
        tags=tuple(body.get("categories", ())),
        metadata={**body.get("custom_args", {}), **person.get("custom_args", {})},
        sender=f"{name} <{address}>" if name else address,
        message_id=f"{message_id}.recvd-house-{at}",
        extra={"tracked": tracked, **times, **groups},
    )


# What becomes of mail to addresses that begin like this, by the list that says so.
GONE = {
    ("GET", "bounces"): "bounces",
    ("GET", "invalid_emails"): "invalid",
    ("GET", "unsubscribes"): "leaves",
    ("GET", "spam_reports"): "complains",
}


def suppressions(sent: Sequence[Sent], word: str) -> list[dict[str, Any]]:
    """List whom the account sends nothing any more: some addresses say so of themselves."""
    return [
        {"email": each.mail.email, "created": int(each.at.timestamp())}
        for each in sent
        if each.mail.email.startswith(word)
    ]
