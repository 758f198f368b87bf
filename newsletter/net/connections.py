"""Sessions whose connections belong to an exchange; nothing is followed, nothing sent twice."""

import socket
import ssl
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from newsletter.net.exchange import current


class LateError(requests.Timeout):
    """The time of the exchange is over."""


def new_session(*, by_environment: bool, trust: ssl.SSLContext | None = None) -> requests.Session:
    """Return a session; `by_environment` says whether to use proxies and certificates from there.

    A .netrc is never used: it would replace a key with another log-in, or give one to strangers.
    `trust` replaces the certificates of requests and the environment.
    """
    session = requests.Session()
    session.trust_env = by_environment
    session.auth = _unchanged
    adapter = _Adapter(trust)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def ask(
    session: requests.Session,
    request: requests.Request,
    *,
    timeout: tuple[float, float],
    proxies: dict[str, str] | None = None,
) -> requests.Response:
    """Send one request and read the head of its answer, without even parsing a redirect.

    The session's own method would resolve the target, and fail if that is invalid.
    """
    prepared = session.prepare_request(request)
    url = prepared.url or ""
    settings: Any = session.merge_environment_settings(url, proxies or {}, True, None, None)  # noqa: FBT003
    try:
        return session.get_adapter(url).send(prepared, timeout=timeout, **settings)
    except requests.ConnectTimeout:  # nothing was sent, which says more than being late
        raise
    except requests.RequestException as err:
        _require_time(err)
        raise
    except urllib3.exceptions.HTTPError as err:  # what the session does not know by name
        _require_time(err)
        raise requests.ConnectionError(err) from err


def read_body(response: requests.Response, largest: int) -> bytes | None:
    """Return a decompressed body; None if it is too large. Raise requests.RequestException."""
    body = read_beginning(response, largest + 1)
    return None if len(body) > largest else body


def read_beginning(response: requests.Response, most: int) -> bytes:
    """Return the beginning of a body, decompressed; raise requests.RequestException if it fails."""
    body = bytearray()
    try:
        # As it comes: waiting for more at once would give each byte its own timeout.
        while len(body) < most and (chunk := response.raw.read1(65536, decode_content=True)):
            body += chunk
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as err:
        _require_time(err)
        raise requests.exceptions.ChunkedEncodingError(f"the answer broke off: {err}") from err
    _require_time(None)  # a closed connection looks like the end of a body
    return bytes(body[:most])


def _require_time(cause: Exception | None) -> None:
    exchange = current()
    if exchange and exchange.is_over:
        raise LateError("the answer does not end") from cause


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


# --- connections --------------------------------------------------------------------------


class _Watched(HTTPConnection):
    """A connection to the very address that was checked, so that no second look-up can differ."""

    def _new_conn(self) -> socket.socket:
        exchange = current()
        if exchange is None:
            return super()._new_conn()
        try:
            addresses = exchange.addresses(self.host)
        except socket.gaierror as err:
            raise NameResolutionError(self.host, self, err) from err
        refused: OSError | None = None
        for address in addresses:
            seconds = min(exchange.left, float(self.timeout or exchange.left))
            try:
                sock = create_connection(
                    (address, self.port), seconds, socket_options=self.socket_options
                )
            except OSError as err:
                # An IPv6 address that this machine has no route to says less than any other
                # failure.
                tells = isinstance(err, TimeoutError | ConnectionError)
                refused = err if refused is None or tells else refused
            else:
                exchange.watch(sock)
                sock.settimeout(float(self.timeout or exchange.left))
                return sock
        if isinstance(refused, TimeoutError):
            raise ConnectTimeoutError(self, "no answer in time") from refused
        raise NewConnectionError(self, f"no connection: {refused}") from refused

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request over a connection that may be from an earlier exchange."""
        exchange = current()
        if exchange and self.sock:
            exchange.watch(self.sock)
        super().request(*args, **kwargs)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same with TLS; the name is verified as usual."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Watched


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


_POOLS = {"http": _Pool, "https": _TLSPool}


class _Adapter(HTTPAdapter):
    """Makes every connection of a session a watched one, including those through a proxy."""

    def __init__(self, trust: ssl.SSLContext | None) -> None:
        self._trust = trust
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._trust, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, ssl_context=self._trust, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._trust is None:  # else it would trust whom requests trusts
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
