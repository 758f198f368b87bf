"""Networks of the internet, in which an address is found fast."""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class AddressRanges:
    """Networks of both kinds, such as 192.0.2.0/24 and 2001:db8::/32, however many."""

    def __init__(self, networks: Iterable[str]) -> None:
        """Take networks in; raise ValueError for what is none."""
        all_of_them = [ipaddress.ip_network(network) for network in networks]
        self._by_kind = {kind: _ranges(all_of_them, kind) for kind in (4, 6)}

    def __contains__(self, address: object) -> bool:
        """Return whether an address, as text, is in one of them; False for what is none."""
        found = _address(address) if isinstance(address, str) and address else None
        if found is None:
            return False
        starts, ends = self._by_kind[found.version]
        at = bisect_right(starts, int(found)) - 1
        return at >= 0 and int(found) <= ends[at]

    def __len__(self) -> int:
        return sum(len(starts) for starts, _ in self._by_kind.values())


def _ranges(networks: Iterable[_Network], kind: int) -> tuple[list[int], list[int]]:
    """Return where the networks of a kind begin and end, sorted, none within another."""
    own = sorted({(int(n[0]), int(n[-1])) for n in networks if n.version == kind})
    starts: list[int] = []
    ends: list[int] = []
    for start, end in own:
        if ends and start <= ends[-1]:
            ends[-1] = max(end, ends[-1])
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _address(text: str) -> _Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
