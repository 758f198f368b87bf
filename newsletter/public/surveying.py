"""The form of a survey: its pages are answered one after the other, and sent at the end.

No answer is in an address, a cookie or a session. What was typed on earlier pages travels sealed
within the form, so each page is the answer to what the page before it posted; what is sent at the
end leads to an address that says only that it was. Whose link it is stands in the address of the
form, never among its fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent, surveys
from newsletter.errors import TamperedLinkError
from newsletter.language import Wording, say
from newsletter.model import (
    Answer,
    Question,
    QuestionKind,
    Survey,
    SurveyKind,
    SurveyPage,
    words_in,
)
from newsletter.public.asked_questions import asked_of
from newsletter.public.reception import (
    form_of,
    go_to,
    is_pressed,
    page,
    secret_of,
    site_of,
)
from newsletter.public.survey_doors import (
    answerer_of,
    ask_for_own_link,
    needs_proof,
    refuse,
    survey_html,
    survey_language,
    tell_closed,
    thank,
)

MOST_BYTES = 400_000  # of a page of answers, with a draft of all others
_MOST_FIELDS = 1_000
_Fields = Mapping[str, Sequence[str]]
# A page that a form led to: browsers may keep it to go back to, as asking for it again would need
# its form again; nobody in between does.
_KEPT_BY_READER = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A page of a survey as it is shown."""

    page: SurveyPage
    fields: _Fields  # what its own fields hold
    draft: Mapping[str, Answer] = field(default_factory=dict)  # to other pages
    faults: Mapping[str, Wording] = field(default_factory=dict)  # by field
    is_end: bool = False  # its answers show that nothing follows
    is_doubtful: bool = False  # a program may have filled it in
    stamp: str = ""  # of the first page


def show(request: Request) -> Response:
    """Show the first page of a survey, or why there is none."""
    state = _state(request)
    survey = state.survey
    if "done" in request.query_params:
        return thank(request, survey)
    return refuse(request, state) or _page(
        request,
        survey,
        _Step(page=survey.pages[0], fields=_chosen_in_mail(request, survey)),
    )


def begin(request: Request) -> Response:
    """Lead whoever asks for a page without the answers before it to the first one."""
    survey = _state(request).survey
    return go_to(request, f"surveys/{survey.id}", **answerer_of(request, survey).query)


def mail_link(request: Request) -> Response:
    """Mail their own link to whose link of an issue it is: whoever reads it may be another."""
    state, site = _state(request), site_of(request)
    survey, who = state.survey, answerer_of(request, state.survey)
    if not (who.key and needs_proof(survey, who) and state.opened.is_open(site.now())):
        return begin(request)
    if not is_pressed(request, form_of(request)):
        return ask_for_own_link(request, survey, who)
    consent.ask_for_survey(site.ledger, who.key, survey.id, survey_language(request), site.now())
    return go_to(request, f"surveys/{survey.id}", sent="1", **who.query)


def press(request: Request) -> Response:
    """Turn to the next page or the one before, or take the answers, as the button says."""
    state = _state(request)
    if refusal := refuse(request, state):
        return refusal
    survey, form = state.survey, form_of(request, most_fields=_MOST_FIELDS)
    here = next((one for one in survey.pages if one.id == request.path_params["page"]), None)
    if here is None:
        raise HTTPException(404)
    draft, own = _draft(request, survey, form.get("draft", "")), {q.id for q in here.questions}
    step = _Step(
        page=here,
        fields={name: form.getlist(name) for name in form},
        draft={id: said for id, said in draft.items() if id not in own},
        stamp=form.get("stamp", ""),
    )
    return _turn(request, survey, step, form)


