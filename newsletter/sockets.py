"""Listens at an address of this machine, or says why nobody can."""

import socket
from collections.abc import Iterable

from newsletter.errors import UsageError
from newsletter.language import reason_of_disk, say

_WAITING = 64  # connections that the system holds until they are taken


def listen_at(host: str, ports: Iterable[int]) -> socket.socket:
    """Listen at the first free one of the ports; raise UsageError if there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    cause: OSError | None = None
    for number in ports:
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number))
            bound.listen(_WAITING)
        except OSError as err:
            bound.close()
            cause = err
        else:
            return bound
    fault = say(
        "cannot listen at {host}: {reason}; choose another --host or --port",
        host=host,
        reason=reason_of_disk(cause) if cause else say("no port is free"),
    )
    raise UsageError(fault) from cause
