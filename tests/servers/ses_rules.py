"""Say what Amazon SES v2 accepts, and how it merges a message for each person."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

from .dialect import Mail, RefusedError, Reply, json_reply
from .openapi import ADDRESS, FILLED, NOT_PLAYED

BULK, SINGLE = "/v2/email/outbound-bulk-emails", "/v2/email/outbound-emails"

# Anything else in an address is to be encoded by the caller, as in a header.
ASCII = {"type": "string", "pattern": "[ -~]+"}
WORD = {"type": "string", "pattern": "[A-Za-z0-9_-]{1,256}"}
TAGS: dict[str, Any] = {
    "type": "array",
    "maxItems": 50,
    "items": {
        "type": "object",
        "required": ["Name", "Value"],
        "properties": {"Name": WORD, "Value": WORD},
    },
}
HEADERS: dict[str, Any] = {
    "type": "array",
    "maxItems": 15,
    "items": {
        "type": "object",
        "required": ["Name", "Value"],
        "properties": {
            "Name": {"type": "string", "pattern": "[!-9;-@A-~]{1,126}"},
            "Value": {"type": "string", "pattern": "[ -~]{1,995}"},
        },
    },
}
ONE_PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["ToAddresses"],
    "properties": {
        "ToAddresses": {"type": "array", "minItems": 1, "maxItems": 1, "items": ADDRESS},
        "CcAddresses": {"type": "array", "maxItems": 0},
        "BccAddresses": {"type": "array", "maxItems": 0},
    },
}
COMMON: dict[str, Any] = {
    "FromEmailAddress": ASCII,
    "ReplyToAddresses": {"type": "array", "items": ASCII},
    "ConfigurationSetName": FILLED,
    "ConfigurationOverrides": {"type": "object"},
    # It would put unsubscribe headers of its own beside the caller's.
    "ListManagementOptions": NOT_PLAYED,
    **dict.fromkeys(("FeedbackForwardingEmailAddress", "TenantName", "EndpointId"), NOT_PLAYED),
}
TEMPLATE: dict[str, Any] = {
    "type": "object",
    "required": ["TemplateContent"],
    "properties": {
        "TemplateContent": {
            "type": "object",
            "required": ["Subject"],
            "properties": {"Subject": FILLED, "Html": FILLED, "Text": FILLED},
        },
        "TemplateData": {"type": "string", "maxLength": 262_144},
        "Headers": HEADERS,
        **dict.fromkeys(("TemplateName", "TemplateArn", "Attachments"), NOT_PLAYED),
    },
}
REPLACEMENT = {
    "type": "object",
    "properties": {"ReplacementTemplateData": {"type": "string", "maxLength": 262_144}},
}
ENTRY: dict[str, Any] = {
    "type": "object",
    "required": ["Destination"],
    "properties": {
        "Destination": ONE_PERSON,
        "ReplacementTags": TAGS,
        "ReplacementHeaders": HEADERS,
        "ReplacementEmailContent": {
            "type": "object",
            "properties": {"ReplacementTemplate": REPLACEMENT},
        },
    },
}
BULK_CALL: dict[str, Any] = {
    "type": "object",
    "required": ["FromEmailAddress", "DefaultContent", "BulkEmailEntries"],
    "properties": {
        **COMMON,
        "DefaultContent": {
            "type": "object",
            "required": ["Template"],
            "properties": {"Template": TEMPLATE},
        },
        "DefaultEmailTags": TAGS,
        "BulkEmailEntries": {"type": "array", "minItems": 1, "maxItems": 50, "items": ENTRY},
    },
}
PART = {
    "type": "object",
    "required": ["Data"],
    "properties": {"Data": FILLED, "Charset": {"type": "string", "enum": ["UTF-8"]}},
}
SIMPLE: dict[str, Any] = {
    "type": "object",
    "required": ["Subject", "Body"],
    "properties": {
        "Subject": PART,
        "Body": {"type": "object", "properties": {"Html": PART, "Text": PART}},
        "Headers": HEADERS,
        "Attachments": NOT_PLAYED,
    },
}
RAW = {"type": "object", "required": ["Data"], "properties": {"Data": FILLED}}
SINGLE_CALL: dict[str, Any] = {
    "type": "object",
    "required": ["FromEmailAddress", "Destination", "Content"],
    "properties": {
        **COMMON,
        "Destination": ONE_PERSON,
        "EmailTags": TAGS,
        "Content": {
            "type": "object",
            "properties": {"Simple": SIMPLE, "Raw": RAW, "Template": NOT_PLAYED},
        },
    },
}
CALLS = {BULK: BULK_CALL, SINGLE: SINGLE_CALL}

TOKEN = re.compile(r"\\?\{\{\{.*?\}\}\}|\\?\{\{.*?\}\}|\{\{", re.DOTALL)
# Of SES, else the configuration set decides.
TRACKERS = ("OpenTrackingEnabled", "ClickTrackingEnabled")
SLOT = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to one person, read but not merged."""

    email: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]
    tags: Mapping[str, str]
    data: Mapping[str, Any] | None  # None: the parts are no templates

    def parts(self) -> tuple[str, str, str]:
        """Give what is merged."""
        return self.subject, self.html, self.text


