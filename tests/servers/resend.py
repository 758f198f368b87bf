"""Speak as Resend: a hundred finished messages a call, all or none, once per idempotency key."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from uuid import uuid4

from .dialect import Mail, RefusedError, Reply, Request, Sent, Taken, json_reply
from .fate import Fate, fate
from .openapi import ADDRESS, FILLED, HEADERS, NOT_PLAYED, first_few, official, problems

SENDING = ("POST", "/emails/batch")
LARGEST_BODY = 40_000_000
MOST_IDS = LARGEST_PAGE = 100

LINE = {"type": "string", "pattern": r"[^\r\n]+"}
WORD = {"type": "string", "pattern": "[A-Za-z0-9_-]{1,256}"}
TAG: dict[str, Any] = {
    "type": "object",
    "required": ["name", "value"],
    "properties": {"name": WORD, "value": WORD},
}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["from", "to", "subject"],
    "properties": {
        "from": LINE,
        "to": {},
        "reply_to": {},
        "subject": LINE,
        "html": FILLED,
        "text": FILLED,
        "headers": HEADERS,
        "tags": {"type": "array", "items": TAG},
        **dict.fromkeys(("cc", "bcc", "attachments", "scheduled_at"), NOT_PLAYED),
        **dict.fromkeys(("template", "topic_id"), NOT_PLAYED),
    },
}
BATCH: dict[str, Any] = {"type": "array", "minItems": 1, "maxItems": 100, "items": MESSAGE}
FORBIDDEN_HEADERS = {"from", "to", "cc", "bcc", "subject", "reply-to"}

METRICS: Mapping[str, Callable[[Fate], int]] = {
    "sent": lambda of: of.sent,
    "delivered": lambda of: of.delivered,
    "bounced": lambda of: of.hard_bounces + of.soft_bounces,
    "bounced_permanent": lambda of: of.hard_bounces,
    "bounced_transient": lambda of: of.soft_bounces,
    "opened": lambda of: of.opens,
    "unique_opened": lambda of: of.unique_opens,
    "clicked": lambda of: of.clicks,
    "unique_clicked": lambda of: of.unique_clicks,
    "complained": lambda _: 0,
    "unsubscribed": lambda of: of.unsubscribed,
}
METRICS_ASKED = {"start_date", "end_date", "metrics", "dimensions", "email_id"}


def error(status: int, name: str, message: str, **headers: str) -> Reply:
    """Answer with Resend's error model."""
    return json_reply(status, {"statusCode": status, "name": name, "message": message}, **headers)


