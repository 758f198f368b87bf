"""Speak as Mailgun: forms in, merged by `recipient-variables`, one id for a whole call."""

import base64
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from .dialect import Mail, RefusedError, Reply, Request, Sent, Taken, json_reply
from .mailgun_reports import events, metrics
from .openapi import ADDRESS, HEADER_VALUE, HEADERS, NOT_PLAYED, first_few, official, problems

MOST_RECIPIENTS, LARGEST_BODY, LARGEST_OPTIONS = 1000, 25_000_000, 16 * 1024
SENDING = re.compile(r"/v3/([^/]+)/messages")
EVENTS = re.compile(r"/v3/([^/]+)/events(?:/([\w=-]+))?")
METRICS = "/v1/analytics/metrics"

TEXT = {"type": "string", "minLength": 1}
YES_NO = {"type": "string", "enum": ["yes", "no", "true", "false"]}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["from", "to", "subject"],
    "properties": {
        "from": {"type": "string", "pattern": r"[^\r\n]+"},
        "to": {"type": "array", "items": {"type": "string", "pattern": r"[^\r\n]+"}},
        "subject": {"type": "string", "pattern": r"[^\r\n]+"},
        "html": TEXT,
        "text": TEXT,
        "recipient-variables": {"type": "string"},
        "o:tag": {"type": "array", "items": {"type": "string", "pattern": "[ -~]+"}},
        "o:dkim": YES_NO,
        "o:require-tls": YES_NO,
        "o:skip-verification": YES_NO,
        "o:suppress-headers": {"type": "string", "pattern": "[ -~]+"},
        "o:tracking": {"type": "string", "enum": [*YES_NO["enum"], "htmlonly"]},
        "o:tracking-clicks": {"type": "string", "enum": [*YES_NO["enum"], "htmlonly"]},
        "o:tracking-opens": YES_NO,
        **dict.fromkeys(("cc", "bcc", "amp-html", "attachment", "inline"), NOT_PLAYED),
        **dict.fromkeys(("template", "t:version", "t:text", "t:variables"), NOT_PLAYED),
        **dict.fromkeys(("o:deliverytime", "o:testmode"), NOT_PLAYED),
    },
}
TRACKERS = ("tracking", "tracking-opens", "tracking-clicks")  # else the domain decides
REPEATABLE = {"to", "o:tag"}
# These would turn one message into several, or say something else than the form's own fields.
FORBIDDEN_HEADERS = {"to", "cc", "bcc", "from", "subject"}

# A slot, or what Mailgun would put something else for.
TOKEN = re.compile(
    r"%recipient\.([\w-]+)%|%recipient|%(?:tag_|mailing_list_)?unsubscribe_(?:url|email)%"
)


def error(status: int, message: str) -> Reply:
    """Answer with Mailgun's error model."""
    return json_reply(status, {"message": message})


