"""Speak as Mailjet: fifty finished messages a call, each accepted or refused on its own."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from .dialect import (
    Answer,
    Dialect,
    Mail,
    Reply,
    Request,
    Sent,
    Taken,
    basic,
    by_address,
    first_few,
    json_reply,
    mailbox,
    replying,
)
from .enclosed import files, with_files
from .mailjet_reports import campaigns, clicks, counters, messages
from .schemas import (
    ADDRESS,
    FILLED,
    FLAG,
    HEADERS,
    not_played,
    one_of,
    problems,
    record,
    several,
    text,
)
from .visits import Visits

PERSON = record({"Email": ADDRESS}, {"Name": text(r"[^\r\n]*")})
SWITCH = one_of("account_default", "disabled", "enabled")
MESSAGE = record(
    {
        "From": PERSON,
        "To": several(PERSON, 1, 1),
        "Subject": text(r"[^\r\n]*", least=1, most=255),
    },
    {
        "ReplyTo": PERSON,
        **dict.fromkeys(("TextPart", "HTMLPart"), FILLED),
        "Headers": HEADERS,
        **dict.fromkeys(("CustomID", "EventPayload", "CustomCampaign"), FILLED),
        "DeduplicateCampaign": FLAG,
        "TrackOpens": SWITCH,
        "TrackClicks": SWITCH,
        "TemplateLanguage": one_of(False),
        "Attachments": several(
            record({"ContentType": FILLED, "Filename": FILLED, "Base64Content": FILLED}), 1
        ),
        **not_played("Cc", "Bcc", "InlinedAttachments"),
        **not_played("TemplateID", "Variables", "Priority", "URLTags"),
    },
)
CALL = record(
    {"Messages": several({}, 1, 50)},
    {"AdvanceErrorHandling": FLAG, **not_played("Globals", "SandboxMode")},
)
TRACKERS = ("TrackOpens", "TrackClicks")  # else the account decides
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


def failure(status: int, code: str, message: str) -> dict[str, Any]:
    """Write the fields every error has."""
    told = {"ErrorCode": code, "StatusCode": status, "ErrorMessage": message}
    return {"ErrorIdentifier": str(uuid4()), **told}


def error(status: int, code: str, message: str) -> Reply:
    """Answer as the Send API refuses a whole call."""
    return json_reply(status, failure(status, code, message))


def of_rest(status: int, message: str) -> Reply:
    """Answer as the REST API refuses a question."""
    told = {"ErrorInfo": "", "ErrorMessage": message, "StatusCode": status}
    return json_reply(status, told)


ERRORS = {
    "401": error(401, "mj-0015", "The API key or its secret is wrong"),
    "402": error(401, "mj-0001", "The API key is suspended"),  # there is no 402
    "403": error(403, "send-0008", "The sender is not validated"),
    "404": of_rest(404, "Unknown resource"),
    "413": error(413, "mj-0011", "The payload is too large"),
    "429": error(429, "mj-0003", "Too many requests"),
    "500": error(500, "mj-0000", "Internal error"),
    "503": error(503, "mj-0000", "Service unavailable"),
    "400-invalid": error(400, "mj-0002", "Malformed JSON or a property of a wrong type"),
    "repeat": error(400, "mj-0002", "There are no idempotency keys"),
}


class Mailjet(Dialect):
    """Mailjet's APIs; option `fail`: ADDRESS or ADDRESS:CODE, several with commas between."""

    name = "mailjet"  # its specification leaves the Send API out
    options = ("fail",)
    sending = "POST /v3.1/send"
    largest = 15_000_000
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        self._failing = by_address(options.get("fail", ""), "mj-0013")
        self._ids = 2**60 + secrets.randbelow(2**60)  # more than a float can hold
        self._reached: set[tuple[str, str]] = set()  # campaign and address
        self._blocked: list[Sent] = []  # second mails that DeduplicateCampaign held back

    def credential(self) -> str:
        """Return HTTP's basic authorization: key and secret."""
        return basic(self.api_key)

    def refusal(self, reason: str) -> Reply:
        """Refuse a call whose messages cannot even be told apart, or a question."""
        return ERRORS["400-invalid"] if reason.startswith(("$", "body")) else of_rest(400, reason)

    def take(self, request: Request, number: int) -> Taken:
        """Take each message that breaks no rule; one bad one does not hold up the rest."""
        body = self.read(request)
        if wrong := [*problems(body, CALL)]:
            raise self.refused(*wrong)
        mails, results, objections = [], [], list[str]()
        for at, message in enumerate(body["Messages"]):
            broken = first_few([*message_problems(message, f"$.Messages[{at}]")])
            objections += broken
            if code := self._failing.get(address(message), "mj-0004" if broken else ""):
                results.append(refused(code, broken))
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
            mails=tuple(mails),
            reply=json_reply(next(statuses, 200), {"Messages": results}),
            violations=first_few(objections),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Answer for messages, campaigns and figures."""
        visits = Visits(self.visits_file)
        return {
            "GET /v3/REST/message": partial(messages, self._blocked),
            "GET /v3/REST/apikey": lambda *_: {"Count": 1, "Data": [{"IsActive": True}]},
            "GET /v3/REST/campaign": campaigns,
            "GET /v3/REST/statcounters": partial(counters, visits, self._blocked),
            "GET /v3/REST/clickstatistics": partial(clicks, visits),
        }

    def _mail(self, message: Mapping[str, Any]) -> tuple[Mail, bool]:
        """Merge a message, and say whether it is not held back as a duplicate."""
        self._ids += 1
        mail = merged(message, str(self._ids))
        mark = message.get("CustomCampaign", ""), mail.email
        is_held = message.get("DeduplicateCampaign", False) and mark in self._reached
        self._reached.add(mark)
        return mail, not is_held


def address(message: object) -> str:
    """Give the address of a message that may be malformed."""
    to = message.get("To") if isinstance(message, dict) else None
    person = to[0] if isinstance(to, list) and to else None
    return str(person.get("Email")).lower() if isinstance(person, dict) else ""


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
        content = message.get(field, "")
        for found in (*EXECUTED.findall(content), *UNFILLED.findall(content)):
            yield f"template syntax left in content: {field}: {found[:60]}"
    if message.get("DeduplicateCampaign") and "CustomCampaign" not in message:
        yield "DeduplicateCampaign without CustomCampaign does nothing"


def merged(message: Mapping[str, Any], message_id: str) -> Mail:
    """Write a message as it arrives: what Mailjet executes without a value is gone."""
    sender, campaign = message["From"], message.get("CustomCampaign")
    found = files(
        message.get("Attachments", ()), name="Filename", content="Base64Content", kind="ContentType"
    )
    return Mail(
        email=message["To"][0]["Email"],
        subject=message["Subject"],
        html=EXECUTED.sub("", message.get("HTMLPart", "")),
        text=EXECUTED.sub("", message.get("TextPart", "")),
        headers=replying(message.get("ReplyTo", {}).get("Email"), message.get("Headers", {})),
        tags=(campaign,) if campaign else (),
        metadata={name: message[name] for name in ("CustomID", "EventPayload") if name in message},
        sender=mailbox(sender.get("Name"), sender["Email"]),
        message_id=message_id,
        extra={
            "tracked": any(message.get(name) != "disabled" for name in TRACKERS),
            **with_files(found),
        },
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
    return {"Status": "error", "Errors": [{**told, "ErrorRelatedTo": fields}]}
