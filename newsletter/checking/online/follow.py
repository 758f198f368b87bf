"""Follows one link by hand, a hop at a time, to the page it ends at."""

import re
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from urllib.parse import unquote, urldefrag, urljoin

from newsletter.checking.online.fetch import LONGEST_PAGE, FetchError, Reply, Request
from newsletter.checking.online.memory import Visit
from newsletter.language.wording import say

MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A server may not know HEAD, and not say so in a civil way.
_WORTH_A_GET = frozenset({"timeout", "protocol", "cut"})
# An address such as #!/page or #:~:text=word is no place in a page: a script or browser reads it.
_NO_PLACE = re.compile(r"$|[!/?]|:~:|top$", re.I)

Ask = Callable[[Request], Reply]


def follow(url: str, *, ask: Ask, agent: str, may_ask: Callable[[str], bool]) -> Visit:
    """Follow a link for at most five hops; `may_ask` is asked again about each."""
    here, fragment = urldefrag(url)
    hops: list[str] = []
    while True:
        try:
            reply = _look(here, ask, agent, page=not _NO_PLACE.match(fragment))
        except FetchError as err:
            return Visit(hops=tuple(hops), trouble=err.cause, words=err.fault)
        if reply.status not in _REDIRECTS or not reply.location:
            found = _has_place(reply, fragment)
            return Visit(hops=tuple(hops), status=reply.status, fragment=found)
        there = urldefrag(_next(here, reply.location))[0]
        if len(hops) == MOST_HOPS or there in (*hops, here):
            return Visit(hops=(*hops, there), trouble="loop", words=say("is sent on and on"))
        if not may_ask(there):
            words = say("is sent on to a page that may act for its reader")
            return Visit(hops=(*hops, there), trouble="acts", words=words)
        hops.append(there)
        here = there


def _look(url: str, ask: Ask, agent: str, *, page: bool) -> Reply:
    headers = (("User-Agent", agent), ("Accept", "*/*"), ("Connection", "close"))
    if page:
        return ask(Request(method="GET", url=url, headers=headers, keep=LONGEST_PAGE))
    try:
        reply = ask(Request(method="HEAD", url=url, headers=headers))
        if reply.status < 400 or reply.status == 429:
            return reply
    except FetchError as err:
        if err.cause not in _WORTH_A_GET:
            raise
    reply = ask(Request(method="GET", url=url, headers=(*headers, ("Range", "bytes=0-0"))))
    # A page of no bytes has no first one to send: 416, and yet it is there.
    return Reply(status=200) if reply.status == 416 else reply


def _next(here: str, location: str) -> str:
    with suppress(UnicodeError):
        # http.client reads header fields as Latin-1; most servers mean UTF-8.
        location = location.encode("latin-1").decode()
    try:
        return urljoin(here, location.strip())
    except ValueError:
        return location  # what is wrong with it is said when it is asked for


def _has_place(reply: Reply, fragment: str) -> bool | None:
    looked = not _NO_PLACE.match(fragment) and reply.status == 200
    if not looked or reply.media_type not in ("text/html", "application/xhtml+xml"):
        return None
    html = re.sub(r"<!--.*?-->", "", reply.body.decode(errors="replace"), flags=re.S)
    places = {
        unescape(quoted or bare)
        for _, quoted, bare in re.findall(
            r"""\s(?:id|name)\s*=\s*(?:(["'])(.*?)\1|([^\s"'>]+))""", html, flags=re.I
        )
    }
    if {fragment, unquote(fragment)} & places:
        return True
    return False if reply.whole else None
