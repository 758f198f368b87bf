"""Networks of the internet, in which an address is found fast, however many they are."""

import ipaddress
import socket
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

_KINDS = {4: (socket.AF_INET, 32), 6: (socket.AF_INET6, 128)}  # and bits of an address
_MAPPED = 0xFFFF << 32  # what an IPv4 address has in front of it where it is written as one of IPv6


class AddressRange(NamedTuple):
    """The addresses of a network, or of several that lie side by side."""

    kind: int  # 4 or 6
    first: int
    last: int


class AddressRanges:
    """Networks of both kinds, such as 192.0.2.0/24 and 2001:db8::/32."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take networks in; raise ValueError for what is none."""
        own = list(merged(map(range_of, networks)))
        self._starts = {kind: [one.first for one in own if one.kind == kind] for kind in _KINDS}
        self._ends = {kind: [one.last for one in own if one.kind == kind] for kind in _KINDS}

    def __contains__(self, address: object) -> bool:
        """Return whether an address, as text, is in one of them; False for what is none."""
        found = _address(address.partition("%")[0]) if isinstance(address, str) else None
        if found is None:
            return False
        kind, number = found
        if kind == 6 and number >> 32 == _MAPPED >> 32:
            kind, number = 4, number - _MAPPED
        at = bisect_right(self._starts[kind], number) - 1
        return at >= 0 and number <= self._ends[kind][at]


def range_of(network: str) -> AddressRange:
    """Return the addresses of a network; raise ValueError for what is none."""
    written, _, length = network.partition("/")
    found = _address(written)
    if found and length.isdecimal() and length.isascii() and len(length) <= 3:
        kind, first = found
        rest = _KINDS[kind][1] - int(length)
        if rest >= 0 and first & ((1 << rest) - 1) == 0:
            return AddressRange(kind, first, first + (1 << rest) - 1)
    known = ipaddress.ip_network(network)  # it says what is wrong; a mask is as good as a length
    return AddressRange(known.version, int(known[0]), int(known[-1]))


def bits_of(one: AddressRange) -> int:
    """Return the length of a network's name."""
    return _KINDS[one.kind][1] - (one.last - one.first).bit_length()


def merged(ranges: Iterable[AddressRange]) -> Iterator[AddressRange]:
    """Yield the same addresses in as few ranges as there are gaps between, in their order."""
    now: AddressRange | None = None
    for one in sorted(ranges):
        if now and one.kind == now.kind and one.first <= now.last + 1:
            now = now._replace(last=max(one.last, now.last))
        else:
            if now:
                yield now
            now = one
    if now:
        yield now


def networks_of(one: AddressRange) -> Iterator[str]:
    """Yield the fewest networks that have the addresses of a range."""
    make = ipaddress.IPv4Address if one.kind == 4 else ipaddress.IPv6Address
    return map(str, ipaddress.summarize_address_range(make(one.first), make(one.last)))


def _address(text: str) -> tuple[int, int] | None:
    """Return the kind of an address, and its number; `ipaddress` takes ten times as long."""
    kind = 6 if ":" in text else 4
    with suppress(OSError, ValueError):
        return kind, int.from_bytes(socket.inet_pton(_KINDS[kind][0], text), "big")
    return None
