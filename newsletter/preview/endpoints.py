"""What the pages request: events, mails, parts of mails, readers, test sends."""

import datetime as dt
import io
import json
from contextlib import closing
from dataclasses import asdict
from typing import Any

import segno
from anyio import from_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from newsletter import pipeline
from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledgers import ledger_of
from newsletter.preview.desk import Desk, desk_of
from newsletter.preview.guard import LISTENED_POLICY, MAIL_POLICY, is_same_secret
from newsletter.preview.payloads import describe_outcome, describe_parts, shown_html, weight_of
from newsletter.preview.proofs import Proof
from newsletter.preview.readers import (
    describe_personas,
    find_persona,
    fullest_persona,
    list_personas,
    search_subscribers,
)
from newsletter.preview.repeats import find_repeats
from newsletter.preview.shelf import list_shelf
from newsletter.preview.views import Scheme, View

_MOST = 64 * 1024  # bytes of a form


def events(request: Request) -> Response:
    """Stream to an issue's page everything that happens to it, beginning with the mail."""
    return _stream(desk_of(request), _view(request))


def shelf_events(request: Request) -> Response:
    """Notify the list of issues of changes."""
    return _stream(desk_of(request), None)


def shelf(request: Request) -> Response:
    """Return the states of all issues."""
    return JSONResponse({issue["id"]: issue["state"] for issue in list_shelf(desk_of(request))})


def blank(_request: Request) -> Response:
    """Return the empty document that pages put mails into and listen to; no script of it runs."""
    page = "<!doctype html><html><head><title></title></head><body></body></html>"
    return HTMLResponse(page, headers={"Content-Security-Policy": LISTENED_POLICY})


def mail(request: Request) -> Response:
    """Return a mail's HTML as a view shows it."""
    view = _view(request)
    proof, specimen = desk_of(request).specimen(view)
    html = shown_html(proof, specimen, view)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def parts(request: Request) -> Response:
    """Return a mail's text, source and headers."""
    _, specimen = desk_of(request).specimen(_view(request))
    return JSONResponse(describe_parts(specimen))


def message(request: Request) -> Response:
    """Return a whole message as a file."""
    view = _view(request)
    _, specimen = desk_of(request).specimen(view)
    disposition = f'attachment; filename="{view.issue}.eml"'
    headers = {"Content-Disposition": disposition}
    return Response(specimen.raw, media_type="message/rfc822", headers=headers)


def readers(request: Request) -> Response:
    """Return the readers an issue can be seen as, and the subscribers found by a search."""
    desk = desk_of(request)
    find = request.query_params.get("find")
    if find is not None:
        return JSONResponse({"found": search_subscribers(desk.ledger, find)})
    proof = desk.proofs.take(_view(request).issue)
    return JSONResponse(
        {
            "number": proof.number,
            "readers": describe_personas(proof, list_personas(proof, desk.ledger)),
        }
    )


def weight(request: Request) -> Response:
    """Return the size of an issue's mail."""
    _, specimen = desk_of(request).specimen(_view(request))
    return JSONResponse(weight_of(specimen))


def figures(request: Request) -> Response:
    """Return what became of an issue that was sent."""
    from newsletter.preview.told_figures import describe_figures  # noqa: PLC0415 - see below

    desk = desk_of(request)
    found = desk.read_figures([request.path_params["issue"]])
    told = [
        describe_figures(one, desk.language, desk.settings.newsletter.timezone) for one in found
    ]
    return JSONResponse({"figures": told[0] if told else None})


def rows(request: Request) -> Response:
    """Return the figures of all issues that were sent, as the list shows them."""
    # The words of reports are read when somebody wants them: the preview opens before that.
    from newsletter.preview.told_figures import describe_row  # noqa: PLC0415

    desk = desk_of(request)
    return JSONResponse(
        {one.issue: describe_row(one, desk.language) for one in desk.read_figures()}
    )


def picture(request: Request) -> Response:
    """Return a picture as mailed."""
    found = desk_of(request).picture(request.path_params["digest"])
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(found.data, media_type=found.media_type, headers=headers)


