"""From which network somebody asks, as far as one household or office goes."""

import ipaddress


def network_of(host: str) -> str:
    """Return the network that an address of the Internet is in, as far as one household goes."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 56), strict=False))
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24), strict=False))
