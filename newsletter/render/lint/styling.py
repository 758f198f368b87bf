"""Judges the style sheets of templates: what cannot be read, and what no program knows."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import tinycss2
from tinycss2 import ast
from tinycss2.color3 import parse_color

from newsletter.language import lookalike, say
from newsletter.model import Finding, rules
from newsletter.render.lint.plain import FILLED, shown
from newsletter.render.lint.shipped_data import read_data
from newsletter.render.styles import StylesError, check_style_limits

Found = tuple[int, Finding]  # offset, and what is found there

_FILE = "css-properties.txt"
_OF_PROGRAMS = ("-", "mso-")  # what only one engine or program knows
_AT_RULES = ("media", "supports", "font-face", "import", "keyframes", "charset", "layer", "page")
_WITH_RULES = ("media", "supports", "layer")
_WITH_DECLARATIONS = ("font-face", "page")
_UNITS = frozenset({
    *("px", "em", "rem", "ex", "ch", "pt", "pc", "in", "cm", "mm", "q", "vw", "vh", "vmin", "vmax"),
    *("deg", "rad", "turn", "grad", "s", "ms", "dpi", "dpcm", "dppx", "x", "fr", "lh"),
})  # fmt: skip
_COLOUR = re.compile(r"(?:.*-)?color$")
_LENGTHS = re.compile(
    r"(?:(?:min-|max-)?(?:width|height)|(?:margin|padding)(?:-\w+)?|font-size|letter-spacing"
    r"|word-spacing|text-indent|border(?:-\w+)?-width|border-radius|border-spacing|top|right|bottom"
    r"|left)$"
)
_SCRIPTS = ("behavior", "-moz-binding")
_WORDS = frozenset({"inherit", "initial", "unset", "revert", "auto", "none"})
_BRACES = re.compile(
    r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|[{}]", re.DOTALL
)
_SHEETS = re.compile(r"<mj-style[^<>]*>((?:(?!<mj-style).)*?)</mj-style>", re.DOTALL)
_STYLED = re.compile(r"(?<=[\s\"'])style=\"([^\"<]*)\"")
_ANY = "x{"  # what makes a rule of an element's own styles
_SHOWN = 60  # signs
_MOST = 200  # findings about one style sheet: nobody reads more


@lru_cache(maxsize=64)
def judge_styles(css: str) -> tuple[Found, ...]:
    """Return what is wrong with styles, which may have signs for what is filled in."""
    try:
        check_style_limits(css)
        return tuple(islice(_Sheet(css).judge(), _MOST))
    except StylesError as err:
        return ((err.offset, rules.TEMPLATE.error(err.message, "")),)
    except RecursionError:  # a limit that is not known here
        wrong = rules.STYLE_SYNTAX.error(
            "these styles are too deeply nested to be checked", "write them in a simpler way"
        )
        return ((0, wrong),)


def judge_styles_within(markup: str) -> Iterator[Found]:
    """Yield what is wrong with the styles in a page, and with those of single elements."""
    for sheet in _SHEETS.finditer(markup):
        yield from ((sheet.start(1) + at, finding) for at, finding in judge_styles(sheet[1]))
    for style in _STYLED.finditer(markup):
        for at, finding in judge_styles(f"{_ANY}{style[1]}}}"):
            yield style.start(1) + max(0, at - len(_ANY)), finding


class _Sheet:
    def __init__(self, css: str) -> None:
        self._css = css = css.replace("\f", "\n")  # a line feed by CSS Syntax 3, section 3.3
        self._starts = [0, *(found.end() for found in re.finditer("\n", css))]

    def judge(self) -> Iterator[Found]:
        unmatched = list(self._braces())
        yield from unmatched
        if not unmatched:
            yield from self._rules(tinycss2.parse_stylesheet(self._css, skip_whitespace=True))

    def _braces(self) -> Iterator[Found]:
        """Yield the first brace without the other one of its pair; what follows is not read."""
        opened: list[int] = []
        for found in _BRACES.finditer(self._css):
            at = found.start()
            if found[0] == "{":
                if opened and not self._begin_of(opened[-1]).startswith("@"):
                    break  # a rule within a rule
                opened.append(at)
            elif found[0] == "}" and not opened:
                yield (
                    at,
                    rules.STYLE_SYNTAX.error(
                        "this {sign} ends nothing: the rules after it get lost",
                        "take it out, or write the sign that it ends",
                        sign="}",
                    ),
                )
                return
            elif found[0] == "}":
                opened.pop()
        for at in opened[-1:]:
            text = shown(self._begin_of(at)[:_SHOWN])
            yield (
                at,
                rules.STYLE_SYNTAX.error(
                    "the rule that begins with “{text}” never ends: what follows gets lost",
                    "write {sign} where it ends",
                    text=text,
                    sign="}",
                ),
            )

    def _begin_of(self, brace: int) -> str:
        """Return what stands before a brace, such as a selector."""
        start = max(self._css.rfind(sign, 0, brace) for sign in "{};")
        return self._css[start + 1 : brace].strip()

    def _rules(self, nodes: Sequence[ast.Node]) -> Iterator[Found]:
        for node in nodes:
            if isinstance(node, ast.ParseError):
                yield self._unreadable(node)
            elif isinstance(node, ast.QualifiedRule):
                yield from self._declarations(node.content)
            elif isinstance(node, ast.AtRule):
                yield from self._at_rule(node)

    def _at_rule(self, node: ast.AtRule) -> Iterator[Found]:
        name = node.lower_at_keyword
        if name.startswith("-") or FILLED in name:
            return
        if name not in _AT_RULES:
            hint = lookalike(name, _AT_RULES) or ""
            yield (
                self._offset(node),
                rules.STYLE_PROPERTIES.warning(
                    "no program knows “@{name}”: what is in it gets lost",
                    hint,
                    name=name,
                ),
            )
        elif node.content is not None and name in _WITH_RULES:
            yield from self._rules(tinycss2.parse_rule_list(node.content, skip_whitespace=True))
        elif node.content is not None and name in _WITH_DECLARATIONS:
            yield from self._declarations(node.content, in_rule=False)

    def _declarations(
        self, content: Sequence[ast.Node], *, in_rule: bool = True
    ) -> Iterator[Found]:
        for node in tinycss2.parse_blocks_contents(content, skip_whitespace=True):
            if isinstance(node, ast.Declaration):
                yield from self._declaration(node, in_rule=in_rule)
            elif isinstance(node, ast.ParseError):
                if not self._is_filled(node):
                    yield self._unreadable(node)
            elif isinstance(node, ast.QualifiedRule):
                text = self._line_at(self._offset(node))
                wrong = rules.STYLE_SYNTAX.error(
                    "“{text}” begins within a rule that has not ended",
                    "write {sign} before it",
                    text=text,
                    sign="}",
                )
                yield self._offset(node), wrong
            elif isinstance(node, ast.AtRule):
                yield from self._at_rule(node)

    def _declaration(self, node: ast.Declaration, *, in_rule: bool) -> Iterator[Found]:
        at, name = self._offset(node), node.lower_name.rpartition(FILLED)[2]
        if in_rule and name and not (name in _properties() or name.startswith(_OF_PROGRAMS)):
            close = lookalike(name, _properties()) or say("take it out")
            yield (
                at,
                rules.STYLE_PROPERTIES.warning(
                    "there is no property “{name}”: no program heeds it", close, name=name
                ),
            )
            return
        written = f"{name}: {shown(tinycss2.serialize(node.value).strip()[:_SHOWN])}"
        tokens: list[Any] = [t for t in node.value if t.type not in ("whitespace", "comment")]
        if _has_colon(tokens) and not name.startswith("mso-"):
            yield (
                at,
                rules.STYLE_SYNTAX.error(
                    "a semicolon is missing within “{text}”: all of it gets lost",
                    "write ; at the end of each line",
                    text=written,
                ),
            )
        elif not tokens:
            yield (
                at,
                rules.STYLE_PROPERTIES.warning(
                    "“{name}” has no value", say("write one, or take it out"), name=name
                ),
            )
        else:
            yield from ((at, finding) for finding in _judge_value(name, written, tokens))

    def _unreadable(self, node: ast.ParseError) -> Found:
        at = self._offset(node)
        return at, rules.STYLE_SYNTAX.error(
            "“{text}” cannot be read as CSS", "mend it, or take it out", text=self._line_at(at)
        )

    def _is_filled(self, node: ast.ParseError) -> bool:
        """Return whether a whole declaration is filled in."""
        at = self._offset(node)
        return self._css[at : at + 1] == FILLED

    def _offset(self, node: ast.Node) -> int:
        return self._starts[node.source_line - 1] + node.source_column - 1

    def _line_at(self, offset: int) -> str:
        return shown(self._css[offset : offset + _SHOWN].partition("\n")[0].strip())


def _has_colon(tokens: Sequence[Any]) -> bool:
    return any(token.type == "literal" and token.value == ":" for token in tokens)


def _judge_value(name: str, written: str, tokens: Sequence[Any]) -> Iterator[Finding]:
    if name in _SCRIPTS or any(
        t.type == "function" and t.lower_name == "expression" for t in tokens
    ):
        yield rules.STYLE_PROPERTIES.error(
            "“{text}” runs a script: filters distrust the mail", "take it out", text=written
        )
        return
    for token in tokens:
        if token.type == "hash" and parse_color(f"#{token.value}") is None:
            yield _bad_colour(written)
            return
        if token.type == "dimension" and not (token.lower_unit in _UNITS or FILLED in token.unit):
            yield rules.STYLE_PROPERTIES.warning(
                "“{text}”: there is no unit “{unit}”", "write px", text=written, unit=token.unit
            )
            return
        if token.type == "number" and token.value != 0 and _LENGTHS.match(name):
            number = shown(token.representation)
            yield rules.STYLE_PROPERTIES.error(
                "“{text}”: a length needs its unit", "write {number}px", text=written, number=number
            )
            return
    if _COLOUR.match(name) and len(tokens) == 1 and tokens[0].type == "ident":
        value = tokens[0].value
        if FILLED not in value and value.lower() not in _WORDS and parse_color(value) is None:
            yield _bad_colour(written)


def _bad_colour(written: str) -> Finding:
    return rules.STYLE_PROPERTIES.error(
        "“{text}”: this is no colour", "write one such as #1d5c57", text=written
    )


@cache
def _properties() -> frozenset[str]:
    lines = read_data(_FILE).splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
