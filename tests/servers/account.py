"""Keep the account mail is sent from: its journal, what was sent, the keys it remembers."""

import json
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from .dialect import Dialect, RefusedError, Reply, Request, Sent, Taken
from .faults import Fault, planned

# How many recipients of each call have html and text in the journal.
BODIES = {"first": 1, "all": None, "none": 0}


@dataclass(kw_only=True)
class Manner:
    """How an account behaves."""

    name: str  # the dialect's
    spec: Path | None = None  # the provider's specification, to hold each call against
    api_key: str = ""  # "": the one of `house.key_for`
    bodies: str = "first"  # one of BODIES
    window: float = 900.0  # seconds an idempotency key is remembered
    repeat_answer: str = "same"  # as the first time; "duplicate": an error
    delay: float = 0.0  # seconds between journalling and answering, in every call
    lag: float = 0.0  # seconds until look-ups find what was sent
    faults: Sequence[str] = ()  # the first that fits a call hits it; see `faults.planned`
    options: Mapping[str, str] = field(default_factory=dict)  # handed to the dialect
    visits: Path | None = None  # the file of what is done with the mail; see `visits`


class Account:
    """One account at a provider; its journal never says less than was accepted."""

    def __init__(self, manner: Manner, dialect: Dialect, journal: BinaryIO) -> None:
        self.dialect = dialect
        self._manner = manner
        self._faults = [planned(text) for text in manner.faults]
        self._journal = journal
        self._lock = threading.Lock()
        self._calls = count(1)
        self._sent: list[Sent] = []
        self._answers: dict[str, tuple[float, Reply]] = {}

    def next_call(self) -> tuple[int, Fault]:
        """Number a sending call that came in, and say what goes wrong with it."""
        with self._lock:
            number = next(self._calls)
            plans = (plan for plan in self._faults if plan.first <= number <= plan.last)
            fault = next((plan.fault for plan in plans), Fault())
            if fault.name:
                self._append([{"fault": fault.name, "call": number}])
        return number, fault

    def carry_out(
        self,
        request: Request,
        number: int,
        fault: Fault,
        *,
        wait: Callable[[float], object] = time.sleep,
    ) -> Reply:
        """Answer a sending call, as far as its fault lets it come."""
        if not self.dialect.is_authorized(request):
            return self.dialect.error("401")
        time.sleep(fault.wait_before)
        reply = None
        if fault.accepts:
            reply = self._send(request, number)
            wait(fault.wait_after + self._manner.delay)
        return fault.answer(reply, self.dialect)

    def look_up(self, request: Request) -> Reply:
        """Answer any other request from what was sent long enough ago."""
        if not self.dialect.is_authorized(request):
            return self.dialect.error("401")
        with self._lock:
            self._append([{"asked": f"{request.method} {request.target}"}])
            try:
                reply = self.dialect.ask(request, self._findable())
            except RefusedError as refusal:
                self._object(refusal.reasons, 0)
                return refusal.reply
            self._append(reply.notes)
            return reply

    def _send(self, request: Request, number: int) -> Reply:
        """Carry out a sending call, at most once per idempotency key."""
        with self._lock:
            try:
                taken = self.dialect.take(request, number)
            except RefusedError as refusal:
                self._object(refusal.reasons, number)
                return refusal.reply
            self._object(taken.violations, number)
            return self._repeated(taken, number) or self._accepted(taken, number)

    def _findable(self) -> Sequence[Sent]:
        latest = datetime.now(UTC) - timedelta(seconds=self._manner.lag)
        return self._sent[: bisect_right(self._sent, latest, key=lambda sent: sent.at)]

    def _repeated(self, taken: Taken, number: int) -> Reply | None:
        then, answer = self._answers.get(taken.key, (0.0, None))
        if answer is None or time.monotonic() - then > self._manner.window:
            return None
        self._append([{"repeat": taken.key, "call": number}])
        return answer if self._manner.repeat_answer == "same" else self.dialect.error("repeat")

    def _accepted(self, taken: Taken, number: int) -> Reply:
        now, bodies = datetime.now(UTC), BODIES[self._manner.bodies]
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
