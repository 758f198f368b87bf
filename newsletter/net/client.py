"""Requests pages from untrusted servers: each hop is checked; time, size, redirects are bounded."""

import http.client
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from urllib.parse import urldefrag, urljoin, urlsplit

import certifi
import requests
import urllib3

from newsletter.net.connections import LateError, ask, new_session, read_beginning
from newsletter.net.exchange import Exchange, ForbiddenError
from newsletter.net.hostnames import ascii_host
from newsletter.net.internet import is_internal
from newsletter.net.lookup import (
    FindAddresses,
    NameServiceError,
    NoSuchHostError,
    system_addresses,
)

MOST_HOPS = 5  # redirects that are followed
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TIMEOUT = (10.0, 15.0)  # seconds to connect, and between two bytes
_UNPACKED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class Cause(StrEnum):
    """Why there is no usable answer."""

    ADDRESS = "address"  # it is not a web address
    NAME = "name"  # no such host exists
    NAME_SERVICE = "name service"  # no server could say whether it exists
    INTERNAL = "internal"  # it leads to an address that must not be contacted
    NO_WAY = "no way"  # this machine has no route there, such as without a network
    REFUSED = "refused"  # it refuses connections
    CERTIFICATE = "certificate"  # its certificate cannot be trusted
    TLS = "tls"  # its TLS is faulty
    SILENT = "silent"  # no answer came
    LATE = "late"  # the answer was not complete in time
    PROTOCOL = "protocol"  # its answer is not HTTP
    CUT = "cut"  # its answer breaks off
    LOOP = "loop"  # it redirects endlessly


class AskError(Exception):
    """There was no usable answer."""

    def __init__(self, cause: Cause, *, host: str = "", detail: str = "") -> None:
        super().__init__(cause, host, detail)
        self.cause = cause
        self.host = host  # as requested, in ASCII
        self.detail = detail  # an internal address, or the message of TLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a server."""

    method: str  # HEAD, GET or POST
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    keep: int = 0  # bytes of the answer's body to read, decompressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer of a server."""

    url: str  # that was requested
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # their names in any case
    body: bytes = field(default=b"", repr=False)
    whole: bool = False  # whether the whole body was read

    @property
    def location(self) -> str:
        """Return the target of a redirect, as it was written."""
        # Header fields are decoded as Latin-1; most servers mean UTF-8.
        return self.headers.get("Location", "").encode("latin-1").decode("utf-8", "replace").strip()

    @property
    def sends_on_to(self) -> str:
        """Return the address a redirect leads to; its faults show when it is requested."""
        if self.status not in _REDIRECTS or not self.location:
            return ""
        try:
            return urldefrag(urljoin(self.url, self.location))[0]
        except ValueError:
            return self.location

    @property
    def media_type(self) -> str:
        """Return the media type of the body."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def unknown_packing(self) -> str:
        """Return the encoding of the body if it was not asked for; the body is not read then."""
        packed = self.headers.get("Content-Encoding", "").lower()
        return packed if set(packed.replace(" ", "").split(",")) - _UNPACKED else ""


Ask = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How servers are reached."""

    find_addresses: FindAddresses = system_addresses
    context: ssl.SSLContext | None = None  # whom to trust; None: the same as requests does
    is_forbidden: Callable[[str], bool] = is_internal  # whether an address must not be contacted
    by_environment: bool = False  # through its proxies, which are internal machines
    timeout: float = 10.0  # seconds in total


def trusted_roots() -> ssl.SSLContext:
    """Return a context that trusts the authorities of the system and of Mozilla."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def fetch(request: Request, network: Network) -> Reply:
    """Make one request; raise AskError if it fails."""
    with asking(network) as ask_it:
        return ask_it(request)


@contextmanager
def asking(network: Network) -> Iterator[Ask]:
    """Yield a function that makes requests, or raises AskError, within one time limit.

    A connection goes to the very address that was found not to be forbidden, so a name that
    resolves differently a moment later gains nothing. Nothing is followed or sent twice.
    """
    exchange = Exchange(
        network.timeout,
        is_forbidden=network.is_forbidden,
        find_addresses=network.find_addresses,
    )
    session = new_session(by_environment=network.by_environment, trust=network.context)
    with session, exchange:
        yield partial(_ask, session)


def follow(url: str, look: Callable[[str], Reply]) -> list[Reply]:
    """Request an address and those it redirects to, one by one; the last reply is the page's."""
    trail = [look(url)]
    while there := trail[-1].sends_on_to:
        if len(trail) > MOST_HOPS or any(there == reply.url for reply in trail):
            raise AskError(Cause.LOOP)
        trail.append(look(there))
    return trail


# --- one request --------------------------------------------------------------------------


def _ask(session: requests.Session, request: Request) -> Reply:
    asked = requests.Request(request.method, request.url, dict(request.headers), data=request.body)
    try:
        with ask(session, asked, timeout=_TIMEOUT) as response:
            reply = Reply(url=request.url, status=response.status_code, headers=response.headers)
            if not (request.keep and 200 <= reply.status < 300) or reply.unknown_packing:
                return reply
            body = read_beginning(response, request.keep + 1)
    except ForbiddenError as err:
        raise AskError(Cause.INTERNAL, host=err.host, detail=err.address) from err
    except (requests.RequestException, ValueError, LookupError, OSError) as err:
        raise _error(err, request.url) from err
    return replace(reply, body=body[: request.keep], whole=len(body) <= request.keep)


# What the libraries raise, directly or as a cause; the first that fits says most.
_CAUSES: dict[Cause, tuple[type[BaseException], ...]] = {
    Cause.NAME: (NoSuchHostError,),
    Cause.NAME_SERVICE: (NameServiceError,),
    Cause.LATE: (LateError,),
    Cause.CERTIFICATE: (ssl.SSLCertVerificationError,),
    Cause.TLS: (ssl.SSLError, requests.exceptions.SSLError),
    Cause.SILENT: (TimeoutError, requests.Timeout),
    Cause.NO_WAY: (urllib3.exceptions.NewConnectionError,),
    Cause.ADDRESS: (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
        http.client.InvalidURL,
        urllib3.exceptions.LocationValueError,
    ),
    Cause.CUT: (ConnectionError, http.client.IncompleteRead),
}


def _error(err: BaseException, url: str) -> AskError:
    chain = list(_chain(err))
    fitting = (
        (cause, link)
        for cause, kinds in _CAUSES.items()
        for link in chain
        if isinstance(link, kinds)
    )
    cause, link = next(fitting, (Cause.PROTOCOL, err))
    if cause is Cause.NO_WAY and any(isinstance(link, ConnectionError) for link in chain):
        cause = Cause.REFUSED  # somebody is there to say no
    return AskError(cause, host=_host(url), detail=_detail_of(link))


def _chain(err: BaseException | None) -> Iterator[BaseException]:
    while err is not None:
        yield err
        err = err.__cause__ or err.__context__


def _detail_of(err: BaseException) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return str(err.verify_message)
    return str(getattr(err, "reason", None) or err)


def _host(url: str) -> str:
    try:
        return ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""
