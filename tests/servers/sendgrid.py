"""Speak as SendGrid: one message, and a personalization with substitutions for each person."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from .dialect import (
    Answer,
    Dialect,
    Mail,
    Reply,
    Request,
    Sent,
    Taken,
    first_few,
    json_reply,
    mailbox,
    replying,
)
from .enclosed import ALTERNATIVE, files, told, with_files
from .openapi import official
from .schemas import (
    ADDRESS,
    FILLED,
    FLAG,
    HEADERS,
    STRINGS,
    not_played,
    one_of,
    problems,
    record,
    several,
    table,
    text,
)
from .sendgrid_reports import category_days, logs, suppressed
from .visits import Visits

LARGEST_VALUES = 10_000  # bytes
PERSON = record({"email": ADDRESS}, {"name": text(r"[^\r\n]*")})
PERSONALIZATION = record(
    {"to": several(PERSON, 1, 1)},
    {
        "subject": FILLED,
        "headers": HEADERS,
        "substitutions": table(text(), maxProperties=10_000),
        "custom_args": STRINGS,
        **not_played("from", "cc", "bcc", "dynamic_template_data", "send_at"),
    },
)
INVITING = {f"text/calendar; method={method}" for method in ("REQUEST", "CANCEL")}
CONTENT = record({"type": one_of("text/plain", "text/html", *INVITING), "value": FILLED})
FILE = record(
    {"content": FILLED, "filename": FILLED},
    {"type": text(r"[^;,\s]+"), "disposition": one_of("attachment", "inline")},
)
SWITCH = record({"enable": FLAG}, {"enable_text": FLAG})
TRACKERS = ("click_tracking", "open_tracking", "subscription_tracking")
MESSAGE = record(
    {
        "personalizations": several(PERSONALIZATION, 1, 1000),
        "from": PERSON,
        "subject": FILLED,
        "content": several(CONTENT, 1, 3),
    },
    {
        "reply_to": PERSON,
        "headers": HEADERS,
        "categories": {**several(text(least=1, most=255), 0, 10), "uniqueItems": True},
        "custom_args": STRINGS,
        "tracking_settings": record({}, dict.fromkeys((*TRACKERS, "ganalytics"), SWITCH)),
        "attachments": several(FILE, 1),
        **not_played("template_id", "asm", "ip_pool_name", "reply_to_list"),
        **not_played("mail_settings", "send_at", "batch_id"),
    },
)
# The specification calls it a string; the API takes an object of strings.
KNOWN_BETTER = {"custom_args": {"type": "object"}}
FORBIDDEN_HEADERS = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type"),
    *("content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"),
}
SHAPE = re.compile(r"(\W{2,})[\w.-]+?(\W{2,})")  # of a key that can be told from plain text


def error(status: int, message: str, field: str | None = None) -> Reply:
    """Answer with SendGrid's error model."""
    return json_reply(status, {"errors": [{"message": message, "field": field, "help": None}]})


