"""What a page of mail says: its words for a search, a summary, its pictures, its bare text."""

import re
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import nh3

_APART = {"p", "div", "td", "th", "li", "br", "tr", "table", "blockquote", "pre", "hr", "img"}
_APART |= {f"h{level}" for level in range(1, 7)}
_UNSEEN = {"style", "script", "head", "title"}
_SEAMS = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a long word may break
_SUMMARY = 280  # characters
_WIDE = 280  # points from which on a picture may stand for an issue
_DIGITS = 5  # of a width that are looked at
_KEPT = {"a", "b", "blockquote", "br", "code", "em", "figcaption", "h1", "h2", "h3", "h4", "hr"}
_KEPT |= {"i", "img", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "ul"}
_KEPT |= {"table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width"}, "*": {"lang"}}
_SCHEME = re.compile("[a-zA-Z][a-zA-Z0-9+.-]*:")
_LAYOUT = "descendant-or-self::table[@role='presentation']"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What an issue says."""

    summary: str  # one paragraph
    headings: str  # all of them
    words: str = field(repr=False)  # all of it, without head and foot of the mail
    picture: str  # name of the first picture that can stand for it; "" if it has none
    picture_alt: str
    article: str = field(repr=False)  # as plain HTML, for readers of feeds


def gist_of(html: str) -> Gist:
    """Return what a page says; pictures have the paths that it names."""
    page = lxml.html.document_fromstring(html)
    main = next(iter(page.xpath("//*[@role='main']")), page.body)
    headings = main.xpath(".//h1|.//h2|.//h3|.//h4")
    picture = next((one for one in main.iter("img") if _is_wide(one)), None)
    return Gist(
        summary=_preview(page) or _first_words(main),
        headings="\n".join(text_in(one) for one in headings),
        words=text_in(main),
        picture="" if picture is None else picture.get("src", "").rpartition("/")[2],
        picture_alt="" if picture is None else picture.get("alt", ""),
        article=_article(main),
    )


def text_in(element: Any) -> str:
    """Return the words of an element, each of its blocks on a line."""
    parts: list[str] = []
    _gather(element, parts)
    lines = (" ".join(line.split()) for line in _SEAMS.sub("", "".join(parts)).split("\n"))
    return "\n".join(filter(None, lines))


def _gather(element: Any, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    if element.tag in _APART:
        parts.append("\n")
    parts.append((element.text or "").replace("\n", " "))
    for child in element:
        _gather(child, parts)
        parts.append((child.tail or "").replace("\n", " "))
    if element.tag in _APART:
        parts.append("\n")


def _preview(page: Any) -> str:
    """Return the words that an inbox shows beside the subject, if the author wrote some."""
    first = next(iter(page.xpath("//body/div[contains(@style,'display:none')]")), None)
    if first is None:
        return ""
    return _cut(re.sub("[\u034f\u2007\u200c\u200d\u00a0 ]+", " ", text_in(first)).strip())


def _first_words(main: Any) -> str:
    for paragraph in main.iter("p"):
        if len(words := " ".join(text_in(paragraph).split())) > 60:
            return _cut(words)
    return _cut(" ".join(text_in(main).split()))


def _cut(text: str) -> str:
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rpartition(" ")[0].rstrip(" ,;:–-") + " …"


def _is_wide(image: Any) -> bool:
    width = image.get("width", "")[:_DIGITS]
    return "pictures/" in image.get("src", "") and width.isdecimal() and int(width) >= _WIDE


def _article(main: Any) -> str:
    """Return the words with their headings, lists, links and pictures, and no layout."""
    own = lxml.html.fromstring(lxml.html.tostring(main, encoding="unicode"))
    for table in reversed(own.xpath(_LAYOUT)):
        for cell in table.xpath("./tbody|./tr|./tbody/tr|./tr/td|./tbody/tr/td"):
            cell.tag = "div"
            cell.attrib.clear()
        table.tag = "div"
        table.attrib.clear()
    html = nh3.clean(
        lxml.html.tostring(own, encoding="unicode"),
        tags=_KEPT,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        attribute_filter=_whole_links,
    )
    return re.sub(r"\s*\n\s*", "\n", _SEAMS.sub("", html)).strip()


def _whole_links(tag: str, name: str, value: str) -> str | None:
    """Take out links that lead nowhere from another site: to a place of the page, or of its own."""
    return value if (tag, name) != ("a", "href") or _SCHEME.match(value) else None
