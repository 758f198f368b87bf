"""Fills the pages of the archive: the list with its search, and each issue in its frame."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from newsletter.archive.catalogue import ArchivedIssue, Catalogue
from newsletter.archive.destinations import Addresses, whole
from newsletter.archive.impersonal import PublicEdition
from newsletter.archive.visibility import Access
from newsletter.face import Face, fill_page
from newsletter.language import Wording

_PAGES = Path(__file__).parent / "pages"
_HEAD_END, _BODY = re.compile("</head>"), re.compile(r"<body\b[^>]*>")
_TITLE = re.compile(r"(<title\b[^>]*>)[^<]*(?=</title>)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site that the pages belong to."""

    face: Face
    at: Addresses
    ways: Sequence[tuple[str, Wording]] = ()  # places that every page names
    is_indexed: bool = True  # whether search engines may list it at all
    is_static: bool = False  # files, which nothing answers for: there is no search


def fill_index(
    site: Site,
    catalogue: Catalogue,
    language: str,
    *,
    switches: Mapping[str, str],
    query: str = "",
) -> str:
    """Return the list of all issues, or of those that a query finds."""
    own = site.face.language
    chosen = [(one, one.edition_for(language, otherwise=own)) for one in catalogue.listed]
    found = [
        (issue, issue.editions[hit.language], hit)
        for issue, hit in (catalogue.search(query, language) if query.strip() else ())
    ]
    years = groupby(chosen[1:], key=lambda pair: pair[0].date.year)
    return fill_page(
        site.face,
        "archive.html",
        language,
        folder=_PAGES,
        **_frame(site, switches),
        query=query,
        found=found,
        latest=chosen[0] if chosen else None,
        years=[(year, list(pairs)) for year, pairs in years],
    )


def fill_issue(
    site: Site, catalogue: Catalogue, issue: ArchivedIssue, edition: PublicEdition
) -> str:
    """Return an issue as it was sent, between ways to the others and to the list."""
    html = edition.html(lambda path: site.at.leave if path == "leave" else site.at.place(path))
    before, after = (
        (one, one.edition_for(edition.language, otherwise=site.face.language)) if one else None
        for one in catalogue.beside(issue)
    )
    values = {
        **_frame(site, {}),
        "issue": issue,
        "edition": edition,
        "before": before,
        "after": after,
        "is_indexed": site.is_indexed and issue.access is Access.LISTED,
        "picture": picture_of_issue(issue, edition),
    }
    head, top, end = (
        fill_page(site.face, f"issue_{part}.html", edition.language, folder=_PAGES, **values)
        for part in ("head", "top", "end")
    )
    title = f"{edition.subject} · {site.face.imprint_in(edition.language).title}"
    html = _TITLE.sub(lambda tag: tag[1] + escape(title), html, count=1)
    html = _HEAD_END.sub(lambda tag: head + tag[0], html, count=1)
    html = _BODY.sub(lambda tag: tag[0] + top, html, count=1)
    body, tag, rest = html.rpartition("</body>")
    return f"{body}{end}{tag}{rest}"


def picture_of_issue(issue: ArchivedIssue, edition: PublicEdition) -> str:
    """Return the place of the picture by which others announce an issue."""
    if edition.gist.picture:
        return f"pictures/{edition.gist.picture}"
    return f"cards/{issue.id}.{edition.language}.png"


def _frame(site: Site, switches: Mapping[str, str]) -> dict[str, Any]:
    return {
        "site": site,
        "at": site.at,
        "to": site.at.place,
        "whole": partial(whole, site.at),
        "home": "",
        "ways": site.ways,
        "switches": switches,
    }
