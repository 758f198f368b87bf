"""Speak SMTP on one connection, as a server with planned faults and a journal."""

import json
import os
import re
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from .listening import reset, tls_context
from .smtp_faults import Fault, planned

LARGEST_MESSAGE = 64 * 1024 * 1024


@dataclass(kw_only=True)
class Flags:
    """How a server behaves."""

    journal_file: Path
    port: int = 0  # 0: any; after a start, the one it got and will have again
    pipelining: bool = True
    security: str = "none"  # or "starttls" or "tls"
    certificate: Path | None = None  # key and certificate in PEM
    username: str = ""  # empty: nobody needs to log in
    password: str = ""
    size: int = LARGEST_MESSAGE  # largest message, as announced
    lenient: bool = False  # DATA is answered with 354 even if no recipient was accepted
    latency: float = 0.0  # seconds between a read and what is answered to it, as on a long way
    faults: Sequence[str] = ()  # such as "2:550-rcpt:5.7.1 No" or "*:reset-after"; see `planned`
    sink: bool = False  # messages are counted, not read


class Post:
    """What all connections have in common: the journal and the numbers."""

    def __init__(self, settings: Flags, journal: BinaryIO) -> None:
        self.settings = settings
        self._faults = [planned(text) for text in settings.faults]
        self.transactions = count(1)
        self.handshakes = count(1)
        self.connections = count(1)
        self.tls = tls_context(settings.certificate) if settings.certificate else None
        self._journal = journal
        self._lock = threading.Lock()

    def fault(self, number: int, at: str) -> Fault:
        """Return what goes wrong at a point of a transaction."""
        names = ("*", str(number))
        return next((f for n, f in self._faults if n in names and f.at == at), Fault(at=at))

    def note(self, line: Mapping[str, Any]) -> None:
        """Write a line of the journal, so that it is there before anything is answered."""
        data = json.dumps(line).encode() + b"\n"
        with self._lock:
            self._journal.write(data)
            self._journal.flush()


class EndedError(Exception):
    """The connection is over."""