BAD_ADDRESS = error(400, "to parameter is not a valid address")
ERRORS: Mapping[str, Reply] = {
    "401": Reply(status=401, body=b"Forbidden", kind="text/html"),
    "402": error(402, "The account has no messages left"),
    "403": error(403, "The domain is not allowed to send"),
    "413": error(413, "Request entity too large"),
    "429": error(429, "account-requests-per-sec limit exceeded, try again after 1 seconds"),
    "500": error(500, "Internal Server Error"),
    "503": error(503, "Service Unavailable"),
    "400-invalid": BAD_ADDRESS,
    "repeat": error(400, "Mailgun knows no idempotency key"),
}
# What a wrong path is answered with: not an error at all.
WRONG_PATH = Reply(status=200, body=b"Mailgun Magnificent API", kind="text/html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A sending call, read but not merged."""

    fields: Mapping[str, Any]  # text, or a list of texts for what may be repeated
    to: tuple[str, ...]  # the bare addresses, each once
    variables: Mapping[str, Mapping[str, str]] | None  # None: the call has none at all

    def starting(self, prefix: str) -> dict[str, str]:
        """Give the free fields of one kind, such as `h:`, by their names."""
        found = {name: value for name, value in self.fields.items() if name.startswith(prefix)}
        return {name.removeprefix(prefix): value for name, value in found.items()}

    def templates(self) -> Iterator[tuple[str, str]]:
        """Give each field that is merged."""
        for name, value in self.fields.items():
            if name in ("subject", "html", "text") or name.startswith(("h:", "v:")):
                yield name, value


class Mailgun:
    """Mailgun's v3 API; options: the sending `domain`, and the `scheme` of links to pages."""

    name = "mailgun"
    base = ""
    spec = "mailgun.yaml"

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        self._domain = options.get("domain", "example.org")
        self._scheme = options.get("scheme", "http")
        self._key = base64.b64encode(f"api:{api_key}".encode()).decode()
        steps = ("paths", "/v3/{domain_name}/messages", "post", "requestBody", "content")
        self._official = official(spec, *steps, "multipart/form-data", "schema")

    def is_authorized(self, request: Request) -> bool:
        """Look at HTTP Basic, whose user is always `api`."""
        return request.headers.get("Authorization") == f"Basic {self._key}"

    def is_sending(self, request: Request) -> bool:
        """Recognise the one path that takes messages."""
        return request.method == "POST" and SENDING.fullmatch(request.path) is not None

    def take(self, request: Request, number: int) -> Taken:
        """Merge and take a message; what Mailgun itself would let pass becomes a violation."""
        if not request.path.startswith(f"/v3/{self._domain}/"):
            raise RefusedError(f"{request.path}: not our domain", reply=self.error("404"))
        if len(request.body) > LARGEST_BODY:
            raise RefusedError("the body is larger than 25 MB", reply=self.error("413"))
        form = parsed_form(request, self._official)
        message_id = f"<{datetime.now(UTC):%Y%m%d%H%M%S}.{secrets.token_hex(8)}@{self._domain}>"
        mails = tuple(merged(form, email, message_id) for email in form.to)
        return Taken(
            mails=mails,
            reply=json_reply(200, {"id": message_id, "message": "Queued. Thank you."}),
            violations=first_few([*merge_violations(form), *merged_problems(mails)]),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer for events and figures; Mailgun greets whoever mistook the path."""
        path = EVENTS.fullmatch(request.path)
        if path and path[1] != self._domain:
            return self.error("404")
        try:
            if path and request.method == "GET":
                return events(request, path[2], sent, self._scheme)
            if (request.method, request.path) == ("POST", METRICS):
                return metrics(request.body, sent, self._domain)
        except ValueError as err:
            raise RefusedError(str(err), reply=error(400, str(err))) from err
        return WRONG_PATH

    def error(self, kind: str) -> Reply:
        """Word an error as Mailgun does."""
        unknown = error(404, f"Domain not found: {self._domain}")
        return unknown if kind == "404" else ERRORS[kind]


def parsed_form(request: Request, official_check: Callable[[object], Iterator[str]]) -> Form:
    """Read a call, or refuse it with everything that breaks a rule."""
    fields = gathered(form_fields(request))
    free = {name: value for name, value in fields.items() if name.startswith(("h:", "v:"))}
    fixed = {name: value for name, value in fields.items() if name not in free}
    wrong = [*problems(fixed, FORM), *free_field_problems(free), *official_check(fields)]
    if "html" not in fields and "text" not in fields:
        wrong.append("need at least one of text and html")
    size = sum(len(f"{n}{v}".encode()) for n, v in fields.items() if n[:2] in ("o:", "h:", "v:"))
    if size > LARGEST_OPTIONS:
        wrong.append(f"all o:, h: and v: together are {size} bytes, at most {LARGEST_OPTIONS}")
    if wrong:
        raise RefusedError(*first_few(wrong), reply=error(400, wrong[0]))
    to = tuple(dict.fromkeys(email for _, email in getaddresses(fields["to"])))
    bad = [email for email in (*to, parseaddr(fields["from"])[1]) if [*problems(email, ADDRESS)]]
    if bad or len(to) > MOST_RECIPIENTS:
        raise RefusedError(f"{len(to)} recipients, malformed: {bad}"[:160], reply=BAD_ADDRESS)
    return Form(fields=fields, to=to, variables=recipient_variables(fields))


def form_fields(request: Request) -> list[tuple[str, str]]:
    """Take a form apart, in either of its two encodings."""
    kind = request.headers.get("Content-Type") or ""
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            return parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict")
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        whole = BytesParser().parsebytes(head + request.body)
        if whole.get_content_type() != "multipart/form-data" or not whole.is_multipart():
            raise ValueError(f"not a form: {kind}")
        return [
            (
                str(part.get_param("name", header="content-disposition")),
                bytes(part.get_payload(decode=True) or b"").decode(),
            )
            for part in whole.walk()
            if not part.is_multipart()
        ]
    except ValueError as err:
        raise RefusedError(f"unreadable form: {err}", reply=error(400, "unreadable form")) from err


def gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Put each field under its name; those that may be repeated become lists."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in REPEATABLE:
            fields.setdefault(name, []).append(value)
        elif name in fields:
            raise RefusedError(f"{name}: given twice", reply=error(400, f"{name} given twice"))
        else:
            fields[name] = value
    return fields


def free_field_problems(free: Mapping[str, str]) -> Iterator[str]:
    """Check headers and variables, whose names the caller chooses."""
    headers = {name[2:]: value for name, value in free.items() if name.startswith("h:")}
    yield from problems(headers, HEADERS, "h:")
    for name, value in free.items():
        if name[2:].lower() in FORBIDDEN_HEADERS and name.startswith("h:"):
            yield f"{name}: has a field of its own"
        if name.startswith("v:"):  # they leave in the header X-Mailgun-Variables
            yield from problems(value, HEADER_VALUE, name)


def recipient_variables(fields: Mapping[str, Any]) -> dict[str, dict[str, str]] | None:
    """Read the values of each recipient."""
    if "recipient-variables" not in fields:
        return None
    values = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {"type": "object", "additionalProperties": values}
    try:
        variables: dict[str, dict[str, str]] = json.loads(fields["recipient-variables"])
        wrong = first_few(problems(variables, schema, "recipient-variables"))
    except ValueError:
        wrong = ("recipient-variables: not JSON",)
    if wrong:
        raise RefusedError(*wrong, reply=error(400, "recipient-variables is not valid"))
    return variables


def merge_violations(form: Form) -> Iterator[str]:
    """Name what Mailgun takes, but no reader should get."""
    if form.variables is None and len(form.to) > 1:
        yield "no recipient-variables: everybody sees the list of all recipients"
    variables = form.variables or {}
    for email in variables.keys() - set(form.to):
        yield f"recipient-variables: {email} is no recipient"
    for name, template in form.templates():
        slots = {token[1] for token in TOKEN.finditer(template) if token[1]}
        for token in TOKEN.finditer(template):
            if not token[1]:
                yield f"{name}: {token[0]} is replaced by Mailgun"
        for email in form.to:
            for slot in sorted(slots - variables.get(email, {}).keys()):
                yield f"{name}: %recipient.{slot}% has no value for {email}"


def merged_problems(mails: Iterable[Mail]) -> Iterator[str]:
    """Check what only shows once the values are in."""
    for mail in mails:
        yield from problems(mail.headers, HEADERS, f"headers of {mail.email}")


def merged(form: Form, email: str, message_id: str) -> Mail:
    """Fill the slots for one recipient; a slot without a value stays as it is."""
    own = (form.variables or {}).get(email, {})

    def fill(template: str) -> str:
        return TOKEN.sub(lambda token: own.get(token[1] or "", token[0]), template)

    fields = form.fields
    headers = {name: fill(value) for name, value in form.starting("h:").items()}
    metadata = {name: fill(value) for name, value in form.starting("v:").items()}
    hidden = {name.strip().lower() for name in fields.get("o:suppress-headers", "").split(",")}
    if metadata and hidden.isdisjoint({"all", "x-mailgun-variables"}):
        headers["X-Mailgun-Variables"] = json.dumps(metadata)
    return Mail(
        email=email,
        subject=fill(fields["subject"]),
        html=fill(fields.get("html", "")),
        text=fill(fields.get("text", "")),
        headers=headers,
        tags=tuple(fields.get("o:tag", ())),
        metadata=metadata,
        sender=fields["from"],
        message_id=message_id,
        extra={"tracked": any(fields.get(f"o:{name}") != "no" for name in TRACKERS)},
    )
