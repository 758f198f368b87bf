"""Speak as Mailjet: fifty finished messages a call, each accepted or refused on its own."""

import base64
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from .dialect import Mail, RefusedError, Reply, Request, Sent, Taken, json_reply
from .mailjet_reports import campaigns, counters, messages
from .openapi import ADDRESS, FILLED, FLAG, HEADERS, NOT_PLAYED, first_few, problems

SENDING = ("POST", "/v3.1/send")
LARGEST_BODY = 15_000_000

PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["Email"],
    "properties": {"Email": ADDRESS, "Name": {"type": "string", "pattern": r"[^\r\n]*"}},
}
SWITCH = {"type": "string", "enum": ["account_default", "disabled", "enabled"]}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["From", "To", "Subject"],
    "properties": {
        "From": PERSON,
        "To": {"type": "array", "minItems": 1, "maxItems": 1, "items": PERSON},
        "ReplyTo": PERSON,
        "Subject": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"[^\r\n]*"},
        "TextPart": FILLED,
        "HTMLPart": FILLED,
        "Headers": HEADERS,
        "CustomID": FILLED,
        "EventPayload": FILLED,
        "CustomCampaign": FILLED,
        "DeduplicateCampaign": FLAG,
        "TrackOpens": SWITCH,
        "TrackClicks": SWITCH,
        "TemplateLanguage": {"type": "boolean", "enum": [False]},
        **dict.fromkeys(("Cc", "Bcc", "Attachments", "InlinedAttachments"), NOT_PLAYED),
        **dict.fromkeys(("TemplateID", "Variables", "Priority", "URLTags"), NOT_PLAYED),
    },
}
TRACKERS = ("TrackOpens", "TrackClicks")  # else the account decides
CALL: dict[str, Any] = {
    "type": "object",
    "required": ["Messages"],
    "properties": {
        "Messages": {"type": "array", "minItems": 1, "maxItems": 50},
        "SandboxMode": FLAG,
        "AdvanceErrorHandling": FLAG,
        "Globals": NOT_PLAYED,
    },
}
FORBIDDEN_HEADERS = re.compile(
    r"message-id|list-id|date|return-path|x-mailer|user-agent|x-csa-complaints"
    r"|x-mj-.*|x-mailjet-.*|from|to|cc|bcc|subject|sender|reply-to",
    re.IGNORECASE,
)
# Works in the body even where the template language is off; there are no values for it here.
EXECUTED = re.compile(r"\[\[(?:var|data):[^\]]*\]\]")
UNFILLED = re.compile(r"\{\{ *(?:var|data):")

# What refuses one message, as the option `fail` names it: status and message.
FAILURES = {
    "mj-0001": (401, "The API key is suspended"),
    "mj-0013": (400, "The address is invalid"),
    "send-0003": (400, "At least one of HTMLPart, TextPart and TemplateID must be given"),
    "send-0008": (403, "The sender is not validated"),
    "send-0011": (400, "A header may not be set"),
    "mj-0004": (400, "A property has a wrong type or value"),
}


def error(status: int, code: str, message: str) -> Reply:
    """Answer as the Send API refuses a whole call."""
    return json_reply(status, {"ErrorIdentifier": str(uuid4()), **failure(status, code, message)})


def failure(status: int, code: str, message: str) -> dict[str, Any]:
    """Write the fields every error has."""
    return {"ErrorCode": code, "StatusCode": status, "ErrorMessage": message}


ERRORS: Mapping[str, Reply] = {
    "401": error(401, "mj-0015", "The API key or its secret is wrong"),
    "402": error(401, "mj-0001", "The API key is suspended"),  # there is no 402
    "403": error(403, "send-0008", "The sender is not validated"),
    "404": json_reply(
        404, {"ErrorInfo": "", "ErrorMessage": "Unknown resource", "StatusCode": 404}
    ),
    "413": error(413, "mj-0011", "The payload is too large"),
    "429": error(429, "mj-0003", "Too many requests"),
    "500": error(500, "mj-0000", "Internal error"),
    "503": error(503, "mj-0000", "Service unavailable"),
    "400-invalid": error(400, "mj-0002", "Malformed JSON or a property of a wrong type"),
    "repeat": error(400, "mj-0002", "There are no idempotency keys"),
}


