"""Python reads this first where no network may be used: every socket fails, and is told.

`NO_SOCKETS` names the file that each try is written to. With `NO_SOCKETS_BUT_OWN` a process may
listen on loopback, as the preview does, and still calls nobody.
"""

import os
import sys
import traceback
from pathlib import Path

_REPORT = Path(os.environ["NO_SOCKETS"])
_MAY_LISTEN = "NO_SOCKETS_BUT_OWN" in os.environ
_ASKING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
# When imported, urllib3 binds a socket to ::1 to see whether there is IPv6, and closes it. It fails
# here like all else, but calls nobody.
_ASKS_ITSELF = "in _has_ipv6"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _watch(event: str, given: tuple[object, ...]) -> None:
    if event.startswith("socket.") and event != "socket.gethostname" and not _is_own(event, given):
        stack = traceback.format_stack(limit=12)
        if not any(_ASKS_ITSELF in frame for frame in stack):
            with _REPORT.open("a", encoding="utf-8") as report:
                report.write(f"{event} {given}\n{''.join(stack)}\n")
        raise PermissionError(f"no sockets here: {event}")


def _is_own(event: str, given: tuple[object, ...]) -> bool:
    """Return whether a process listens where it may, or talks to itself."""
    if not _MAY_LISTEN or event in _ASKING:
        return False
    if event in _NAMES:
        return given[0] in _LOOPBACK
    if event == "socket.bind":
        address = given[1]
        return isinstance(address, tuple) and address[0] in _LOOPBACK
    return True


sys.addaudithook(_watch)
