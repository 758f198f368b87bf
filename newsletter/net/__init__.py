"""How untrusted servers and providers are called: in limited time, never at internal addresses."""

from newsletter.net.client import (
    MOST_HOPS,
    Ask,
    AskError,
    Cause,
    Network,
    Reply,
    Request,
    asking,
    fetch,
    follow,
    trusted_roots,
)
from newsletter.net.connections import ask, new_session, read_body
from newsletter.net.domain_slips import meant_domain, slips, with_meant_end
from newsletter.net.exchange import Exchange
from newsletter.net.hostnames import ascii_host, ascii_link, ascii_links
from newsletter.net.internet import is_internal, is_loopback
from newsletter.net.lookup import NameServiceError, NoSuchHostError, system_addresses

__all__ = [
    "MOST_HOPS",
    "Ask",
    "AskError",
    "Cause",
    "Exchange",
    "NameServiceError",
    "Network",
    "NoSuchHostError",
    "Reply",
    "Request",
    "ascii_host",
    "ascii_link",
    "ascii_links",
    "ask",
    "asking",
    "fetch",
    "follow",
    "is_internal",
    "is_loopback",
    "meant_domain",
    "new_session",
    "read_body",
    "slips",
    "system_addresses",
    "trusted_roots",
    "with_meant_end",
]