LIMITS = {"ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": "1"}
ERRORS: Mapping[str, Reply] = {
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


class Resend:
    """Resend's API. It has no options."""

    name = "resend"
    base = ""
    spec = "resend.yaml"

    def __init__(self, spec: Path | None, api_key: str, **_: str) -> None:
        self._key = api_key
        steps = ("paths", "/emails/batch", "post", "requestBody", "content", "application/json")
        self._official = official(spec, *steps, "schema")
        self._bodies: dict[str, str] = {}  # idempotency key -> hash of its first body

    def is_authorized(self, request: Request) -> bool:
        """Look at the bearer token."""
        return request.headers.get("Authorization") == f"Bearer {self._key}"

    def is_sending(self, request: Request) -> bool:
        """Recognise the path that takes batches; single messages are not played here."""
        return (request.method, request.path) == SENDING

    def take(self, request: Request, number: int) -> Taken:
        """Take a batch: every message of it, or none."""
        key = checked_key(request)
        batch = self._parsed(request.body)
        digest = hashlib.sha256(request.body).hexdigest()
        if key and self._bodies.setdefault(key, digest) != digest:
            raise RefusedError(f"key {key} was used with another body", reply=OTHER_BODY)
        mails = tuple(merged(message) for message in batch)
        return Taken(
            mails=mails,
            reply=json_reply(200, {"data": [{"id": mail.message_id} for mail in mails]}),
            key=key,
            violations=() if key else ("no Idempotency-Key: a repeat would be sent again",),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer for single messages, the list of all, and figures."""
        if request.method != "GET":
            return ERRORS["404"]
        query = {name: ",".join(values).split(",") for name, values in request.query.items()}
        try:
            match request.path.strip("/").split("/"):
                case ["emails"]:
                    return listed(query, sent)
                case ["suppressions"]:
                    return suppressions(query, sent)
                case ["emails", "metrics"]:
                    return metrics(query, sent)
                case ["emails", identifier]:
                    found = (described(each) for each in sent if is_it(each, identifier))
                    return next((json_reply(200, each) for each in found), ERRORS["404"])
        except ValueError as err:
            told = error(422, "validation_error", str(err))
            raise RefusedError(str(err), reply=told) from err
        return ERRORS["404"]

    def error(self, kind: str) -> Reply:
        """Word an error as Resend does."""
        return ERRORS[kind]

    def _parsed(self, raw: bytes) -> list[dict[str, Any]]:
        if len(raw) > LARGEST_BODY:
            raise RefusedError("the body is larger than 40 MB", reply=ERRORS["413"])
        try:
            batch: list[dict[str, Any]] = json.loads(raw)
        except ValueError as err:
            told = error(400, "validation_error", "The body is not JSON")
            raise RefusedError(f"body is not JSON: {err}", reply=told) from err
        wrong = [*problems(batch, BATCH), *self._official(batch)]
        if not wrong:
            wrong = [text for at, each in enumerate(batch) for text in further(each, f"$[{at}]")]
        if wrong:
            raise RefusedError(*first_few(wrong), reply=error(422, "validation_error", wrong[0]))
        return batch


def checked_key(request: Request) -> str:
    """Check the headers of a call, and give its idempotency key; "" if there is none."""
    if not request.headers.get("User-Agent"):
        raise RefusedError("no User-Agent", reply=NO_AGENT)
    if request.headers.get("x-batch-validation", "strict") != "strict":
        told = error(422, "validation_error", "permissive is not played here")
        raise RefusedError("x-batch-validation: not played here", reply=told)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 256:
        raise RefusedError(f"Idempotency-Key of {len(key)} characters", reply=BAD_KEY)
    return key or ""


def further(message: Mapping[str, Any], at: str) -> Iterator[str]:
    """Check what the schema cannot say."""
    to = as_list(message["to"])
    if len(to) != 1:
        yield f"{at}.to: exactly one recipient, or they see each other"
    for field, values in (("to", to), ("reply_to", as_list(message.get("reply_to", [])))):
        for value in values:
            yield from problems(parseaddr(str(value))[1], ADDRESS, f"{at}.{field}")
    yield from problems(parseaddr(message["from"])[1], ADDRESS, f"{at}.from")
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
    replies = ", ".join(as_list(message.get("reply_to", [])))
    return Mail(
        email=parseaddr(as_list(message["to"])[0])[1],
        subject=message["subject"],
        html=message.get("html", ""),
        text=message.get("text", ""),
        headers={**({"Reply-To": replies} if replies else {}), **message.get("headers", {})},
        tags=tuple(tags.values()),
        metadata=tags,
        sender=message["from"],
        message_id=str(uuid4()),
    )


def is_it(sent: Sent, identifier: str) -> bool:
    """Say whether a message has an id."""
    return sent.mail.message_id == identifier


def described(sent: Sent) -> dict[str, Any]:
    """Write everything about one message; its tags are not part of it."""
    mail = sent.mail
    return {
        "object": "email",
        **summary(sent),
        "message_id": f"<{mail.message_id}@email.amazonses.com>",
        "html": mail.html,
        "text": mail.text,
    }


def summary(sent: Sent) -> dict[str, Any]:
    """Write what a list tells of a message."""
    mail = sent.mail
    replies = [mail.headers["Reply-To"]] if "Reply-To" in mail.headers else []
    return {
        "id": mail.message_id,
        "to": [mail.email],
        "from": mail.sender,
        "created_at": f"{sent.at:%Y-%m-%d %H:%M:%S.%f}+00",
        "subject": mail.subject,
        "bcc": [],
        "cc": [],
        "reply_to": replies,
        "last_event": "sent",
    }


def listed(query: Mapping[str, Sequence[str]], sent: Sequence[Sent]) -> Reply:
    """List messages, the newest first, after or before one of them."""
    checked(query, {"limit", "after", "before"})
    limit = int(query.get("limit", ["20"])[0])
    if not 1 <= limit <= LARGEST_PAGE or {"after", "before"} <= query.keys():
        raise ValueError(f"limit must be 1 to {LARGEST_PAGE}, and after or before, not both")
    newest = [each.mail.message_id for each in reversed(sent)]
    start, end = 0, len(newest)
    if "after" in query:
        start = newest.index(query["after"][0]) + 1
    if "before" in query:
        end = newest.index(query["before"][0])
        start = max(0, end - limit)
    page = [*reversed(sent)][start : min(end, start + limit)]
    has_more = start > 0 if "before" in query else start + limit < end
    data = [summary(each) for each in page]
    return json_reply(200, {"object": "list", "has_more": has_more, "data": data})


def suppressions(query: Mapping[str, Sequence[str]], sent: Sequence[Sent]) -> Reply:
    """List whom the team mails no more; some addresses say so of themselves."""
    checked(query, {"limit", "after", "before", "origin"})
    if not 1 <= int(query.get("limit", ["20"])[0]) <= LARGEST_PAGE:
        raise ValueError(f"limit must be 1 to {LARGEST_PAGE}")
    gone = {"bounces": "bounce", "complains": "complaint", "leaves": "manual"}
    rows = [
        {
            "id": f"suppression-{each.mail.message_id}",
            "email": each.mail.email,
            "origin": origin,
            "source_id": each.mail.message_id,
            "created_at": f"{each.at:%Y-%m-%d %H:%M:%S.%f}+00",
        }
        for each in sent
        for word, origin in gone.items()
        if each.mail.email.startswith(word)
    ]
    after = query.get("after", [""])[0]
    start = next((n + 1 for n, row in enumerate(rows) if row["id"] == after), 0)
    page = rows[start : start + 1]  # fewer than may be asked for, so that there are pages
    has_more = start + 1 < len(rows)
    return json_reply(200, {"object": "list", "has_more": has_more, "data": page})


def metrics(query: Mapping[str, Sequence[str]], sent: Sequence[Sent]) -> Reply:
    """Give figures of all messages or of up to a hundred; they cannot be told apart by tag."""
    checked(query, METRICS_ASKED)
    names, dimensions = query.get("metrics", list(METRICS)), query.get("dimensions", [])
    if not set(names) <= METRICS.keys() or not set(dimensions) <= {"email"}:
        raise ValueError("metrics or dimensions: not played here")
    wanted = query.get("email_id")
    if wanted and len(wanted) > MOST_IDS:
        raise ValueError(f"email_id: at most {MOST_IDS}")
    last = moment(query["end_date"][0]) if "end_date" in query else datetime.now(UTC)
    first = moment(query["start_date"][0]) if "start_date" in query else last - timedelta(days=6)
    ids = [each.mail.message_id for each in sent if first <= each.at <= last]
    found = [each for each in ids if wanted is None or each in wanted]
    answer: dict[str, Any] = {
        "object": "metrics",
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
        "metrics": names,
        "dimensions": dimensions,
        "granularity": "daily",
        "totals": counts(len(found), names),
    }
    if dimensions:
        answer["data"] = [{"email_id": each, **counts(1, names)} for each in found]
    return json_reply(200, answer)


def counts(number: int, names: Sequence[str]) -> dict[str, int]:
    """Write figures of so many messages."""
    return {name: METRICS[name](fate(number)) for name in names}


def checked(query: Mapping[str, Sequence[str]], known: set[str]) -> None:
    """Refuse a parameter nobody knows."""
    if unknown := query.keys() - known:
        raise ValueError(f"unknown parameter {sorted(unknown)[0]}")


def moment(text: str) -> datetime:
    """Read a date or a time of ISO 8601."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