ERRORS = {
    "401": error(401, "The provided authorization grant is invalid, expired, or revoked"),
    "402": error(401, "Maximum credits exceeded"),  # there is no 402
    "403": error(403, "The from address does not match a verified Sender Identity.", "from"),
    "404": error(404, "resource not found"),
    "413": error(413, "The JSON payload is too large"),
    "429": error(429, "too many requests"),
    "500": error(500, "internal server error"),
    "503": error(503, "service unavailable"),
    "400-invalid": error(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
    "repeat": error(400, "Bad Request"),  # there are no idempotency keys
}


class Sendgrid(Dialect):
    """SendGrid's v3 API."""

    name = "sendgrid"
    spec = "sendgrid-mail.yaml"
    sending = "POST /v3/mail/send"
    largest = 30_000_000
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        steps = ("paths", "/v3/mail/send", "post", "requestBody", "content", "application/json")
        self._official = official(spec, *steps, "schema", also=KNOWN_BETTER)

    def refusal(self, reason: str) -> Reply:
        """Name the field."""
        is_of_field = reason.startswith("$.")
        return error(400, reason, reason.partition(":")[0][2:] if is_of_field else None)

    def take(self, request: Request, number: int) -> Taken:
        """Merge and take a message: all of it or nothing."""
        body = self.read(request)
        wrong = [*problems(body, MESSAGE), *self._official(body)] or [*further_problems(body)]
        if wrong:
            raise self.refused(*wrong)
        message_id = secrets.token_urlsafe(16)
        mails = tuple(merged(body, at, message_id) for at in range(len(body["personalizations"])))
        headers, kind = {"X-Message-Id": message_id}, "text/plain; charset=utf-8"
        return Taken(
            mails=mails,
            reply=Reply(status=202, body=b"", kind=kind, headers=headers),
            violations=first_few([*violations(body)]),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Answer for logs, figures, and who gets no more mail."""
        return {
            "POST /v3/logs": logs,
            "GET /v3/scopes": lambda *_: {"scopes": ["mail.send", "stats.read"]},
            "GET /v3/categories/stats": partial(category_days, Visits(self.visits_file)),
            "GET /v3/suppression/(bounces|invalid_emails|unsubscribes|spam_reports)": self._list,
        }

    def _list(self, request: Request, sent: Sequence[Sent], name: str) -> object:
        listed = suppressed(request, sent, name)
        if name != "unsubscribes":
            return listed
        return self.office.with_own(listed, "", lambda who, _: {"email": who, "created": 1})


def further_problems(body: Mapping[str, Any]) -> Iterator[str]:
    """Check what the schema cannot say."""
    kinds = [part["type"] for part in body["content"]]
    if kinds and kinds[-1] in INVITING:
        kinds.pop()
    if kinds not in (["text/plain"], ["text/html"], ["text/plain", "text/html"]):
        yield "$.content: text/plain comes before text/html, each at most once, a calendar last"
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
    for leftover in {found for content in contents for found in unfilled(content, keys)}:
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
        if any(key in each for each in texts):
            yield f"{key} has no value for {email}"
    for key in keys:
        if any(key in value for value in own.values()):
            yield f"a value for {email} holds the placeholder {key}"
        for name, value in {**body.get("headers", {}), **person.get("headers", {})}.items():
            if key in value:
                yield f"header {name} holds {key}, and headers are not documented to be merged"


def unfilled(content: str, keys: set[str]) -> Iterator[str]:
    """Find what looks like a placeholder, judged by how the others begin and end."""
    marks = {shape.groups() for key in keys if (shape := SHAPE.fullmatch(key))}
    for before, after in marks:
        for found in re.finditer(rf"{re.escape(before)}[\w.-]+?{re.escape(after)}", content):
            if found[0] not in keys:
                yield found[0]


def merged(body: Mapping[str, Any], at: int, message_id: str) -> Mail:
    """Replace each key in subject and content; custom arguments stay as they are."""
    person, sender = body["personalizations"][at], body["from"]
    contents = {part["type"]: part["value"] for part in body["content"]}
    switches = body.get("tracking_settings", {})
    invited = [
        # It is sent as UTF-8, and lets nobody say so: sendgrid/sendgrid-ruby#298.
        told(kind.replace(";", "; charset=utf-8;"), ALTERNATIVE, value.encode())
        for kind, value in contents.items()
        if kind in INVITING
    ]
    given = body.get("attachments", ())
    found = files(given, name="filename", content="content", kind="type")

    def fill(content: str) -> str:
        for key, value in person.get("substitutions", {}).items():
            content = content.replace(key, value)
        return content

    return Mail(
        email=person["to"][0]["email"],
        subject=fill(person.get("subject", body["subject"])),
        html=fill(contents.get("text/html", "")),
        text=fill(contents.get("text/plain", "")),
        headers=replying(
            body.get("reply_to", {}).get("email"),
            {**body.get("headers", {}), **person.get("headers", {})},
        ),
        tags=tuple(body.get("categories", ())),
        metadata={**body.get("custom_args", {}), **person.get("custom_args", {})},
        sender=mailbox(sender.get("name"), sender["email"]),
        message_id=f"{message_id}.recvd-house-{at}",
        extra={
            "tracked": any(switches.get(n, {}).get("enable", True) for n in TRACKERS),
            **with_files([*invited, *found]),
        },
    )
