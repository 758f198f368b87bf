"""The pages of the preview: the list of issues, one issue, the grid, two side by side."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.content import find_issues, list_heads, variants_of
from newsletter.errors import UsageError
from newsletter.gateway import destination
from newsletter.language.catalogs import words_in
from newsletter.mailing import own_addresses
from newsletter.preview.desk import Desk, desk_of
from newsletter.preview.editors import link_template
from newsletter.preview.shelf import count_waiting, list_shelf


def shelf(request: Request) -> Response:
    """Show the list of issues."""
    desk = desk_of(request)
    issues = list_shelf(desk)
    language = desk.language
    for issue in issues:
        issue["day"] = format_date(issue["date"], "long", language) if issue["date"] else ""
    waiting, words = count_waiting(desk)
    return _page(request, "shelf.html", {}, issues=issues, waiting=waiting, waiting_words=words)


def preview(request: Request) -> Response:
    """Show one issue."""
    desk, issue = desk_of(request), _issue(request)
    if issue is None:
        return _missing(request)
    provider, place = destination(desk.settings)
    data = {
        "issue": issue,
        "files": _files(desk, issue),
        "secret": desk.secret,
        "editor": link_template(request.app.state.editor, desk.settings.root),
    }
    return _page(
        request,
        "preview.html",
        data,
        issue=issue,
        number=_number(desk, issue),
        addresses=own_addresses(desk.settings),
        provider=provider,
        place=place,
        phone=bool(request.app.state.phone_url("/")),
    )


def grid(request: Request) -> Response:
    """Show all readers and colours at once."""
    issue = _issue(request)
    if issue is None:
        return _missing(request)
    return _page(request, "grid.html", {"issue": issue}, issue=issue)


def compare(request: Request) -> Response:
    """Show two issues, or two languages, side by side."""
    desk, issue = desk_of(request), _issue(request)
    if issue is None:
        return _missing(request)
    languages = list(dict.fromkeys(_files(desk, issue).values()))
    others = [id for id in reversed(find_issues(desk.settings.root / "issues")) if id != issue]
    earlier = [id for id in others if id < issue]
    chosen = request.query_params.get("with") or next(iter(earlier or others), "")
    data = {
        "issue": issue,
        "editor": link_template(request.app.state.editor, desk.settings.root),
    }
    choices = [f"language:{language}" for language in languages[1:]]
    return _page(
        request, "compare.html", data, issue=issue, others=others, languages=choices, chosen=chosen
    )


def _issue(request: Request) -> str | None:
    """Return the issue of a request, if one with that id exists."""
    issue: str = request.path_params["issue"]
    return issue if issue in find_issues(desk_of(request).settings.root / "issues") else None


def _number(desk: Desk, issue: str) -> int | None:
    heads = list_heads(desk.settings.root, language=desk.settings.newsletter.language)
    return next((head.number for head in heads if head.id == issue and head.number), None)


def _files(desk: Desk, issue: str) -> dict[str, str]:
    """Return the languages of an issue by its files, the newsletter's own first."""
    settings = desk.settings
    language = settings.newsletter.language
    try:
        found = variants_of(settings.root / "issues", issue, language)
    except UsageError:
        return {}  # two files of one language; the page reports it
    ordered = sorted(found.items(), key=lambda item: item[0] != language)
    return {path.relative_to(settings.root).as_posix(): named for named, path in ordered}


def _missing(request: Request) -> Response:
    page = _page(request, "missing.html", {}, issue=request.path_params["issue"])
    page.status_code = 404
    return page


def _page(request: Request, name: str, data: Mapping[str, Any], **context: Any) -> Response:
    settings, language = desk_of(request).settings, desk_of(request).language
    words = words_in(language)
    page = {**data, "language": language, "words": dict(words)}
    html = (
        _environment()
        .get_template(name)
        .render(
            _=lambda text: words.get(text, text),
            language=language,
            newsletter=settings.newsletter.title_in(language),
            page=page,
            **context,
        )
    )
    return HTMLResponse(html)


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