class Session:
    """One connection."""

    def __init__(self, post: Post, sock: socket.socket) -> None:
        self._post = post
        self._settings = post.settings
        self._sock = sock
        self._got = bytearray()
        self._out: list[bytes] = []
        self._serial = next(post.connections)
        self._commands: list[str] = []
        self._accepted = 0
        self._user = ""
        self._is_secure = False
        self._forget()

    def run(self) -> None:
        """Serve until either side has had enough."""
        try:
            if self._settings.security == "tls":
                self._secure()
            self._say("220 localhost ESMTP")
            while True:
                line = self._line()
                verb = line.split(b":")[0].split(b" ")[0].upper().decode("latin-1")
                self._commands.append(verb)
                COMMANDS.get(verb, Session._unknown)(self, line.decode("utf-8", "replace"))
        except (EndedError, OSError):  # a client that went away is nobody's fault
            pass
        finally:
            self._note_end()
            self._sock.close()

    # --- commands, each by its verb -------------------------------------------------------

    def ehlo(self, _: str) -> None:
        """Name the extensions."""
        self._forget()
        settings, offers = self._settings, ["localhost", f"SIZE {self._settings.size}"]
        offers += ["8BITMIME", "ENHANCEDSTATUSCODES"]
        offers += ["PIPELINING"] if settings.pipelining else []
        may_secure = settings.security == "starttls" and not self._is_secure
        offers += ["STARTTLS"] if may_secure else []
        offers += ["AUTH PLAIN"] if settings.username and not may_secure else []
        *many, last = offers
        self._say(*(f"250-{offer}" for offer in many), f"250 {last}")

    def starttls(self, _: str) -> None:
        """Go on in TLS (RFC 3207)."""
        fault = self._post.fault(next(self._post.handshakes), "tls")
        if self._settings.security != "starttls" or self._is_secure:
            self._say("502 5.5.1 Not offered")
        elif not self._fails(fault):
            self._say("220 2.0.0 Go ahead")
            self._flush()
            self._got.clear()  # nothing said in clear may count
            self._secure()

    def auth(self, line: str) -> None:
        """Log in with AUTH PLAIN (RFC 4616)."""
        words = line.split()
        if len(words) < 3:
            self._say("334 ")
            words.append(self._line().decode("latin-1"))
        given = b64decode(words[-1]).decode().split("\0")[1:]
        if given == [self._settings.username, self._settings.password]:
            self._user = self._settings.username
            self._say("235 2.7.0 Welcome")
        else:
            self._say("535 5.7.8 Bad credentials")

    def mail(self, line: str) -> None:
        """Begin a transaction."""
        self._number = next(self._post.transactions)
        self._is_pipelined = b"\r\nDATA\r\n" in self._got
        if self._fails(self._post.fault(self._number, "mail")):
            return
        size = re.search(r" SIZE=(\d+)", line)
        if self._settings.username and not self._user:
            self._say("530 5.7.0 Log in first")
        elif size and int(size[1]) > self._settings.size:
            self._say("552 5.3.4 Message is too big")
        else:
            self._sender = line.partition("<")[2].partition(">")[0]
            self._say("250 2.1.0 Ok")

    def rcpt(self, line: str) -> None:
        """Take a recipient."""
        if not self._sender:
            self._say("503 5.5.1 MAIL comes first")
        elif not self._fails(self._post.fault(self._number, "rcpt")):
            self._recipient = line.partition("<")[2].partition(">")[0]
            self._say("250 2.1.5 Ok")

    def data(self, _: str) -> None:
        """Read a message, journal it, and answer for it."""
        if not (self._recipient or (self._settings.lenient and self._sender)):
            self._say("503 5.5.1 No recipient")
            return
        if self._fails(self._post.fault(self._number, "command")):
            return
        self._say("354 Go ahead")
        content = self._content(self._post.fault(self._number, "body"))
        if not self._recipient:
            self._say("554 5.5.1 No recipient")
        elif not self._fails(self._post.fault(self._number, "content")):
            self._accept(content)
        self._forget()

    def rset(self, _: str) -> None:
        """Forget the transaction."""
        self._forget()
        self._say("250 2.0.0 Ok")

    def noop(self, _: str) -> None:
        """Do nothing."""
        self._say("250 2.0.0 Ok")

    def quit(self, _: str) -> None:
        """Say good-bye."""
        self._say("221 2.0.0 Bye")
        self._flush()
        raise EndedError

    def _unknown(self, _: str) -> None:
        self._say("500 5.5.2 What?")

    # --- what they have in common ---------------------------------------------------------

    def _accept(self, content: bytes) -> None:
        number = self._number
        queue_id = f"{os.getpid():X}{number:06X}"
        if not self._settings.sink:
            self._post.note(self._told(content, queue_id))
        self._accepted += 1
        if self._fails(self._post.fault(number, "accepted")):
            return
        self._say(f"250 2.0.0 Ok: queued as {queue_id}")
        self._fails(self._post.fault(number, "answered"))

    def _told(self, content: bytes, queue_id: str) -> dict[str, Any]:
        return {
            "email": self._recipient,
            **read_message(content),
            "sender": self._sender,
            "queue_id": queue_id,
            "connection": self._serial,
            "pipelined": self._is_pipelined,
            "secure": self._is_secure,
            "user": self._user,
        }

    def _forget(self) -> None:
        self._sender = self._recipient = ""

    def _fails(self, fault: Fault) -> bool:
        """Let go wrong what is to go wrong here, and tell whether that is the answer."""
        time.sleep(fault.wait)
        if fault.reply:
            self._say(fault.reply)
        if fault.resets:  # at once, with a reset instead of an orderly end
            reset(self._sock)
            raise EndedError
        if fault.closes:
            self._flush()
            raise EndedError
        return bool(fault.reply)

    def _line(self) -> bytes:
        while (end := self._got.find(b"\r\n")) < 0:
            self._receive()
        line = bytes(self._got[:end])
        del self._got[: end + 2]
        return line

    def _content(self, fault: Fault) -> bytes:
        """Read a message up to its final dot, and undo the doubling of dots."""
        self._flush()
        seen = 0
        while not self._got.startswith(b".\r\n"):
            if self._got and fault.resets:
                self._fails(fault)
            end = self._got.find(b"\r\n.\r\n", max(0, seen - 4))
            if end >= 0:
                content = bytes(self._got[: end + 2])
                del self._got[: end + 5]
                undoubled = content.replace(b"\r\n..", b"\r\n.")
                return undoubled[1:] if undoubled.startswith(b"..") else undoubled
            seen = len(self._got)
            self._receive()
        del self._got[:3]
        return b""

    def _receive(self) -> None:
        self._flush()  # with PIPELINING, replies may wait until there is nothing left to read
        data = self._sock.recv(1 << 18)
        if not data or len(self._got) > LARGEST_MESSAGE:
            raise EndedError
        self._got += data

    def _say(self, *lines: str) -> None:
        self._out += [line.encode() + b"\r\n" for line in lines]

    def _flush(self) -> None:
        if self._out:
            time.sleep(self._settings.latency)
            self._sock.sendall(b"".join(self._out))
            self._out.clear()

    def _secure(self) -> None:
        assert self._post.tls
        self._sock = self._post.tls.wrap_socket(self._sock, server_side=True)
        self._is_secure = True

    def _note_end(self) -> None:
        told = {"connection": self._serial, "accepted": self._accepted}
        self._post.note(told if self._settings.sink else {**told, "commands": self._commands})


COMMANDS: dict[str, Callable[[Session, str], None]] = {
    "EHLO": Session.ehlo,
    "HELO": Session.ehlo,
    "STARTTLS": Session.starttls,
    "AUTH": Session.auth,
    "MAIL": Session.mail,
    "RCPT": Session.rcpt,
    "DATA": Session.data,
    "RSET": Session.rset,
    "NOOP": Session.noop,
    "QUIT": Session.quit,
}


def read_message(raw: bytes) -> dict[str, Any]:
    """Return what is worth knowing of a message."""
    message = message_from_bytes(raw, policy=policy.default)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return {
        "subject": str(message["subject"]),
        "headers": {name: str(value) for name, value in message.items()},
        "html": html.get_content() if html else "",
        "text": text.get_content() if text else "",
        "messageId": str(message["message-id"]).strip("<> "),
        "raw_sha": sha256(raw).hexdigest(),
    }
