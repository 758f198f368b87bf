"""Turns the name of a host into addresses, and tells why it could not be."""

import socket
from collections.abc import Callable

from newsletter.language.wording import say


class NoSuchHostError(Exception):
    """No such name exists, or it has no address."""


class NameServiceError(Exception):
    """Nobody could say whether the name exists."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# host -> its addresses; raises NoSuchHostError or NameServiceError
FindAddresses = Callable[[str], list[str]]


def system_addresses(host: str) -> list[str]:
    """Ask the system for the addresses of a host, its hosts file included."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as err:
        if err.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            raise NoSuchHostError(host) from err
        raise NameServiceError(say("the name {host} could not be looked up", host=host)) from err
    except UnicodeError as err:  # a label that is empty or longer than 63 characters
        raise NoSuchHostError(host) from err
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
