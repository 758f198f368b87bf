"""Speak Postmark's API: a batch is a list of finished messages, each with a fate of its own."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

from .dialect import Dialect, Mail, RefusedError, Reply, Request, Sent, Taken, json_reply
from .fate import fate
from .openapi import FILLED, FLAG, HEADER_VALUE, NOT_PLAYED, STRINGS, first_few, official, problems

SENDING = "/email/batch"
MOST_MESSAGES, LARGEST_BATCH, LARGEST_BODY = 500, 50 * 1024 * 1024, 5 * 1024 * 1024
MOST_RESULTS, LAST_RESULT = 500, 10_000
EASTERN = timezone(timedelta(hours=-5))  # days of look-ups and figures; summer is not played

ADDRESS = {
    "type": "string",
    "pattern": r"([^<>\r\n]*<[^@\s<>,]+@[^@\s<>,]+>|[^@\s<>,]+@[^@\s<>,]+)",
}
TEXT = {"type": "string", "maxLength": LARGEST_BODY}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["From", "To", "Subject"],
    "properties": {
        "From": ADDRESS,
        "To": ADDRESS,  # one person: more would see each other's address
        "Cc": NOT_PLAYED,
        "Bcc": NOT_PLAYED,
        "ReplyTo": ADDRESS,
        "Subject": FILLED,
        "HtmlBody": TEXT,
        "TextBody": TEXT,
        "Tag": {"type": "string", "maxLength": 1000},
        "Metadata": STRINGS,
        "Headers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["Name", "Value"],
                "properties": {"Name": HEADER_VALUE, "Value": HEADER_VALUE},
            },
        },
        "TrackOpens": FLAG,
        "TrackLinks": {"type": "string", "enum": ["None", "HtmlAndText", "HtmlOnly", "TextOnly"]},
        "MessageStream": FILLED,
        "Attachments": NOT_PLAYED,
    },
}
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
    "415": error(422, 409, "Accept and Content-Type must be application/json"),
    "410": error(422, 410, "A batch holds 500 messages at most"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is special about this account, from the command line."""

    inactive: str = ""  # ADDRESS,ADDRESS: their messages fail with 406
    left: str = ""  # ADDRESS,ADDRESS: they left the broadcast stream by its link, and no other
    fail: str = ""  # ADDRESS:CODE,ADDRESS:CODE: their messages fail with this code
    stream: str = "broadcast"  # the id of the account's broadcast stream
    custom_unsubscribe: str = ""  # "1": the broadcast stream leaves unsubscribing to the caller

    def codes(self) -> dict[str, int]:
        """Give the ErrorCode each unlucky address gets."""
        pairs = (pair.rpartition(":") for pair in self.fail.split(",") if pair)
        inactive = dict.fromkeys(filter(None, self.inactive.lower().split(",")), 406)
        return {**inactive, **{email.lower(): int(code) for email, _, code in pairs}}


