"""Examines the public service from outside: the way to it, unsubscribing, the webhook."""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from newsletter.checking.online import OFFLINE, words_for
from newsletter.checkup.diagnoses import Diagnosis, broken, doubtful, good, of_clock, skipped
from newsletter.language import Wording, say, say_list
from newsletter.lookout import open_ways, way_out_of
from newsletter.net import AskError, Cause, Network, Reply, Request, fetch, is_loopback
from newsletter.settings import Settings

_ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058, section 3.2
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_JSON = (("Content-Type", "application/json"),)
_PATIENCE = 4.0  # seconds for one request
_PAGE = 64 * 1024  # bytes
_UNSIGNED = (401, 403)  # what our service answers to a post that nobody signed
# Headers of what stands before a service and answers to whoever is no browser.
_GUARDS = ("cf-mitigated", "x-sucuri-block", "x-datadome")


class _UnreachableError(Exception):
    """A server cannot be asked, or its answer is not what it should be."""

    def __init__(self, words: Wording, cause: Cause | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.cause = cause


def look_at_web(settings: Settings, *, now: dt.datetime) -> Iterator[Diagnosis]:
    """Ask as mail programs, scanners and providers do; nobody's key is used, so nothing changes."""
    url = settings.newsletter.public_url
    if not url:
        return
    (_, network), begun = open_ways(settings), time.monotonic()
    try:
        reply = _alive(url, network)
    except _UnreachableError as err:
        yield _unreached(settings, err)
        return
    yield from _encrypted(url)
    there = _date(reply)
    if there is not None:
        passed = dt.timedelta(seconds=time.monotonic() - begun)
        yield of_clock(now + passed, there, say_list((url,)))
    yield _leaving(settings, network)
    yield _webhook(settings, url, network)


def _unreached(settings: Settings, err: _UnreachableError) -> Diagnosis:
    if err.cause in OFFLINE:
        return skipped("service", err.words)
    if err.cause is Cause.INTERNAL and settings.newsletter.is_here_alone:
        url = settings.newsletter.public_url or ""
        if settings.provider.name == "outbox":
            told = say("{url} is on this machine alone; that will do for a rehearsal", url=url)
            return skipped("service", told)
        return broken(
            "service",
            say("no reader reaches {url}: it is on this machine alone", url=url),
            say("write the address that readers open as public_url, or leave it out"),
        )
    if err.cause is Cause.INTERNAL:
        cure = say("where that is meant to be, write allow_internal = true under [check]")
        return doubtful("service", err.words, cure)
    cure = say("start “newsletter serve”, and see docs/deployment.md for what is before it")
    return broken("service", err.words, cure)


def _alive(url: str, network: Network) -> Reply:
    """Ask the service whether it lives; raise _UnreachableError if something else answers."""
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.netloc}/health/live"
    reply = _asked(network, "GET", place)
    if reply.status != 200 or reply.body.strip() != b"live":
        raise _UnreachableError(
            say(
                "{url} does not lead to “newsletter serve”: {place} answers {status}",
                url=url,
                place=place,
                status=reply.status,
            )
        )
    return reply


def _encrypted(url: str) -> Iterator[Diagnosis]:
    parts = urlsplit(url)
    if parts.scheme == "https":
        yield good("service", say("{url} answers, and its certificate is valid", url=url))
    elif is_loopback(parts.hostname or ""):
        yield good("service", say("{url} answers, on this machine alone", url=url))
    else:
        cure = say("let the proxy before the service encrypt, and write https:// in public_url")
        yield broken("service", say("{url} is not encrypted", url=url), cure)


def _leaving(settings: Settings, network: Network) -> Diagnosis:
    """Open a link twice, then press its button as mailbox providers do, with a key of nobody."""
    way_out = way_out_of(settings)
    if way_out.why_not:
        return skipped("leaving", way_out.why_not)
    steps: tuple[tuple[str, bytes | None], ...] = (
        ("GET", None),
        ("GET", None),
        ("POST", _ONE_CLICK),
    )
    for method, body in steps:
        try:
            reply = _asked(network, method, way_out.url, body=body)
            fault = _fault_of_leaving(method, reply)
        except _UnreachableError as err:
            fault = err.words
        if fault:
            told = say("{method} of an unsubscribe link: {fault}", method=method, fault=fault)
            return broken(
                "leaving", told, say("see docs/deployment.md; until it works, leave public_url out")
            )
    told = say("opening the link changes nothing, and the one-click post of mailboxes arrives")
    return good("leaving", told)


def _fault_of_leaving(method: str, reply: Reply) -> Wording | None:
    if any(name in reply.headers for name in _GUARDS):
        return say(
            "protection against robots answers instead ({status}); exempt the paths /u/ and /w/",
            status=reply.status,
        )
    if 300 <= reply.status < 400:
        return say("it is redirected to {url}; mail programs do not follow", url=reply.location)
    if reply.status >= 400:
        return say("the server answers {status}", status=reply.status)
    if method == "GET" and b"<form" not in reply.body.lower():
        return say("the page shows no form to press, so opening it may already have unsubscribed")
    return None


def _webhook(settings: Settings, url: str, network: Network) -> Diagnosis:
    """Post what nobody signed to where a provider posts: the service must be who refuses it."""
    name = settings.provider.name
    if name in ("outbox", "smtp"):
        return skipped("webhook", say("{provider} posts nothing", provider=name))
    try:
        reply = _asked(network, "POST", f"{url}/w/{name}/doctor", body=b"{}", headers=_JSON)
    except _UnreachableError as err:
        return broken("webhook", err.words, say("see docs/deployment.md"))
    if reply.status in _UNSIGNED and not any(guard in reply.headers for guard in _GUARDS):
        return good(
            "webhook",
            say("what {provider} posts arrives, and what nobody signed is refused", provider=name),
        )
    told = say("a post to it is answered with {status}, not with 401", status=reply.status)
    return broken("webhook", told, say("exempt /w/ from whatever stands before the service"))


def _asked(
    network: Network,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Sequence[tuple[str, str]] = _FORM,
) -> Reply:
    """Make one request; raise _UnreachableError in words if there is no answer."""
    own = (("User-Agent", "newsletter-doctor/1"), ("Connection", "close"))
    sent = (*own, *headers) if body is not None else own
    request = Request(method=method, url=url, headers=sent, body=body, keep=_PAGE)
    try:
        return fetch(request, replace(network, timeout=_PATIENCE))
    except AskError as err:
        words = say_list((url, words_for(err)), " ")
        raise _UnreachableError(words, err.cause) from err


def _date(reply: Reply) -> dt.datetime | None:
    try:
        there = parsedate_to_datetime(reply.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return there if there.tzinfo else there.replace(tzinfo=dt.UTC)
