"""Fetches a page from a stranger: bounded in time, size and hops, and never an internal one."""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from newsletter.errors import FeedError
from newsletter.internet import is_internal

LARGEST = 2 * 1024 * 1024  # bytes, unpacked
LONGEST = 30.0  # seconds, however slowly the bytes drip
HOPS = 5  # redirects
_TIMEOUT = (10.0, 15.0)  # seconds to connect, and of silence
_HEADERS = {
    "User-Agent": "newsletter (collects news for an issue)",
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5",
}
_MOVED, _MOVED_FOR_GOOD, _NOT_MODIFIED = (302, 303, 307), (301, 308), 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server answered."""

    url: str  # where it was found in the end
    body: bytes | None = field(repr=False)  # None: the same as last time
    content_type: str
    etag: str  # these two for asking again, empty where the server gave none
    last_modified: str
    moved_to: str  # the new address where it moved for good, else empty


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allow_internal: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Page:
    """Fetch a page, unless it is the same as last time; raise FeedError saying what went wrong."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    conditions = {name: value for name, value in asked.items() if value}
    end = clock() + LONGEST
    moved_to, for_good = "", True
    with _session(allow_internal=allow_internal) as session:
        for _ in range(HOPS + 1):
            _require_time(end, clock)
            with _ask(session, url, conditions) as response:
                if response.status_code not in (*_MOVED, *_MOVED_FOR_GOOD):
                    return _page(response, url, moved_to, end=end, clock=clock)
                for_good = for_good and response.status_code in _MOVED_FOR_GOOD
                url = _next_hop(session, response, url)
                moved_to = url if for_good else moved_to
    raise FeedError(f"it sends on from address to address, more than {HOPS} times")


# --- one answer ---------------------------------------------------------------------------


def _ask(session: requests.Session, url: str, conditions: Mapping[str, str]) -> requests.Response:
    try:
        return session.get(
            url, headers=conditions, stream=True, allow_redirects=False, timeout=_TIMEOUT
        )
    except requests.RequestException as err:
        raise FeedError(_words_for(err)) from err


def _next_hop(session: requests.Session, response: requests.Response, url: str) -> str:
    target = session.get_redirect_target(response)
    try:
        joined = urljoin(url, target or "")
        is_web = urlsplit(joined).scheme in ("http", "https") and bool(urlsplit(joined).hostname)
    except ValueError:
        is_web = False
    if not target or not is_web:
        raise FeedError("it sends on to what is no web address")
    return joined


def _page(
    response: requests.Response,
    url: str,
    moved_to: str,
    *,
    end: float,
    clock: Callable[[], float],
) -> Page:
    if response.status_code not in (200, _NOT_MODIFIED):
        raise FeedError(_words_for_status(response.status_code))
    is_same = response.status_code == _NOT_MODIFIED
    return Page(
        url=url,
        body=None if is_same else _body(response, end=end, clock=clock),
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        moved_to=moved_to,
    )


def _body(response: requests.Response, *, end: float, clock: Callable[[], float]) -> bytes:
    body = bytearray()
    try:
        # Small bites: packed bytes may grow a thousandfold before they can be counted.
        for chunk in response.iter_content(8 * 1024):
            body += chunk
            if len(body) > LARGEST:
                raise FeedError(f"it is larger than {LARGEST // 1024 // 1024} MB")
            _require_time(end, clock)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as err:
        raise FeedError(_words_for(err)) from err
    return bytes(body)


def _require_time(end: float, clock: Callable[[], float]) -> None:
    if clock() > end:
        raise FeedError(f"it was not there in full after {LONGEST:.0f} seconds")


def _words_for(err: Exception) -> str:
    if isinstance(err, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    if isinstance(err, requests.Timeout) or "timed out" in str(err):
        return "no answer in time"
    if isinstance(
        err, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError
    ):
        return "its answer broke off or is garbled"
    if isinstance(err, requests.ConnectionError):
        return "no answer"
    return f"it cannot be asked: {type(err).__name__}"


def _words_for_status(status: int) -> str:
    if status in (404, 410):
        return f"there is nothing at this address any more ({status})"
    if status in (401, 403):
        return f"its server lets nobody in ({status})"
    if status == 429 or status >= 500:
        return f"its server is in trouble ({status}); try again later"
    return f"its server answers {status}"


# --- guarded connections ------------------------------------------------------------------


def _session(*, allow_internal: bool) -> requests.Session:
    session = requests.Session()
    session.headers.update(_HEADERS)
    # A proxy is an internal machine. Passwords of a .netrc are never given to a feed.
    session.trust_env = allow_internal
    session.auth = lambda request: request
    if not allow_internal:
        adapter = _GuardedAdapter()
        session.mount("http://", adapter)
        session.mount("https://", adapter)
    return session


class _GuardedConnection(HTTPConnection):
    """A connection that is made to a public address or not at all."""

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedTLSConnection(HTTPSConnection):
    """The same with TLS; the name is verified as ever."""

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GuardedTLSConnection


class _GuardedAdapter(HTTPAdapter):
    """Makes every connection of a session a guarded one, those after a redirect too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def _connect(connection: HTTPConnection) -> socket.socket:
    """Connect to the very address that was looked at, so that no second look-up can differ."""
    host = connection.host
    refused: OSError | None = None
    for address in _public_addresses(host, connection.port):
        try:
            return create_connection((address, connection.port), connection.timeout)
        except OSError as err:
            refused = err
    raise FeedError(f"no answer from {host}") from refused


def _public_addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise FeedError(f"the name {host} is not known, or there is no network") from err
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if any(is_internal(address) for address in addresses):
        raise FeedError(
            f"{host} lies in an internal network; if that is meant, write "
            "“allow_internal = true” below [collect] in newsletter.toml"
        )
    return addresses
