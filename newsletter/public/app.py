"""The public web application: its routes, and what it says where there is nothing."""

from collections.abc import Mapping
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp

from newsletter.contributions import MOST_BYTES
from newsletter.errors import LedgerBusyError, LedgerError
from newsletter.public import (
    archive,
    assets,
    at_the_door,
    attending,
    confirming,
    contributing,
    health,
    hooks,
    links_by_mail,
    meeting_pages,
    own_data,
    own_place,
    preferences,
    quitting,
    refusing,
    region_pages,
    subscribing,
    surveying,
    well_known,
)
from newsletter.public.answer_headers import PublicHeaders
from newsletter.public.answer_log import Observed
from newsletter.public.bodies import MOST, Bodies, Room
from newsletter.public.site import PublicSite
from newsletter.public.tracking import Tracking

# At the root of the host.
ROOT = [
    Route("/health/live", health.live),
    Route("/health/ready", health.ready),
    Route("/robots.txt", well_known.robots),
    Route("/.well-known/security.txt", well_known.security),
]
# What lies below the public URL, as mails link to it.
LINKED = [
    Route("/look/{name}", assets.look),
    Route("/pictures/{name}", assets.picture),
    Route("/subscribe", subscribing.show),
    Route("/subscribe", subscribing.fill_in, methods=["POST"]),
    Route("/subscribe/proof.js", subscribing.script),
    Route("/contribute", contributing.show_news),
    Route("/contribute", contributing.send_news, methods=["POST"]),
    Route("/request", contributing.show_request),
    Route("/request", contributing.send_request, methods=["POST"]),
    Route("/links", links_by_mail.show),
    Route("/links", links_by_mail.fill_in, methods=["POST"]),
    Route("/c/{key}", confirming.show),
    Route("/c/{key}", confirming.confirm, methods=["POST"]),
    Route("/c/{key}/new", confirming.renew, methods=["POST"]),
    Route("/c/{key}/no", confirming.show_refusal),
    Route("/c/{key}/no", confirming.refuse, methods=["POST"]),
    Route("/c/{key}/data.json", own_data.download),
    Route("/c/{key}/erase", own_data.show_erasure),
    Route("/c/{key}/erase", own_data.erase, methods=["POST"]),
    Route("/u/{token}", quitting.show),
    Route("/u/{token}", quitting.one_click, methods=["POST"]),
    Route("/u/{token}/{act}", quitting.press, methods=["POST"]),
    Route("/p/{token}", preferences.show),
    Route("/p/{token}/{act}", preferences.press, methods=["POST"]),
    Route("/meetings", meeting_pages.index),
    Route("/meetings.ics", meeting_pages.calendar),
    Route("/meetings/{meeting}.ics", meeting_pages.calendar_file),
    Route("/meetings/{meeting}", attending.show),
    Route("/meetings/{meeting}", attending.fill_in, methods=["POST"]),
    Route("/meetings/{meeting}/link", attending.mail_link, methods=["POST"]),
    Route("/meetings/{meeting}/card.png", archive.meeting_card),
    Route("/door/{pass}", at_the_door.show),
    Route("/door/{pass}", at_the_door.press, methods=["POST"]),
    Route("/came/{code}.png", at_the_door.draw_code),
    Route("/came/{code}", at_the_door.show_code),
    Route("/m/{key}", own_place.show),
    Route("/m/{key}/{act}", own_place.show),
    Route("/m/{key}/{act}", own_place.press, methods=["POST"]),
    Route("/w/{provider}/{word}", hooks.posted, methods=["POST"]),
    Route("/regions", region_pages.directory),
    Route("/regions/{region}", region_pages.region),
    Route("/regions/{region}/feed.atom", region_pages.feed),
    *(
        Route(f"/{word}{rest}", region_pages.led_here)
        for word in region_pages.LOCAL_PLACES
        for rest in ("", "/{region}")
    ),
    Route("/surveys/{survey}", surveying.show),
    Route("/surveys/{survey}", surveying.mail_link, methods=["POST"]),
    Route("/surveys/{survey}/{page}", surveying.begin),
    Route("/surveys/{survey}/{page}", surveying.press, methods=["POST"]),
    Route("/", archive.home),
    Route("/archive", archive.index),
    Route("/feed.atom", archive.atom),
    Route("/feed.json", archive.json),
    Route("/cards/{name}", archive.card),
]
# Last, as an issue may have any name: what stands above is found before it.
ISSUES = [Route("/{issue}", archive.issue)]
# Beginnings of paths below the public URL where more may be posted than a form; bytes.
LARGER: Mapping[str, Room] = {
    "/w/": Room(most=hooks.MOST),
    "/surveys/": Room(most=surveying.MOST_BYTES),
    "/contribute": Room(most=MOST_BYTES + MOST, has_picture=True, seconds=120),
}


def build_app(site: PublicSite) -> ASGIApp:
    """Build the application; its public URL may lead to a path of its host."""
    base = unquote(site.base)
    linked = Router([*LINKED, *ISSUES], redirect_slashes=False)
    front = [Route(base, archive.home)] if base else []  # the public URL has no slash at its end
    app = Starlette(
        routes=[*ROOT, *front, Mount(base, linked)],
        middleware=[Middleware(Bodies, most={base + at: n for at, n in LARGER.items()})],
        exception_handlers={
            HTTPException: refusing.refused,
            LedgerBusyError: refusing.away,
            LedgerError: refusing.stuck,
            Exception: refusing.broken,
        },
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the asker named
    app.state.site = site
    app.state.pages = LINKED  # among them is whichever somebody comes from
    app.state.hooks = hooks.Hooks(site.ledger, site.trusted)
    return Observed(PublicHeaders(Tracking(app, site)))  # around what Starlette answers itself, too