def error(status: int, kind: str, message: str) -> Reply:
    """Answer with AWS's error model: the kind is in a header."""
    return json_reply(status, {"message": message}, **{"x-amzn-ErrorType": kind})


def bulk_drafts(body: Mapping[str, Any]) -> Iterator[Draft]:
    """Lay each entry over the default content."""
    template = body["DefaultContent"]["Template"]
    content = template["TemplateContent"]
    default = json_object(template.get("TemplateData", "{}"))
    for entry in body["BulkEmailEntries"]:
        own = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
        yield Draft(
            email=entry["Destination"]["ToAddresses"][0],
            subject=content["Subject"],
            html=content.get("Html", ""),
            text=content.get("Text", ""),
            headers=pairs(template.get("Headers", []), entry.get("ReplacementHeaders", [])),
            tags=pairs(body.get("DefaultEmailTags", []), entry.get("ReplacementTags", [])),
            data=default | json_object(own.get("ReplacementTemplateData", "{}")),
        )


def single_drafts(body: Mapping[str, Any]) -> Iterator[Draft]:
    """Read a message that comes finished, in parts or as MIME."""
    email, tags = body["Destination"]["ToAddresses"][0], pairs(body.get("EmailTags", []))
    content = body["Content"]
    if len(content) != 1:
        reply = error(400, "BadRequestException", "Content must be Simple or Raw")
        raise RefusedError("$.Content: neither Simple nor Raw, or both", reply=reply)
    if "Raw" in content:
        yield mime_draft(content["Raw"]["Data"], email, tags)
        return
    simple = content["Simple"]
    yield Draft(
        email=email,
        subject=simple["Subject"]["Data"],
        html=simple["Body"].get("Html", {}).get("Data", ""),
        text=simple["Body"].get("Text", {}).get("Data", ""),
        headers=pairs(simple.get("Headers", [])),
        tags=tags,
        data=None,
    )


def mime_draft(data: str, email: str, tags: Mapping[str, str]) -> Draft:
    """Read a message from MIME."""
    try:
        mime = message_from_bytes(base64.b64decode(data, validate=True), policy=policy.default)
    except ValueError as err:
        reply = error(400, "BadRequestException", "Raw data is not base64")
        raise RefusedError("$.Content.Raw.Data: not base64", reply=reply) from err
    assert isinstance(mime, EmailMessage)
    html, text = mime.get_body(["html"]), mime.get_body(["plain"])
    return Draft(
        email=email,
        subject=str(mime["Subject"] or ""),
        html=html.get_content() if html else "",
        text=text.get_content() if text else "",
        headers={name: str(value) for name, value in mime.items()},
        tags=tags,
        data=None,
    )


def json_object(text: str) -> dict[str, Any]:
    """Read the values of a template."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        reply = error(400, "BadRequestException", "Template data is not a JSON object")
        raise RefusedError("template data is not a JSON object", reply=reply)
    return values


def pairs(*lists: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Turn lists of names and values into one mapping; the later win."""
    return {each["Name"]: each["Value"] for one in lists for each in one}


def draft_violations(draft: Draft) -> Iterator[str]:
    """Name what SES takes, but no reader should get."""
    if not draft.html and not draft.text:
        yield f"no content for {draft.email}"
    if len(draft.headers) > 15 and draft.data is not None:
        yield f"{len(draft.headers)} headers for {draft.email}, at most 15"
    for name, value in draft.headers.items():
        if "{{" in value:
            yield f"header {name}: headers are not documented to be merged"
    yield from missing(draft)


def missing(draft: Draft) -> Iterator[str]:
    """Name each slot without a value, and what only looks like one."""
    if draft.data is None:
        return
    for part in draft.parts():
        for token in TOKEN.findall(part):
            slot = SLOT.fullmatch(token)
            if not slot:
                yield f"template syntax left in content: {token[:60]}"
            elif slot[1] not in draft.data:
                yield f"{slot[1]} has no value for {draft.email}"


def merged(draft: Draft, body: Mapping[str, Any], message_id: str) -> Mail:
    """Fill the slots; values go in as they are and are not looked at again."""
    data = draft.data

    def fill(part: str) -> str:
        return part if data is None else SLOT.sub(lambda slot: str(data.get(slot[1], "")), part)

    subject, html, text = map(fill, draft.parts())
    switches = body.get("ConfigurationOverrides", {}).get("Tracking", {})
    replies = ", ".join(body.get("ReplyToAddresses", []))
    return Mail(
        email=draft.email,
        subject=subject,
        html=html,
        text=text,
        headers={**({"Reply-To": replies} if replies else {}), **draft.headers},
        tags=tuple(draft.tags.values()),
        metadata=dict(draft.tags),
        sender=str(make_header(decode_header(body["FromEmailAddress"]))),
        message_id=message_id,
        extra={"tracked": any(switches.get(name) != "DISABLED" for name in TRACKERS)},
    )
