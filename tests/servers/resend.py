"""Speak as Resend: a hundred finished messages a call, all or none, once per idempotency key."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from uuid import uuid4

from .dialect import (
    Answer,
    Dialect,
    Mail,
    RefusedError,
    Reply,
    Request,
    Sent,
    Taken,
    json_reply,
    replying,
)
from .enclosed import files, with_files
from .fate import gone
from .openapi import official
from .schemas import (
    ADDRESS,
    FILLED,
    HEADERS,
    LINE,
    WORD,
    not_played,
    problems,
    record,
    several,
)

LARGEST_PAGE = 100
MESSAGE = record(
    {"from": LINE, "to": {}, "subject": LINE},
    {
        "reply_to": {},
        "html": FILLED,
        "text": FILLED,
        "headers": HEADERS,
        "tags": several(record({"name": WORD, "value": WORD})),
        **not_played("cc", "bcc", "attachments", "scheduled_at", "template", "topic_id"),
    },
)
# Only a mail that is sent by itself may have files.
ALONE = {
    **MESSAGE,
    "properties": {
        **MESSAGE["properties"],
        "attachments": several(
            record({"filename": FILLED, "content": FILLED}, {"content_type": FILLED}), 1
        ),
    },
}
BATCH = several(MESSAGE, 1, 100)
FORBIDDEN_HEADERS = {"from", "to", "cc", "bcc", "subject", "reply-to"}
GONE = {"bounce": "bounces", "complaint": "complains", "manual": "leaves"}


def error(status: int, name: str, message: str, **headers: str) -> Reply:
    """Answer with Resend's error model."""
    return json_reply(status, {"statusCode": status, "name": name, "message": message}, **headers)


LIMITS = {"ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": "1"}
ERRORS = {
    "401": error(401, "missing_api_key", "Missing API key in the authorization header"),
    # There is no 402: a quota that is used up looks like a rate limit with another name.
    "402": error(429, "daily_quota_exceeded", "You have reached your daily quota"),
    "403": error(403, "validation_error", "The domain is not verified"),
    "404": error(404, "not_found", "The requested endpoint does not exist"),
    "413": error(413, "validation_error", "The payload is too large"),
    "429": error(429, "rate_limit_exceeded", "Too many requests", **LIMITS, **{"Retry-After": "1"}),
    "500": error(500, "application_error", "An unexpected error occurred"),
    "503": error(503, "internal_server_error", "Service unavailable"),
    "400-invalid": error(422, "validation_error", "Invalid `to` field"),
    "repeat": error(409, "concurrent_idempotent_requests", "The same key is in progress"),
}
OTHER_BODY = error(409, "invalid_idempotent_request", "The key was used with another body")
BAD_KEY = error(400, "invalid_idempotency_key", "The key must be between 1-256 chars")
NO_AGENT = error(403, "validation_error", "The User-Agent header is missing")


