"""Say what Brevo's v3 API accepts, how it merges a message, and what it counts per tag."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator

# A strict reading of Brevo's "KB": a caller that stays below this is safe with either.
VERSION_PARAMS, ALL_PARAMS = 100_000, 1_000_000
LONGEST_RANGE = timedelta(days=90)
MOST_EVENTS = 5000

# What must hold whatever the specification says. Draft 4, the closest to OpenAPI 3.0.
NAMED: dict[str, Any] = {
    "type": "object",
    "required": ["email"],
    "properties": {
        "email": {"type": "string", "pattern": r"\A[^@\s]+@[^@\s]+\Z"},
        "name": {"type": "string", "maxLength": 70},
    },
}
# Non-ASCII would leave Brevo as raw 8-bit, a line break would start another header.
HEADERS = {"type": "object", "additionalProperties": {"type": "string", "pattern": r"\A[ -~]*\Z"}}
ONE_RECIPIENT = {"type": "array", "minItems": 1, "maxItems": 1, "items": NAMED}
NOBODY = {"type": "array", "maxItems": 0}
# Brevo knows these, but they would make the figures and bodies journalled here untrue.
NOT_PLAYED: dict[str, Any] = {"not": {}}
VERSION: dict[str, Any] = {
    "type": "object",
    "required": ["to"],
    "properties": {
        "to": ONE_RECIPIENT,
        "cc": NOBODY,
        "bcc": NOBODY,
        "replyTo": NAMED,
        "subject": {"type": "string", "minLength": 1},
        "htmlContent": {"type": "string", "minLength": 1},
        "textContent": {"type": "string"},
        "params": {"type": "object"},
        "headers": HEADERS,
        "templateId": NOT_PLAYED,
    },
}
SUBJECT_PER_VERSION = {
    "required": ["messageVersions"],
    "properties": {"messageVersions": {"items": {"required": ["subject"]}}},
}
HOUSE_RULES: dict[str, Any] = {
    "type": "object",
    "required": ["sender", "htmlContent", "headers", "tags"],
    "allOf": [
        {"anyOf": [{"required": ["to"]}, {"required": ["messageVersions"]}]},
        {"anyOf": [{"required": ["subject"]}, SUBJECT_PER_VERSION]},
    ],
    "properties": {
        **VERSION["properties"],
        "sender": NAMED,
        "headers": {
            **HEADERS,
            "required": ["idempotencyKey"],
            "properties": {
                "idempotencyKey": {
                    "type": "string",
                    "pattern": r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
                }
            },
        },
        "tags": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "messageVersions": {"type": "array", "minItems": 1, "maxItems": 1000, "items": VERSION},
        "scheduledAt": NOT_PLAYED,
    },
}

TOKEN = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|\{[{%#]", re.DOTALL)
COMMENT = re.compile(r"\{#.*#\}", re.DOTALL)
SLOT = re.compile(r"\{\{ *params\.([A-Za-z_][A-Za-z0-9_]*) *\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text cut at its slots: one literal more than there are names."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    leftovers: tuple[str, ...]  # template syntax a real engine would execute or drop

    def merged(self, params: Mapping[str, Any]) -> str:
        """Fill the slots; a value goes in as it is and is not looked at again."""
        filled = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            value = params.get(name)
            filled += ["" if value is None else str(value), literal]
        return "".join(filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The message to one recipient, before merging."""

    email: str
    subject: Template
    html: Template
    text: Template | None  # None: the call has no textContent
    params: Mapping[str, Any]  # the version's over the global ones
    headers: Mapping[str, str]  # as they go out, without the idempotency key
    reply_to: Mapping[str, str] | None

    def templates(self) -> Iterator[Template]:
        """Give each template this message is made of."""
        yield from (part for part in (self.subject, self.html, self.text) if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A sending call that breaks no rule."""

    number: int  # of the sending calls to this process, from 1
    key: str  # the idempotency key
    tags: tuple[str, ...]
    sender: Mapping[str, str]
    drafts: tuple[Draft, ...]
    is_batch: bool  # whether it came as messageVersions


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that was accepted."""

    call: Call
    draft: Draft
    message_id: str
    at: datetime

    def line(self, *, has_bodies: bool) -> dict[str, Any]:
        """Write the journal line of this message, as its recipient would get it."""
        call, draft = self.call, self.draft
        text = draft.text if has_bodies else None
        return {
            "email": draft.email,
            "tag": call.tags[0],
            "tags": call.tags,
            "key": call.key,
            "call": call.number,
            "subject": draft.subject.merged(draft.params),
            "html": draft.html.merged(draft.params) if has_bodies else None,
            "text": text.merged(draft.params) if text else None,
            "headers": draft.headers,
            "sender": call.sender,
            "replyTo": draft.reply_to,
            "messageId": self.message_id,
        }


class RefusedError(ValueError):
    """A request is refused: the texts say why."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons


def parse_call(raw: bytes, number: int, validators: Sequence[Draft4Validator]) -> Call:
    """Read a sending call, or refuse it with every violation found."""
    try:
        body = json.loads(raw)
    except ValueError as err:
        raise RefusedError(f"body is not JSON: {err}") from err
    found = [text for validator in validators for text in broken(validator, body)]
    if not found:
        found = [*size_violations(body), *content_violations(body)]
    if found:
        raise RefusedError(*list(dict.fromkeys(found))[:20])
    return call_from(body, number)


def missing_params(call: Call) -> Iterator[str]:
    """Name each slot that has no value; Brevo renders it as nothing."""
    for draft in call.drafts:
        names = {name for template in draft.templates() for name in template.names}
        for name in sorted(names):
            if draft.params.get(name) is None:
                yield f"params.{name} is missing for {draft.email}"


def validators(specification: Path | None) -> list[Draft4Validator]:
    """Build what a call must pass: the house rules, and the official sendSmtpEmail if given."""
    house = Draft4Validator(HOUSE_RULES)
    if specification is None:
        return [house]
    document = yaml.load(specification.read_bytes(), Loader=yaml.CSafeLoader)
    schema = plain_schema(document["components"]["schemas"]["sendSmtpEmail"], document)
    # Brevo takes headers per version although its specification does not list them.
    schema["properties"]["messageVersions"]["items"]["properties"]["headers"] = {"type": "object"}
    official = Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)
    return [house, official]


def plain_schema(node: Any, document: Mapping[str, Any]) -> Any:
    """Turn an OpenAPI 3.0 schema into JSON Schema: references in place, objects closed."""
    if isinstance(node, list):
        return [plain_schema(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        steps = node["$ref"].removeprefix("#/").split("/")
        return plain_schema(reduce(getitem, steps, document), document)
    schema = {key: plain_schema(value, document) for key, value in node.items() if key != "example"}
    if node.get("nullable") is True:
        schema = {"anyOf": [{"enum": [None]}, schema]}
    elif isinstance(node.get("properties"), dict):
        schema.setdefault("additionalProperties", False)  # a misspelt field would be lost silently
    return schema


def broken(validator: Draft4Validator, body: object) -> Iterator[str]:
    """Put each error of a schema in one short line, never the whole body."""
    for error in validator.iter_errors(body):
        is_wordy = error.validator == "anyOf" or len(error.message) > 120
        rule = f"{error.validator} {error.validator_value!r}"[:120]
        yield f"{error.json_path}: {rule if is_wordy else error.message}"


def size_violations(body: Mapping[str, Any]) -> Iterator[str]:
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
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def content_violations(body: Mapping[str, Any]) -> Iterator[str]:
    """Check that no content holds template syntax but the slots for params."""
    for part in [body, *body.get("messageVersions", [])]:
        for field in ("subject", "htmlContent", "textContent"):
            for leftover in parsed(part.get(field, "")).leftovers:
                yield f"template syntax left in content: {field}: {leftover[:60]}"


def call_from(body: Mapping[str, Any], number: int) -> Call:
    """Read a body that breaks no rule."""
    versions = body.get("messageVersions")
    return Call(
        number=number,
        key=body["headers"]["idempotencyKey"].lower(),
        tags=tuple(body["tags"]),
        sender=body["sender"],
        drafts=tuple(draft_from(body, version) for version in versions or [{}]),
        is_batch=versions is not None,
    )


def draft_from(body: Mapping[str, Any], version: Mapping[str, Any]) -> Draft:
    """Lay one version over what the call says for all."""
    whole = {**body, **version}
    text = whole.get("textContent")
    return Draft(
        email=whole["to"][0]["email"],
        subject=parsed(whole["subject"]),
        html=parsed(whole["htmlContent"]),
        text=None if text is None else parsed(text),
        params={**body.get("params", {}), **version.get("params", {})},
        headers={**outgoing(body["headers"]), **outgoing(version.get("headers", {}))},
        reply_to=whole.get("replyTo"),
    )


def outgoing(headers: Mapping[str, str]) -> dict[str, str]:
    """Write header names in This-Case-Only, as Brevo does, and keep its own key back."""
    return {
        "-".join(word.capitalize() for word in name.split("-")): value
        for name, value in headers.items()
        if name != "idempotencyKey"
    }


@lru_cache(maxsize=256)
def parsed(content: str) -> Template:
    """Cut a content at its slots, drop its comments, and collect other template syntax."""
    literals, names, leftovers, at = [""], [], [], 0
    for token in TOKEN.finditer(content):
        literals[-1] += content[at : token.start()]
        at = token.end()
        if slot := SLOT.fullmatch(token[0]):
            names.append(slot[1])
            literals.append("")
        elif not COMMENT.fullmatch(token[0]):
            leftovers.append(token[0])
    literals[-1] += content[at:]
    return Template(literals=tuple(literals), names=tuple(names), leftovers=tuple(leftovers))


def report(sent: Iterable[Sent], query: Mapping[str, str], today: date) -> dict[str, Any]:
    """Answer aggregatedReport: figures that follow from the number of messages alone."""
    first, last = date_range(query, today)
    count = sum(1 for message in sent if not query.get("tag") or query["tag"] in message.call.tags)
    return {"range": f"{first}|{last}", **figures(count)}


def figures(count: int) -> dict[str, int]:
    """Invent the fate of so many messages, always the same for the same number."""
    hard, soft = count // 200, count // 100
    delivered = count - hard - soft
    opens, clicks = delivered * 45 // 100, delivered * 12 // 100
    return {
        "requests": count,
        "delivered": delivered,
        "hardBounces": hard,
        "softBounces": soft,
        "uniqueOpens": opens,
        "opens": opens + opens // 3,
        "uniqueClicks": clicks,
        "clicks": clicks + clicks // 3,
        "spamReports": 0,
        "blocked": 0,
        "invalid": 0,
        "unsubscribed": count // 300,
    }


def events(sent: Iterable[Sent], query: Mapping[str, str], today: date) -> dict[str, Any]:
    """Answer the list of events; the only event this account ever has is `requests`."""
    date_range(query, today)
    limit = whole_number(query, "limit", 2500, range(MOST_EVENTS + 1))
    offset = whole_number(query, "offset", 0, range(2**31))
    found = [message for message in sent if is_asked_for(message, query)]
    ordered = found if query.get("sort") == "asc" else found[::-1]  # newest first unless told
    return {"events": [event(message) for message in ordered[offset : offset + limit]]}


def is_asked_for(message: Sent, query: Mapping[str, str]) -> bool:
    """Compare a message with the filters of the query."""
    tags = {tag.strip() for tag in query.get("tags", "").split(",") if tag.strip()}
    return (
        query.get("event", "requests") == "requests"
        and (not tags or not tags.isdisjoint(message.call.tags))
        and query.get("email", message.draft.email) == message.draft.email
        and query.get("messageId", message.message_id) == message.message_id
    )


def event(message: Sent) -> dict[str, str]:
    """Write the event of a message that was asked to be sent."""
    return {
        "email": message.draft.email,
        "date": message.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "messageId": message.message_id,
        "event": "requests",
        "tag": message.call.tags[0],
        "from": message.call.sender["email"],
    }


def date_range(query: Mapping[str, str], today: date) -> tuple[date, date]:
    """Check the time frame of a query: both dates, or days, or neither; 90 days at most."""
    if ("startDate" in query) != ("endDate" in query):
        raise RefusedError("startDate and endDate must be used together")
    if "days" in query and "startDate" in query:
        raise RefusedError("days is not compatible with startDate and endDate")
    days = whole_number(query, "days", LONGEST_RANGE.days, range(1, LONGEST_RANGE.days + 1))
    first = calendar_day(query, "startDate", today - timedelta(days=days))
    last = calendar_day(query, "endDate", today)
    if not timedelta() <= last - first <= LONGEST_RANGE:
        raise RefusedError("endDate must be 0 to 90 days after startDate")
    return first, last


def calendar_day(query: Mapping[str, str], name: str, default: date) -> date:
    """Read a date (YYYY-MM-DD)."""
    try:
        return datetime.strptime(query[name], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except KeyError:
        return default
    except ValueError as err:
        raise RefusedError(f"{name} must be a date (YYYY-MM-DD)") from err


def whole_number(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Read a number that lies in a range."""
    text = query.get(name, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        raise RefusedError(f"{name} must be from {allowed[0]} to {allowed[-1]}")
    return int(text)
