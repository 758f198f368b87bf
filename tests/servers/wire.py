"""Put loopback HTTP in front of an account, and let it fail as planned."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, unquote

from .account import Account
from .dialect import Reply, Request
from .faults import Ending, Fault
from .listening import Exchange, Listener

LARGEST_BODY = 64 * 1024 * 1024


class Server(Listener):
    """The listening socket; `url` is what base_url is set to."""

    def __init__(self, account: Account, port: int, tls: tuple[Path, Path] | None) -> None:
        super().__init__(Conversation, port=port, tls=tls)
        self.account = account

    @property
    def url(self) -> str:
        """Give the root of the API."""
        return super().url + self.account.dialect.base


class Conversation(Exchange):
    """The requests of one connection."""

    server: Server

    def exchange(self) -> None:
        """Read one request and answer it."""
        account = self.server.account
        request = read(self.command, self.path, cast(Mapping[str, str], self.headers))
        if account.dialect.is_sending(request):
            self._send_mail(account, request)
        else:
            self._answer(account.look_up(replace(request, body=self._body())), Fault())

    def _send_mail(self, account: Account, request: Request) -> None:
        number, fault = account.next_call()
        body = self._body(fault.reads)
        if fault.reads < 1:
            self.reset()
            return
        whole = replace(request, body=body)
        self._answer(account.carry_out(whole, number, fault, wait=self.wait), fault)

    def _body(self, share: float = 1.0) -> bytes:
        length = int(self.headers.get("Content-Length", "0"))
        if "Transfer-Encoding" in self.headers or length > LARGEST_BODY:
            raise ConnectionError("only bodies of a stated, sensible length are read")
        wanted = int(length * share)
        body = self.rfile.read(wanted)
        if len(body) < wanted:
            raise ConnectionError("the client went away in the middle of the body")
        return body

    def _answer(self, reply: Reply, fault: Fault) -> None:
        if fault.ending is Ending.RESET:
            self.reset()
            return
        half = reply.body[: len(reply.body) // 2]
        body = half if fault.ending is Ending.CUT else reply.body
        self._head(reply, len(body))
        if fault.drip:
            self._drip(body, fault.drip)
        elif fault.ending is Ending.BROKEN:
            self.wfile.write(half)
            self.reset()
        else:
            self.wfile.write(body)

    def _head(self, reply: Reply, length: int) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        if reply.status != 204:  # which has no body by definition
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _drip(self, body: bytes, seconds: float) -> None:
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(seconds / len(body))


def read(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """Read the first line of a request."""
    path, _, query = target.partition("?")
    return Request(
        method=method,
        path=unquote(path),
        query=parse_qs(query, keep_blank_values=True),
        headers=headers,
        body=body,
        target=target,
    )
