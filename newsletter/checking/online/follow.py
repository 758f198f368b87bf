"""Follows one link by hand, one redirect at a time, to the page it ends at."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote, urldefrag

from newsletter.checking.online.memory import Visit
from newsletter.checking.online.unanswered import words_for
from newsletter.language import say
from newsletter.net import Ask, AskError, Cause, Reply, Request, client

_LONGEST_PAGE = 512 * 1024  # bytes searched for a fragment
# A server may not know HEAD and say so in an unusual way.
_WORTH_A_GET = frozenset({Cause.SILENT, Cause.LATE, Cause.PROTOCOL, Cause.CUT})
# A fragment such as #!/page or #:~:text=word is no target in a page: a script or the browser reads
# it.
_NO_PLACE = re.compile(r"$|[!/?]|:~:|top$", re.I)


class _ActsError(Exception):
    """A page may do something for whoever requests it."""


def follow(url: str, *, ask: Ask, agent: str, may_follow: Callable[[str], bool]) -> Visit:
    """Follow a link to its end; `may_follow` is called for each redirect."""
    start, fragment = urldefrag(url)

    def look(there: str) -> Reply:
        if not may_follow(there):
            raise _ActsError
        return _look(there, ask, agent, page=not _NO_PLACE.match(fragment))

    try:
        trail = client.follow(start, look)
    except AskError as err:
        return Visit(trouble=err.cause, words=words_for(err))
    except _ActsError:
        return Visit(
            trouble="acts",
            words=say("is redirected to a page that may do something in its reader's name"),
        )
    hops, page = tuple(reply.url for reply in trail[1:]), trail[-1]
    return Visit(hops=hops, status=page.status, fragment=_has_place(page, fragment))


def _look(url: str, ask: Ask, agent: str, *, page: bool) -> Reply:
    # Not compressed, so that a Range counts bytes of the page, and a page of one byte is that byte.
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
    # An empty page has no first byte to send: 416, although the page exists.
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
