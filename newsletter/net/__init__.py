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
from newsletter.net.disguises import (
    LOOKALIKES,
    Disguise,
    disguise_of,
    find_disguised,
    holds_address,
    mixes_alphabets,
    typed_host,
)
from newsletter.net.domain_slips import meant_domain, slips, with_meant_end
from newsletter.net.exchange import Exchange
from newsletter.net.hostnames import ascii_host, ascii_link, ascii_links
from newsletter.net.internet import is_internal, is_loopback
from newsletter.net.lookup import NameServiceError, NoSuchHostError, system_addresses

__all__ = [
    "LOOKALIKES",
    "MOST_HOPS",
    "Ask",
    "AskError",
    "Cause",
    "Disguise",
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
    "disguise_of",
    "fetch",
    "find_disguised",
    "follow",
    "holds_address",
    "is_internal",
    "is_loopback",
    "meant_domain",
    "mixes_alphabets",
    "new_session",
    "read_body",
    "slips",
    "system_addresses",
    "trusted_roots",
    "typed_host",
    "with_meant_end",
]
