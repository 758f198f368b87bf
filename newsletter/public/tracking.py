"""Counts opens and clicks, and leads on: always the same answer, whoever asks and however it ends.

In the hour after a send thousands a second may ask. So these are answered before any other part of
the service looks at them, and wait in the event loop, not in threads, for the same commit.
"""

import asyncio
import datetime as dt
import re
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.counted_links import CountedLinks
from newsletter.errors import LedgerError, LinkError
from newsletter.ledger import Gathering, Ledger, hits, issue_links
from newsletter.links import member_in
from newsletter.model import Hit, HitKind
from newsletter.observing import HitStored, HitUnstored, observe
from newsletter.public.judges import Judge
from newsletter.public.site import PublicSite

PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # transparent
_PATIENCE = 2.0  # seconds; a reader's way is not held up by our counting
_MOST_SENDS = 1_000  # that are remembered
_PATH = re.compile(
    r"/(?:o/(?P<open>[^/]{1,64})\.gif|r/(?P<click>[\w-]{24})\.(?P<link>\d{1,6}))", re.ASCII
)
_METHODS = ("GET", "HEAD")
OPENED, CLICKED = "tracking.opened", "tracking.clicked"  # as the log names them
# Signs that an address may have in a header; all else is percent-encoded.
_SAFE = "%/:?#[]@!$&'()*+,;=~"
_UNSEEN = (b"x-robots-tag", b"noindex")
_AWAY = [(b"retry-after", b"30"), (b"content-length", b"0"), _UNSEEN]
# The same for everybody; a mail in a browser is another origin.
_OF_PICTURE = [
    (b"content-type", b"image/gif"),
    (b"content-length", str(len(PICTURE)).encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
    _UNSEEN,
]


class Tracking:
    """Middleware that answers for pictures and redirects of mails, and passes on all else."""

    def __init__(self, app: ASGIApp, site: PublicSite) -> None:
        self._app = app
        self._base = unquote(site.base)
        self._public_url = site.public_url
        self._counter = Counter(site.ledger, site.now)
        # Where nothing is signed, nothing is ours.
        self._links = CountedLinks(site.public_url, site.secret) if site.secret else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a picture, lead on, or pass the request on."""
        found = self._asked_for(scope)
        if found is None or self._links is None:
            await self._app(scope, receive, send)
        elif token := found["open"]:
            scope["endpoint"] = OPENED
            await self._count_open(self._links, token, scope)
            await _answer(send, 200, _OF_PICTURE, b"" if scope["method"] == "HEAD" else PICTURE)
        elif not await self._lead_on(self._links, found, scope, send):
            await self._app(scope, receive, send)

    async def _lead_on(
        self, links: CountedLinks, found: re.Match[str], scope: Scope, send: Send
    ) -> bool:
        """Answer for a link of an issue; return False for none of ours."""
        try:
            url = await self._destination(links, found, scope)
        except LedgerError:  # it is away: what is ours is not known just now
            await _answer(send, 503, _AWAY, b"")
            return True
        if url:
            scope["endpoint"] = CLICKED
            url = self._with_member(url, scope)
            location = quote(url, safe=_SAFE).encode()
            headers = [(b"location", location), (b"content-length", b"0"), _UNSEEN]
            await _answer(send, 302, headers, b"")
        return bool(url)

    def _with_member(self, url: str, scope: Scope) -> str:
        """Return where a link leads, with what it says of its reader if that is a page of ours."""
        member = member_in(scope["query_string"].decode("latin-1"))
        if not member or not url.startswith(f"{self._public_url}/"):
            return url
        page, hash_, place = url.partition("#")
        return f"{page}{'&' if '?' in page else '?'}{member}{hash_}{place}"

    def _asked_for(self, scope: Scope) -> re.Match[str] | None:
        if scope["type"] != "http" or scope["method"] not in _METHODS:
            return None
        path: str = scope["path"]
        if not path.startswith(self._base):
            return None
        return _PATH.fullmatch(path, len(self._base))

    async def _count_open(self, links: CountedLinks, token: str, scope: Scope) -> None:
        """Count an open of ours; the picture is shown whatever the token."""
        with suppress(LinkError, LedgerError):
            place = links.read_opened(token)
            known = await self._counter.destinations(place[0])
            if known and known.is_counted:
                await self._counter.count(scope, HitKind.OPENED, place)

    async def _destination(
        self, links: CountedLinks, found: re.Match[str], scope: Scope
    ) -> str | None:
        """Return where a link of an issue leads, and count the click; None for none of ours."""
        try:
            place = links.read_clicked(found["click"])
            number = int(found["link"])
        except LinkError:
            return None
        known = await self._counter.destinations(place[0], number)
        url = known.urls.get(number) if known else None
        if known and url and known.is_counted:
            await self._counter.count(scope, HitKind.CLICKED, place, number)
        return url


class Counter:
    """What it takes to count the visits of one newsletter."""

    def __init__(self, ledger: Ledger, now: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._hits = Gathering[Hit](ledger, hits.add_hits)
        self._judge = Judge(ledger)
        self._sends: dict[int, issue_links.Destinations] = {}

    async def destinations(
        self, send: int, number: int | None = None
    ) -> issue_links.Destinations | None:
        """Return what is known of a send; asked once more for a link that was not there yet."""
        known = self._sends.get(send)
        if known is None or (number is not None and number not in known.urls):
            known = await run_in_threadpool(self._find, send)
            if known:
                if len(self._sends) >= _MOST_SENDS:
                    self._sends.clear()
                self._sends[send] = known
        return known

    async def count(
        self, scope: Scope, kind: HitKind, place: tuple[int, int], link: int | None = None
    ) -> None:
        """Store what happened, unless that takes too long; nobody is kept waiting for it."""
        send, delivery = place
        now = self._now()
        judgement = await self._judge.judge(scope, kind, place, link)
        hit = Hit(
            send=send,
            kind=kind,
            hour=now.astimezone(dt.UTC).isoformat()[:13],
            delivery=delivery,
            link=link,
            at=now,
            **judgement.thought,
        )
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._hits.store(hit)
        except (TimeoutError, LedgerError) as err:
            observe(HitUnstored(fault=type(err).__name__))
        else:
            observe(HitStored(kind=kind, visitor=judgement.visitor, reason=judgement.reason))

    def _find(self, send: int) -> issue_links.Destinations | None:
        with self._ledger.read() as connection:
            return issue_links.find_destinations(connection, send)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    start = {"type": "http.response.start", "status": status, "headers": list(headers)}
    await send(start)
    await send({"type": "http.response.body", "body": body})
