"""Follows one link by hand, a hop at a time, to the page it ends at."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote, urldefrag

from newsletter.checking.online.memory import Visit
from newsletter.checking.online.unanswered import words_for
from newsletter.language.wording import say
from newsletter.net import client
from newsletter.net.client import Ask, AskError, Cause, Reply, Request

_LONGEST_PAGE = 512 * 1024  # bytes looked through for a fragment
# A server may not know HEAD, and not say so in a civil way.
_WORTH_A_GET = frozenset({Cause.SILENT, Cause.LATE, Cause.PROTOCOL, Cause.CUT})
# An address such as #!/page or #:~:text=word is no place in a page: a script or browser reads it.
_NO_PLACE = re.compile(r"$|[!/?]|:~:|top$", re.I)


class _ActsError(Exception):
    """A page may act for whoever asks for it."""


def follow(url: str, *, ask: Ask, agent: str, may_ask: Callable[[str], bool]) -> Visit:
    """Follow a link to its end; `may_ask` is asked about each hop."""
    start, fragment = urldefrag(url)

    def look(there: str) -> Reply:
        if not may_ask(there):
            raise _ActsError
        return _look(there, ask, agent, page=not _NO_PLACE.match(fragment))

    try:
        trail = client.follow(start, look)
    except AskError as err:
        return Visit(trouble=err.cause, words=words_for(err))
    except _ActsError:
        return Visit(trouble="acts", words=say("is sent on to a page that may act for its reader"))
    hops, page = tuple(reply.url for reply in trail[1:]), trail[-1]
    return Visit(hops=hops, status=page.status, fragment=_has_place(page, fragment))


def _look(url: str, ask: Ask, agent: str, *, page: bool) -> Reply:
    # Not packed, so that a Range is one of the page, and a page of one byte is that byte.
    headers = (("User-Agent", agent), ("Accept-Encoding", "identity"), ("Connection", "close"))
    if page:
        return ask(Request(method="GET", url=url, headers=headers, keep=_LONGEST_PAGE))
    try:
        reply = ask(Request(method="HEAD", url=url, headers=headers))
        if reply.status < 400 or reply.status == 429:
            return reply
    except AskError as err:
        if err.cause not in _WORTH_A_GET:
            raise
    reply = ask(Request(method="GET", url=url, headers=(*headers, ("Range", "bytes=0-0"))))
    # A page of no bytes has no first one to send: 416, and yet it is there.
    return Reply(url=url, status=200) if reply.status == 416 else reply


def _has_place(reply: Reply, fragment: str) -> bool | None:
    looked = not _NO_PLACE.match(fragment) and reply.status == 200
    if (
        not looked
        or reply.unknown_packing
        or reply.media_type not in ("text/html", "application/xhtml+xml")
    ):
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
