"""Put loopback HTTP in front of an account, and let it fail as planned."""

import socket
import ssl
import struct
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, cast
from urllib.parse import parse_qs, unquote

from .account import Account
from .dialect import Reply, Request
from .faults import Ending, Fault

LARGEST_BODY = 64 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """The listening socket; `url` is what base_url is set to."""

    request_queue_size = 128

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", account.settings.port), Exchange)
        self.account = account
        if account.settings.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate, key = account.settings.tls
            context.load_cert_chain(certificate, key)
            # The handshake is left to the thread of the connection.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def server_bind(self) -> None:
        """Bind without asking the name service for the host's name, which can take seconds."""
        TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        """Give the root of the API."""
        scheme = "https" if self.account.settings.tls else "http"
        host, port = self.server_address[:2]
        return f"{scheme}://{host!s}:{port}{self.account.dialect.base}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about a client that went away; anything else is a fault of this program."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class Exchange(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together
    server: Server

    def exchange(self) -> None:
        """Read one request and answer it."""
        request = self._request()
        if self.server.account.dialect.is_sending(request):
            self._send_mail(request)
        else:
            self._answer(self._asked(replace(request, body=self._body())), Fault())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = exchange  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no access log."""

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            method=self.command,
            path=unquote(path),
            query=parse_qs(query, keep_blank_values=True),
            headers=cast(Mapping[str, str], self.headers),
            body=b"",
            target=self.path,
        )

    def _asked(self, request: Request) -> Reply:
        account = self.server.account
        is_let_in = account.dialect.is_authorized(request)
        return account.look_up(request) if is_let_in else account.dialect.error("401")

    def _send_mail(self, request: Request) -> None:
        number, fault = self.server.account.next_call()
        body = self._body(fault.reads)
        if fault.reads < 1:
            self._reset()
            return
        reply = self._carried_out(replace(request, body=body), number, fault)
        self._answer(reply, fault)

    def _carried_out(self, request: Request, number: int, fault: Fault) -> Reply:
        account = self.server.account
        if not account.dialect.is_authorized(request):
            return account.dialect.error("401")
        time.sleep(fault.wait_before)
        reply = None
        if fault.accepts:
            reply = account.send(request, number)
            time.sleep(fault.wait_after + account.settings.delay)
        return fault.answer(reply, account.dialect)

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
            self._reset()
            return
        half = reply.body[: len(reply.body) // 2]
        body = half if fault.ending is Ending.CUT else reply.body
        self._head(reply, len(body))
        if fault.drip:
            self._drip(body, fault.drip)
        elif fault.ending is Ending.BROKEN:
            self.wfile.write(half)
            self._reset()
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

    def _reset(self) -> None:
        """Drop the connection at once, with a reset instead of an orderly end."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
        self.close_connection = True