class Postmark(Dialect):
    """Postmark, which knows no idempotency and answers for each message of a batch."""

    name = "postmark"
    base = ""
    spec = "postmark.yaml"

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        self._key = api_key
        self._options = Options(**options)
        self._codes = self._options.codes()
        self._official = official(spec, "definitions", "SendEmailRequest", also=NEWER)

    def is_authorized(self, request: Request) -> bool:
        """Compare the server's token."""
        return request.headers.get("X-Postmark-Server-Token") == self._key

    def is_sending(self, request: Request) -> bool:
        """Know the one sending call."""
        return (request.method, request.path) == ("POST", SENDING)

    def take(self, request: Request, number: int) -> Taken:
        """Take or fail each message."""
        bodies = self._messages(request)
        mails: list[Mail] = []
        answers = [self._taken(body, mails) for body in bodies]
        return Taken(
            mails=tuple(mails),
            reply=json_reply(200, answers),
            violations=first_few(text for body in bodies for text in self._objections(body)),
        )

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer about the server, its streams, its messages and their figures."""
        answer = QUESTIONS.get(request.path)
        if request.path.endswith("/suppressions/dump"):
            return json_reply(200, {"Suppressions": suppressions(sent)})
        if request.path.startswith("/message-streams/"):
            return self._stream(request.path.removeprefix("/message-streams/"))
        if answer is None or request.method != "GET":
            return self.error("404")
        return json_reply(200, answer(sent, parameters(request)))

    def error(self, kind: str) -> Reply:
        """Word an error as Postmark does; only the body's code tells them apart."""
        return ERRORS[kind]

    def _messages(self, request: Request) -> list[dict[str, Any]]:
        kinds = (request.headers.get("Accept", ""), request.headers.get("Content-Type", ""))
        if not all(kind.startswith("application/json") for kind in kinds):
            raise RefusedError("Accept and Content-Type are not JSON", reply=self.error("415"))
        if len(request.body) > LARGEST_BATCH:
            raise RefusedError(f"{len(request.body)} bytes in a batch", reply=self.error("413"))
        try:
            bodies = json.loads(request.body)
        except ValueError as err:
            raise refused(402, f"body is not JSON: {err}") from err
        if not isinstance(bodies, list) or not bodies:
            raise refused(402, "$: not a list of messages")
        if len(bodies) > MOST_MESSAGES:
            raise RefusedError(f"{len(bodies)} messages in a batch", reply=self.error("410"))
        if found := first_few(
            text for at, body in enumerate(bodies) for text in self._broken(body, f"$[{at}]")
        ):
            raise refused(300, *found)
        return bodies

    def _broken(self, body: object, at: str) -> Iterator[str]:
        yield from problems(body, MESSAGE, at)
        yield from (f"{at}: {text}" for text in self._official(body))
        if isinstance(body, dict) and not (body.get("HtmlBody") or body.get("TextBody")):
            yield f"{at}: neither HtmlBody nor TextBody"

    def _objections(self, body: Mapping[str, Any]) -> Iterator[str]:
        stream = body.get("MessageStream", "outbound")
        if stream not in ("outbound", self._options.stream):
            yield f"unknown stream {stream}"
        if self._is_theirs(body):
            yield from (
                f"stream {stream} replaces {name}" for name in headers(body) if name in OWN_HEADERS
            )

    def _is_theirs(self, body: Mapping[str, Any]) -> bool:
        """Say whether Postmark handles unsubscribing from this message's stream."""
        is_broadcast = body.get("MessageStream") == self._options.stream
        return is_broadcast and self._options.custom_unsubscribe != "1"

    def _taken(self, body: Mapping[str, Any], mails: list[Mail]) -> dict[str, Any]:
        email = bare(body["To"])
        if body.get("MessageStream", "outbound") not in ("outbound", self._options.stream):
            return {"ErrorCode": 1235, "Message": NO_STREAM}
        has_left = email.lower() in self._options.left.lower().split(",")
        if has_left and body.get("MessageStream") == self._options.stream:
            return {"ErrorCode": 406, "Message": INACTIVE}
        if code := self._codes.get(email.lower()):
            return {"ErrorCode": code, "Message": INACTIVE if code == 406 else "Not accepted"}
        mail = self._mail(email, body)
        mails.append(mail)
        return {
            "To": body["To"],
            "SubmittedAt": f"{datetime.now(EASTERN):%Y-%m-%dT%H:%M:%S.%f}0-05:00",
            "MessageID": mail.message_id,
            "ErrorCode": 0,
            "Message": "OK",
        }

    def _mail(self, email: str, body: Mapping[str, Any]) -> Mail:
        html, text = body.get("HtmlBody", ""), body.get("TextBody", "")
        theirs = self._is_theirs(body)
        return Mail(
            email=email,
            subject=body["Subject"],
            html=html + f'<a href="{THEIR_LINK}">Unsubscribe</a>' if theirs and html else html,
            text=text + f"\n\nUnsubscribe: {THEIR_LINK}" if theirs and text else text,
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
            },
        )

    def _stream(self, name: str) -> Reply:
        if name not in ("outbound", self._options.stream):
            return error(422, 1226, NO_STREAM)
        is_broadcast = name == self._options.stream
        is_custom = self._options.custom_unsubscribe == "1"
        handling = ("Custom" if is_custom else "Postmark") if is_broadcast else "None"
        return json_reply(
            200,
            {
                "ID": name,
                "ServerID": 1,
                "Name": name,
                "MessageStreamType": "Broadcasts" if is_broadcast else "Transactional",
                "SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": handling},
            },
        )


def refused(code: int, *reasons: str) -> RefusedError:
    """Refuse a request with a code of Postmark's."""
    return RefusedError(*reasons, reply=error(422, code, reasons[0]))


def headers(body: Mapping[str, Any]) -> dict[str, str]:
    """Read the headers a message is given."""
    return {each["Name"]: each["Value"] for each in body.get("Headers", ())}


def bare(address: str) -> str:
    """Take an address out of its angle brackets."""
    return address.rpartition("<")[2].rstrip(">").strip()


def parameters(request: Request) -> dict[str, str]:
    """Read a query, in which nothing may come twice."""
    if twice := [name for name, values in request.query.items() if len(values) > 1]:
        raise refused(701, f"{twice[0]} is given more than once")
    return {name: values[0] for name, values in request.query.items()}


