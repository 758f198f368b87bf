"""Runs the public service until it is asked to stop, and then what is under way."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from newsletter.public.patience import PatientConnection

_LAST_ANSWERS = 20  # seconds for requests under way, once it is asked to stop


class PublicServer:
    """The server of one newsletter's public service."""

    def __init__(self, app: ASGIApp, bound: socket.socket, *, proxies: Sequence[str]) -> None:
        """Serve at a bound socket; `proxies` may say for whom they ask, nobody else may."""
        self._socket = bound
        config = uvicorn.Config(
            app,
            http=PatientConnection,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=_LAST_ANSWERS,
        )
        self._server = _Server(config)

    @property
    def url(self) -> str:
        """Return where it answers on this machine."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def end(self) -> None:
        """Ask it to stop after the answers under way, from any thread."""
        self._server.should_exit = True

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until Ctrl-C, SIGTERM or a closed terminal; `ready` is called once it serves."""
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if hangup := getattr(signal, "SIGHUP", None):  # Windows has none
            loop.add_signal_handler(hangup, self._server.handle_exit, hangup, None)
        loop.run_in_executor(None, ready)
        await self._server.serve([self._socket])


class _Server(uvicorn.Server):
    def handle_exit(self, _sig: int, _frame: FrameType | None) -> None:
        """Stop after the answers under way, at a second signal at once."""
        self.force_exit = self.should_exit
        self.should_exit = True  # the signal is not raised again: this is how it ends
