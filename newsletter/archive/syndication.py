"""Writes the feeds of the archive: Atom (RFC 4287, 5005) and JSON Feed 1.1."""

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from newsletter.archive.catalogue import ArchivedIssue
from newsletter.archive.destinations import Addresses, whole
from newsletter.archive.impersonal import PublicEdition
from newsletter.archive.regional_news import RegionalNews
from newsletter.face import Face

PAGE = 20  # issues
_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no way to write, not even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")(?:[^"]*/)?(pictures/[0-9a-f]{20}\.\w+)"')


def atom_feed(
    face: Face, issues: Sequence[ArchivedIssue], language: str, at: Addresses, *, page: int = 1
) -> bytes:
    """Return a page of the feed in a language; the newest issues are on the first."""
    own = face.imprint_in(language)
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    home = whole(at, at.index(language))
    _add(feed, "title", own.title)
    _add(feed, "id", home)
    _add(feed, "link", rel="alternate", type="text/html", href=home)
    _add(
        feed,
        "link",
        rel="self",
        type="application/atom+xml",
        href=whole(at, at.feed("atom", language, page)),
    )
    if page > 1:
        _add(feed, "link", rel="previous", href=whole(at, at.feed("atom", language, page - 1)))
    if len(issues) > page * PAGE:
        _add(feed, "link", rel="next", href=whole(at, at.feed("atom", language, page + 1)))
    shown = _page(issues, page)
    _add(feed, "updated", max((one.at.isoformat() for one in shown), default=_NEVER))
    _add(_add(feed, "author"), "name", own.title)
    for issue in shown:
        edition = issue.edition_for(language, otherwise=face.language)
        _add_entry(feed, issue, edition, at)
    written: bytes = ET.tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


_NEVER = "1970-01-01T00:00:00+00:00"


def regional_feed(
    title: str, news: Sequence[RegionalNews], language: str, *, page: str, root: str
) -> bytes:
    """Return what issues say of a region as a feed; `page` is the address of the region's own."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _add(feed, "title", title)
    _add(feed, "id", page)
    home = f"{page}?lang={language}"
    _add(feed, "link", rel="alternate", type="text/html", href=home)
    itself = f"{page}/feed.atom?lang={language}"
    _add(feed, "link", rel="self", type="application/atom+xml", href=itself)
    _add(feed, "updated", max((one.at.isoformat() for one in news), default=_NEVER))
    _add(_add(feed, "author"), "name", title)
    for one in news:
        entry = _add(feed, "entry", **{"xml:lang": one.language})
        issue = f"{root}/{quote(one.issue)}?lang={one.language}"
        _add(entry, "title", one.title or one.subject)
        _add(entry, "id", f"{page}#{one.mark}")
        place = issue if one.is_whole else f"{home}#{one.mark}"
        _add(entry, "link", rel="alternate", type="text/html", href=place)
        _add(entry, "published", one.at.isoformat())
        _add(entry, "updated", one.at.isoformat())
        _add(entry, "content", "".join(f"<p>{escape(line)}</p>" for line in one.lines), type="html")
    written: bytes = ET.tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def json_feed(
    face: Face, issues: Sequence[ArchivedIssue], language: str, at: Addresses, *, page: int = 1
) -> bytes:
    """Return the same as JSON."""
    own = face.imprint_in(language)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": own.title,
        "home_page_url": whole(at, at.index(language)),
        "feed_url": whole(at, at.feed("json", language)),
        "language": language,
        "authors": [{"name": own.title}],
    }
    if len(issues) > page * PAGE:
        feed["next_url"] = whole(at, at.feed("json", language, page + 1))
    items = []
    for issue in _page(issues, page):
        edition = issue.edition_for(language, otherwise=face.language)
        address = whole(at, at.issue(issue.id, edition.language))
        item = {
            "id": address,
            "url": address,
            "title": edition.subject,
            "summary": edition.gist.summary,
            "content_html": _article(edition, at),
            "date_published": issue.at.isoformat(),
            "language": edition.language,
        }
        if edition.gist.picture:
            item["image"] = whole(at, at.place(f"pictures/{edition.gist.picture}"))
        items.append(item)
    return json.dumps({**feed, "items": items}, ensure_ascii=False, indent=1).encode()


def _page(issues: Sequence[ArchivedIssue], page: int) -> Sequence[ArchivedIssue]:
    return issues[(page - 1) * PAGE : page * PAGE]


def _add_entry(feed: Any, issue: ArchivedIssue, edition: PublicEdition, at: Addresses) -> None:
    entry = _add(feed, "entry", **{"xml:lang": edition.language})
    address = whole(at, at.issue(issue.id, edition.language))
    _add(entry, "title", edition.subject)
    _add(entry, "id", address)
    _add(
        entry,
        "link",
        rel="alternate",
        type="text/html",
        hreflang=edition.language,
        href=address,
    )
    _add(entry, "published", issue.at.isoformat())
    _add(entry, "updated", issue.at.isoformat())
    _add(entry, "summary", edition.gist.summary)
    _add(entry, "content", _article(edition, at), type="html")


def _article(edition: PublicEdition, at: Addresses) -> str:
    """Return the words of an issue with whole addresses."""
    return _SOURCE.sub(
        lambda found: f'{found[1]}{whole(at, at.place(found[2]))}"', edition.gist.article
    )


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    child = ET.SubElement(parent, name, {k: _UNWRITABLE.sub("", v) for k, v in attributes.items()})
    if text:
        child.text = _UNWRITABLE.sub("", text)
    return child
