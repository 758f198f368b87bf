"""The form by which people sign up; whoever is known, or over a limit, gets the same answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from newsletter import consent
from newsletter.model import ConsentWording, Tracking
from newsletter.public.forms import Entry, filled_of, read_entry
from newsletter.public.reception import PAGE_POLICY, form_of, language_for, page, secret_of, site_of

# Only the page that works out a proof has a script, of this site alone, and nothing is decided on
# it: its button asks for a mail as the form did.
_PROOF_POLICY = f"{PAGE_POLICY}; script-src 'self'"
_SCRIPT = Path(__file__).parent / "pages" / "proof.js"
_KEPT = ("email", "name", "language", "tracking", "source")


def show(request: Request) -> Response:
    """Show the form."""
    return _form_page(request, consent.Step.FIRST, {}, {})


def fill_in(request: Request) -> Response:
    """Take in a form; what it comes to is told by mail alone."""
    site, given = site_of(request), form_of(request)
    if not site.sign_up.is_open:
        return show(request)
    language = _language(request)
    entry = read_entry(site.sign_up, given, language=language)
    if entry.errors:
        return _form_page(request, consent.Step.FIRST, given, entry.errors, status=422)
    ticket = consent.apply(
        site.ledger,
        _application(request, entry, given),
        filled_of(request, given, entry.address),
        site.sign_up.limits,
        secret=secret_of(request),
        now=site.now(),
    )
    match ticket.gate:
        case consent.Gate.SECOND_STEP:
            return _form_page(request, consent.Step.SECOND, given, {})
        case consent.Gate.PROOF:
            return _proof_page(request, given, language, ticket.price)
    return page(request, "asked.html", sender=site.sender)


def script(_request: Request) -> Response:
    """Show the script that works out a proof."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return FileResponse(_SCRIPT, headers=headers, media_type="text/javascript")


def _form_page(
    request: Request,
    step: consent.Step,
    given: Mapping[str, str],
    errors: Mapping[str, Any],
    *,
    status: int = 200,
) -> Response:
    site, language = site_of(request), _language(request)
    wording = _wording(request, language, asks_tracking=site.sign_up.asks_tracking)
    return page(
        request,
        "subscribe.html",
        status=status,
        form=site.sign_up,
        is_second=step is consent.Step.SECOND,
        stamp=consent.stamp_form(secret_of(request), step, site.now()),
        trap=consent.TRAP,
        given={name: value[:300] for name, value in given.items()},
        errors=errors,
        agreed=wording.text.partition("\n")[0],
        counted=wording.text.partition("\n")[2],
    )


def _proof_page(request: Request, given: Mapping[str, str], language: str, price: int) -> Response:
    site, secret = site_of(request), secret_of(request)
    asked = {question.field for question in site.sign_up.questions}
    return page(
        request,
        "proof.html",
        headers={"Content-Security-Policy": _PROOF_POLICY},
        kept=[(n, v[:300]) for n, v in given.items() if n in asked or n in _KEPT],
        stamp=consent.stamp_form(secret, consent.Step.SECOND, site.now()),
        challenge=consent.ask_for_proof(secret, language, site.now(), price=price),
    )


def _application(request: Request, entry: Entry, given: Mapping[str, str]) -> consent.Application:
    is_embedded = given.get("source") == "embedded"  # which never asks that
    asks_tracking = site_of(request).sign_up.asks_tracking and not is_embedded
    return consent.Application(
        address=entry.address,
        language=entry.language,
        attributes=entry.values,
        tracking=Tracking.UNKNOWN if is_embedded else entry.tracking,
        wording=_wording(request, _language(request), asks_tracking=asks_tracking),
        source="web site" if is_embedded else "form",
        proof=given.get("proof", ""),
    )


def _wording(request: Request, language: str, *, asks_tracking: bool) -> ConsentWording:
    site = site_of(request)
    imprint = site.face.imprint_in(language)
    return consent.word_consent(
        language,
        title=imprint.title,
        sender=imprint.sender,
        asks_tracking=asks_tracking,
    )


def _language(request: Request) -> str:
    return language_for(request, otherwise=site_of(request).face.language)
