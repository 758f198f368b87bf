"""Play an SMTP server on loopback, in a process of its own, and journal what each person gets."""

import json
import os
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from .journal import Journal
from .served import ServedProcess, ordered
from .smtp_faults import planned
from .smtp_session import Flags, Post, Session


@dataclass(kw_only=True)
class Mailbox(Flags, Journal):
    """What there is to know of an SMTP server that runs."""

    host: str = field(default="127.0.0.1", init=False)

    @property
    def url(self) -> str:
        """Return where the server is."""
        return f"smtp{'s' if self.security == 'tls' else ''}://{self.host}:{self.port}"

    def connections(self) -> list[dict[str, Any]]:
        """Read the lines of connections that are over, with their commands."""
        return [line for line in self.journal() if "accepted" in line]


@dataclass(kw_only=True)
class SmtpServer(Mailbox, ServedProcess):
    """An SMTP server in a process of its own, which can be killed."""

    module = "tests.servers.smtp"
    flags = Flags

    def __post_init__(self) -> None:
        for fault in self.faults:
            planned(fault)  # here rather than in the process, so that the test is told

    def _serves(self, told: str) -> None:
        self.port = int(told)


@dataclass(kw_only=True)
class SmtpThread(Mailbox):
    """An SMTP server in a thread of the test's own process."""

    journal_file: Path = Path()
    _written: BytesIO = field(default_factory=BytesIO, init=False, repr=False)

    def start(self) -> None:
        """Listen, and serve until it is stopped."""
        self._listener = listening(self.port)
        self.port = int(self._listener.getsockname()[1])
        post = Post(self, self._written)
        threading.Thread(target=serve, args=(post, self._listener), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def journal(self) -> list[dict[str, Any]]:
        """Read every line that was written."""
        return [json.loads(line) for line in self._written.getvalue().splitlines()]


def make_certificate(folder: Path, *names: str) -> Path:
    """Make a key and a certificate that vouches for itself, in one PEM file."""
    path = folder / f"{names[0]}.pem"
    key = path.with_suffix(".key")
    alternatives = ",".join(f"{'IP' if n[0].isdigit() else 'DNS'}:{n}" for n in names)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    subject = ("-subj", f"/CN={names[0]}", "-addext", f"subjectAltName={alternatives}")
    command = ["openssl", "req", "-x509", *curve, *subject, "-keyout", str(key), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(key.read_text(encoding="ascii") + path.read_text(encoding="ascii"), "ascii")
    return path


def listening(port: int) -> socket.socket:
    """Return a socket that listens on loopback."""
    return socket.create_server(("127.0.0.1", port), backlog=128)


def serve(post: Post, listener: socket.socket) -> None:
    """Begin a session for each connection, until nobody listens any more."""
    with suppress(OSError):
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Session(post, sock).run, daemon=True).start()


def main() -> None:
    """Serve until told to end."""
    flags = ordered(Flags)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with Path(flags.journal_file).open("ab") as journal, listening(flags.port) as listener:
        post = Post(flags, journal)
        print(listener.getsockname()[1], flush=True)
        serve(post, listener)


if __name__ == "__main__":
    main()