def _turn(request: Request, survey: Survey, step: _Step, form: Mapping[str, str]) -> Response:
    shown = surveys.questions_on(survey, step.page, step.draft)
    posted = surveys.read_posted(shown, step.fields)
    answers, turn = {**step.draft, **posted.answers}, form.get("turn")
    before, after = _around(survey, step.page, answers)
    if turn == "back" and before:
        return _turned(request, survey, before[-1], answers, step.stamp)
    faults = {**posted.faults, **_missing(survey, shown, answers, posted.faults)}
    if faults:
        return _page(request, survey, replace(step, faults=faults), status=422)
    if after:
        return _turned(request, survey, after[0], answers, step.stamp)
    if turn != "send":
        return _page(request, survey, replace(step, is_end=True))
    if survey.is_open_to_all and _is_doubtful(request, step.stamp, form):
        return _page(request, survey, replace(step, is_end=True, is_doubtful=True))
    return _send(request, survey, answers, step.stamp)


def _around(
    survey: Survey, here: SurveyPage, answers: Mapping[str, Answer]
) -> tuple[list[SurveyPage], list[SurveyPage]]:
    """Return the pages before and after one that somebody who answers so is shown."""
    pages, order = surveys.pages_for(survey, answers), survey.pages.index
    before = [one for one in pages if order(one) < order(here)]
    return before, [one for one in pages if order(one) > order(here)]


def _send(request: Request, survey: Survey, answers: Mapping[str, Answer], stamp: str) -> Response:
    missing = surveys.find_missing(survey, answers)
    if missing:
        first = next(one for one in survey.pages if missing[0] in one.questions)
        return _turned(request, survey, first, answers, stamp, is_asked_again=True)
    site, who = site_of(request), answerer_of(request, survey)
    host = request.client.host if request.client else ""
    receipt = surveys.answer(
        site.ledger,
        survey.id,
        answers,
        member=who.key,
        network=consent.network_of(host),
        secret=secret_of(request),
        now=site.now(),
    )
    match receipt.outcome:
        case surveys.Outcome.TAKEN | surveys.Outcome.CHANGED:
            again = who.query if survey.kind is SurveyKind.POLL else {}
            return go_to(request, f"surveys/{survey.id}", done="1", **again)
        case surveys.Outcome.CROWDED:
            raise HTTPException(429)
    return refuse(request, _state(request)) or tell_closed(request, survey)


# --- what is shown ------------------------------------------------------------------------


def _turned(
    request: Request,
    survey: Survey,
    to: SurveyPage,
    answers: Mapping[str, Answer],
    stamp: str,
    *,
    is_asked_again: bool = False,
) -> Response:
    """Show another page with what was answered there before."""
    own = {question.id for question in to.questions}
    shown = surveys.questions_on(survey, to, answers)
    faults = _missing(survey, shown, answers, {}) if is_asked_again else {}
    step = _Step(
        page=to,
        fields=surveys.write_fields(to.questions, answers),
        draft={id: said for id, said in answers.items() if id not in own},
        faults=faults,
        stamp=stamp,
    )
    return _page(request, survey, step, status=422 if faults else 200)


def _page(request: Request, survey: Survey, step: _Step, *, status: int = 200) -> Response:
    site, language = site_of(request), survey_language(request)
    shown = surveys.questions_on(survey, step.page, step.draft)
    asked = [asked_of(question, step.fields, step.faults, language) for question in shown]
    number = survey.pages.index(step.page)
    who = answerer_of(request, survey)
    place = site.place(f"surveys/{survey.id}/{step.page.id}")
    is_first_look = request.method in ("GET", "HEAD")
    return page(
        request,
        "survey.html",
        status=status,
        headers={} if is_first_look else _KEPT_BY_READER,
        switches=None if is_first_look else {},
        heading=words_in(survey.titles, language),
        steps=len(survey.pages),
        step=number + 1,
        faults=[
            (line.name, say("{question} {fault}", question=line.words, fault=line.error))
            for one in asked
            for line in one.faults
        ],
        lead=survey_html(words_in(survey.leads, language)) if number == 0 else "",
        kept=_kept(survey),
        closes=survey.closes,
        action=f"{place}?lang={language}{who.told}",
        draft=_sealed(request, survey, step.draft),
        stamp=_stamp(request, step) if survey.is_open_to_all else "",
        trap=consent.TRAP,
        title=words_in(step.page.titles, language),
        page_lead=survey_html(words_in(step.page.leads, language)),
        questions=asked,
        is_last=step.is_end or not _may_follow(survey, step),
        is_end=step.is_end and not step.is_doubtful,
        is_doubtful=step.is_doubtful,
        is_poll=survey.kind is SurveyKind.POLL,
        whose=who.masked,
    )