def chosen(sent: Sequence[Sent], query: Mapping[str, str]) -> list[Sent]:
    """Keep the messages that pass every filter."""
    if unknown := [
        name for name in query if name not in FILTERS and not name.startswith("metadata_")
    ]:
        raise refused(701, f"unknown parameter {unknown[0]}")
    if sum(name.startswith("metadata_") for name in query) > 1:
        raise refused(701, "one metadata filter at most")
    wanted = [(FILTERS.get(name) or metadata_is(name), value) for name, value in query.items()]
    return [each for each in sent if all(is_so(each, value) for is_so, value in wanted)]


def metadata_is(name: str) -> Callable[[Sent, str], bool]:
    """Build the filter by one key of the metadata."""
    key = name.removeprefix("metadata_")
    return lambda sent, value: sent.mail.metadata.get(key) == value


def day(sent: Sent) -> date:
    """Give the day a message was sent, as Postmark counts days."""
    return sent.at.astimezone(EASTERN).date()


def as_date(text: str) -> date:
    """Read a date (YYYY-MM-DD)."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as err:
        raise refused(701, f"{text!r} is not a date") from err


FILTERS: dict[str, Callable[[Sent, str], bool]] = {
    "tag": lambda sent, value: value in sent.mail.tags,
    "recipient": lambda sent, value: sent.mail.email == value,
    "fromemail": lambda sent, value: bare(sent.mail.sender) == value,
    "subject": lambda sent, value: sent.mail.subject == value,
    "messagestream": lambda sent, value: sent.extra["stream"] == value,
    "status": lambda _, value: value == "sent",
    "fromdate": lambda sent, value: day(sent) >= as_date(value),
    "todate": lambda sent, value: day(sent) <= as_date(value),
}


def search(sent: Sequence[Sent], query: Mapping[str, str]) -> dict[str, Any]:
    """Answer the search for messages, newest first."""
    if not all(query.get(name, "").isdecimal() for name in ("count", "offset")):
        raise refused(701, "count and offset are required numbers")
    amount, offset = int(query["count"]), int(query["offset"])
    if amount > MOST_RESULTS or amount + offset > LAST_RESULT:
        raise refused(701, "count is at most 500, count and offset together at most 10000")
    filters = {name: value for name, value in query.items() if name not in ("count", "offset")}
    found = chosen(sent, filters)[::-1]
    return {
        "TotalCount": len(found),
        "Messages": [detail(each) for each in found[offset : offset + amount]],
    }


def detail(sent: Sent) -> dict[str, Any]:
    """Write a message as the search lists it."""
    mail = sent.mail
    return {
        "Tag": mail.tags[0] if mail.tags else "",
        "MessageID": mail.message_id,
        "To": [{"Email": mail.email, "Name": None}],
        "Cc": [],
        "Bcc": [],
        "Recipients": [mail.email],
        "ReceivedAt": sent.at.isoformat(),
        "From": mail.sender,
        "Subject": mail.subject,
        "Attachments": [],
        "Status": "Sent",
        "Metadata": dict(mail.metadata),
        "MessageStream": sent.extra["stream"],
        "Sandboxed": False,
    }


def overview(sent: Sequence[Sent], query: Mapping[str, str]) -> dict[str, Any]:
    """Answer the figures."""
    told = fate(len(chosen(sent, query)))
    bounced = told.hard_bounces + told.soft_bounces
    return {
        "Sent": told.sent,
        "Bounced": bounced,
        "BounceRate": round(100 * bounced / told.sent, 2) if told.sent else 0,
        "SMTPApiErrors": 0,
        "SpamComplaints": 0,
        "SpamComplaintsRate": 0,
        "Opens": told.opens,
        "UniqueOpens": told.unique_opens,
        "Tracked": told.sent,
        "WithOpenTracking": told.sent,
        "WithLinkTracking": told.sent,
        "TotalClicks": told.clicks,
        "UniqueLinksClicked": told.unique_clicks,
        "TotalTrackedLinksSent": told.sent,
        "WithClientRecorded": 0,
        "WithPlatformRecorded": 0,
    }


QUESTIONS: dict[str, Callable[[Sequence[Sent], Mapping[str, str]], dict[str, Any]]] = {
    "/server": lambda *_: {"ID": 1, "Name": "newsletter", "DeliveryType": "Live"},
    "/messages/outbound": search,
    "/stats/outbound": overview,
}


def suppressions(sent: Sequence[Sent]) -> list[dict[str, str]]:
    """List whom the stream sends nothing any more: some addresses say so of themselves."""
    gone = {"bounces": "HardBounce", "complains": "SpamComplaint", "leaves": "ManualSuppression"}
    return [
        {
            "EmailAddress": each.mail.email,
            "SuppressionReason": reason,
            "Origin": "Recipient",
            "CreatedAt": each.at.isoformat(),
        }
        for each in sent
        for word, reason in gone.items()
        if each.mail.email.startswith(word)
    ]
