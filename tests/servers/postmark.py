"""Speak Postmark's API: a batch is a list of finished messages, each with a fate of its own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
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
    bare,
    by_address,
    first_few,
    json_reply,
)
from .enclosed import files, with_files
from .openapi import official
from .postmark_reports import EASTERN, clicks, overview, search, suppressions
from .schemas import (
    FILLED,
    FLAG,
    HEADER_VALUE,
    STRINGS,
    not_played,
    one_of,
    problems,
    record,
    several,
    text,
)
from .visits import Visits

MOST_MESSAGES, LARGEST_MESSAGE = 500, 5 * 1024 * 1024

PERSON = text(r"([^<>\r\n]*<[^@\s<>,]+@[^@\s<>,]+>|[^@\s<>,]+@[^@\s<>,]+)")
CONTENT = text(most=LARGEST_MESSAGE)
MESSAGE = record(
    {"From": PERSON, "To": PERSON, "Subject": FILLED},  # one person: more would see each other
    {
        "ReplyTo": PERSON,
        "HtmlBody": CONTENT,
        "TextBody": CONTENT,
        "Tag": text(most=1000),
        "Metadata": STRINGS,
        "Headers": several(record({"Name": HEADER_VALUE, "Value": HEADER_VALUE})),
        "TrackOpens": FLAG,
        "TrackLinks": one_of("None", "HtmlAndText", "HtmlOnly", "TextOnly"),
        "MessageStream": FILLED,
        "Attachments": several(
            record({"Name": FILLED, "Content": FILLED, "ContentType": FILLED}), 1
        ),
        **not_played("Cc", "Bcc"),
    },
)
# The specification is older than these.
NEWER = {"MessageStream": {"type": "string"}, "Metadata": {"type": "object"}}

INACTIVE = "You tried to send to a recipient that has been marked as inactive"
NO_STREAM = "The message stream does not exist on this server"
OWN_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")
# What a broadcast stream puts in place of the caller's own.
THEIR_HEADERS = {
    "List-Unsubscribe": "<https://unsubscribe.postmark.example/one-click>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
THEIR_LINK = "https://unsubscribe.postmark.example/"


def error(status: int, code: int, message: str) -> Reply:
    """Answer with Postmark's error model."""
    return json_reply(status, {"ErrorCode": code, "Message": message})


ERRORS = {
    "400-invalid": error(422, 300, "Invalid 'To' address in one of the messages"),
    "401": error(401, 10, "The Server Token in X-Postmark-Server-Token is invalid"),
    "402": error(422, 405, "Not allowed to send: this account has run out of credits"),
    "403": error(422, 412, "Your account is pending approval"),
    "404": error(404, 404, "The requested resource was not found"),
    "413": Reply(status=413, body=b"Payload Too Large", kind="text/plain"),
    "429": error(429, 429, "Rate limit exceeded"),
    "500": error(500, 500, "Internal server error"),
    "503": error(503, 100, "Postmark is offline for maintenance"),
    "repeat": error(422, 300, "There are no idempotency keys"),
}
NO_JSON = error(422, 409, "Accept and Content-Type must be application/json")
TOO_MANY = error(422, 410, "A batch holds 500 messages at most")


