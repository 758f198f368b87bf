"""Who may answer a survey, by what their link proves of them; and what others are shown instead.

A link of an issue says who reads; mails are passed on, so it proves nothing. The link of a mail
that went to one person alone, to answer this survey, does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from newsletter import surveys
from newsletter.language import say
from newsletter.model import Survey, SurveyKind, words_in
from newsletter.page_text import page_html
from newsletter.public.reception import (
    ME,
    language_for,
    masked,
    member_of,
    page,
    proven_member_of,
    site_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Who answers, as far as the link says."""

    key: str = ""  # empty: nobody that we know
    masked: str = ""  # their address, of which only its owner knows the rest
    is_proven: bool = False  # the link was mailed to them, to answer this survey
    query: Mapping[str, str] = field(default_factory=dict)  # what the link says of them

    @property
    def told(self) -> str:
        """Return what the link says of them, behind other parameters of an address."""
        return "".join(f"&{name}={value}" for name, value in self.query.items())


def answerer_of(request: Request, survey: Survey) -> Answerer:
    """Return who answers a survey; nobody where anybody may, as nothing of them is to be known."""
    if survey.is_open_to_all:
        return Answerer()
    proven = proven_member_of(request, survey.id)
    key = proven or member_of(request)
    found = surveys.find_respondent(site_of(request).ledger, key) if key else None
    if found is None:
        return Answerer()
    return Answerer(
        key=found.key,
        masked=masked(found.address),
        is_proven=bool(proven),
        query={ME: request.query_params[ME]},
    )


def needs_proof(survey: Survey, who: Answerer) -> bool:
    """Return whether answers would carry the name of somebody who may not be the one who reads."""
    return survey.kind is SurveyKind.NAMED and not who.is_proven


def refuse(request: Request, state: surveys.SurveyState) -> Response | None:
    """Return why somebody cannot answer a survey, or cannot any more."""
    site, survey = site_of(request), state.survey
    if not state.opened.is_open(site.now()):
        return tell_closed(request, survey)
    if survey.is_open_to_all:
        return None
    who = answerer_of(request, survey)
    if not who.key:
        return _tell_stranger(request, survey)
    if needs_proof(survey, who):
        return ask_for_own_link(request, survey, who)
    is_once = survey.kind is not SurveyKind.POLL
    if is_once and surveys.has_answered(site.ledger, survey.id, who.key):
        return _page(request, survey, heading=_HAVE[0], explanation=_HAVE[1])
    return None


# --- what is shown instead ----------------------------------------------------------------


def thank(request: Request, survey: Survey) -> Response:
    """Thank whoever has just answered; a vote can be changed by the same link."""
    who, again, is_poll = answerer_of(request, survey), "", survey.kind is SurveyKind.POLL
    if is_poll and who.key:
        again = _address_of(request, survey, who)
    return _page(
        request,
        survey,
        heading=say("Thank you"),
        done=say("Your answer is counted.") if is_poll else _HAVE[1],
        thanks=survey_html(words_in(survey.thanks, survey_language(request))),
        again=again,
    )


def ask_for_own_link(request: Request, survey: Survey, who: Answerer) -> Response:
    """Show that their own link is needed, and nothing of whether they have answered."""
    if "sent" in request.query_params:
        sent = say(
            "Your own link goes to {address}, once in 24 hours. If you asked for it before, look "
            "for that mail.",
            address=who.masked,
        )
        return _page(request, survey, heading=say("Look into your mail"), done=sent)
    return _page(
        request,
        survey,
        heading=say("Answer by a link of your own"),
        explanation=say(
            "Your answers carry your name, and this link may have been passed on with a mail. "
            "Press the button, and your own link comes by mail to {address}.",
            address=who.masked,
        ),
        mail_me=_address_of(request, survey, who),
    )


def tell_closed(request: Request, survey: Survey) -> Response:
    """Show that a survey takes no more answers."""
    return _page(
        request,
        survey,
        heading=say("This survey is closed"),
        explanation=say("It takes no more answers. What came of it is told in the newsletter."),
    )


def _tell_stranger(request: Request, survey: Survey) -> Response:
    return _page(
        request,
        survey,
        heading=say("Answer by the link in your own mail"),
        explanation=say(
            "This is asked of those who get the newsletter. Press the button in your own mail."
        ),
        is_stranger=True,
    )


_HAVE = (say("Thank you, you have answered"), say("Your answers have arrived."))
_NOTHING = {"explanation": "", "done": "", "thanks": "", "again": "", "mail_me": ""}


def _page(request: Request, survey: Survey, **shown: Any) -> Response:
    """Show a page without a form, and without anything that anybody answered."""
    title = words_in(survey.titles, survey_language(request))
    known = {**_NOTHING, "is_stranger": False, **shown}
    return page(request, "survey_over.html", survey=title, **known)


def _address_of(request: Request, survey: Survey, who: Answerer) -> str:
    place = site_of(request).place(f"surveys/{survey.id}")
    return f"{place}?lang={survey_language(request)}{who.told}"


def survey_html(text: str) -> str:
    """Return what the editor wrote about a survey as HTML."""
    return Markup(page_html(text)) if text else ""  # noqa: S704 - no markup of the author is in it


def survey_language(request: Request) -> str:
    """Return the language in which somebody is asked."""
    return language_for(request, otherwise=site_of(request).face.language)
