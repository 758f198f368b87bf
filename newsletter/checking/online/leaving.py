"""Tries the unsubscribe link with a key that nobody has, as mail programs and scanners do."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checking.instruments import CheckResult
from newsletter.checking.online.unanswered import OFFLINE, words_for
from newsletter.checking.online_rules import LIST_UNSUBSCRIBE_GET_SAFE
from newsletter.language import Wording, say
from newsletter.net import AskError, Network, Reply, Request, fetch

_ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058, section 3.2
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How readers unsubscribe by a link, or why there is none to be tried."""

    path: str  # where the public URL is set
    line: int | None
    url: str = ""  # with a key that nobody has
    why_not: Wording | None = None


def check_leaving_online(way_out: Exit, *, agent: str, network: Network) -> Iterator[CheckResult]:
    """Open and post an unsubscribe link whose key belongs to nobody; no subscriber is affected."""
    if way_out.why_not:
        yield LIST_UNSUBSCRIBE_GET_SAFE.skipped(way_out.why_not)
        return
    url, headers = way_out.url, (("User-Agent", agent), ("Connection", "close"))
    requests = (
        Request(method="HEAD", url=url, headers=headers),
        Request(method="GET", url=url, headers=headers, keep=64 * 1024),
        Request(method="POST", url=url, headers=(*headers, *_FORM), body=_ONE_CLICK),
    )
    for request in requests:
        try:
            fault = _fault_of(request.method, fetch(request, network))
        except AskError as err:
            if err.cause in OFFLINE:
                yield LIST_UNSUBSCRIBE_GET_SAFE.skipped(words_for(err))
                return
            fault = say("the link {fault}", fault=words_for(err))
        if fault:
            yield LIST_UNSUBSCRIBE_GET_SAFE.error(
                "{method} of an unsubscribe link: {fault}",
                "see docs/deployment.md; until it works, leave public_url out",
                line=way_out.line,
                method=request.method,
                fault=fault,
            ).in_file(way_out.path)
            return


def _fault_of(method: str, reply: Reply) -> str:
    """Return what is wrong with an answer to a key that nobody has, or ""."""
    if 300 <= reply.status < 400:
        return _sent_on(reply.location)
    if reply.status >= 500:
        return say("the server has a fault ({status})", status=reply.status)
    if method == "HEAD":
        return ""  # all that matters is that it answers
    if reply.status >= 400:
        return say("the server does not know it ({status})", status=reply.status)
    if method == "GET" and b"<form" not in reply.body.lower():
        return say("the page shows no form to press, so opening it may already have unsubscribed")
    return ""


def _sent_on(url: str) -> str:
    if url:
        return say("it is redirected to {url}; mail programs do not follow", url=url)
    return say("it is redirected to nowhere; mail programs do not follow")
