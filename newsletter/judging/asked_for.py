"""How somebody asks for a picture or follows a link, as far as it tells who that is.

The network address and the name of the program are looked at in memory and kept nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.model import HitKind

_LONGEST = 300  # letters of a program's name that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An open or a click, as far as it tells who asks; never kept."""

    kind: HitKind
    method: str = "GET"
    agent: str | None = None  # the name of its program, as `agent_of` writes it; None: not known
    network: str = ""  # the address that it came from; empty: not known
    is_flagged: bool | None = None  # as a machine, by the provider; None: it does not say
    is_prefetch: bool = False  # the browser says so itself
    is_navigation: bool = False  # the browser says that somebody asked for the page
    is_burst: bool = False  # one of many links that were followed at once


def asked_of(
    kind: HitKind, method: str, headers: Iterable[tuple[bytes, bytes]], *, network: str = ""
) -> Asked:
    """Return what a request tells of who asks."""
    told = dict(headers)
    purpose = told.get(b"sec-purpose", told.get(b"purpose", told.get(b"x-moz", b"")))
    is_asked_for = told.get(b"sec-fetch-user") == b"?1"
    return Asked(
        kind=kind,
        method=method,
        agent=agent_of(told.get(b"user-agent", b"")[:_LONGEST].decode("latin-1")),
        network=network,
        is_prefetch=b"prefetch" in purpose.lower(),
        is_navigation=is_asked_for and told.get(b"sec-fetch-mode") == b"navigate",
    )


def agent_of(name: str) -> str:
    """Return the name of a program as rules have it: in small letters, its beginning alone."""
    return name[:_LONGEST].strip().lower()
