"""Traces a finished page back to the templates: which file and line wrote each element and style.

The page is filled and run through MRML once more, with a name in each tag, so this is only for a
page with a fault.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import count
from typing import Any

import lxml.html
import tinycss2
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from newsletter.markup.breaks import with_ends
from newsletter.model import Origin, Origins, StyleOrigin
from newsletter.render.joining import join_neighbours
from newsletter.render.mrml import run_mrml
from newsletter.render.script import Script
from newsletter.render.sourcelines import MarkedText
from newsletter.render.template_faults import origin_at

_TAG = re.compile(r"<([A-Za-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_PART = re.compile(rf"{_TAG.pattern}|[^<>\\s]+")  # a tag or a word
_BODY = "<mj-body"
_NAMELESS = ("mj-raw",)  # takes no attributes
_CLASSES = re.compile(r'\scss-class="')
_WITH_RULES = ("media", "supports", "keyframes", "-webkit-keyframes")
_SHEET = re.compile(r"<mj-style[^>]*>(.*?)</mj-style>", re.DOTALL)


def trace(script: Script) -> Origins:
    """Return where the elements and styles of a page were written.

    Raise ConfigError for a faulty template.
    """
    marked = script.fill_marked()
    page = _Traced(script, marked.mjml)
    joined = join_neighbours(marked.mjml.text)
    html = marked.seals.break_all(run_mrml(page.with_names(joined), marked.styles.text))
    elements = _elements_of(html)
    return Origins(
        page=page.origin_of(max(0, marked.mjml.text.find("<mjml"))),
        elements=page.origins_of(elements),
        styles=_as_chosen(
            script,
            *_with_elements(_rules_in(script, marked.styles, 0, marked.styles.text), elements),
            *(
                rule
                for sheet in _SHEET.finditer(marked.mjml.text)
                for rule in _rules_in(script, marked.mjml, sheet.start(1), sheet[1])
            ),
        ),
    )


class _Traced:
    """A page in whose tags stand the numbers of those of its templates."""

    def __init__(self, script: Script, mjml: MarkedText) -> None:
        self._origin_at = cache(partial(origin_at, script.look))
        self._mjml = mjml
        self._name = f"{script.key}at"
        self._origins: list[Origin | None] = []

    def with_names(self, joined: str) -> str:
        """Return the page with a number in each tag."""
        head, body, rest = joined.partition(_BODY)
        self._origins = self._origins_in(body + rest)
        numbers = count()
        return head + _TAG.sub(lambda tag: self._named(tag, next(numbers)), body + rest)

    def _origins_in(self, joined: str) -> list[Origin | None]:
        """Return the origin of each tag.

        Tags of neighbours that were joined are not there any more; all others stand in their order,
        as all words do. Read backwards, a tag is the nearest before the words that it is around.
        """
        text = self._mjml.text
        written: dict[str, list[int]] = defaultdict(list)
        for part in _PART.finditer(text, max(0, text.find(_BODY))):
            written[part[1] or part[0]].append(part.start())
        origins: list[Origin | None] = []
        end = len(text)
        for part in reversed([*_PART.finditer(joined)]):
            places = written[part[1] or part[0]]
            while places and places[-1] >= end:
                places.pop()
            end = places[-1] if places else end
            if part[1]:
                origins.append(self.origin_of(end) if places else None)
        return origins[::-1]

    def origin_of(self, offset: int) -> Origin | None:
        """Return where a character of the page was written."""
        place = self._mjml.place_of(offset)
        return self._origin_at(*place) if place else None

    def _named(self, tag: re.Match[str], number: int) -> str:
        name, attributes, end = tag.groups()
        if name in _NAMELESS:
            return tag[0]
        if not name.startswith("mj-"):
            return f'<{name} data-{self._name}="{number}"{attributes}{end}>'
        own = f"{self._name}{number}"
        if classes := _CLASSES.search(attributes):
            at = classes.end()
            return f"<{name}{attributes[:at]}{own} {attributes[at:]}{end}>"
        return f'<{name} css-class="{own}"{attributes}{end}>'

    def origins_of(self, elements: Sequence[Any]) -> tuple[Origin | None, ...]:
        """Return the origin of each element of the body: its own, or that of the one around it.

        What stands around everything is MRML's, as <mj-body> asks for it.
        """
        found: dict[Any, Origin | None] = {}
        for element in elements:
            number = self._number_of(element)
            around = found.get(element.getparent(), self._origins[0])
            found[element] = around if number is None else self._origins[number]
        return tuple(found.values())

    def _number_of(self, element: Any) -> int | None:
        if number := element.get(f"data-{self._name}"):
            return int(number)
        named = re.search(rf"(?:^|\s){self._name}(\d+)(?:\s|$)", element.get("class", ""))
        return int(named[1]) if named else None


def _elements_of(html: str) -> list[Any]:
    """Return the elements of the body of a page, in document order."""
    body = lxml.html.document_fromstring(with_ends(html)).find("body")
    return [e for e in body.iter() if isinstance(e.tag, str)] if body is not None else []


def _with_elements(styles: Iterable[StyleOrigin], elements: Sequence[Any]) -> Iterator[StyleOrigin]:
    """Yield styles with the elements that they are written into."""
    numbers = {element: number for number, element in enumerate(elements)}
    found: dict[str, frozenset[int]] = {}
    for style in styles:
        if style.selector not in found:
            selected = _selected(style.selector, elements)
            found[style.selector] = frozenset(numbers[e] for e in selected if e in numbers)
        yield replace(style, elements=found[style.selector])


def _selected(selector: str, elements: Sequence[Any]) -> list[Any]:
    found = _selecting(selector) if elements else None
    return list(found(elements[0].getroottree())) if found else []


@lru_cache(maxsize=1024)  # the package's styles are those of every page
def _selecting(selector: str) -> CSSSelector | None:
    try:
        return CSSSelector(selector)
    except (SelectorError, ValueError, AssertionError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A declaration of a stylesheet."""

    selector: str
    name: str
    value: str
    offset: int  # where it begins


