"""Checks that no style, and no element around them, hides words of the issue."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from newsletter.checking.instruments import (
    Draft,
    Mending,
    Page,
    Scheme,
    checks,
    declared_in_sheets,
    has_colours_for,
    mending_by_template,
    mending_in_sheet,
    own_values,
    pages_of,
    runs_of,
    styles_of,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule

_MOST = 20  # findings about a page; if all is hidden, nobody reads more
_HEAD = "thead"  # of a table that is a list on phones, whose rows say it again
_SIGNS = re.compile(r"\W+")
_NO_WORDS = ("script", "style", "title")
# What may hide an element, the first one that it has being the reason.
_HIDING = ("display", "visibility", "opacity", "font-size", "max-height", "height", "text-indent")
_SCHEMES = (Scheme.LIGHT, Scheme.DARK, Scheme.NARROW)

WORDS_HIDDEN = Rule(
    id="words-hidden", summary="No words of the issue are hidden by styles, also on phones"
)


@checks(WORDS_HIDDEN)
def check_hidden(draft: Draft) -> Iterator[Finding]:
    """What the author wrote is seen, in light and dark themes and on phones."""
    for page in pages_of(draft):
        told: set[Any] = set()
        for scheme in _SCHEMES:
            if scheme is Scheme.LIGHT or has_colours_for(page, scheme):
                for element, words in _unseen(page, scheme):
                    hider = _hider(page, element, scheme)
                    if hider not in told and hider.tag != _HEAD and len(told) < _MOST:
                        told.add(hider)
                        finding = _told(draft, page, hider, scheme, words)
                        yield finding if finding.path else finding.at(page.line_of(element))


def _unseen(page: Page, scheme: Scheme) -> Iterator[tuple[Any, str]]:
    """Yield elements of the author with words that are hidden, and shown nowhere else."""
    hidden = [
        (element, words)
        for element, style in styles_of(page, scheme).items()
        if style.hidden and page.line_of(element) and element.tag not in _NO_WORDS
        for text in (element.text, *(child.tail for child in element))
        if text and (words := " ".join(text.split())) and any(map(str.isalnum, words))
    ]
    seen = _plain(run.text for run in runs_of(page, scheme)) if hidden else ""
    yield from ((element, words) for element, words in hidden if _plain([words]) not in seen)


def _plain(texts: Iterable[str]) -> str:
    """Return texts without signs: labels of a table that is a list on phones have a colon."""
    return f" {' '.join(_SIGNS.sub(' ', text).strip() for text in texts)} "


def _hider(page: Page, element: Any, scheme: Scheme) -> Any:
    """Return the outermost element by which an element is hidden."""
    styles = styles_of(page, scheme)
    while (parent := element.getparent()) is not None and styles[parent].hidden:
        element = parent
    return element


def _told(draft: Draft, page: Page, hider: Any, scheme: Scheme, words: str) -> Finding:
    where = _mending(draft, page, hider, scheme)
    hint = say("take out what hides <{tag}>; {place}", tag=str(hider.tag), place=where.words)
    return where.told(WORDS_HIDDEN.error(_said(scheme, words[:40]), hint))


def _said(scheme: Scheme, words: str) -> Wording:
    match scheme:
        case Scheme.DARK:
            return say("in dark themes readers do not see “{words}”", words=words)
        case Scheme.NARROW:
            return say("on phones readers do not see “{words}”", words=words)
        case _:
            return say("readers do not see “{words}”", words=words)


def _mending(draft: Draft, page: Page, hider: Any, scheme: Scheme) -> Mending:
    own = own_values(page, hider, declared_in_sheets(page, scheme).get(hider, ()))
    inline = own_values(page, hider)
    name = next((name for name in _HIDING if name in own), "")
    if name and own[name] != inline.get(name):
        return mending_in_sheet(draft, page, name, own[name])
    return mending_by_template(draft, page, hider, name)
