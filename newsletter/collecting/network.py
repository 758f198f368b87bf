"""Fetches a page from a stranger: bounded in time, size and hops, and never an internal one."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests

from newsletter.errors import FeedError
from newsletter.net.exchange import Exchange, ForbiddenError
from newsletter.net.internet import is_internal
from newsletter.net.session import LateError, ask, new_session, read_body

LARGEST = 2 * 1024 * 1024  # bytes, unpacked
LONGEST = 30.0  # seconds for all of it, however slowly the bytes drip
HOPS = 5  # redirects
_TIMEOUT = (10.0, 15.0)  # seconds to connect, and of silence
_HEADERS = {
    "User-Agent": "newsletter (collects news for an issue)",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5",
}
_PACKED = {"", "identity", "gzip", "x-gzip", "deflate"}
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
    longest: float = LONGEST,
) -> Page:
    """Fetch a page, unless it is the same as last time; raise FeedError saying what went wrong."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    conditions = {**_HEADERS, **{name: value for name, value in asked.items() if value}}
    # A proxy is an internal machine.
    session = new_session(by_environment=allow_internal)
    forbidden = _nothing if allow_internal else is_internal
    try:
        with session, Exchange(longest, is_forbidden=forbidden):
            return _follow(session, url, conditions)
    except LateError as err:
        raise FeedError(f"it was not there in full after {longest:.0f} seconds") from err
    except ForbiddenError as err:
        raise FeedError(
            f"{err.host} lies in an internal network; if that is meant, write "
            "“allow_internal = true” below [collect] in newsletter.toml"
        ) from err
    except requests.RequestException as err:
        raise FeedError(_words_for(err)) from err
    except (ValueError, LookupError, OSError) as err:  # what libraries make of a stranger's bytes
        raise FeedError(f"its answer cannot be read: {type(err).__name__}") from err


# --- one answer ---------------------------------------------------------------------------


def _follow(session: requests.Session, url: str, conditions: Mapping[str, str]) -> Page:
    moved_to, for_good = "", True
    for _ in range(HOPS + 1):
        request = requests.Request("GET", url, headers=dict(conditions))
        with ask(session, request, timeout=_TIMEOUT) as response:
            if response.status_code not in (*_MOVED, *_MOVED_FOR_GOOD):
                return _page(response, url, moved_to)
            for_good = for_good and response.status_code in _MOVED_FOR_GOOD
            url = _next_hop(response, url)
            moved_to = url if for_good else moved_to
    raise FeedError(f"it sends on from address to address, more than {HOPS} times")


def _next_hop(response: requests.Response, url: str) -> str:
    try:
        # Header fields are read as Latin-1; most servers mean UTF-8.
        target = response.headers.get("Location", "").encode("latin-1").decode("utf-8", "replace")
        joined = urljoin(url, target)
        parts = urlsplit(joined)
        is_web = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_web = False
    if not target or not is_web:
        raise FeedError("it sends on to what is no web address")
    return joined


def _page(response: requests.Response, url: str, moved_to: str) -> Page:
    if response.status_code not in (200, _NOT_MODIFIED):
        raise FeedError(_words_for_status(response.status_code))
    is_same = response.status_code == _NOT_MODIFIED
    return Page(
        url=url,
        body=None if is_same else _body(response),
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        moved_to=moved_to,
    )


def _body(response: requests.Response) -> bytes:
    packed = response.headers.get("Content-Encoding", "").lower()
    if set(packed.replace(" ", "").split(",")) - _PACKED:
        raise FeedError(f"it is packed in a way that was not asked for ({packed[:40]})")
    body = read_body(response, LARGEST)
    if body is not None and body.startswith(b"\x1f\x8b"):  # a packed file that nobody unpacked
        try:
            body = zlib.decompressobj(31).decompress(body, LARGEST + 1)
        except zlib.error as err:
            raise FeedError("its answer broke off or is garbled") from err
    if body is None or len(body) > LARGEST:
        raise FeedError(f"it is larger than {LARGEST // 1024 // 1024} MB")
    return body


def _nothing(_address: str) -> bool:
    return False


def _words_for(err: Exception) -> str:
    if isinstance(err, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    if isinstance(err, requests.Timeout) or "timed out" in str(err):
        return "no answer in time"
    if isinstance(
        err, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError
    ):
        return "its answer broke off or is garbled"
    if "NameResolutionError" in repr(err):
        return "its name is not known, or there is no network"
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
