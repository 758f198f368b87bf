"""Abbreviations of an issue: a line `*[HTML]: Hyper Text` explains each HTML in the text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.content.directives import Directive

_DEFINITION = re.compile(r"\*\[(?P<label>[^\[\]\\]{1,100})\]:[ \t]*(?P<title>\S.*)")
_BEGINS = re.compile(r"(?<!\w)(?=\S)")
# The `only` blocks around a line, the outermost first, by the lines on which they begin: a
# definition within them does not apply to other readers.
Scope = tuple[int, ...]


@dataclass(slots=True)
class Abbreviation:
    """The explanation of an abbreviation."""

    label: str
    title: str
    line: int  # of its definition, counted from 1
    used: bool = False


@dataclass(frozen=True, slots=True)
class _Definitions:
    """The abbreviations defined for those who read a part of the issue."""

    by_label: Mapping[str, Abbreviation]
    lengths: Sequence[int]  # of the labels, the longest first

    def find(self, text: str) -> Iterator[tuple[int, Abbreviation]]:
        """Yield where abbreviations occur as whole words: EU is not in EUR."""
        end = 0
        for match in _BEGINS.finditer(text):
            start = match.start()
            if start < end:
                continue
            for length in self.lengths:
                found = self.by_label.get(text[start : start + length])
                if found and not re.match(r"\w", text[start + length : start + length + 1]):
                    end = start + length
                    yield start, found
                    break


def abbreviation_plugin(md: MarkdownIt) -> None:
    """Parse lines that define abbreviations, and mark the abbreviations in the text."""
    md.block.ruler.before(
        "reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]}
    )
    md.core.ruler.push("abbreviations", _mark_all)


def _definition(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    match = _DEFINITION.fullmatch(line.rstrip())
    if match is None or not match["label"].strip():
        return False
    if not silent:
        found = state.push("abbreviation", "", 0)
        found.map, found.info, found.content = [start, start + 1], match["label"], match["title"]
        state.line = start + 1
    return True


def _mark_all(state: StateCore) -> None:
    explained = _take_definitions(state)
    if not explained:
        return
    known: dict[Scope, _Definitions] = {}
    for token, around in _scoped(state.tokens):
        if token.type == "inline":
            scope = _nearest(around, explained)
            if scope not in known:
                known[scope] = _known_in(scope, explained)
            token.children = [
                part for child in token.children or () for part in _marked(child, known[scope])
            ]


def _take_definitions(state: StateCore) -> Mapping[Scope, Mapping[str, Abbreviation]]:
    """Take definitions out of the tokens, and note them in the environment."""
    explained: dict[Scope, dict[str, Abbreviation]] = {}
    for token, scope in _scoped(state.tokens):
        if token.type == "abbreviation" and token.map:
            found = Abbreviation(token.info.strip(), token.content, token.map[0] + 1)
            first = explained.setdefault(scope, {}).setdefault(found.label, found)
            if first is found:
                state.env.setdefault("abbreviations", []).append(found)
            else:
                twice = state.env.setdefault("abbreviated_twice", [])
                twice.append((found.label, first.line, found.line))
    state.tokens = [token for token in state.tokens if token.type != "abbreviation"]
    return explained


def _scoped(tokens: Sequence[Token]) -> Iterator[tuple[Token, Scope]]:
    """Yield tokens, each with the `only` blocks around it."""
    around: list[int] = []  # the open directives; 0 for those shown to everybody
    for token in tokens:
        if token.type == "directive_open":
            directive: Directive = token.meta["directive"]
            around.append(directive.line if directive.name == "only" else 0)
        elif token.type == "directive_close":
            around.pop()
        yield token, tuple(line for line in around if line)


def _nearest(scope: Scope, explained: Mapping[Scope, object]) -> Scope:
    """Return the innermost scope that defines anything itself."""
    while scope and scope not in explained:
        scope = scope[:-1]
    return scope


def _known_in(scope: Scope, explained: Mapping[Scope, Mapping[str, Abbreviation]]) -> _Definitions:
    there: dict[str, Abbreviation] = {}
    for depth in range(len(scope) + 1):  # the innermost overrides the others
        there |= explained.get(scope[:depth], {})
    return _Definitions(there, sorted({len(label) for label in there}, reverse=True))


def _marked(token: Token, known: _Definitions) -> Sequence[Token]:
    if token.type != "text":
        return [token]
    parts: list[Token] = []
    end = 0
    for start, abbreviation in known.find(token.content):
        abbreviation.used = True
        opening = Token("abbr_open", "abbr", 1, {"title": abbreviation.title})
        parts += [_text(token, token.content[end:start]), opening]
        parts += [_text(token, abbreviation.label), Token("abbr_close", "abbr", -1)]
        end = start + len(abbreviation.label)
    return [*parts, _text(token, token.content[end:])] if parts else [token]


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)
