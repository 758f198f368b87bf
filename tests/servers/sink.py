"""Take calls of a mail API as fast as can be and say yes to all: for measuring, not for judging.

It does the least that an API must: it reads each body as JSON, finds its recipients, and answers
with an id for each. It checks nothing and keeps nothing.
"""

import argparse
import json
import socketserver
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.servers.house import REPOSITORY


@dataclass(frozen=True, slots=True)
class Manner:
    """How a provider's calls are read and answered."""

    recipients: Callable[[Any], list[str]]  # addresses in a body
    answer: Callable[[list[str]], object]  # JSON, for these addresses


MANNERS = {
    "brevo": Manner(
        lambda body: [version["to"][0]["email"] for version in body["messageVersions"]],
        lambda people: {"messageIds": [f"<{n}@sink.invalid>" for n in range(len(people))]},
    ),
    "postmark": Manner(
        lambda body: [message["To"] for message in body],
        lambda people: [
            {"To": address, "ErrorCode": 0, "MessageID": f"id-{n}"}
            for n, address in enumerate(people)
        ],
    ),
}


class Sink(socketserver.ThreadingTCPServer):
    """Loopback HTTP that says yes."""

    daemon_threads = True
    request_queue_size = 128
    manner: Manner
    latency = 0.0  # seconds before each answer

    def reply(self, raw: bytes) -> bytes:
        """Return the whole answer to a call."""
        people = self.manner.recipients(json.loads(raw))
        body = json.dumps(self.manner.answer(people)).encode()
        head = (
            f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Exchange(socketserver.StreamRequestHandler):
    """The requests of one connection."""

    rbufsize = 1 << 20
    disable_nagle_algorithm = True
    server: Sink

    def handle(self) -> None:
        """Read requests and answer them until the client goes away."""
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            reply = self.server.reply(self.rfile.read(length))
            time.sleep(self.server.latency)
            self.wfile.write(reply)


def main() -> None:
    """Serve until told to end."""
    flags = argparse.ArgumentParser(prog="python -m tests.servers.sink", description=__doc__)
    flags.add_argument("manner", choices=MANNERS)
    flags.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    chosen = flags.parse_args()
    with Sink(("127.0.0.1", 0), Exchange) as server:
        server.manner, server.latency = MANNERS[chosen.manner], chosen.latency
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever(poll_interval=0.5)


@dataclass(kw_only=True)
class SinkServer:
    """A sink in a process of its own for the time of a `with` block."""

    manner: str
    latency: float = 0.0
    url: str = field(default="", init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "tests.servers.sink", self.manner]
        command.append(f"--latency={self.latency}")
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=pipe, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.communicate(timeout=5)


if __name__ == "__main__":
    main()
