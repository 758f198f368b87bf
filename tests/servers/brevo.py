"""Play Brevo's v3 API on loopback, in a process of its own, and journal what each person gets."""

import argparse
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import parse_qsl

from . import brevo_rules as rules
from .brevo_rules import Call, Draft, RefusedError, Sent

REPOSITORY = Path(__file__).parents[2]
SPECIFICATION = REPOSITORY.parent / "shared" / "openapi" / "brevo.yaml"
SENDING = "/v3/smtp/email"
LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one sending call; by default nothing does."""

    reads: bool = True  # False: the connection is reset before the body is read
    accepts: bool = True  # whether the call is carried out and journalled
    answers: bool = True  # False: the connection is reset instead of an answer
    cuts: bool = False  # whether the answer's JSON ends in the middle
    reply: Reply | None = None  # goes out instead of the true answer
    wait_before: float = 0.0  # seconds between reading and accepting
    wait_after: float = 0.0  # seconds between accepting and answering


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process behaves, from its command line."""

    journal: Path
    spec: Path | None
    port: int
    api_key: str
    bodies: str  # "first": html and text only for the first recipient of each call; "all"
    window: float  # seconds an idempotency key is remembered
    repeat_answer: str  # "same": as the first time; "duplicate": an error
    delay: float  # seconds between journalling and answering, in every call
    fault: Sequence[tuple[int, Fault]]  # each with the number of its sending call, from 1
    parent: bool  # whether to end when stdin is closed


def json_reply(status: int, data: object) -> Reply:
    """Answer with JSON."""
    return Reply(status=status, body=json.dumps(data).encode())


def error(status: int, code: str, message: str) -> Reply:
    """Answer with Brevo's error model."""
    return json_reply(status, {"code": code, "message": message})


UNAUTHORIZED = error(401, "unauthorized", "Key not found")
NO_CREDITS = error(402, "not_enough_credits", "Your account has no credits left")
BAD_ADDRESS = error(400, "invalid_parameter", "email is not valid in messageVersions")
NOT_FOUND = error(404, "document_not_found", "Path not found")
WRONG_METHOD = error(405, "method_not_allowed", "Method is not allowed on this path")
REPEATED = error(400, "duplicate_request", "idempotencyKey was used before")
TOO_MANY = error(429, "too_many_requests", "Rate limit exceeded")
FAILED = error(500, "internal_error", "Internal server error")
HTML_PAGE = Reply(status=200, body=b"<!DOCTYPE html><title>Sign in</title>", kind="text/html")

# Each kind of fault by its name on the command line; the text after a second colon is handed in.
FAULTS: dict[str, Callable[[str], Fault]] = {
    "429": lambda seconds: Fault(
        accepts=False,
        reply=replace(TOO_MANY, headers={"Retry-After": seconds} if seconds else {}),
    ),
    "500-before": lambda _: Fault(accepts=False, reply=FAILED),
    "500-after": lambda _: Fault(reply=FAILED),
    "reset-before": lambda _: Fault(reads=False, accepts=False, answers=False),
    "reset-after": lambda _: Fault(answers=False),
    "html": lambda _: Fault(accepts=False, reply=HTML_PAGE),
    "truncated": lambda _: Fault(cuts=True),
    "401": lambda _: Fault(accepts=False, reply=UNAUTHORIZED),
    "402": lambda _: Fault(accepts=False, reply=NO_CREDITS),
    "400-invalid": lambda _: Fault(accepts=False, reply=BAD_ADDRESS),
    "slow": lambda seconds: Fault(wait_after=float(seconds)),
    "slow-before": lambda seconds: Fault(wait_before=float(seconds)),
}