class Postmark(Dialect):
    """Postmark, which knows no idempotency and answers for each message of a batch.

    Options: `inactive`, addresses whose messages fail with 406; `left`, those that left the
    broadcast stream by its own link; `fail`, ADDRESS:CODE, whose messages fail with that code;
    `stream`, the id of the broadcast stream; `custom_unsubscribe`, "1" where that stream leaves
    unsubscribing to the caller. Several addresses have commas between.
    """

    name = "postmark"
    spec = "postmark.yaml"
    options = ("inactive", "left", "fail", "stream", "custom_unsubscribe")
    key_header = "X-Postmark-Server-Token"
    sending = "POST /email/batch"
    largest = 50 * 1024 * 1024
    errors = ERRORS

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        super().__init__(spec, api_key, **options)
        self._stream = options.get("stream", "broadcast")
        self._is_custom = options.get("custom_unsubscribe") == "1"
        self._left = by_address(options.get("left", ""))
        inactive = by_address(options.get("inactive", ""), "406")
        self._codes = inactive | by_address(options.get("fail", ""))
        self._official = official(spec, "definitions", "SendEmailRequest", also=NEWER)

    def credential(self) -> str:
        """Return the server's token."""
        return self.api_key

    def refusal(self, reason: str) -> Reply:
        """Refuse a batch, or a question, with a code of Postmark's."""
        code = 300 if reason.startswith("$[") else 402 if reason.startswith(("$", "body")) else 701
        return error(422, code, reason)

    def take(self, request: Request, number: int) -> Taken:
        """Take or fail each message."""
        kinds = (request.headers.get("Accept", ""), request.headers.get("Content-Type", ""))
        if not all(kind.startswith("application/json") for kind in kinds):
            raise RefusedError("Accept and Content-Type are not JSON", reply=NO_JSON)
        bodies = self.read(request)
        if not isinstance(bodies, list) or not bodies:
            raise self.refused("$: not a list of messages")
        if len(bodies) > MOST_MESSAGES:
            raise RefusedError(f"{len(bodies)} messages in a batch", reply=TOO_MANY)
        broken = (self._problems(body, f"$[{at}]") for at, body in enumerate(bodies))
        if wrong := [reason for each in broken for reason in each]:
            raise self.refused(*wrong)
        mails: list[Mail] = []
        return Taken(
            reply=json_reply(200, [self._taken(body, mails) for body in bodies]),
            mails=tuple(mails),
            violations=first_few([told for body in bodies for told in self._objections(body)]),
        )

    def routes(self) -> Mapping[str, Answer]:
        """Answer about messages, their figures, and who gets none any more."""
        visits = Visits(self.visits_file)
        return {
            "GET /server": lambda *_: {"ID": 1, "DeliveryType": "Live"},
            "GET /messages/outbound": search,
            "GET /messages/outbound/clicks": partial(clicks, visits),
            "GET /stats/outbound": partial(overview, visits),
            "GET /message-streams/[^/]+/suppressions/dump": self._suppressions,
        }

    def _suppressions(self, request: Request, sent: Sequence[Sent]) -> object:
        return self.office.with_own(
            suppressions(request, sent),
            "Suppressions",
            lambda who, why: {"EmailAddress": who, "SuppressionReason": why, "Origin": "Customer"},
        )

    def _problems(self, body: object, at: str) -> Iterator[str]:
        yield from problems(body, MESSAGE, at)
        yield from (f"{at}: {reason}" for reason in self._official(body))
        if isinstance(body, dict) and not (body.get("HtmlBody") or body.get("TextBody")):
            yield f"{at}: neither HtmlBody nor TextBody"

    def _objections(self, body: Mapping[str, Any]) -> Iterator[str]:
        stream = body.get("MessageStream", "outbound")
        if stream not in ("outbound", self._stream):
            yield f"unknown stream {stream}"
        for name in headers(body) if self._is_theirs(body) else ():
            if name in OWN_HEADERS:
                yield f"stream {stream} replaces {name}"

    def _is_theirs(self, body: Mapping[str, Any]) -> bool:
        """Say whether Postmark handles unsubscribing from this message's stream."""
        return body.get("MessageStream") == self._stream and not self._is_custom

    def _taken(self, body: Mapping[str, Any], mails: list[Mail]) -> dict[str, Any]:
        email, stream = bare(body["To"]), body.get("MessageStream", "outbound")
        if stream not in ("outbound", self._stream):
            return {"ErrorCode": 1235, "Message": NO_STREAM}
        has_left = email.lower() in self._left and stream == self._stream
        if code := 406 if has_left else int(self._codes.get(email.lower(), 0)):
            return {"ErrorCode": code, "Message": INACTIVE if code == 406 else "Not accepted"}
        mails.append(self._mail(email, body))
        return {
            "To": body["To"],
            "SubmittedAt": f"{datetime.now(EASTERN):%Y-%m-%dT%H:%M:%S.%f}0-05:00",
            "MessageID": mails[-1].message_id,
            "ErrorCode": 0,
            "Message": "OK",
        }

    def _mail(self, email: str, body: Mapping[str, Any]) -> Mail:
        html, plain = body.get("HtmlBody", ""), body.get("TextBody", "")
        theirs = self._is_theirs(body)
        given = body.get("Attachments", ())
        return Mail(
            email=email,
            subject=body["Subject"],
            html=html + f'<a href="{THEIR_LINK}">Unsubscribe</a>' if theirs and html else html,
            text=plain + f"\n\nUnsubscribe: {THEIR_LINK}" if theirs and plain else plain,
            headers={**headers(body), **(THEIR_HEADERS if theirs else {})},
            tags=(body["Tag"],) if body.get("Tag") else (),
            metadata=body.get("Metadata", {}),
            sender=body["From"],
            message_id=str(uuid4()),
            extra={
                "replyTo": body.get("ReplyTo", ""),
                "stream": body.get("MessageStream", "outbound"),
                # What is not said is decided by the server's settings.
                "tracked": body.get("TrackOpens") is not False or body.get("TrackLinks") != "None",
                **with_files(files(given, name="Name", content="Content", kind="ContentType")),
            },
        )


def headers(body: Mapping[str, Any]) -> dict[str, str]:
    """Read the headers a message is given."""
    return {each["Name"]: each["Value"] for each in body.get("Headers", ())}
