"""Tries the way out of the list with a key that nobody has, as mail programs and scanners do."""

from newsletter.model import Finding, Severity
from newsletter.preflight.online.fetch import FetchError, Network, Reply, Request, fetch
from newsletter.preflight.online.rules import LEAVING_RULES

_ID = LEAVING_RULES[0].id
_ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058, section 3.2
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def check_leaving_online(
    url: str, *, path: str, line: int | None, agent: str, network: Network
) -> tuple[list[Finding], list[tuple[str, str]]]:
    """Open and press a link to leave whose key belongs to nobody; no subscriber is touched."""
    headers = (("User-Agent", agent), ("Connection", "close"))
    requests = (
        Request(method="HEAD", url=url, headers=headers),
        Request(method="GET", url=url, headers=headers, keep=64 * 1024),
        Request(method="POST", url=url, headers=(*headers, *_FORM), body=_ONE_CLICK),
    )
    for request in requests:
        try:
            fault = _fault_of(request.method, fetch(request, network))
        except FetchError as err:
            if err.cause == "offline":
                return [], [(_ID, str(err))]
            fault = f"the link {err}"
        if fault:
            hint = "see docs/deployment.md; until it works, leave public_url out"
            return [_finding(path, line, f"{request.method} of a link to leave: {fault}", hint)], []
    return [], []


def _fault_of(method: str, reply: Reply) -> str:
    """Return what is wrong with an answer about a key that nobody has, or nothing."""
    if 300 <= reply.status < 400:
        return f"it is sent on to {reply.location or 'nowhere'}; mail programs do not follow"
    if reply.status >= 500:
        return f"the server has a fault ({reply.status})"
    if method == "HEAD":
        return ""  # what matters is that it answers at all
    if reply.status >= 400:
        return f"the server does not know it ({reply.status})"
    if method == "GET" and b"<form" not in reply.body.lower():
        return "the page shows no form to press, so opening it may already have unsubscribed"
    return ""


def _finding(path: str, line: int | None, message: str, hint: str) -> Finding:
    return Finding(
        id=_ID, severity=Severity.ERROR, path=path, line=line, message=message, hint=hint
    )
