"""Tells of each request how it was answered, and nothing of who asked or for what."""

import time
from inspect import isfunction

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.observing import RequestAnswered, observe

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_NOWHERE = "none"
FAULT = "newsletter.fault"  # where a request keeps the error that a page was answered for
# Of these only faults are told: when somebody answers a survey stands nowhere, as it could be put
# together with who followed a link at that time.
_UNTOLD = "surveying."


class Observed:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell of its answer; an answer that broke off has no status."""
        begun, status, fault = time.perf_counter(), 0, None

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as err:
            fault = err
            raise
        finally:
            route = route_of(scope)
            is_told = not route.startswith(_UNTOLD) or status >= 500 or not status
            if scope["type"] == "http" and is_told:
                method = scope["method"]
                observe(
                    RequestAnswered(
                        method=method if method in _METHODS else "other",
                        route=route,
                        status=status or 500,
                        seconds=time.perf_counter() - begun,
                    ),
                    error=fault or scope.get(FAULT),
                )


def route_of(scope: Scope) -> str:
    """Return the name of what answered: its module and function, never a part of the address."""
    endpoint = scope.get("endpoint")
    if isinstance(endpoint, str):  # a name that a middleware of ours wrote; a route has a function
        return endpoint
    if not isfunction(endpoint):  # a part of the way there, or nothing
        return _NOWHERE
    return f"{endpoint.__module__.rpartition('.')[2]}.{endpoint.__name__}"