def _rules_in(script: Script, text: MarkedText, start: int, css: str) -> Iterator[StyleOrigin]:
    """Yield the declarations of styles, which begin at `start` of a filled text."""
    known = cache(partial(origin_at, script.look))
    for rule in _declared(css):
        if place := text.place_of(start + rule.offset):
            yield StyleOrigin(
                selector=rule.selector, name=rule.name, value=rule.value, origin=known(*place)
            )


@lru_cache(maxsize=16)  # a look's styles are the same on each of its pages
def _declared(css: str) -> tuple[_Rule, ...]:
    css = css.replace("\f", "\n")  # a line feed by CSS Syntax 3, section 3.3
    lines = [0, *(found.end() for found in re.finditer("\n", css))]
    return tuple(
        _Rule(
            selector=selector,
            name=declaration.lower_name,
            value=tinycss2.serialize(declaration.value).strip(),
            offset=lines[declaration.source_line - 1] + declaration.source_column - 1,
        )
        for selector, declaration in _declarations_of(tinycss2.parse_stylesheet(css))
    )


def _as_chosen(script: Script, *styles: StyleOrigin) -> tuple[StyleOrigin, ...]:
    """Return styles with the line of the newsletter's own `style.jinja` that names their colour.

    Rules of the package take colours from there; one that is named twice is the dark one's.
    """
    text, file = script.style_file()

    def chosen(style: StyleOrigin) -> StyleOrigin:
        at = text.rfind(f'"{style.value}"') if style.value.startswith("#") else -1
        if at < 0 or not style.origin.is_packaged:
            return style
        origin = origin_at(script.look, file, text.count("\n", 0, at) + 1)
        return style if origin.is_packaged else replace(style, origin=origin)

    return tuple(map(chosen, styles))


def _declarations_of(rules: Sequence[Node]) -> Iterator[tuple[str, Declaration]]:
    for rule in rules:
        if isinstance(rule, AtRule) and rule.lower_at_keyword in _WITH_RULES:
            yield from _declarations_of(tinycss2.parse_rule_list(rule.content or []))
        elif isinstance(rule, QualifiedRule):
            selector = tinycss2.serialize(rule.prelude).strip()
            for node in tinycss2.parse_blocks_contents(rule.content):
                if isinstance(node, Declaration):
                    yield selector, node