class Mailjet:
    """Mailjet's APIs; option `fail`: ADDRESS or ADDRESS:CODE, several with commas between."""

    name = "mailjet"
    base = ""
    spec = ""  # its specification leaves the Send API out

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        self._key = base64.b64encode(api_key.encode()).decode()
        named = (each.partition(":") for each in options.get("fail", "").split(",") if each)
        self._failing = {address: code or "mj-0013" for address, _, code in named}
        self._ids = 2**60 + secrets.randbelow(2**60)  # more than a float can hold
        self._reached: set[tuple[str, str]] = set()  # campaign and address
        self._blocked: list[Sent] = []  # second mails that DeduplicateCampaign held back

    def is_authorized(self, request: Request) -> bool:
        """Look at HTTP Basic: key and secret."""
        return request.headers.get("Authorization") == f"Basic {self._key}"

    def is_sending(self, request: Request) -> bool:
        """Recognise the one path that takes messages."""
        return (request.method, request.path) == SENDING

    def take(self, request: Request, number: int) -> Taken:
        """Take each message that breaks no rule; one bad one does not hold up the rest."""
        body = parsed(request.body)
        mails, results, objections = [], [], list[str]()
        for at, message in enumerate(body["Messages"]):
            wrong = first_few(message_problems(message, f"$.Messages[{at}]"))
            code = self._failing.get(address(message), "mj-0004" if wrong else "")
            if code:
                objections += wrong
                results.append(refused(code, wrong))
                continue
            mail, is_new = self._mail(message)
            objections += violations(message)
            results.append(accepted(mail, message))
            if is_new:
                mails.append(mail)
            else:
                self._blocked.append(Sent(mail=mail, at=datetime.now(UTC), call=number))
        statuses = (result["Errors"][0]["StatusCode"] for result in results if "Errors" in result)
        return Taken(
            mails=() if body.get("SandboxMode") else tuple(mails),
            reply=json_reply(next(statuses, 200), {"Messages": results}),
            violations=first_few(objections),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer for messages, campaigns and figures."""
        questions = {
            "/v3/REST/message": lambda query: messages(query, sent, self._blocked),
            "/v3/REST/campaign": lambda query: campaigns(query, sent),
            "/v3/REST/statcounters": lambda query: counters(query, sent, self._blocked),
        }
        answer = questions.get(request.path)
        if request.method != "GET" or answer is None:
            return ERRORS["404"]
        try:
            return answer({name: values[-1] for name, values in request.query.items()})
        except ValueError as err:
            told = {"ErrorInfo": "", "ErrorMessage": str(err), "StatusCode": 400}
            raise RefusedError(str(err), reply=json_reply(400, told)) from err

    def error(self, kind: str) -> Reply:
        """Word an error as Mailjet does."""
        return ERRORS[kind]

    def _mail(self, message: Mapping[str, Any]) -> tuple[Mail, bool]:
        """Merge a message, and say whether it is not held back as a duplicate."""
        self._ids += 1
        mail = merged(message, str(self._ids))
        mark = message.get("CustomCampaign", ""), mail.email
        is_held = message.get("DeduplicateCampaign", False) and mark in self._reached
        self._reached.add(mark)
        return mail, not is_held


def parsed(raw: bytes) -> dict[str, Any]:
    """Read a call, or refuse it if not even its messages can be told apart."""
    if len(raw) > LARGEST_BODY:
        raise RefusedError("the body is larger than 15 MB", reply=ERRORS["413"])
    try:
        body: dict[str, Any] = json.loads(raw)
        wrong = first_few(problems(body, CALL))
    except ValueError as err:
        wrong = (f"body is not JSON: {err}",)
    if wrong:
        raise RefusedError(*wrong, reply=ERRORS["400-invalid"])
    return body


def address(message: object) -> str:
    """Give the address of a message that may be malformed."""
    to = message.get("To") if isinstance(message, dict) else None
    person = to[0] if isinstance(to, list) and to else None
    return str(person.get("Email")) if isinstance(person, dict) else ""


def message_problems(message: Any, at: str) -> Iterator[str]:
    """Name what makes Mailjet refuse a message."""
    wrong = [*problems(message, MESSAGE, at)]
    yield from wrong
    if wrong:
        return
    if not message.keys() & {"HTMLPart", "TextPart"}:
        yield f"{at}: neither HTMLPart nor TextPart"
    for name in message.get("Headers", {}):
        if FORBIDDEN_HEADERS.fullmatch(name):
            yield f"{at}.Headers.{name}: may not be set"


def violations(message: Mapping[str, Any]) -> Iterator[str]:
    """Name what Mailjet takes, but no reader should get."""
    for field in ("HTMLPart", "TextPart"):
        text = message.get(field, "")
        for found in (*EXECUTED.findall(text), *UNFILLED.findall(text)):
            yield f"template syntax left in content: {field}: {found[:60]}"
    if message.get("DeduplicateCampaign") and "CustomCampaign" not in message:
        yield "DeduplicateCampaign without CustomCampaign does nothing"


def merged(message: Mapping[str, Any], message_id: str) -> Mail:
    """Write a message as it arrives: what Mailjet executes without a value is gone."""
    reply_to = message.get("ReplyTo", {}).get("Email")
    name, sender = message["From"].get("Name"), message["From"]["Email"]
    return Mail(
        email=message["To"][0]["Email"],
        subject=message["Subject"],
        html=EXECUTED.sub("", message.get("HTMLPart", "")),
        text=EXECUTED.sub("", message.get("TextPart", "")),
        headers={**({"Reply-To": reply_to} if reply_to else {}), **message.get("Headers", {})},
        tags=(message["CustomCampaign"],) if "CustomCampaign" in message else (),
        metadata={name: message[name] for name in ("CustomID", "EventPayload") if name in message},
        sender=f"{name} <{sender}>" if name else sender,
        message_id=message_id,
        extra={"tracked": any(message.get(name) != "disabled" for name in TRACKERS)},
    )


def accepted(mail: Mail, message: Mapping[str, Any]) -> dict[str, Any]:
    """Write the result of a message that was taken; its id is a number, not a text."""
    href = f"https://api.mailjet.com/v3/REST/message/{mail.message_id}"
    ids = {"MessageUUID": str(uuid4()), "MessageID": int(mail.message_id), "MessageHref": href}
    to = [{"Email": mail.email, **ids}]
    custom_id = message.get("CustomID", "")
    return {"Status": "success", "CustomID": custom_id, "To": to, "Cc": [], "Bcc": []}


def refused(code: str, wrong: Sequence[str]) -> dict[str, Any]:
    """Write the result of a message that was not taken."""
    status, message = FAILURES.get(code, FAILURES["mj-0004"])
    fields = [each.partition(":")[0].rpartition("].")[2] for each in wrong]
    told = failure(status, code, "; ".join(wrong) or message)
    return {
        "Status": "error",
        "Errors": [{"ErrorIdentifier": str(uuid4()), **told, "ErrorRelatedTo": fields}],
    }
