"""Name what the dialect of one provider makes of requests, and what dialects share."""

import base64
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from .exchanges import Reply, Request, json_reply
from .offices import Office

__all__ = [
    "ERRORS",
    "Answer",
    "Dialect",
    "Mail",
    "RefusedError",
    "Reply",
    "Request",
    "Sent",
    "Taken",
    "bare",
    "basic",
    "by_address",
    "first_few",
    "json_reply",
    "mailbox",
    "replying",
]

# Each kind of error a dialect can word as its provider does; "repeat" answers a reused key.
ERRORS = ("401", "402", "403", "404", "413", "429", "500", "503", "400-invalid", "repeat")


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


def mailbox(name: str | None, address: str) -> str:
    """Write a person as the From line does."""
    return f"{name} <{address}>" if name else address


def bare(text: str) -> str:
    """Take an address, or an id, out of its angle brackets."""
    return text.rpartition("<")[2].removesuffix(">").strip()


def replying(to: str | None, headers: Mapping[str, str]) -> dict[str, str]:
    """Put Reply-To, if there is one, before the headers that the caller chose."""
    return {**({"Reply-To": to} if to else {}), **headers}


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


class RefusedError(Exception):
    """A request breaks the API: every reason is journalled as a violation."""

    def __init__(self, *reasons: str, reply: Reply) -> None:
        super().__init__(*reasons)
        self.reasons = reasons
        self.reply = reply


# Gets the request, what was sent, and what the groups of its route matched; what it returns is
# answered as JSON, unless it is a reply. A ValueError is refused in the provider's words.
Answer = Callable[..., object]


class Dialect(ABC):
    """How one provider speaks; its calls come one at a time, never two at once.

    Routes are a method and a pattern of paths, such as "GET /events/(.+)".
    """

    name: ClassVar[str]
    base: ClassVar[str] = ""  # the path that base_url ends with, such as "/v3"
    spec: ClassVar[str] = ""  # the file name of its specification, "" if there is none
    options: ClassVar[Sequence[str]] = ()  # by which an account can be made special
    key_header: ClassVar[str] = "Authorization"
    sending: ClassVar[str]  # the route of calls that ask to send mail
    largest: ClassVar[int]  # bytes of the body of such a call
    errors: ClassVar[Mapping[str, Reply]]  # each of ERRORS as the provider words it

    def __init__(self, spec: Path | None, api_key: str, **options: str) -> None:
        if unknown := options.keys() - set(self.options):
            raise ValueError(f"{self.name} has no options: {', '.join(unknown)}")
        self.api_key = api_key
        self.office = Office()
        self.visits_file: Path | None = None  # what is done with the mail; see `visits`

    # --- what is each provider's own ------------------------------------------------------

    @abstractmethod
    def take(self, request: Request, number: int) -> Taken:
        """Carry out a sending call, or raise RefusedError."""

    @abstractmethod
    def routes(self) -> Mapping[str, Answer]:
        """Name what may be asked besides."""

    @abstractmethod
    def refusal(self, reason: str) -> Reply:
        """Word that a request breaks the API."""

    def credential(self) -> str:
        """Return what the header with the key must hold."""
        return f"Bearer {self.api_key}"

    def error(self, kind: str) -> Reply:
        """Word one of ERRORS."""
        return self.errors[kind]

    # --- what all have in common ----------------------------------------------------------

    def is_authorized(self, request: Request) -> bool:
        """Say whether the request carries the key."""
        return request.headers.get(self.key_header) == self.credential()

    def is_sending(self, request: Request) -> bool:
        """Say whether the request asks to send mail; its body is not read yet."""
        return re.fullmatch(self.sending, f"{request.method} {request.path}") is not None

    def ask(self, request: Request, sent: Sequence[Sent]) -> Reply:
        """Answer any other request from what was sent; a path that is not known is a 404."""
        for route, answer in {**self.office.routes(self.name), **self.routes()}.items():
            found = re.fullmatch(route, f"{request.method} {request.path}")
            if not found:
                continue
            try:
                told = answer(request, sent, *found.groups())
            except ValueError as err:
                raise self.refused(str(err)) from err
            return told if isinstance(told, Reply) else json_reply(200, told)
        return self.error("404")

    def read(self, request: Request) -> Any:
        """Read the JSON of a sending call."""
        if len(request.body) > self.largest:
            reason = f"{len(request.body)} bytes, at most {self.largest}"
            raise RefusedError(reason, reply=self.error("413"))
        try:
            return json.loads(request.body)
        except ValueError as err:
            raise self.refused(f"body is not JSON: {err}") from err

    def refused(self, *reasons: str) -> RefusedError:
        """Return a refusal, which tells the first reason alone, and journals up to twenty."""
        return RefusedError(*first_few(reasons), reply=self.refusal(reasons[0]))


def basic(user_and_password: str) -> str:
    """Write HTTP's basic authorization."""
    return f"Basic {base64.b64encode(user_and_password.encode()).decode()}"


def by_address(option: str, word: str = "") -> dict[str, str]:
    """Read an option that is ADDRESS or ADDRESS:WORD, several with commas between."""
    parts = (each.partition(":") for each in option.split(",") if each)
    return {address.lower(): own or word for address, _, own in parts}


def first_few(reasons: Sequence[str]) -> tuple[str, ...]:
    """Keep each reason once, and at most twenty."""
    return tuple(dict.fromkeys(reasons))[:20]
