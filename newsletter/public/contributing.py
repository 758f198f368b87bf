"""The forms by which anybody sends news for an issue, or asks the network for cooperation."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from newsletter import consent, contributions
from newsletter.language import Wording, say
from newsletter.model import ConsentWording, Contribution, ContributionKind, next_deadline
from newsletter.public.forms import filled_of
from newsletter.public.offer_forms import FIELDS, LONGEST, OfferEntry, read_offer
from newsletter.public.reception import PAGE_POLICY, go_to, language_for, page, secret_of, site_of
from newsletter.public.uploads import Posted, posted_of

# Only the page that works out a proof has a script, of this site alone.
_PROOF_POLICY = f"{PAGE_POLICY}; script-src 'self'"
_PLACES = {ContributionKind.NEWS: "contribute", ContributionKind.REQUEST: "request"}
# What keeps a form from being taken in, and the status that says so.
_REFUSED: Mapping[contributions.Admission, tuple[Wording, int]] = {
    contributions.Admission.PROOF: (
        say(
            "Very much is being sent in at the moment, probably by programs. So we ask a little "
            "more of everybody."
        ),
        200,
    ),
    contributions.Admission.LINE_FULL: (
        say(
            "No more can wait in the line this hour. Let your browser work out the sum, or try "
            "again in an hour."
        ),
        429,
    ),
    contributions.Admission.TOMORROW: (
        say("Much was sent in from your network today. Try again tomorrow, or write to us."),
        429,
    ),
    contributions.Admission.FULL: (
        say("At the moment we cannot read any more. Try again in some days, or write to us."),
        503,
    ),
}
_NO_ROOM = say("At the moment no more pictures can be taken in. Send your text without it.")
_AGAIN = say("Choose the picture once more: browsers do not keep it.")


def show_news(request: Request) -> Response:
    """Show the form for news, or what is said after it was sent."""
    return _show(request, ContributionKind.NEWS)


def show_request(request: Request) -> Response:
    """Show the form for requests, or what is said after it was sent."""
    return _show(request, ContributionKind.REQUEST)


def send_news(request: Request) -> Response:
    """Take in news for an issue."""
    return _take(request, ContributionKind.NEWS)


def send_request(request: Request) -> Response:
    """Take in a request."""
    return _take(request, ContributionKind.REQUEST)


def _show(request: Request, kind: ContributionKind) -> Response:
    if request.query_params.get("sent"):
        return page(request, "contributed.html", kind=kind.value, place=_PLACES[kind])
    return _form_page(request, kind, {}, {})


def _take(request: Request, kind: ContributionKind) -> Response:
    site, posted = site_of(request), posted_of(request)
    given = posted.fields
    if not site.contributing.is_open:
        return _show(request, kind)
    form = replace(site.contributing, regions=[value for value, _ in _regions(request)])
    entry = read_offer(form, kind, given, has_picture=bool(posted.picture))
    errors = dict(entry.errors)
    if posted.refused:
        is_large = posted.refused == 413
        errors["picture"] = contributions.too_large() if is_large else contributions.too_many()
    if errors:
        return _again(request, kind, posted, errors)
    receipt = contributions.receive(
        site.ledger,
        _offer_of(request, kind, posted, entry),
        site.contributing.quotas,
        secret=secret_of(request),
        now=site.now(),
    )
    if receipt.fault or receipt.admission is contributions.Admission.NO_PICTURES:
        return _again(request, kind, posted, {"picture": receipt.fault or _NO_ROOM})
    if receipt.admission is contributions.Admission.TAKEN:
        return go_to(request, _PLACES[kind], sent="yes")
    return _refuse(request, kind, posted, receipt)


def _refuse(
    request: Request, kind: ContributionKind, posted: Posted, receipt: contributions.Receipt
) -> Response:
    """Show the form again with what else is asked for, or why nothing more is taken in."""
    again = {"picture": _AGAIN} if posted.picture else {}
    if receipt.admission is contributions.Admission.SECOND_STEP:
        return _form_page(request, kind, posted.fields, again, step=consent.Step.SECOND)
    words, status = _REFUSED[receipt.admission]
    return _form_page(
        request,
        kind,
        posted.fields,
        again,
        step=consent.Step.SECOND,
        status=status,
        hindrance=words,
        price=receipt.price if receipt.admission in _PROVABLE else None,
    )


_PROVABLE = (contributions.Admission.PROOF, contributions.Admission.LINE_FULL)


def _again(
    request: Request, kind: ContributionKind, posted: Posted, errors: Mapping[str, Wording]
) -> Response:
    """Show the form with what was typed and what is wrong with it."""
    lost = {"picture": _AGAIN} if posted.picture else {}
    step = consent.Step.SECOND if "proof" in posted.fields else consent.Step.FIRST
    return _form_page(
        request, kind, posted.fields, {**lost, **errors}, step=step, status=422, is_wrong=True
    )


def _form_page(
    request: Request,
    kind: ContributionKind,
    given: Mapping[str, str],
    errors: Mapping[str, Wording],
    *,
    step: consent.Step = consent.Step.FIRST,
    status: int = 200,
    hindrance: Wording | str = "",
    price: int | None = None,
    is_wrong: bool = False,
) -> Response:
    site, secret = site_of(request), secret_of(request)
    language = _language(request)
    form, now = site.contributing, site.now()
    proof: dict[str, Any] = {"challenge": ""}
    if price is not None:
        challenge = contributions.ask_for_work(secret, language, now, price=price)
        proof = {"challenge": challenge, "headers": {"Content-Security-Policy": _PROOF_POLICY}}
    return page(
        request,
        "contribute.html",
        status=status,
        kind=kind.value,
        place=_PLACES[kind],
        other=next(place for other, place in _PLACES.items() if other is not kind),
        form=form,
        regions=_regions(request),
        deadline=_deadline(request, now) if kind is ContributionKind.NEWS else None,
        is_second=step is consent.Step.SECOND and not hindrance,
        hindrance=hindrance,
        is_wrong=is_wrong,
        stamp=consent.stamp_form(secret, step, now),
        trap=consent.TRAP,
        given={name: value[: LONGEST.get(name, 300) + 500] for name, value in given.items()},
        errors={name: errors[name] for name in FIELDS if name in errors},
        longest=LONGEST,
        agreed=_wording(request, language).text,
        privacy_url=site.sign_up.privacy_url,
        **proof,
    )


def _offer_of(
    request: Request, kind: ContributionKind, posted: Posted, entry: OfferEntry
) -> contributions.Offer:
    language, is_news = _language(request), kind is ContributionKind.NEWS
    wording = _wording(request, language) if is_news else None
    new = Contribution(
        kind=kind,
        received_at=site_of(request).now(),
        address=entry.address,
        language=language,
        wording=wording.digest if wording else "",
        digest="",
        **entry.values,
    )
    return contributions.Offer(
        contribution=new,
        picture=posted.picture if is_news else b"",
        wording=wording,
        filled=filled_of(request, posted.fields, entry.address),
        proof=posted.fields.get("proof", ""),
    )


def _wording(request: Request, language: str) -> ConsentWording:
    title = site_of(request).face.imprint_in(language).title
    return consent.word_publication(language, title=title)


def _regions(request: Request) -> list[tuple[str, str]]:
    """Return the regions to choose from: as they are kept, and as they are called here."""
    site, language = site_of(request), _language(request)
    if site.contributing.regions:
        return [(name, name) for name in site.contributing.regions]
    own = site.face.language
    return [(one.name_in(own), one.name_in(language)) for one in site.regions()]


def _deadline(request: Request, now: dt.datetime) -> dt.date | None:
    """Return the next deadline, today included."""
    site = site_of(request)
    form, yesterday = site.contributing, now.astimezone(site.zone).date() - dt.timedelta(days=1)
    return next_deadline(yesterday, day=form.deadline_day, once=form.deadline)


def _language(request: Request) -> str:
    return language_for(request, otherwise=site_of(request).face.language)
