"""What pages about people need: whose link it is, what was posted, and how to answer."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.errors import TamperedLinkError
from newsletter.links import (
    ME,
    UnsubscribeLinks,
    read_member_token,
    read_preferences_token,
    read_survey_token,
    read_unsubscribe_token,
)
from newsletter.public.answer_headers import PAGE_POLICY
from newsletter.public.bodies import form_of
from newsletter.public.masks import masked
from newsletter.public.pressing import is_pressed
from newsletter.public.showing import page
from newsletter.public.site import PublicSite, site_of
from newsletter.public.standing_words import standing_told
from newsletter.public.visitors import language_for

__all__ = [
    "ME",
    "PAGE_POLICY",
    "PublicSite",
    "chooser_of",
    "form_of",
    "go_to",
    "is_pressed",
    "language_for",
    "leaver_of",
    "masked",
    "member_of",
    "page",
    "proven_member_of",
    "secret_of",
    "site_of",
    "standing_told",
    "way_out",
]


def leaver_of(request: Request) -> str:
    """Return the key of the subscriber whose link to leave it is; raise as `_key_of` does."""
    return _key_of(request, read_unsubscribe_token)


def chooser_of(request: Request) -> str:
    """Return the key of the subscriber whose link to choose it is; raise as `_key_of` does."""
    return _key_of(request, read_preferences_token)


def member_of(request: Request) -> str:
    """Return the key of the subscriber from whose mail somebody comes; empty if from no mail.

    It says who may be reading, never that they are: a mail is passed on. So whatever is stored of
    them stays out of the page.
    """
    return _member_by(request, read_member_token)


def proven_member_of(request: Request, survey_id: str) -> str:
    """Return whose own link to a survey it is, which was mailed to nobody else; empty if nobody's.

    It may be the name of a registration, as who took part in a meeting is asked, too.
    """
    return _member_by(request, lambda secret, token: read_survey_token(secret, survey_id, token))


def _member_by(request: Request, read: Callable[[str, str], str]) -> str:
    secret, token = site_of(request).secret, request.query_params.get(ME, "")
    if not (secret and token):
        return ""
    try:
        return read(secret, token)
    except TamperedLinkError:
        return ""


def way_out(request: Request, key: str) -> str:
    """Return the place where a subscriber leaves."""
    return UnsubscribeLinks("", secret_of(request)).link_for(key).removeprefix("/")


def secret_of(request: Request) -> str:
    """Return what signs links; raise HTTPException where it is not set: it may be, soon."""
    secret = site_of(request).secret
    if not secret:
        raise HTTPException(503)
    return secret


def go_to(request: Request, path: str, *, otherwise: str = "", **query: str) -> Response:
    """Lead to a page after a button was pressed, so that loading it again presses none."""
    site = site_of(request)
    words = {**query, "lang": language_for(request, otherwise=otherwise or site.face.language)}
    told = "&".join(f"{name}={value}" for name, value in words.items())
    return RedirectResponse(f"{site.place(path)}?{told}", 303, {"Cache-Control": "no-store"})


def _key_of(request: Request, read: Callable[[str, str], str]) -> str:
    """Return the key of the subscriber whose link it is.

    Raise HTTPException for a link that is not ours: 404, or 503 where none can be told apart.
    """
    secret = secret_of(request)
    try:
        return read(secret, request.path_params["token"])
    except TamperedLinkError as err:
        raise HTTPException(404) from err
