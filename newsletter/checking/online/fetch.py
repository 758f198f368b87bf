"""One HTTP request to an address that was looked at first: nothing is followed or sent twice."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

import certifi
import idna

from newsletter.checking.online.names import FindAddresses, NameServiceError, NoSuchHostError
from newsletter.language.wording import Wording, say
from newsletter.net.exchange import Exchange
from newsletter.net.internet import is_internal

LONGEST_PAGE = 512 * 1024  # bytes looked through for a fragment

Cause = Literal[
    "address", "name", "offline", "internal", "tls", "refused", "timeout", "protocol", "cut"
]


class FetchError(Exception):
    """There was no answer to look at."""

    def __init__(self, cause: Cause, fault: Wording) -> None:
        super().__init__(fault)
        self.cause = cause
        self.fault = fault  # goes on from the link, unless the cause is "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a server."""

    method: str  # HEAD, GET or POST
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    keep: int = 0  # bytes of the answer's body to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered."""

    status: int
    location: str = ""  # where it sends on to
    media_type: str = ""
    body: bytes = b""
    whole: bool = False  # whether all of the body was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How servers are reached."""

    find_addresses: FindAddresses
    context: ssl.SSLContext
    is_forbidden: Callable[[str], bool] = is_internal  # whether an address must not be asked
    timeout: float = 10.0  # seconds for one request, all in all


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    scheme: str
    host: str  # ASCII
    port: int
    path: str  # with its query, percent-encoded


def trusted_roots() -> ssl.SSLContext:
    """Return a context that trusts whom the system trusts, and whom Mozilla does."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def fetch(request: Request, network: Network) -> Reply:
    """Make one request; raise FetchError if nothing comes of it.

    The connection goes to the very address that was found not to be internal, so a name that
    changes its mind in between gains nothing.
    """
    target = _target(request.url)
    with Exchange(network.timeout) as exchange:
        addresses = _addresses(target.host, network)
        with closing(_connect(target, addresses, network, exchange)) as stream:
            exchange.watch(stream)
            try:
                reply = _exchange(request, target, stream)
            except (http.client.HTTPException, OSError, ValueError) as err:
                raise _fault(err, target.host, late=exchange.is_over) from err
        if exchange.is_over:  # what was shut looks like an answer that ends
            raise FetchError("timeout", say("does not answer in time"))
        return reply


def _target(url: str) -> _Target:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as err:  # idna's errors are ValueErrors
        raise FetchError("address", say("is not an address")) from err
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError("address", say("is not an address of the web"))
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*")
    query = "?" + quote(parts.query, safe="/%:=&?~+!$,;'@()*[]") if parts.query else ""
    return _Target(scheme=parts.scheme, host=host, port=port, path=path + query)


def _addresses(host: str, network: Network) -> list[str]:
    try:
        found = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = _looked_up(host, network.find_addresses)
    internal = [address for address in found if network.is_forbidden(address)]
    if internal:
        fault = say("leads to an internal address ({address})", address=internal[0])
        raise FetchError("internal", fault)
    return found


def _looked_up(host: str, find_addresses: FindAddresses) -> list[str]:
    try:
        return find_addresses(host)
    except NoSuchHostError as err:
        fault = say("names a host that does not exist ({host})", host=host)
        raise FetchError("name", fault) from err
    except NameServiceError as err:
        fault = say("the name {host} could not be looked up", host=host)
        raise FetchError("offline", fault) from err


def _connect(
    target: _Target, addresses: list[str], network: Network, exchange: Exchange
) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            plain = socket.create_connection((address, target.port), timeout=exchange.left)
        except OSError as err:
            # An IPv6 address that this machine has no way to says less than any other failure.
            tells = isinstance(err, TimeoutError | ConnectionError)
            failure = err if failure is None or tells else failure
        else:
            return plain if target.scheme == "http" else _secured(plain, target.host, network)
    if isinstance(failure, TimeoutError):
        raise FetchError("timeout", say("does not answer")) from failure
    if isinstance(failure, ConnectionError):
        raise FetchError("refused", say("takes no connections")) from failure
    fault = say("there is no way to {host}", host=target.host)
    raise FetchError("offline", fault) from failure


def _secured(plain: socket.socket, host: str, network: Network) -> socket.socket:
    try:
        return network.context.wrap_socket(
            plain, server_hostname=host, do_handshake_on_connect=False
        )
    except (OSError, ValueError) as err:
        plain.close()
        raise _fault(err, host, late=False) from err


def _exchange(request: Request, target: _Target, stream: socket.socket) -> Reply:
    kind: Callable[..., http.client.HTTPConnection] = http.client.HTTPConnection
    if isinstance(stream, ssl.SSLSocket):
        stream.do_handshake()
        kind = http.client.HTTPSConnection  # for its standard port in the header Host
    with closing(kind(target.host, target.port)) as connection:
        connection.sock = stream
        connection.request(request.method, target.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        body = answer.read(request.keep + 1) if request.keep else b""
        return Reply(
            status=answer.status,
            location=answer.headers.get("Location", ""),
            media_type=answer.headers.get_content_type(),
            body=body[: request.keep],
            whole=len(body) <= request.keep,
        )


def _fault(err: Exception, host: str, *, late: bool) -> FetchError:
    if isinstance(err, TimeoutError) or late:
        return FetchError("timeout", say("does not answer in time"))
    if isinstance(err, ssl.SSLCertVerificationError):
        why = err.verify_message
        fault = say("has no valid certificate for {host}: {reason}", host=host, reason=why)
        return FetchError("tls", fault)
    if isinstance(err, ssl.SSLError):
        why = str(err.reason or err)
        return FetchError("tls", say("cannot be reached over TLS: {reason}", reason=why))
    if isinstance(err, http.client.InvalidURL):
        return FetchError("address", say("is not an address"))
    is_cut = isinstance(err, ConnectionError)  # which http.client's own word for it is as well
    if isinstance(err, http.client.HTTPException | ValueError) and not is_cut:
        return FetchError("protocol", say("answers with something that is not HTTP"))
    return FetchError("cut", say("breaks the connection off"))
