"""What is held on a person, by a link that was mailed to them: to see, to take along, to erase."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.errors import UsageError
from newsletter.model import Purpose, Subscriber, Wish
from newsletter.public.reception import page, secret_of, site_of, standing_told

_FILE = {"Content-Disposition": 'attachment; filename="data.json"', "Cache-Control": "no-store"}
_DATA_PAGE = "data page"  # what is recorded of who asked for it


def show(request: Request, wish: Wish) -> Response:
    """Show all that is held, as people read it and as programs do."""
    site, person = site_of(request), _owner(request, wish)
    held = consent.gather(site.ledger, person.address)
    return page(
        request,
        "data.html",
        language=wish.language,
        place=f"c/{wish.key}",
        person=person,
        standing=standing_told(person, site.zone),
        labels={q.name: q.labels for q in site.sign_up.questions},
        history=consent.list_history(site.ledger, person.key, site.zone),
        everything=consent.as_json(held).decode(),
    )


def download(request: Request) -> Response:
    """Give all that is held as a file."""
    person = _owner(request, _wish(request))
    held = consent.gather(site_of(request).ledger, person.address)
    return Response(consent.as_json(held), headers=_FILE, media_type="application/json")


def show_erasure(request: Request) -> Response:
    """Show the button that erases, and what it means."""
    wish = _wish(request)
    _owner(request, wish)
    return page(request, "erase.html", language=wish.language, place=f"c/{wish.key}")


def erase(request: Request) -> Response:
    """Erase whoever the link is of."""
    site, wish = site_of(request), _wish(request)
    person = _owner(request, wish)
    try:
        consent.forget_everywhere(
            site.ledger,
            person.address,
            secret_of(request),
            site.now(),
            source=_DATA_PAGE,
            outbox=site.outbox,
        )
    except UsageError:  # a mail to them is on its way this very moment
        return page(request, "not_yet_erased.html", status=503, language=wish.language)
    return page(request, "erased.html", language=wish.language)


def _wish(request: Request) -> Wish:
    """Return what a link is about; raise HTTPException unless it shows data, and still does."""
    site = site_of(request)
    wish = consent.find_wish(site.ledger, request.path_params["key"])
    is_open = wish and consent.stage_of(site.ledger, wish, site.now()) is consent.Stage.OPEN
    if wish is None or wish.purpose is not Purpose.DATA or not is_open:
        raise HTTPException(404)
    return wish


def _owner(request: Request, wish: Wish) -> Subscriber:
    site = site_of(request)
    found = consent.look_up(site.ledger, wish.subscriber_key, site.now())
    if found is None:
        raise HTTPException(404)
    return found.person
