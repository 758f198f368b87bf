"""Reads the styles of templates, and writes them into elements; nothing is fetched for them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

import lxml.etree
import tinycss2
from tinycss2.ast import AtRule, Declaration, HashToken, LiteralToken, Node, QualifiedRule

from newsletter.language.wording import Wording, say
from newsletter.markup.selectors import Selector, UnreadableSelectorError, Weight, read_selector

_MOST = 200_000  # characters; the package has six thousand
_MOST_RULES = 2_000  # each is looked for in the whole page
_DEEPEST = 30  # brackets within brackets
_SHOWN = 60  # characters
_BRACKETS = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*|'(?:[^'\\\n]|\\.)*|[][(){}]", re.S)
_HEX = re.compile(r"(?:[0-9a-f]{3,4}){1,2}", re.I)
_QUERIES = ("media", "supports")
_IMPORT = re.compile(r"@import\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something in styles that is not taken over."""

    offset: int  # the character where it stands
    message: Wording
    is_import: bool = False


class StylesError(Exception):
    """Styles ask for more than can be read."""

    def __init__(self, message: Wording, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A property with its value, as it is written into an element."""

    name: str  # in small letters
    value: str
    important: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRule:
    """A rule that is written into the elements it means."""

    selectors: tuple[Selector, ...]
    declared: tuple[Declared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """Styles that are ready to be written into elements."""

    rules: tuple[StyleRule, ...]
    kept: str  # what must stay a style sheet: queries, and states such as :hover
    complaints: tuple[Complaint, ...]


@lru_cache(maxsize=16)
def read_styles(css: str) -> Styles:
    """Read styles; what would be fetched and what cannot be read is told and left out.

    Raise StylesError where they are larger than styles of a mail may be.
    """
    css = css.replace("\f", "\n")  # a line feed by CSS Syntax 3, section 3.3
    bound_styles(css)
    reader = _Reader(css)
    for node in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        reader.read(node)
    complaints = dict.fromkeys(reader.complaints)  # once for each line
    return Styles(
        rules=tuple(reader.rules), kept="\n".join(reader.kept), complaints=tuple(complaints)
    )


def bound_styles(css: str) -> None:
    """Raise StylesError for styles that are larger than those of a mail may be."""
    if len(css) > _MOST:
        message = say(
            "styles have {count:,} characters; {most:,} can be read", count=len(css), most=_MOST
        )
        raise StylesError(message, _MOST)
    depth = rules = 0
    for found in _BRACKETS.finditer(css):
        sign = found[0]
        depth += (sign in "[({") - (sign in "])}") if len(sign) == 1 else 0
        rules += sign == "{"
        if depth > _DEEPEST:
            raise StylesError(
                say("more than {most} brackets within one another", most=_DEEPEST), found.start()
            )
        depth = max(0, depth)
        if rules > _MOST_RULES:
            raise StylesError(
                say("more than {most:,} rules of styles", most=_MOST_RULES), found.start()
            )


def imports_in(css: str) -> Iterator[Complaint]:
    """Yield each import of a style sheet that stays one, and would be fetched by readers."""
    return (_import(css, found.start()) for found in _IMPORT.finditer(css))


def inline_styles(page: Any, styles: Styles) -> None:
    """Write styles into the elements of a page; what cannot stand there goes into its head."""
    meant: dict[Any, list[tuple[Weight, int, StyleRule]]] = defaultdict(list)
    for order, rule in enumerate(styles.rules):
        for selector in rule.selectors:
            for element in selector.find(page):
                meant[element].append((selector.weight, order, rule))
    for element, rules in meant.items():
        declared = [
            one for *_, rule in sorted(rules, key=itemgetter(0, 1)) for one in rule.declared
        ]
        element.set("style", _merged(declared, _declared_in(element.get("style") or "")))
    if styles.kept:
        style = lxml.etree.SubElement(page.find("head"), "style", type="text/css")
        style.text = styles.kept


def _merged(from_rules: list[Declared], own: list[Declared]) -> str:
    """Return the style of an element: its own wins, but over what is important."""
    winning: dict[str, str] = {}
    for one in sorted((*from_rules, *own), key=attrgetter("important")):
        winning.pop(one.name, None)  # its place counts, too: margin after margin-top
        winning[one.name] = _written(one)
    return "; ".join(winning.values())


def _written(one: Declared, *, important: bool = False) -> str:
    return f"{one.name}:{one.value}{' !important' if one.important or important else ''}"


def _declared_in(style: str) -> list[Declared]:
    nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    return [_declared(node) for node in nodes if isinstance(node, Declaration)]


def _declared(node: Declaration) -> Declared:
    value = tinycss2.serialize(node.value).strip()
    return Declared(name=node.lower_name, value=value, important=node.important)


class _Reader:
    """Sorts the rules of styles by what becomes of them."""

    def __init__(self, css: str) -> None:
        self.rules: list[StyleRule] = []
        self.kept: list[str] = []
        self.complaints: list[Complaint] = []
        self._css = css
        self._lines, self._starts = css.split("\n"), _line_starts(css)

    def read(self, node: Node) -> None:
        """Take over a rule of the styles, or tell why it is left out."""
        if isinstance(node, AtRule) and node.lower_at_keyword == "import":
            at = self._starts[node.source_line - 1] + node.source_column - 1
            self.complaints.append(_import(self._css, at))
        elif isinstance(node, AtRule):
            self.kept.append(self._with_importance(node))
        elif isinstance(node, QualifiedRule):
            self._rule(node)
        else:
            self._complain(node)

    def _rule(self, node: QualifiedRule) -> None:
        declared = self._contents(node.content)
        texts = _selectors_in(node.prelude)
        try:
            selectors = [read_selector(text) for text in texts]
        except UnreadableSelectorError:
            self._complain(node)
            return
        self.rules.append(
            StyleRule(
                selectors=tuple(s for s in selectors if s.path is not None), declared=declared
            )
        )
        states = [text for text, s in zip(texts, selectors, strict=True) if s.path is None]
        if states and declared:
            self.kept.append(_rule_of_sheet(", ".join(states), declared))

    def _contents(self, nodes: list[Node]) -> tuple[Declared, ...]:
        """Return what a rule declares; tell what in it cannot be read."""
        declared = []
        for node in tinycss2.parse_blocks_contents(nodes, skip_comments=True, skip_whitespace=True):
            if isinstance(node, Declaration) and _has_value(node):
                declared.append(_declared(node))
            else:
                self._complain(node)
        return tuple(declared)

    def _with_importance(self, node: AtRule) -> str:
        """Return a query whose declarations win over those written into elements."""
        if node.content is None or node.lower_at_keyword not in _QUERIES:
            return str(tinycss2.serialize([node]))
        inner = []
        for rule in tinycss2.parse_rule_list(
            node.content, skip_comments=True, skip_whitespace=True
        ):
            if isinstance(rule, QualifiedRule):
                selectors = tinycss2.serialize(rule.prelude).strip()
                inner.append(_rule_of_sheet(selectors, self._contents(rule.content)))
            elif isinstance(rule, AtRule):
                inner.append(self._with_importance(rule))
            else:
                self._complain(rule)
        prelude = tinycss2.serialize(node.prelude).strip()
        return f"@{node.at_keyword} {prelude} {{ {' '.join(inner)} }}"

    def _complain(self, node: Node) -> None:
        line, offset = self._lines[node.source_line - 1], self._starts[node.source_line - 1]
        text = line.strip()[:_SHOWN]
        message = say("“{text}” cannot be read as CSS, and is left out", text=text)
        self.complaints.append(Complaint(offset=offset, message=message))


def _rule_of_sheet(selectors: str, declared: tuple[Declared, ...]) -> str:
    return f"{selectors} {{ {'; '.join(_written(one, important=True) for one in declared)} }}"


def _selectors_in(prelude: list[Node]) -> list[str]:
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if isinstance(token, LiteralToken) and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _has_value(node: Declaration) -> bool:
    """Tell whether a declaration says something, and names no colour that is none."""
    tokens = [token for token in node.value if token.type not in ("whitespace", "comment")]
    colours = [token.value for token in tokens if isinstance(token, HashToken)]
    is_read = all(token.type != "error" for token in tokens)
    return bool(tokens) and is_read and all(map(_HEX.fullmatch, colours))


def _import(css: str, offset: int) -> Complaint:
    text = re.split(r"[\n;]", css[offset : offset + 2 * _SHOWN], maxsplit=1)[0].strip()
    return Complaint(
        offset=offset,
        message=say("“{text}” would fetch styles from elsewhere", text=text),
        is_import=True,
    )


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]
