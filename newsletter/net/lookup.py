"""Resolves the name of a host, and tells a name that does not exist from a failed look-up."""

import socket
import threading
from collections.abc import Callable


class NoSuchHostError(socket.gaierror):
    """No such name exists, or it has no address."""


class NameServiceError(socket.gaierror):
    """No server could say whether the name exists."""

    @property
    def reason(self) -> str:
        """Return why, in words."""
        reason: str = self.args[-1]
        return reason


# host -> its addresses; raises NoSuchHostError or NameServiceError
FindAddresses = Callable[[str], list[str]]


def system_addresses(host: str) -> list[str]:
    """Ask the system for the addresses of a host, including its hosts file."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as err:
        if err.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            raise NoSuchHostError(*err.args) from err
        raise NameServiceError(*err.args) from err
    except UnicodeError as err:  # a label that is empty or longer than 63 characters
        raise NoSuchHostError(socket.EAI_NONAME, str(err)) from err
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def look_up(host: str, find_addresses: FindAddresses, seconds: float) -> list[str]:
    """Resolve a name in a thread that may be abandoned, since the system cannot be interrupted."""
    found: list[list[str] | OSError] = []

    def ask() -> None:
        try:
            found.append(find_addresses(host))
        except OSError as err:
            found.append(err)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise NameServiceError(socket.EAI_AGAIN, "the name was not found in time")
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]
