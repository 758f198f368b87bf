"""Finds the words of a page that its styles or elements hide from some readers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from newsletter.checking.instruments.computed import own_values
from newsletter.checking.instruments.lettering import Letters, letters_of, number, pixels
from newsletter.checking.instruments.page import Page
from newsletter.checking.instruments.selecting import declared_within, queries_with

OUTLOOK = "mso"  # the situation of those who read in Outlook for Windows

_NEVER_SEEN = {"head", "script", "style", "title", "template", "noscript", "datalist", "dialog"}
_TAG = re.compile(r"<[^<>]*>")
_OPENS = re.compile(r"\s*\[if\s+([^\]]*)\]", re.IGNORECASE)
_FOR_OUTLOOK = re.compile(r"\b(?:mso|IE|gte|lte)\b", re.IGNORECASE)
_NOT_FOR_OUTLOOK = re.compile(r"\(?\s*!\s*\(?mso", re.IGNORECASE)
_FAINT = 0.05
_FAR = -300.0  # pixels: what is moved as far is out of sight
_MAY_HIDE = re.compile(r"none|hidden|collapse|(?<![\d.])0|(?<![\d])\.0|-\d", re.IGNORECASE)
_NAMES = re.compile(
    r"display|visibility|opacity|font(?:-size)?|(?:max-)?(?:height|width)|"
    r"text-indent|margin(?:-left|-top)?|left|top"
)
_PLAIN = Letters()
_LENGTHS = ("height", "max-height", "width", "max-width")
_MOVES = ("text-indent", "margin", "margin-left", "margin-top", "left", "top")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words of a page, and what hides them if anything does."""

    element: Any  # they stand in
    text: str
    hider: Any = None  # the element that hides them; None if they are seen
    name: str = ""  # of the style that does; none where the element does so by its nature
    value: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """How what stands in an element is shown."""

    hider: Any = None
    name: str = ""
    value: str = ""
    is_final: bool = False  # whether nothing within can be seen again
    size: Letters = _PLAIN


def situations_of(page: Page) -> Iterator[tuple[str, ...]]:
    """Yield what may hold for a reader: nothing special, Outlook, and each query that may hide."""
    yield ()
    yield (OUTLOOK,)
    yield from (q for q in queries_with(page, _may_hide) if "print" not in " ".join(q))


def shown_words_in(page: Page, situation: tuple[str, ...]) -> tuple[Words, ...]:
    """Return every piece of text of the page as it is shown in a situation, in one pass."""
    return tuple(_walk(page, situation))


def _walk(page: Page, situation: tuple[str, ...]) -> Iterator[Words]:
    is_outlook = situation == (OUTLOOK,)
    sheets = declared_within(page, () if is_outlook else situation)
    states: list[tuple[Any, _State]] = [(None, _State())]
    others: Any = None  # the comment that begins what Outlook does not see
    for event, node in etree.iterwalk(page.root, events=("start", "end", "comment")):
        text = node.tail
        if event == "start":
            own = own_values(page, node, sheets.get(node, ()))
            states.append((node, _state(node, states[-1][1], own, is_outlook=is_outlook)))
            text = node.text
        elif event == "end":
            states.pop()
        else:
            others = (node if is_outlook else None) if _begins_for_others(node) else others
            others = None if _ends_condition(node) else others
        element, state = states[-1]
        if element is not None and text and (words := " ".join(text.split())):
            if others is not None:
                yield Words(element, words, others)
            else:
                yield Words(element, words, state.hider, state.name, state.value)
        if is_outlook and event == "comment" and element is not None:
            yield from (Words(element, _TAG.sub(" ", shown)) for shown in _shown_in_outlook(node))


def _begins_for_others(comment: Any) -> bool:
    """Return whether what follows a comment is not seen by Outlook."""
    match = _OPENS.match(comment.text or "")
    return bool(match and _NOT_FOR_OUTLOOK.match(match[1]))


def _ends_condition(comment: Any) -> bool:
    """Return whether a comment ends what not every program sees."""
    return (comment.text or "").lstrip().lower().startswith("<![endif]")


def _shown_in_outlook(comment: Any) -> Iterator[str]:
    """Yield the HTML within a comment that only Outlook shows."""
    text = comment.text or ""
    match = _OPENS.match(text)
    if match and not _begins_for_others(comment) and _FOR_OUTLOOK.search(match[1]):
        yield text[match.end() :].lstrip(">").removesuffix("<![endif]")


def _state(element: Any, above: _State, own: Mapping[str, str], *, is_outlook: bool) -> _State:
    """Return how what stands in an element is shown, given what is around it."""
    if above.is_final:
        return above
    size = letters_of(element.tag, above.size, own)
    if element.tag in _NEVER_SEEN or element.get("hidden") is not None:
        return _State(hider=element, is_final=True, size=size)
    if name := _final(own, size.size, is_outlook=is_outlook):
        return _State(hider=element, name=name, value=own[name], is_final=True, size=size)
    visibility = own.get("visibility", "").lower()
    if visibility in ("hidden", "collapse"):
        return _State(hider=element, name="visibility", value=visibility, size=size)
    if not size.size and above.size.size:
        name = "font-size" if "font-size" in own else "font"
        return _State(hider=element, name=name, value=own.get(name, ""), size=size)
    is_seen_again = (above.name == "visibility" and visibility == "visible") or (
        above.name in ("font-size", "font") and size.size
    )
    return _State(size=size) if is_seen_again else replace(above, size=size)


def _final(own: Mapping[str, str], size: float, *, is_outlook: bool) -> str:
    """Return the style that hides an element with all that is in it; "" for none."""
    if own.get("display", "").lower() == "none":
        return "display"
    if is_outlook and own.get("mso-hide", "").lower() == "all":
        return "mso-hide"
    if number(own.get("opacity", ""), 1.0) < _FAINT:
        return "opacity"
    if own.get("overflow", "visible").lower().split()[0] in ("hidden", "clip"):
        for name in _LENGTHS:
            if pixels(own.get(name, ""), size) == 0:
                return name
    for name in _MOVES:
        length = pixels(_side(own[name], name), size) if name in own else None
        if length is not None and length <= _FAR:
            return name
    return ""


def _side(value: str, name: str) -> str:
    """Return the length on the left among those of `margin`, or the only one."""
    sides = value.split()
    if name != "margin" or not sides:
        return value
    return sides[{1: 0, 2: 1, 3: 1, 4: 3}.get(len(sides), 0)]


def _may_hide(name: str, value: str) -> bool:
    return bool(_NAMES.fullmatch(name) and _MAY_HIDE.search(value))
