"""Counts opens and clicks, and leads on: always the same answer, whoever asks and however it ends.

These endpoints wait in the event loop, not in threads: in the hour after a send thousands wait at
once, for the same commit.
"""

import asyncio
import re
from base64 import b64decode
from contextlib import suppress
from datetime import UTC
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.counted_links import CountedLinks
from newsletter.errors import LedgerError, LinkError
from newsletter.ledger import Gathering, Ledger, hits
from newsletter.model import Hit, HitKind
from newsletter.public.judging import Bursts, asked_of, rules_of_today
from newsletter.public.site import site_of

PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # transparent
_PATIENCE = 2.0  # seconds; a reader's way is not held up by our counting
_MOST_SENDS = 1_000  # that are remembered
_REDIRECT = re.compile(r"([\w-]{24})\.(\d{1,6})", re.ASCII)
# Signs that an address may have in a header; all else is percent-encoded.
_SAFE = "%/:?#[]@!$&'()*+,;=~"
# The same for everybody; a mail in a browser is another origin.
_OF_PICTURE = {"Cross-Origin-Resource-Policy": "cross-origin", "X-Robots-Tag": "noindex"}


class Counter:
    """What it takes to count the visits of one newsletter."""

    def __init__(self, ledger: Ledger, links: CountedLinks | None) -> None:
        self.links = links  # None: nothing is signed, so nothing is ours
        self._ledger = ledger
        self._hits = Gathering[Hit](ledger, hits.add_hits)
        self._rules = rules_of_today()
        self._bursts = Bursts(self._rules)
        self._sends: dict[int, hits.Destinations] = {}

    async def destinations(self, send: int, number: int | None = None) -> hits.Destinations | None:
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
        self, request: Request, kind: HitKind, place: tuple[int, int], link: int | None = None
    ) -> None:
        """Store what happened, unless that takes too long; nobody is kept waiting for it."""
        send, delivery = place
        asked = asked_of(kind, request.method, request.scope["headers"])
        judgement = self._rules.judge(asked)
        if link is not None:
            network = request.client.host if request.client else ""
            if self._bursts.is_burst((send, delivery or network), link):
                judgement = self._rules.burst()
        now = site_of(request).now().astimezone(UTC)
        hit = Hit(
            send=send,
            kind=kind,
            hour=f"{now:%Y-%m-%dT%H}",
            visitor=judgement.visitor,
            reason=judgement.reason,
            rules=judgement.rules,
            delivery=delivery,
            link=link,
        )
        with suppress(TimeoutError, LedgerError):
            async with asyncio.timeout(_PATIENCE):
                await self._hits.store(hit)

    def _find(self, send: int) -> hits.Destinations | None:
        with self._ledger.read() as connection:
            return hits.find_destinations(connection, send)


async def opened(request: Request) -> Response:
    """Answer with the picture, whatever the token; count an open of ours."""
    counter = counter_of(request)
    with suppress(LinkError, LedgerError):
        if counter.links:
            place = counter.links.read_opened(request.path_params["token"])
            known = await counter.destinations(place[0])
            if known and known.is_counted:
                await counter.count(request, HitKind.OPENED, place)
    return Response(PICTURE, headers=_OF_PICTURE, media_type="image/gif")


async def clicked(request: Request) -> Response:
    """Lead to where a link of an issue leads, and nowhere else; count the click."""
    counter = counter_of(request)
    found = _REDIRECT.fullmatch(request.path_params["token"])
    if found is None or counter.links is None:
        raise HTTPException(404)
    try:
        place = counter.links.read_clicked(found[1])
    except LinkError as err:
        raise HTTPException(404) from err
    number = int(found[2])
    known = await counter.destinations(place[0], number)
    if known is None or number not in known.urls:
        raise HTTPException(404)
    if known.is_counted:
        await counter.count(request, HitKind.CLICKED, place, number)
    url = quote(known.urls[number], safe=_SAFE)
    return Response(status_code=302, headers={"Location": url, "X-Robots-Tag": "noindex"})


def counter_of(request: Request) -> Counter:
    """Return what counts for the newsletter."""
    counter: Counter = request.app.state.counter
    return counter
