"""Say what Brevo's v3 API accepts in a sending call, and how it merges a message."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from .dialect import RefusedError, Reply, json_reply
from .openapi import FILLED, HEADER_VALUE, HEADERS, NOT_PLAYED, Check, first_few, official, problems

# A strict reading of Brevo's "KB": a caller that stays below this is safe with either.
VERSION_PARAMS, ALL_PARAMS = 100_000, 1_000_000
FURTHEST_SCHEDULE = timedelta(hours=72)

# What must hold whatever the specification says.
NAMED: dict[str, Any] = {
    "type": "object",
    "required": ["email"],
    "properties": {
        "email": {"type": "string", "pattern": r"[^@\s]+@[^@\s]+"},
        "name": {"type": "string", "maxLength": 70},
    },
}
ONE_RECIPIENT = {"type": "array", "minItems": 1, "maxItems": 1, "items": NAMED}
NOBODY = {"type": "array", "maxItems": 0}
VERSION: dict[str, Any] = {
    "type": "object",
    "required": ["to"],
    "properties": {
        "to": ONE_RECIPIENT,
        "cc": NOBODY,
        "bcc": NOBODY,
        "replyTo": NAMED,
        "subject": FILLED,
        "htmlContent": FILLED,
        "textContent": {"type": "string"},
        "params": {"type": "object"},
        "headers": HEADERS,
        # Brevo knows it, but it would make the figures and bodies journalled here untrue.
        "templateId": NOT_PLAYED,
    },
}
HEXADECIMAL = "[0-9a-fA-F]"
HOUSE_RULES: dict[str, Any] = {
    "type": "object",
    "required": ["sender", "htmlContent", "headers", "tags"],
    "properties": {
        **VERSION["properties"],
        "sender": NAMED,
        "headers": {
            **HEADERS,
            "required": ["idempotencyKey"],
            "properties": {
                "idempotencyKey": {
                    "type": "string",
                    "pattern": rf"{HEXADECIMAL}{{8}}(-{HEXADECIMAL}{{4}}){{3}}-{HEXADECIMAL}{{12}}",
                }
            },
            "additionalProperties": HEADER_VALUE,
        },
        "tags": {"type": "array", "minItems": 1, "items": FILLED},
        "attachment": NOT_PLAYED,
        "messageVersions": {"type": "array", "minItems": 1, "maxItems": 1000, "items": VERSION},
        "scheduledAt": {"type": "string"},
        "batchId": {
            "type": "string",
            "pattern": rf"{HEXADECIMAL}{{8}}-{HEXADECIMAL}{{4}}-4{HEXADECIMAL}{{3}}-"
            rf"[89abAB]{HEXADECIMAL}{{3}}-{HEXADECIMAL}{{12}}",
        },
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

    key: str  # the idempotency key
    tags: tuple[str, ...]
    sender: Mapping[str, str]
    drafts: tuple[Draft, ...]
    is_batch: bool  # whether it came as messageVersions
    scheduled: datetime | None  # when it is to leave; None: at once
    batch: str  # the caller's name for what is scheduled; "" if it gave none


def error(status: int, code: str, message: str) -> Reply:
    """Answer with Brevo's error model."""
    return json_reply(status, {"code": code, "message": message})


def refused(*reasons: str) -> RefusedError:
    """Refuse a request, as Brevo does with the first reason alone."""
    return RefusedError(*reasons, reply=error(400, "invalid_parameter", reasons[0]))


def parse_call(raw: bytes, checks: Check, now: datetime) -> Call:
    """Read a sending call, or refuse it with every violation found."""
    try:
        body = json.loads(raw)
    except ValueError as err:
        raise refused(f"body is not JSON: {err}") from err
    found = first_few(checks(body))
    if not found:
        rules = (missing_parts, size_violations, content_violations)
        found = first_few(text for rule in rules for text in rule(body))
    if found:
        raise refused(*found)
    return call_from(body, schedule_from(body, now))


def missing_params(call: Call) -> Iterator[str]:
    """Name each slot that has no value; Brevo renders it as nothing."""
    for draft in call.drafts:
        names = {name for template in draft.templates() for name in template.names}
        for name in sorted(names):
            if draft.params.get(name) is None:
                yield f"params.{name} is missing for {draft.email}"


def checks(specification: Path | None) -> Check:
    """Build what a call must pass: the house rules, and the official sendSmtpEmail if given."""
    formal = official(specification, "components", "schemas", "sendSmtpEmail")

    def check(body: object) -> Iterator[str]:
        yield from problems(body, HOUSE_RULES)
        yield from formal(specified(body))

    return check


def specified(body: object) -> object:
    """Take out the headers per version, which Brevo knows and its specification does not."""
    versions = body.get("messageVersions") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(versions, list):
        return body
    plain = [
        {key: value for key, value in each.items() if key != "headers"}
        if isinstance(each, dict)
        else each
        for each in versions
    ]
    return {**body, "messageVersions": plain}


def missing_parts(body: Mapping[str, Any]) -> Iterator[str]:
    """Check what may stand in the call or in each of its versions."""
    versions = body.get("messageVersions", [])
    if "to" not in body and not versions:
        yield "$: neither 'to' nor 'messageVersions'"
    if "subject" not in body and not (versions and all("subject" in each for each in versions)):
        yield "$: neither 'subject' nor one in every version"


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


def schedule_from(body: Mapping[str, Any], now: datetime) -> datetime | None:
    """Read when the mail is to leave."""
    text = body.get("scheduledAt")
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as err:
        raise refused(f"$.scheduledAt: {text!r} is not a time") from err
    moment = time if time.tzinfo else time.replace(tzinfo=UTC)
    if not now < moment <= now + FURTHEST_SCHEDULE:
        raise refused(f"$.scheduledAt: {text!r} is not within the next 72 hours")
    return moment


def call_from(body: Mapping[str, Any], scheduled: datetime | None) -> Call:
    """Read a body that breaks no rule."""
    versions = body.get("messageVersions")
    return Call(
        key=body["headers"]["idempotencyKey"].lower(),
        tags=tuple(body["tags"]),
        sender=body["sender"],
        drafts=tuple(draft_from(body, version) for version in versions or [{}]),
        is_batch=versions is not None,
        scheduled=scheduled,
        batch=body.get("batchId", ""),
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
