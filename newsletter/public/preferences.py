"""What a subscriber gets, and the buttons by which they change it."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent
from newsletter.language import Wording, say, say_many
from newsletter.model import Standing, Subscriber, Tracking
from newsletter.public.forms import SignUpForm, read_address, read_values
from newsletter.public.reception import (
    PublicSite,
    chooser_of,
    form_of,
    go_to,
    language_for,
    masked,
    page,
    site_of,
    standing_told,
    way_out,
)

_DONE: Mapping[str, Wording] = {
    "saved": say("Your choices are saved."),
    "paused": say("You get nothing until the pause is over."),
    "resumed": say("You get the newsletter again."),
    "unchanged": say("Nothing was changed; below is how it stands."),
    "asked": say("We have mailed both addresses. Press the button in each of the mails."),
    "mailed": say("A mail with the link is on its way to you."),
}
_MONTHS = {str(months): months for months in consent.MONTHS}
_TRACKING = {"yes": Tracking.GRANTED, "no": Tracking.DENIED}


def show(request: Request) -> Response:
    """Show what a subscriber gets, and all they can change."""
    return _page(request, _person(request))


def press(request: Request) -> Response:
    """Do what a button of the page says."""
    site, person, given = site_of(request), _person(request), form_of(request)
    now, language = site.now(), language_for(request, otherwise=person.language)
    match request.path_params["act"]:
        case "save":
            consent.prefer(site.ledger, person.key, _chosen(site.sign_up, given), now)
            done = "saved"
        case "pause":
            months = _MONTHS.get(given.get("months", ""))
            if months is None:
                raise HTTPException(400)
            is_paused = consent.pause(site.ledger, person.key, months, now)
            done = "paused" if is_paused else "unchanged"
        case "resume":
            done = "resumed" if consent.resume(site.ledger, person.key, now) else "unchanged"
        case "move":
            address, error = read_address(given)
            if error:
                return _page(request, person, error=error, typed=address, status=422)
            consent.ask_to_move(site.ledger, person.key, address, language, now)
            done = "asked"
        case "data":
            consent.ask_for_data(site.ledger, person.key, language, now)
            done = "mailed"
        case _:
            raise HTTPException(404)
    return go_to(request, _place(request), otherwise=person.language, done=done)


def _page(
    request: Request,
    person: Subscriber,
    *,
    error: Wording | str = "",
    typed: str = "",
    status: int = 200,
) -> Response:
    site = site_of(request)
    place = _place(request)
    language = language_for(request, otherwise=person.language or site.face.language)

    def act(name: str) -> str:
        return f"{site.place(place)}/{name}?lang={language}"

    return page(
        request,
        "preferences.html",
        status=status,
        language=person.language,
        act=act,
        done=_DONE.get(request.query_params.get("done", "")) if not error else "",
        error=error,
        typed=typed,
        leave=way_out(request, person.key),
        **_about(site, person),
    )


def _about(site: PublicSite, person: Subscriber) -> dict[str, Any]:
    """Return what the page shows of somebody."""
    is_paused = person.standing is Standing.PAUSED
    tracked = {tracking: word for word, tracking in _TRACKING.items()}
    return {
        "form": site.sign_up,
        "address": masked(person.address),
        "standing": standing_told(person, site.zone),
        "chosen_language": person.language,
        "values": person.attributes,
        "tracking": tracked.get(person.tracking, "no"),
        "can_pause": is_paused or person.standing is Standing.ACTIVE,
        "is_paused": is_paused,
        "months": [(word, say_many("one month", "{n} months", n=n)) for word, n in _MONTHS.items()],
        "can_leave": is_paused or person.standing in (Standing.ACTIVE, Standing.PENDING),
    }


def _chosen(form: SignUpForm, given: Mapping[str, str]) -> consent.Preferences:
    language = given.get("language", "")
    asked = given.get("tracking", "") if form.asks_tracking else ""
    return consent.Preferences(
        language=language if language in form.languages else "",
        attributes=read_values(form, given),
        tracking=_TRACKING.get(asked, Tracking.UNKNOWN),
    )


def _person(request: Request) -> Subscriber:
    """Return whose link it is; raise HTTPException if nobody has it any more."""
    site, key = site_of(request), chooser_of(request)
    found = consent.look_up(site.ledger, key, site.now())
    if found is None:
        raise HTTPException(404)
    return found.person


def _place(request: Request) -> str:
    return f"p/{request.path_params['token']}"
