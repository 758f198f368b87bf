"""Keep the account mail is sent from: its journal, what was sent, the keys it remembers."""

import json
import threading
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from .dialect import Dialect, RefusedError, Reply, Request, Sent, Taken
from .faults import Fault, Planned

# How many recipients of each call have html and text in the journal.
BODIES = {"first": 1, "all": None, "none": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process behaves, from its command line."""

    name: str  # the dialect's
    journal: Path
    spec: Path | None
    port: int
    api_key: str  # "": the one tests use with this dialect
    bodies: str  # one of BODIES
    window: float  # seconds an idempotency key is remembered
    repeat_answer: str  # "same": as the first time; "duplicate": an error
    delay: float  # seconds between journalling and answering, in every call
    lag: float  # seconds until look-ups find what was sent
    fault: Sequence[Planned]  # the first that fits a call hits it
    option: Sequence[tuple[str, str]]  # handed to the dialect
    tls: Sequence[Path] | None  # certificate and key: serve HTTPS


class Account:
    """One account at a provider; its journal never says less than was accepted."""

    def __init__(self, settings: Settings, dialect: Dialect, journal: BinaryIO) -> None:
        self.settings = settings
        self.dialect = dialect
        self._journal = journal
        self._lock = threading.Lock()
        self._calls = count(1)
        self._sent: list[Sent] = []
        self._answers: dict[str, tuple[float, Reply]] = {}

    def next_call(self) -> tuple[int, Fault]:
        """Number a sending call that came in, and say what goes wrong with it."""
        with self._lock:
            number = next(self._calls)
            plans = (plan for plan in self.settings.fault if plan.first <= number <= plan.last)
            fault = next((plan.fault for plan in plans), Fault())
            if fault.name:
                self._append([{"fault": fault.name, "call": number}])
        return number, fault

    def send(self, request: Request, number: int) -> Reply:
        """Carry out a sending call, at most once per idempotency key."""
        with self._lock:
            try:
                taken = self.dialect.take(request, number)
            except RefusedError as refusal:
                self._object(refusal.reasons, number)
                return refusal.reply
            self._object(taken.violations, number)
            return self._repeated(taken, number) or self._accepted(taken, number)

    def look_up(self, request: Request) -> Reply:
        """Answer any other request from what was sent long enough ago."""
        with self._lock:
            self._append([{"asked": f"{request.method} {request.target}"}])
            try:
                reply = self.dialect.ask(request, self._findable())
            except RefusedError as refusal:
                self._object(refusal.reasons, 0)
                return refusal.reply
            self._append(reply.notes)
            return reply

    def _findable(self) -> Sequence[Sent]:
        if not self.settings.lag:
            return self._sent
        latest = datetime.now(UTC) - timedelta(seconds=self.settings.lag)
        return self._sent[: bisect_right(self._sent, latest, key=lambda sent: sent.at)]

    def _repeated(self, taken: Taken, number: int) -> Reply | None:
        then, answer = self._answers.get(taken.key, (0.0, None))
        if answer is None or time.monotonic() - then > self.settings.window:
            return None
        self._append([{"repeat": taken.key, "call": number}])
        is_same = self.settings.repeat_answer == "same"
        return answer if is_same else self.dialect.error("repeat")

    def _accepted(self, taken: Taken, number: int) -> Reply:
        now, bodies = datetime.now(UTC), BODIES[self.settings.bodies]
        sent = [Sent(mail=mail, at=now, call=number) for mail in taken.mails]
        self._append(
            [
                line(each, key=taken.key, has_bodies=bodies is None or at < bodies)
                for at, each in enumerate(sent)
            ]
        )
        self._sent += sent
        if taken.key:
            self._answers[taken.key] = time.monotonic(), taken.reply
        return taken.reply

    def _object(self, reasons: Sequence[str], number: int) -> None:
        self._append([{"violation": reason, "call": number} for reason in reasons])

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        if lines:
            self._journal.write(b"".join(json.dumps(each).encode() + b"\n" for each in lines))
            self._journal.flush()


def line(sent: Sent, *, key: str, has_bodies: bool) -> dict[str, Any]:
    """Write the journal line of a message."""
    mail = sent.mail
    return {
        "email": mail.email,
        "tag": mail.tags[0] if mail.tags else "",
        "tags": mail.tags,
        "metadata": dict(mail.metadata),
        "key": key,
        "call": sent.call,
        "subject": mail.subject,
        "html": mail.html if has_bodies else None,
        "text": mail.text if has_bodies else None,
        "headers": dict(mail.headers),
        "sender": mail.sender,
        "messageId": mail.message_id,
        **mail.extra,
    }
