"""Fetches a page from an untrusted server: bounded in time, size and redirects, never internal."""

import zlib
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from newsletter.errors import FeedError
from newsletter.language import Wording, say
from newsletter.net import (
    MOST_HOPS,
    AskError,
    Cause,
    Network,
    Reply,
    Request,
    asking,
    follow,
    is_internal,
)

LARGEST = 2 * 1024 * 1024  # bytes, unpacked
LONGEST = 30.0  # seconds in total, however slowly the bytes arrive
_HEADERS = {
    "User-Agent": "newsletter (collects news for an issue)",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5",
}
_NO_ADDRESS = say("it is no web address, or sends on to what is none")
_GARBLED = say("its answer broke off or is garbled")
_MOVED_FOR_GOOD, _NOT_MODIFIED = (301, 308), 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The answer of a server."""

    url: str  # the address it was found at in the end
    body: bytes | None = field(repr=False)  # None: the same as last time
    content_type: str
    etag: str  # these two are for the next request, empty if the server gave none
    last_modified: str
    moved_to: str = ""  # the new address if it moved permanently


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allow_internal: bool = False,
    longest: float = LONGEST,
) -> Page:
    """Fetch a page unless it is unchanged; raise FeedError saying what went wrong."""
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {**_HEADERS, **{name: value for name, value in conditions.items() if value}}
    network = Network(
        is_forbidden=_nothing if allow_internal else is_internal,
        by_environment=allow_internal,
        timeout=longest,
    )

    def look(there: str) -> Reply:
        return ask(Request(method="GET", url=there, headers=tuple(headers.items()), keep=LARGEST))

    try:
        with asking(network) as ask:
            return _page(follow(url, look))
    except AskError as err:
        raise FeedError(words_for(err, longest)) from err


def _nothing(_address: str) -> bool:
    return False


# --- one answer ---------------------------------------------------------------------------


def _page(trail: list[Reply]) -> Page:
    reply = trail[-1]
    if reply.status not in (200, _NOT_MODIFIED):
        raise FeedError(_words_for_status(reply.status))
    hops = takewhile(lambda hop: hop[0].status in _MOVED_FOR_GOOD, pairwise(trail))
    return Page(
        url=reply.url,
        body=None if reply.status == _NOT_MODIFIED else _body(reply),
        content_type=reply.headers.get("Content-Type", ""),
        etag=reply.headers.get("ETag", ""),
        last_modified=reply.headers.get("Last-Modified", ""),
        moved_to=["", *(there.url for _, there in hops)][-1],
    )


def _body(reply: Reply) -> bytes:
    if packed := reply.unknown_packing:
        raise FeedError(
            say("it is packed in a way that was not asked for ({packing})", packing=packed[:40])
        )
    body = reply.body
    if body.startswith(b"\x1f\x8b"):  # a compressed file, served undeclared
        try:
            body = zlib.decompressobj(31).decompress(body, LARGEST + 1)
        except zlib.error as err:
            raise FeedError(_GARBLED) from err
    if not reply.whole or len(body) > LARGEST:
        raise FeedError(say("it is larger than {most} MB", most=LARGEST // 1024 // 1024))
    return body


def words_for(err: AskError, longest: float) -> Wording:
    """Return why there is no page, in words."""
    nameless = say("its name is not known, or there is no network")
    return {
        Cause.ADDRESS: _NO_ADDRESS,
        Cause.NAME: nameless,
        Cause.NAME_SERVICE: nameless,
        Cause.INTERNAL: say(
            "{host} lies in an internal network; if that is meant, write “allow_internal = true” "
            "below [collect] in newsletter.toml",
            host=err.host,
        ),
        Cause.NO_WAY: say("no answer"),
        Cause.REFUSED: say("no answer"),
        Cause.CERTIFICATE: say("its certificate cannot be trusted"),
        Cause.TLS: say("its certificate cannot be trusted"),
        Cause.SILENT: say("no answer in time"),
        Cause.LATE: say("it was not there in full after {seconds:.0f} seconds", seconds=longest),
        Cause.PROTOCOL: _GARBLED,
        Cause.CUT: _GARBLED,
        Cause.LOOP: say(
            "it redirects from address to address, in a circle or more than {most} times",
            most=MOST_HOPS,
        ),
    }[err.cause]


def _words_for_status(status: int) -> Wording:
    if status in (404, 410):
        return say("there is nothing at this address any more ({status})", status=status)
    if status in (401, 403):
        return say("its server lets nobody in ({status})", status=status)
    if status == 429 or status >= 500:
        return say("its server is in trouble ({status}); try again later", status=status)
    if status < 400:
        return _NO_ADDRESS
    return say("its server answers {status}", status=status)