# --- the parts ----------------------------------------------------------------------------


def _state(request: Request) -> surveys.SurveyState:
    """Return a survey that was opened; raise HTTPException for any other."""
    found = surveys.find_state(site_of(request).ledger, request.path_params["survey"][:200])
    if found is None or not found.survey.pages:
        raise HTTPException(404)
    return found


def _chosen_in_mail(request: Request, survey: Survey) -> _Fields:
    """Return the answer that a link in a mail names, chosen, and nothing more."""
    choice, questions = request.query_params.get("choice", "")[:200], list(survey.questions)
    if survey.kind is not SurveyKind.POLL or len(questions) != 1 or not choice:
        return {}
    return {surveys.field_of(questions[0]): [choice]}


def _draft(request: Request, survey: Survey, sealed: str) -> dict[str, Answer]:
    try:
        return surveys.open_draft(secret_of(request), survey.id, sealed)
    except TamperedLinkError as err:
        raise HTTPException(400) from err


def _sealed(request: Request, survey: Survey, draft: Mapping[str, Answer]) -> str:
    if not draft:
        return ""
    try:
        return surveys.seal_draft(secret_of(request), survey.id, draft)
    except OverflowError as err:
        raise HTTPException(413) from err


def _missing(
    survey: Survey,
    shown: Sequence[Question],
    answers: Mapping[str, Answer],
    faults: Mapping[str, Wording],
) -> dict[str, Wording]:
    """Return what must be answered on a page and is not, by field; not what is faulty anyway."""
    found: dict[str, Wording] = {}
    for question in surveys.find_missing(survey, answers):
        name = surveys.field_of(question)
        if question not in shown or any(one.startswith(name) for one in faults):
            continue
        if question.kind is QuestionKind.MATRIX:
            said = answers.get(question.id, Answer()).rows
            left = [row.id for row in question.rows if row.id not in said]
            found |= {surveys.field_of(question, id): say("Choose one.") for id in left}
        else:
            is_chosen = question.options or question.kind is QuestionKind.SCALE
            found[name] = say("Choose one.") if is_chosen else say("Write an answer.")
    return found


def _may_follow(survey: Survey, step: _Step) -> bool:
    """Return whether a page may follow, whatever is answered on this one."""
    own = {question.id for question in step.page.questions}
    answers = {**step.draft, **surveys.read_posted(step.page.questions, step.fields).answers}
    for later in survey.pages[survey.pages.index(step.page) + 1 :]:
        if not later.questions or surveys.questions_on(survey, later, answers):
            return True
        if any(surveys.depends_on(question) & own for question in later.questions):
            return True
    return False


def _is_doubtful(request: Request, stamp: str, form: Mapping[str, str]) -> bool:
    filled = consent.Filled(stamp=stamp, trap=form.get(consent.TRAP, ""), address="", network="")
    return consent.is_doubtful(filled, secret_of(request), site_of(request).now())


def _stamp(request: Request, step: _Step) -> str:
    kind = consent.Step.SECOND if step.is_doubtful else consent.Step.FIRST
    if step.stamp and not step.is_doubtful:
        return step.stamp
    return consent.stamp_form(secret_of(request), kind, site_of(request).now())


def _kept(survey: Survey) -> Wording:
    """Return what becomes of an answer, in plain words."""
    if survey.is_open_to_all:
        return say("Anybody who has the link can answer. Nothing of who answers is kept.")
    return survey.kind.told