def sides(request: Request) -> Response:
    """Return two mails side by side, and what the newer one repeats from the earlier one."""
    desk = desk_of(request)
    issue, other = request.path_params["issue"], request.query_params.get("with", "")
    proof = desk.proofs.take(issue)
    if other.startswith("language:"):
        second, language = proof, other.removeprefix("language:")
    else:
        second, language = desk.proofs.take(other), proof.manuscript.lead.language
    first = _side(proof, proof.manuscript.lead.language)
    beside = _side(second, language)
    these = proof.manuscript.issues[first["language"]]
    those = second.manuscript.issues[beside["language"]]
    found = find_repeats(these, those, links=second is not proof)
    return JSONResponse({"sides": [first, beside], "repeats": [asdict(repeat) for repeat in found]})


def code(request: Request) -> Response:
    """Return the QR code of a page's address for a phone."""
    path = request.query_params.get("path", "/")
    url = request.app.state.phone_url(path if path.startswith("/") else "/")
    if not url:
        raise UsageError(
            say("only this machine can open the preview; start it with --host 0.0.0.0")
        )
    out = io.BytesIO()
    try:
        drawing = segno.make(url, micro=False)
    except ValueError as err:  # more than the largest code holds
        raise UsageError(say("the address is too long for a code")) from err
    drawing.save(out, kind="svg", scale=6, border=3, light="white")
    return Response(out.getvalue(), media_type="image/svg+xml")


def trial(request: Request) -> Response:
    """Send a test to addresses of the editor's own."""
    desk = desk_of(request)
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or int(length[:9]) > _MOST:
        return JSONResponse({"findings": []}, 413)
    if not is_same_secret(request.headers.get("x-preview-secret", ""), desk.secret):
        return JSONResponse({"findings": []}, 403)
    try:
        addresses, reader = _trial_of(from_thread.run(request.body))
    except (ValueError, LookupError, TypeError, RecursionError, ClientDisconnect):
        return JSONResponse({"findings": []}, 400)
    issue = request.path_params["issue"]
    with closing(ledger_of(desk.settings)) as ledger:
        now = dt.datetime.now(dt.UTC)
        shown = None
        if reader:
            shown = find_persona(desk.proofs.take(issue), reader, ledger).variant
        outcome = pipeline.try_out(desk.settings, issue, ledger, addresses, now=now, shown=shown)
        return JSONResponse(describe_outcome(outcome, desk.language))


def _trial_of(form: bytes) -> tuple[list[str], str]:
    """Return the addresses of a form, and the reader in view: "" for the addresses' own editions.

    Raise ValueError, LookupError or TypeError if it is invalid.
    """
    filled = json.loads(form)
    addresses, reader = filled["addresses"], filled.get("reader", "")
    if not isinstance(addresses, list) or not all(isinstance(a, str) for a in addresses):
        raise TypeError("no list of addresses")
    if not isinstance(reader, str):
        raise TypeError("no reader")
    "".join(
        [*addresses, reader]
    ).encode()  # a lone surrogate, which could not be sent back, is not text
    return addresses, reader


def _view(request: Request) -> View:
    query = request.query_params
    scheme = query.get("scheme", "")
    return View(
        issue=request.path_params["issue"],
        reader=query.get("reader", ""),
        scheme=Scheme(scheme) if scheme in list(Scheme) else Scheme.LIGHT,
        pictures=query.get("pictures") != "off",
        as_sent=query.get("as") == "sent",
    )


def _stream(desk: Desk, view: View | None) -> Response:
    stream = desk.hub.open(view)
    desk.greet(stream)

    async def lines() -> Any:
        try:
            async for line in stream.lines():
                yield line
        finally:
            desk.hub.close(stream)

    return StreamingResponse(lines(), media_type="text/event-stream")


def _side(proof: Proof, language: str) -> dict[str, Any]:
    if language not in proof.manuscript.issues:
        language = proof.manuscript.lead.language
    specimen = proof.specimen(fullest_persona(proof, language))
    issue = proof.manuscript.issues[language]
    view = View(issue=issue.id, reader="")
    return {
        "issue": issue.id,
        "language": language,
        "path": issue.path,
        "subject": specimen.subject,
        "html": shown_html(proof, specimen, view),
    }
