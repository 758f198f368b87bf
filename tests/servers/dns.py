"""A name server on loopback, UDP and TCP, that answers from a dict; its faults are real ones."""

import socket
import struct
import threading
from collections.abc import Mapping
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

# name -> kind -> records as they stand in a zone file. In place of a kind: SERVFAIL, SILENT
# (no answer at all), or TRUNCATED (over UDP only the word to come back by TCP).
Zone = Mapping[str, Mapping[str, list[str]]]


def text(value: str) -> str:
    """Return a TXT record, in as many pieces of 255 characters as it takes."""
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


class NameServer:
    """Answers until it is stopped; `asked` tells what, in order."""

    def __init__(self, zone: Zone) -> None:
        self.zone = {name.lower(): dict(kinds) for name, kinds in zone.items()}
        self.asked: list[tuple[str, str, str]] = []  # name, kind, "udp" or "tcp"
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._tcp.getsockname()
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(self.address)
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._udps, self._tcps)]

    def __enter__(self) -> "NameServer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._udp.sendto(b"", self.address)  # wakes the thread that waits for a question
        self._tcp.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._udp.close()
        self._tcp.close()

    @property
    def setting(self) -> str:
        """Give the address as newsletter.toml has it."""
        return f"{self.address[0]}:{self.address[1]}"

    def _udps(self) -> None:
        while True:
            wire, sender = self._udp.recvfrom(4096)
            if not wire:
                return
            reply = self._reply(wire, "udp")
            if reply:
                self._udp.sendto(reply, sender)

    def _tcps(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                (length,) = struct.unpack("!H", stream.read(2))
                reply = self._reply(stream.read(length), "tcp")
                if reply:
                    connection.sendall(struct.pack("!H", len(reply)) + reply)

    def _reply(self, wire: bytes, way: str) -> bytes:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, way))
        reply = dns.message.make_response(query, recursion_available=True)
        known = self.zone.get(name, {})
        if "SILENT" in known:
            return b""
        if "SERVFAIL" in known:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif "TRUNCATED" in known and way == "udp":
            reply.flags |= dns.flags.TC
        elif kind in known:
            records = dns.rrset.from_text_list(question.name, 60, "IN", kind, known[kind])
            reply.answer.append(records)
        elif not any(f".{other}".endswith(f".{name}") for other in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire(max_size=65535)
