"""Tells addresses on the internet from those that lead into an internal network.

The registries are the IANA's: iana.org/assignments/iana-ipv4-special-registry and
iana-ipv6-special-registry. They are here in full, since the standard library's tables differ
between releases of Python, and are blocked as a whole: no website is in any of them.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SPECIAL_4 = [
    ipaddress.IPv4Network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24"),
        "224.0.0.0/3",  # multicast, and everything reserved above it
        # Public by number, but reachable only inside a cloud: Azure's host (learn.microsoft.com,
        # “What is IP address 168.63.129.16?”), IBM's service network (cloud.ibm.com/docs, “IBM
        # Cloud IP ranges”). Those of others are in the blocks above and below.
        *("168.63.129.16/32", "161.26.0.0/16", "166.8.0.0/14"),
    )
]
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that the internet uses (RFC 4291)
_SPECIAL_6 = [
    ipaddress.IPv6Network(block)
    for block in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
]
# RFC 6052: the last 32 bits are an IPv4 address, reached through a translator.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: before an IPv4 address, in the last 64 bits


def is_internal(text: str) -> bool:
    """Return whether an address leads to this machine, its network, or nowhere on the internet."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in block for block in _SPECIAL_4)
    inner = _carried(address)
    if inner is not None and is_internal(str(inner)):
        return True
    if address in _TRANSLATED or address.ipv4_mapped:
        return False
    return address not in _UNICAST_6 or any(address in block for block in _SPECIAL_6)


def is_loopback(host: str) -> bool:
    """Return whether a name or an address reaches only this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address embedded in an IPv6 address, if there is one."""
    number = int(address)
    if address in _TRANSLATED or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
