"""Speak as Mailgun: forms in, merged by `recipient-variables`, one id for a whole call."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from functools import partial
from pathlib import Path
from typing import Any

from .dialect import (
    Answer,
    Dialect,
    Mail,
    RefusedError,
    Reply,
    Request,
    Taken,
    basic,
    first_few,
    json_reply,
)
from .enclosed import whole
from .mailgun_reports import events, metrics
from .openapi import official
from .schemas import (
    ADDRESS,
    FILLED,
    HEADER_VALUE,
    HEADERS,
    LINE,
    STRINGS,
    not_played,
    one_of,
    problems,
    record,
    several,
    table,
    text,
)
from .visits import Visits

MOST_RECIPIENTS, LARGEST_OPTIONS = 1000, 16 * 1024
YES_NO = one_of("yes", "no", "true", "false")
YES_NO_HTML = one_of("yes", "no", "true", "false", "htmlonly")
FORM = record(
    {"from": LINE, "to": several(LINE), "subject": LINE},
    {
        "html": FILLED,
        "text": FILLED,
        "recipient-variables": text(),
        "o:tag": several(HEADER_VALUE),
        "o:suppress-headers": HEADER_VALUE,
        "o:tracking": YES_NO_HTML,
        "o:tracking-clicks": YES_NO_HTML,
        **dict.fromkeys(("o:tracking-opens", "o:dkim"), YES_NO),
        **dict.fromkeys(("o:require-tls", "o:skip-verification"), YES_NO),
        **not_played("cc", "bcc", "amp-html", "attachment", "inline", "template", "t:version"),
        **not_played("t:text", "t:variables", "o:deliverytime", "o:testmode"),
    },
)
WHOLE = record(
    {"to": several(LINE, 1, 1), "message": FILLED},
    {
        **{name: FORM["properties"][name] for name in FORM["properties"] if name[:2] == "o:"},
        "v:delivery": HEADER_VALUE,
    },
)
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


ERRORS = {
    "401": Reply(status=401, body=b"Forbidden", kind="text/html"),
    "402": error(402, "The account has no messages left"),
    "403": error(403, "The domain is not allowed to send"),
    "404": error(404, "Domain not found"),
    "413": error(413, "Request entity too large"),
    "429": error(429, "account-requests-per-sec limit exceeded, try again after 1 seconds"),
    "500": error(500, "Internal Server Error"),
    "503": error(503, "Service Unavailable"),
    "400-invalid": error(400, "to parameter is not a valid address"),
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


class Mailgun(Dialect):
    """Mailgun's v3 API; options: the sending `domain`, and the `scheme` of links to pages."""

    name = "mailgun"
    spec = "mailgun.yaml"
    options = ("domain", "scheme")
    sending = r"POST /v3/[^/]+/messages(?:\.mime)?"
    largest = 25_000_000
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        self._domain = options.get("domain", "example.org")
        self._scheme = self.office.scheme = options.get("scheme", "http")
        steps = ("paths", "/v3/{domain_name}/messages", "post", "requestBody", "content")
        self._official = official(spec, *steps, "multipart/form-data", "schema")
        steps = ("paths", "/v3/{domain_name}/messages.mime", *steps[2:])
        self._official_whole = official(spec, *steps, "multipart/form-data", "schema")

    def credential(self) -> str:
        """Return HTTP's basic authorization, whose user is always `api`."""
        return basic(f"api:{self.api_key}")

    def refusal(self, reason: str) -> Reply:
        """Say what is wrong, and nothing else."""
        return error(400, reason)

    def take(self, request: Request, number: int) -> Taken:
        """Merge and take a message; what Mailgun itself would let pass becomes a violation."""
        if not request.path.startswith(f"/v3/{self._domain}/"):
            raise RefusedError(f"{request.path}: not our domain", reply=self.error("404"))
        if len(request.body) > self.largest:
            raise RefusedError("the body is larger than 25 MB", reply=self.error("413"))
        message_id = f"<{datetime.now(UTC):%Y%m%d%H%M%S}.{secrets.token_hex(8)}@{self._domain}>"
        reply = json_reply(200, {"id": message_id, "message": "Queued. Thank you."})
        if request.path.endswith(".mime"):
            return Taken(mails=self._whole(request, message_id), reply=reply)
        form = self._form(request)
        mails = tuple(merged(form, email, message_id) for email in form.to)
        return Taken(
            mails=mails,
            reply=reply,
            violations=first_few([*merge_violations(form), *merged_problems(mails)]),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Answer for events and figures; Mailgun greets whoever mistook the path."""
        own, visits = f"/v3/{re.escape(self._domain)}", Visits(self.visits_file)
        return {
            rf"GET {own}/events(?:/([\w=-]+))?": partial(events, visits, scheme=self._scheme),
            "POST /v1/analytics/metrics": partial(metrics, visits),
            f"GET /v4/domains/{re.escape(self._domain)}": lambda *_: {
                "domain": {"name": self._domain, "state": "active"}
            },
            "GET /v3/[^/]+/events.*": lambda *_: self.error("404"),
            ".*": lambda *_: WRONG_PATH,
        }

    def _whole(self, request: Request, message_id: str) -> tuple[Mail, ...]:
        """Read a message that the caller wrote; everybody in `to` gets the very same."""
        fields = gathered(form_fields(request))
        if wrong := [*problems(fields, WHOLE), *self._official_whole(fields)]:
            raise self.refused(*wrong)
        [email] = fields["to"]
        mail = whole(
            fields["message"].encode(),
            email=email,
            message_id=message_id,
            tags=tuple(fields.get("o:tag", ())),
            metadata={n.removeprefix("v:"): v for n, v in fields.items() if n.startswith("v:")},
            extra={"tracked": any(fields.get(f"o:{name}") != "no" for name in TRACKERS)},
        )
        return (mail,)

    def _form(self, request: Request) -> Form:
        """Read a call, or refuse it with everything that breaks a rule."""
        try:
            fields = gathered(form_fields(request))
        except ValueError as err:
            raise self.refused(f"unreadable form: {err}") from err
        if wrong := [*form_problems(fields), *self._official(fields)]:
            raise self.refused(*wrong)
        to = tuple(dict.fromkeys(email for _, email in getaddresses(fields["to"])))
        bad = [e for e in (*to, parseaddr(fields["from"])[1]) if [*problems(e, ADDRESS)]]
        if bad or len(to) > MOST_RECIPIENTS:
            reason = f"{len(to)} recipients, malformed: {bad}"[:160]
            raise RefusedError(reason, reply=self.error("400-invalid"))
        own = fields.get("recipient-variables")
        return Form(fields=fields, to=to, variables=None if own is None else self._variables(own))

    def _variables(self, told: str) -> Any:
        """Read the values of each recipient."""
        try:
            variables = json.loads(told)
        except ValueError as err:
            raise self.refused("recipient-variables: not JSON") from err
        if wrong := [*problems(variables, table(STRINGS), "recipient-variables")]:
            raise self.refused(*wrong)
        return variables


def form_fields(request: Request) -> list[tuple[str, str]]:
    """Take a form apart."""
    kind = request.headers.get("Content-Type") or ""
    whole = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
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


def gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Put each field under its name; those that may be repeated become lists."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in REPEATABLE:
            fields.setdefault(name, []).append(value)
        elif name in fields:
            raise ValueError(f"{name}: given twice")
        else:
            fields[name] = value
    return fields


def form_problems(fields: Mapping[str, Any]) -> Iterator[str]:
    """Check the fields, and the headers and variables, whose names the caller chooses."""
    free = {name: value for name, value in fields.items() if name.startswith(("h:", "v:"))}
    yield from problems({name: v for name, v in fields.items() if name not in free}, FORM)
    headers = {name[2:]: value for name, value in free.items() if name.startswith("h:")}
    yield from problems(headers, HEADERS, "h:")
    for name in headers:
        if name.lower() in FORBIDDEN_HEADERS:
            yield f"h:{name}: has a field of its own"
    for name, value in free.items():
        if name.startswith("v:"):  # they leave in the header X-Mailgun-Variables
            yield from problems(value, HEADER_VALUE, name)
    if "html" not in fields and "text" not in fields:
        yield "need at least one of text and html"
    size = sum(len(f"{n}{v}".encode()) for n, v in fields.items() if n[:2] in ("o:", "h:", "v:"))
    if size > LARGEST_OPTIONS:
        yield f"all o:, h: and v: together are {size} bytes, at most {LARGEST_OPTIONS}"


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
