"""Prunes a finished page of classes no rule names, rules for what it has not, and spaces."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

import lxml.etree
import tinycss2
from tinycss2.ast import AtRule, Node, ParseError, QualifiedRule

_CLASS = re.compile(r"\.(-?[^\W\d][\w-]*)")
# Classes that styles find by the attribute or write with escapes, so that all of them stay.
_OTHERWISE = re.compile(r"\[\s*class\b|\.[\w-]*\\", re.IGNORECASE)
# Classes that mail programs give elements themselves, by which styles for one program are found.
_OF_PROGRAMS = frozenset({"ExternalClass", "ReadMsgBody", "moz-text-html", "yshortcuts"})
# Elements that no mail program adds, nor makes of others.
_OF_AUTHORS = frozenset((
    "abbr", "blockquote", "code", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "pre", "small", "sub", "sup", "th", "thead", "ul",
))  # fmt: skip
_CONDITIONAL = ("media", "supports")  # rules within these are rules of the page
# Spaces between the elements of these are no text; those between cells are, on a phone that shows
# cells as words of a line.
_NO_TEXT = ("ul", "ol", "table", "thead", "tbody")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|url\([^)]*\)"
# The space before “!important” stays: Orange drops a declaration without it.
_AROUND_SIGNS = re.compile(rf"({_QUOTED})|\s*([;:,])\s*|\s+")
_NO_LENGTH = re.compile(r"(?<=[: ])0px(?=[; ]|$)")
_AROUND_COMBINATORS = re.compile(r"(\[[^\]]*\])|\s*([>+~])\s*|\s+")


def prune(page: Any) -> None:
    """Take out of a page what neither readers nor mail programs make anything of."""
    sheets = list(page.iter("style"))
    _prune_sheets(sheets, _names_of(page))
    css = "".join(_css_of(page))
    if not _OTHERWISE.search(css):
        named = frozenset(_CLASS.findall(css))
        for element in page.xpath("//*[@class]"):
            _keep_classes(element, named)
    for element in page.xpath("//*[@style]"):
        _keep_style(element)
    for element in page.iter(*_NO_TEXT):
        _strip_spaces(element)


def _names_of(page: Any) -> frozenset[str]:
    """Return the classes of a page, with a dot before each, and those of its elements' names."""
    classes = {f".{name}" for names in page.xpath("//@class") for name in names.split()}
    return frozenset(
        classes | {name for name in _OF_AUTHORS if page.find(f".//{name}") is not None}
    )


def _prune_sheets(sheets: Iterable[Any], names: frozenset[str]) -> None:
    for sheet in sheets:
        # tinycss2 writes out what was escaped; an end tag in a text would end the sheet.
        sheet.text = _pruned(sheet.text or "", names).replace("</", r"<\/")
        if not sheet.text:
            sheet.drop_tree()


def _css_of(page: Any) -> Iterator[str]:
    """Yield all styles of a page, and what stands in comments that only Outlook reads."""
    yield from (sheet.text or "" for sheet in page.iter("style"))
    yield from (comment.text or "" for comment in page.iter(lxml.etree.Comment))


def _keep_classes(element: Any, named: frozenset[str]) -> None:
    if kept := [name for name in element.get("class").split() if name in named]:
        element.set("class", " ".join(kept))
    else:
        del element.attrib["class"]


def _keep_style(element: Any) -> None:
    if element.tag == "a" and not element.get("href") and not len(element) and not element.text:
        del element.attrib["style"]  # a place to jump to, of which nothing shows
    else:
        element.set("style", _compact(element.get("style")))


def _strip_spaces(element: Any) -> None:
    if element.text and element.text.isspace():
        element.text = None
    for child in element:
        if child.tail and child.tail.isspace():
            child.tail = None


@lru_cache(maxsize=64)
def _pruned(css: str, names: frozenset[str]) -> str:
    """Return a style sheet without rules for what is not there; the same if it has faults."""
    try:
        return "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True), names))
    except ValueError:
        return css


def _kept(rules: Iterable[Node], names: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        match rule:
            case ParseError():
                raise ValueError(rule.message)
            case QualifiedRule(prelude=prelude, content=content):
                selectors = [_selector(s) for s in _selectors(prelude) if _may_match(s, names)]
                if selectors:
                    yield f"{','.join(selectors)}{{{_compact(tinycss2.serialize(content))}}}"
            case AtRule(content=content) if content and rule.lower_at_keyword in _CONDITIONAL:
                within = "".join(
                    _kept(tinycss2.parse_rule_list(content, skip_comments=True), names)
                )
                asked = tinycss2.serialize(rule.prelude).strip()
                yield f"@{rule.at_keyword} {asked}{{{within}}}" if within else ""
            case AtRule():
                yield rule.serialize()


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """Yield the selectors of a list."""
    selector: list[Any] = []
    for part in prelude:
        if part == ",":
            yield selector
            selector = []
        else:
            selector.append(part)
    yield selector


def _may_match(selector: list[Any], names: frozenset[str]) -> bool:
    """Return whether a page has all that a selector asks for outside of `:not()`."""
    for before, part in pairwise([None, *selector]):
        if part.type != "ident":
            continue
        if before == "." and f".{part.value}" not in names and part.value not in _OF_PROGRAMS:
            return False
        if before not in (".", ":") and part.lower_value in _OF_AUTHORS - names:
            return False
    return True


def _selector(tokens: list[Any]) -> str:
    written = tinycss2.serialize(tokens).strip()
    return _AROUND_COMBINATORS.sub(lambda found: found[1] or found[2] or " ", written)


@lru_cache(maxsize=4096)
def _compact(declarations: str) -> str:
    """Return declarations without spaces around signs, and without a semicolon at the end."""
    written = _AROUND_SIGNS.sub(lambda found: found[1] or found[2] or " ", declarations)
    return _NO_LENGTH.sub("0", written.strip("; "))
