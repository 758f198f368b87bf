"""Runs the preview's server: its socket, its address, and an end at the first Ctrl-C."""

import asyncio
import ipaddress
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from types import FrameType

import uvicorn

from newsletter.net import is_loopback
from newsletter.preview.app import build_app
from newsletter.preview.desk import Desk
from newsletter.preview.guard import AccessRules
from newsletter.preview.watching import house_folders, start_watching
from newsletter.sockets import listen_at

DEFAULT_PORT = 8095
_TRIES = 20  # ports after the default one


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The address of the preview."""

    host: str  # as browsers write it
    port: int
    token: str  # empty on the machine's own loopback

    def url(self, path: str = "/") -> str:
        """Return the address of a page, with the token that opens the preview."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        token = f"?token={self.token}" if self.token else ""
        return f"http://{host}:{self.port}{path}{token}"


def open_socket(host: str, port: int | None) -> socket.socket:
    """Listen at the port, or without one at the first free port; raise UsageError."""
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _TRIES)
    return listen_at(host, ports)


class PreviewServer:
    """The server of one newsletter's preview."""

    def __init__(self, desk: Desk, bound: socket.socket, *, editor: str = "") -> None:
        self._desk = desk
        self._socket = bound
        self._stop = Event()
        host, port = bound.getsockname()[:2]
        token = "" if is_loopback(host) else secrets.token_urlsafe(16)
        self.address = Address(host=_reachable(host), port=port, token=token)
        is_any = host in ("0.0.0.0", "::")  # noqa: S104 - asked for with --host
        names = {"localhost", host, self.address.host, socket.gethostname().lower()}
        doors = AccessRules(
            port=port,
            names=frozenset(names | {f"{socket.gethostname().lower()}.local"}),
            any_address=is_any,
            token=token,
        )
        self._app = build_app(desk, doors, editor=editor, phone_url=self._phone_url)

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until Ctrl-C, SIGTERM or a closed terminal; `ready` is called once it serves."""
        config = uvicorn.Config(
            self._app,
            http="h11",  # the stricter one; nobody is in a hurry here
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config, self._desk)
        try:
            asyncio.run(self._serve(server, ready))
        finally:
            self._stop.set()
            self._desk.close()

    async def _serve(self, server: uvicorn.Server, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._desk.hub.loop = loop
        self._desk.start()
        desk = self._desk
        start_watching(
            desk.settings.root,
            desk.note_changes,
            self._stop,
            houses=lambda: house_folders(desk.settings),
            pictures=desk.proofs.files,
        )
        if hangup := getattr(signal, "SIGHUP", None):  # Windows has none
            loop.add_signal_handler(hangup, server.handle_exit, hangup, None)
        loop.run_in_executor(None, ready)
        await server.serve([self._socket])

    def _phone_url(self, path: str) -> str:
        """Return the address for another device; empty if only this machine is served."""
        return "" if not self.address.token else self.address.url(path)


class _Server(uvicorn.Server):
    """A server that ends its streams before waiting for them."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, _sig: int, _frame: FrameType | None) -> None:
        self._desk.hub.end_all()
        self.force_exit = self.should_exit
        self.should_exit = True  # the signal is not raised again: this is how a preview ends


def _reachable(host: str) -> str:
    """Return the address at which other devices see a server that listens everywhere."""
    if not ipaddress.ip_address(host).is_unspecified:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737; for a datagram socket this sends nothing
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
