"""Fetches the certificates and confirmations of Amazon SNS, whose addresses come from outside."""

from threading import Lock

from newsletter.net import AskError, Network, Request, fetch

_NETWORK = Network(timeout=5.0)  # SNS waits for 15 seconds; nothing is followed
_LONGEST = 20_000  # bytes of a certificate
_MOST = 20  # that are remembered
_known: dict[str, bytes] = {}
_lock = Lock()


def fetch_certificate(address: str) -> bytes | None:
    """Return the certificate at an address, which never changes; None if it cannot be had."""
    with _lock:
        known = _known.get(address)
    if known is not None:
        return known
    found = _page(address)
    if found is not None:
        with _lock:
            if len(_known) >= _MOST:
                _known.clear()
            _known[address] = found
    return found


def confirm(address: str) -> bool:
    """Confirm a subscription; return whether that was taken."""
    return _page(address) is not None


def _page(address: str) -> bytes | None:
    try:
        reply = fetch(Request(method="GET", url=address, keep=_LONGEST), _NETWORK)
    except AskError:
        return None
    return reply.body if reply.status == 200 and reply.whole else None
