"""Play an SMTP server on loopback, in a process of its own, and journal what each person gets."""

import argparse
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .served import ServedProcess
from .smtp_session import LARGEST_MESSAGE, Fault, Post, Session, Settings

REPLIES = {
    "450-rcpt": "450 4.2.1 Mailbox is busy",
    "550-rcpt": "550 5.1.1 No such user",
    "451-data": "451 4.3.0 Try again later",
    "552-data": "552 5.2.2 Mailbox is full",
    "554-mail": "554 5.7.1 Sender is not welcome",
    "452-mail": "452 4.3.1 Out of space",
    "454-tls": "454 4.7.0 TLS is not available now",
}
PLACES = {"data": "content", "start": "command"}  # names of the command line, and ours
# Each further kind of fault by its name; the text after a second colon is handed in.
FAULTS: dict[str, Callable[[str], Fault]] = {
    "421": lambda told: Fault(at="mail", reply=f"421 {told or '4.3.2 Going down'}", closes=True),
    "reset-before": lambda _: Fault(at="command", resets=True),
    "reset-during": lambda _: Fault(at="body", resets=True),
    "reset-after": lambda _: Fault(at="accepted", resets=True),
    "drop": lambda _: Fault(at="answered", closes=True),
    "slow": lambda seconds: Fault(at="accepted", wait=float(seconds)),
}


def numbered_fault(text: str) -> tuple[str, Fault]:
    """Read N:KIND or N:KIND:DETAIL; KIND may be CODE-PLACE, with the reply's text as its detail.

    454-tls counts STARTTLS commands, all others MAIL commands; `*` stands for every number.
    """
    number, _, fault = text.partition(":")
    kind, _, detail = fault.partition(":")
    coded = re.fullmatch(r"([45]\d\d)-(tls|mail|rcpt|start|data)", kind)
    try:
        if number != "*":
            int(number)
        if not coded:
            return number, FAULTS[kind](detail)
        reply = f"{coded[1]} {detail}" if detail else REPLIES[kind]
        return number, Fault(at=PLACES.get(coded[2], coded[2]), reply=reply)
    except (KeyError, ValueError) as err:
        raise argparse.ArgumentTypeError(f"{text!r} is not N:KIND[:DETAIL]") from err


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


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    flags = argparse.ArgumentParser(prog="python -m tests.servers.smtp", description=__doc__)
    flags.add_argument("--journal", type=Path, required=True, help="JSON lines are appended here")
    flags.add_argument("--port", type=int, default=0)
    flags.add_argument("--pipelining", choices=["on", "off"], default="on")
    flags.add_argument("--security", choices=["none", "starttls", "tls"], default="none")
    flags.add_argument("--certificate", type=Path, help="key and certificate in PEM")
    flags.add_argument("--username", default="")
    flags.add_argument("--password", default="")
    flags.add_argument("--size", type=int, default=LARGEST_MESSAGE)
    flags.add_argument("--lenient", action="store_true", help="354 even without a recipient")
    flags.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    flags.add_argument("--fault", type=numbered_fault, action="append", default=[])
    flags.add_argument("--sink", action="store_true", help="count messages and forget them")
    return flags


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to end."""
    settings = Settings(**vars(parser().parse_args(arguments)))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with (
        settings.journal.open("ab") as journal,
        socket.create_server(("127.0.0.1", settings.port), backlog=128) as listener,
    ):
        post = Post(settings, journal)
        print(listener.getsockname()[1], flush=True)
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Session(post, sock).run, daemon=True).start()


@dataclass(kw_only=True)
class SmtpServer(ServedProcess):
    """An SMTP server; its faults are such as "2:550-rcpt:5.7.1 No" or "*:reset-after"."""

    module = "tests.servers.smtp"

    pipelining: bool = True
    security: str = "none"
    certificate: Path | None = None
    username: str = ""
    password: str = ""
    size: int = LARGEST_MESSAGE
    lenient: bool = False
    latency: float = 0.0
    sink: bool = False
    host: str = field(default="127.0.0.1", init=False)

    @property
    def url(self) -> str:
        """Return where the server is."""
        return f"smtp{'s' if self.security == 'tls' else ''}://{self.host}:{self.port}"

    def connections(self) -> list[dict[str, Any]]:
        """Read the lines of connections that are over, with their commands."""
        return [line for line in self.journal() if "accepted" in line]

    def _flags(self) -> list[str]:
        flags = {
            "--journal": self.journal_file.resolve(),
            "--port": self.port,
            "--pipelining": "on" if self.pipelining else "off",
            "--security": self.security,
            "--username": self.username,
            "--password": self.password,
            "--size": self.size,
            "--latency": self.latency,
            **({"--certificate": self.certificate.resolve()} if self.certificate else {}),
        }
        given = [f"{name}={value}" for name, value in flags.items()]
        given += [f"--fault={fault}" for fault in self.faults]
        switches = {"--lenient": self.lenient, "--sink": self.sink}
        given += [name for name, is_on in switches.items() if is_on]
        return given

    def _serves(self, told: str) -> None:
        self.port = int(told)


if __name__ == "__main__":
    main()
