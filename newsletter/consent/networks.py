"""From which network somebody asks, as far as one household or office goes."""

import ipaddress


def neighbourhood_of(host: str) -> str:
    """Return the wider network that an address is in, as a rule of one company.

    Whoever rents a thousand small networks has them in a few of these.
    """
    try:
        near = ipaddress.ip_network(network_of(host))
    except ValueError:
        return "unknown"
    return str(near.supernet(new_prefix=16 if near.version == 4 else 32))


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
