"""Name what passes between the test house and the dialect of one provider."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

# Each kind of error a dialect can word as its provider does; "repeat" answers a reused key.
ERRORS = ("401", "402", "403", "404", "413", "429", "500", "503", "400-invalid", "repeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came over the wire."""

    method: str
    path: str  # whole, the dialect's base included; percent-decoded, without the query
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # looked up in any case
    body: bytes
    target: str = ""  # path and query as they came, for signatures made over them


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Mapping[str, Any], ...] = ()  # lines to journal before `ask`'s answer goes out


def json_reply(status: int, data: object, **headers: str) -> Reply:
    """Answer with JSON."""
    return Reply(status=status, body=json.dumps(data).encode(), headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as one person would get it."""

    email: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]  # those the caller chose, as they would go out
    tags: tuple[str, ...]
    metadata: Mapping[str, str]
    sender: str  # the From line, decoded: Name <address>
    message_id: str  # the provider's, as its answers write it
    extra: Mapping[str, Any] = field(default_factory=dict)  # further fields of its journal line


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A sending call that was carried out."""

    mails: tuple[Mail, ...]
    reply: Reply
    key: str = ""  # the idempotency key; "": the provider has none, or none was given
    violations: tuple[str, ...] = ()  # journalled, although the call was not refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was accepted, as look-ups find it."""

    mail: Mail
    at: datetime  # UTC
    call: int  # the number of its sending call, from 1

    @property
    def extra(self) -> Mapping[str, Any]:
        """What only this provider knows of the message."""
        return self.mail.extra


class RefusedError(ValueError):
    """A request breaks the API: every reason is journalled as a violation."""

    def __init__(self, *reasons: str, reply: Reply) -> None:
        super().__init__(*reasons)
        self.reasons = reasons
        self.reply = reply


class Dialect(Protocol):
    """How one provider speaks; its calls come one at a time, never two at once."""

    name: str
    base: str  # the path that base_url ends with, such as "/v3"
    spec: str  # the file name of its specification, "" if there is none

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None: ...

    def is_authorized(self, request: Request) -> bool:
        """Say whether the request carries the key."""
        ...

    def is_sending(self, request: Request) -> bool:
        """Say whether the request asks to send mail; its body is not read yet."""
        ...

    def take(self, request: Request, number: int) -> Taken:
        """Carry out a sending call, or raise RefusedError."""
        ...

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer any other request from what was sent; a path it does not know is its own 404."""
        ...

    def error(self, kind: str) -> Reply:
        """Word one of ERRORS as the provider does."""
        ...