class Account:
    """The account mail is sent from: its journal, its figures, the keys it remembers."""

    def __init__(self, settings: Settings, journal: BinaryIO) -> None:
        self.settings = settings
        self._journal = journal
        self._validators = rules.validators(settings.spec)
        self._lock = threading.Lock()
        self._calls = count(1)
        # A random start keeps ids apart when a second process goes on with the same journal.
        self._serials = count(10_000_000_000 + secrets.randbelow(80_000_000_000))
        self._faults = dict(settings.fault)
        self._sent: list[Sent] = []
        self._answers: dict[str, tuple[float, Reply]] = {}

    def next_call(self) -> tuple[int, Fault]:
        """Number a sending call that came in, and say what goes wrong with it."""
        number = next(self._calls)
        return number, self._faults.get(number, Fault())

    def send(self, raw: bytes, number: int) -> Reply:
        """Carry out a sending call, at most once per idempotency key."""
        try:
            call = rules.parse_call(raw, number, self._validators)
        except RefusedError as refusal:
            self._note_violations(refusal.reasons, number)
            return error(400, "invalid_parameter", str(refusal))
        self._note_violations(list(rules.missing_params(call)), number)
        with self._lock:
            return self._repeated(call) or self._accepted(call)

    def look_up(self, path: str, query: Mapping[str, str]) -> Reply:
        """Answer a question about the account."""
        with self._lock:
            sent = list(self._sent)
        try:
            return json_reply(200, QUESTIONS[path](sent, query, datetime.now(UTC).date()))
        except RefusedError as refusal:
            return error(400, "invalid_parameter", str(refusal))

    def _note_violations(self, reasons: Sequence[str], number: int) -> None:
        with self._lock:
            self._append([{"violation": reason, "call": number} for reason in reasons])

    def _repeated(self, call: Call) -> Reply | None:
        then, answer = self._answers.get(call.key, (0.0, None))
        if answer is None or time.monotonic() - then > self.settings.window:
            return None
        self._append([{"repeat": call.key, "call": call.number}])
        return REPEATED if self.settings.repeat_answer == "duplicate" else answer

    def _accepted(self, call: Call) -> Reply:
        sent = [self._sent_now(call, draft) for draft in call.drafts]
        bodies = len(sent) if self.settings.bodies == "all" else 1
        self._append([each.line(has_bodies=at < bodies) for at, each in enumerate(sent)])
        self._sent += sent
        ids = [each.message_id for each in sent]
        answer = json_reply(201, {"messageIds": ids} if call.is_batch else {"messageId": ids[0]})
        self._answers[call.key] = time.monotonic(), answer
        return answer

    def _sent_now(self, call: Call, draft: Draft) -> Sent:
        now = datetime.now(UTC)
        message_id = f"<{now:%Y%m%d%H%M}.{next(self._serials)}@smtp-relay.mailin.fr>"
        return Sent(call=call, draft=draft, message_id=message_id, at=now)

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._journal.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        self._journal.flush()


OWNER = {"email": "editor@example.org", "companyName": "Example Foundation"}
QUESTIONS: dict[str, Callable[[Sequence[Sent], Mapping[str, str], date], dict[str, Any]]] = {
    "/v3/account": lambda *_: OWNER,
    "/v3/smtp/statistics/aggregatedReport": rules.report,
    "/v3/smtp/statistics/events": rules.events,
}