class Resend(Dialect):
    """Resend's API, its batches; it has no figures by tag."""

    name = "resend"
    spec = "resend.yaml"
    sending = "POST /emails(?:/batch)?"
    largest = 40_000_000
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        steps = ("post", "requestBody", "content", "application/json", "schema")
        self._official = {
            path: official(spec, "paths", path, *steps) for path in ("/emails", "/emails/batch")
        }
        self._bodies: dict[str, str] = {}  # idempotency key -> hash of its first body

    def refusal(self, reason: str) -> Reply:
        """Blame the validation."""
        return error(422, "validation_error", reason)

    def take(self, request: Request, number: int) -> Taken:
        """Take a batch: every message of it, or none."""
        key = self._key(request)
        read = self.read(request)
        is_alone = not request.path.endswith("/batch")
        schema = ALONE if is_alone else BATCH
        wrong = [*problems(read, schema), *self._official[request.path](read)]
        batch = [read] if is_alone else read
        if not wrong:
            wrong = [told for at, each in enumerate(batch) for told in further(each, f"$[{at}]")]
        if wrong:
            raise self.refused(*wrong)
        digest = hashlib.sha256(request.body).hexdigest()
        if key and self._bodies.setdefault(key, digest) != digest:
            raise RefusedError(f"key {key} was used with another body", reply=OTHER_BODY)
        mails = tuple(merged(message) for message in batch)
        ids = [{"id": mail.message_id} for mail in mails]
        return Taken(
            mails=mails,
            reply=json_reply(200, ids[0] if is_alone else {"data": ids}),
            key=key,
            violations=() if key else ("no Idempotency-Key: a repeat would be sent again",),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Tell whom the team mails no more."""
        return {
            "GET /suppressions": lambda request, sent: self.office.with_own(
                suppressions(request, sent),
                "data",
                lambda who, why: {"id": who, "email": who, "origin": why},
            ),
            "GET /domains": lambda *_: {"data": [{"name": "example.org", "status": "verified"}]},
        }

    def _key(self, request: Request) -> str:
        """Check the headers of a call, and give its idempotency key; "" if there is none."""
        if not request.headers.get("User-Agent"):
            raise RefusedError("no User-Agent", reply=NO_AGENT)
        if request.headers.get("x-batch-validation", "strict") != "strict":
            raise self.refused("x-batch-validation: not played here")
        key = request.headers.get("Idempotency-Key")
        if key is not None and not 1 <= len(key) <= 256:
            raise RefusedError(f"Idempotency-Key of {len(key)} characters", reply=BAD_KEY)
        return key or ""


def further(message: Mapping[str, Any], at: str) -> Iterator[str]:
    """Check what the schema cannot say."""
    to, replies = as_list(message["to"]), as_list(message.get("reply_to", []))
    if len(to) != 1:
        yield f"{at}.to: exactly one recipient, or they see each other"
    for field, values in {"to": to, "reply_to": replies, "from": [message["from"]]}.items():
        for value in values:
            yield from problems(parseaddr(str(value))[1], ADDRESS, f"{at}.{field}")
    if not message.keys() & {"html", "text"}:
        yield f"{at}: neither html nor text"
    for name in message.get("headers", {}):
        if name.lower() in FORBIDDEN_HEADERS:
            yield f"{at}.headers.{name}: has a field of its own"
    names = [tag["name"] for tag in message.get("tags", [])]
    if len(set(names)) < len(names):
        yield f"{at}.tags: a name comes twice"


def as_list(value: Any) -> list[Any]:
    """Read a field that is one value or a list of them."""
    return value if isinstance(value, list) else [value]


def merged(message: Mapping[str, Any]) -> Mail:
    """Write a message as it arrives: nothing is merged here."""
    tags = {tag["name"]: tag["value"] for tag in message.get("tags", [])}
    given = message.get("attachments", ())
    found = files(given, name="filename", content="content", kind="content_type")
    return Mail(
        email=parseaddr(as_list(message["to"])[0])[1],
        subject=message["subject"],
        html=message.get("html", ""),
        text=message.get("text", ""),
        headers=replying(
            ", ".join(as_list(message.get("reply_to", []))), message.get("headers", {})
        ),
        tags=tuple(tags.values()),
        metadata=tags,
        sender=message["from"],
        message_id=str(uuid4()),
        extra=with_files(found),
    )


def suppressions(request: Request, sent: Sequence[Sent]) -> dict[str, Any]:
    """List whom the team mails no more, one to a page, which is fewer than may be asked for."""
    query = request.parameters({"limit", "after", "before", "origin"})
    if not 1 <= int(query.get("limit", 20)) <= LARGEST_PAGE:
        raise ValueError(f"limit must be 1 to {LARGEST_PAGE}")
    rows = [
        {
            "id": f"suppression-{each.mail.message_id}",
            "email": each.mail.email,
            "origin": origin,
            "source_id": each.mail.message_id,
            "created_at": f"{each.at:%Y-%m-%d %H:%M:%S.%f}+00",
        }
        for each, origin in gone(sent, GONE)
    ]
    start = next((n + 1 for n, row in enumerate(rows) if row["id"] == query.get("after")), 0)
    has_more = start + 1 < len(rows)
    return {"object": "list", "has_more": has_more, "data": rows[start : start + 1]}