class Server(ThreadingHTTPServer):
    """Loopback HTTP in front of one account."""

    request_queue_size = 128

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", account.settings.port), Exchange)
        self.account = account

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about a client that went away; anything else is a fault of this program."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Exchange(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together
    server: Server

    def exchange(self) -> None:
        """Read one request and answer it."""
        path, _, query = self.path.partition("?")
        if (self.command, path) == ("POST", SENDING):
            self._send_mail()
            return
        self._body()
        self._answer(self._asked(path, dict(parse_qsl(query, keep_blank_values=True))))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = exchange  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no access log."""

    def _asked(self, path: str, query: Mapping[str, str]) -> Reply:
        if not self._is_authorized():
            return UNAUTHORIZED
        if path not in QUESTIONS:
            return WRONG_METHOD if path == SENDING else NOT_FOUND
        return self.server.account.look_up(path, query) if self.command == "GET" else WRONG_METHOD

    def _send_mail(self) -> None:
        number, fault = self.server.account.next_call()
        reply = self._carried_out(self._body(), number, fault) if fault.reads else None
        if reply and fault.answers:
            self._answer(reply, cut=fault.cuts)
        else:
            self._reset()

    def _carried_out(self, raw: bytes, number: int, fault: Fault) -> Reply:
        if not self._is_authorized():
            return UNAUTHORIZED
        time.sleep(fault.wait_before)
        reply = None
        if fault.accepts:
            reply = self.server.account.send(raw, number)
            time.sleep(fault.wait_after + self.server.account.settings.delay)
        return fault.reply or reply or FAILED

    def _is_authorized(self) -> bool:
        return self.headers.get("api-key") == self.server.account.settings.api_key

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length", "0"))
        if "Transfer-Encoding" in self.headers or length > LARGEST_BODY:
            raise ConnectionError("only bodies of a stated, sensible length are read")
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the client went away in the middle of the body")
        return body

    def _answer(self, reply: Reply, *, cut: bool = False) -> None:
        body = reply.body[: len(reply.body) // 2] if cut else reply.body
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Drop the connection at once, with a reset instead of an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
        self.close_connection = True


def numbered_fault(text: str) -> tuple[int, Fault]:
    """Read a fault as the command line names it: N:KIND or N:KIND:DETAIL."""
    number, _, fault = text.partition(":")
    kind, _, detail = fault.partition(":")
    try:
        return int(number), FAULTS[kind](detail)
    except (KeyError, ValueError) as err:
        raise argparse.ArgumentTypeError(f"{text!r} is not N:KIND[:DETAIL]") from err


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    flags = argparse.ArgumentParser(prog="python -m tests.servers.brevo", description=__doc__)
    flags.add_argument("--journal", type=Path, required=True, help="JSON lines are appended here")
    flags.add_argument("--spec", type=Path, help="Brevo's OpenAPI file, to validate each call")
    flags.add_argument("--port", type=int, default=0)
    flags.add_argument("--api-key", default="test-key")
    flags.add_argument("--bodies", choices=["first", "all"], default="first")
    flags.add_argument("--window", type=float, default=900.0, help="seconds a key is remembered")
    flags.add_argument("--repeat-answer", choices=["same", "duplicate"], default="same")
    flags.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    flags.add_argument("--fault", type=numbered_fault, action="append", default=[])
    flags.add_argument("--parent", action="store_true", help="end when stdin is closed")
    return flags


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to end."""
    settings = Settings(**vars(parser().parse_args(arguments)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with settings.journal.open("ab") as journal, Server(Account(settings, journal)) as server:
        if settings.parent:
            threading.Thread(target=end_with_parent, args=(server,), daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/v3", flush=True)
        server.serve_forever(poll_interval=0.05)


def end_with_parent(server: Server) -> None:
    """Shut down once nobody holds the other end of stdin any more."""
    while os.read(0, 1024):
        pass
    server.shutdown()


@dataclass(kw_only=True)
class BrevoServer:
    """A server in a process of its own for the time of a `with` block; fields are its flags."""

    journal_file: Path
    spec: Path | None = None
    api_key: str = "test-key"
    bodies: str = "first"
    window: float = 900.0
    repeat_answer: str = "same"
    delay: float = 0.0
    faults: Sequence[str] = ()  # such as "2:429:1"
    url: str = field(default="", init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it serves, half a minute at most."""
        command, pipe = self._command(), subprocess.PIPE
        process = subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, text=True)
        self._process = process
        limit = threading.Timer(30, process.kill)
        limit.start()
        self.url = process.stdout.readline().strip() if process.stdout else ""
        limit.cancel()
        if not self.url:
            self.stop()
            raise RuntimeError(f"the server did not start: exit code {process.returncode}")

    def stop(self) -> None:
        """End the process that was started, and no other."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def journal(self) -> list[dict[str, Any]]:
        """Read every complete line the server has written."""
        text = self.journal_file.read_text(encoding="utf-8") if self.journal_file.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def messages(self) -> list[dict[str, Any]]:
        """Read the lines of accepted messages, one per recipient."""
        return [line for line in self.journal() if "email" in line]

    def violations(self) -> list[str]:
        """Read what the server objected to."""
        return [line["violation"] for line in self.journal() if "violation" in line]

    def _command(self) -> list[str]:
        flags = {
            "--journal": self.journal_file.resolve(),
            "--api-key": self.api_key,
            "--bodies": self.bodies,
            "--window": self.window,
            "--repeat-answer": self.repeat_answer,
            "--delay": self.delay,
            **({"--spec": self.spec.resolve()} if self.spec else {}),
        }
        given = [f"{name}={value}" for name, value in flags.items()]
        faults = [f"--fault={fault}" for fault in self.faults]
        return [sys.executable, "-m", "tests.servers.brevo", "--parent", *given, *faults]


if __name__ == "__main__":
    main()
