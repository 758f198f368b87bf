"""Abbreviations of an issue: a line `*[HTML]: Hyper Text` explains each HTML in the text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DEFINITION = re.compile(r"\*\[(?P<label>[^\[\]\\]+)\]:[ \t]*(?P<title>\S.*)")


@dataclass(slots=True)
class Abbreviation:
    """What an abbreviation stands for."""

    title: str
    line: int  # of its explanation, counted from 1
    used: bool = False


def abbreviation_plugin(md: MarkdownIt) -> None:
    """Read lines that explain abbreviations, and mark the abbreviations in the text."""
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
        known = state.env.setdefault("abbreviations", {})
        known.setdefault(match["label"].strip(), Abbreviation(match["title"], start + 1))
        state.line = start + 1
    return True


def _mark_all(state: StateCore) -> None:
    known: Mapping[str, Abbreviation] = state.env.get("abbreviations", {})
    if not known:
        return
    # The longest first, and none within a word: EU is not in EUR.
    labels = "|".join(re.escape(label) for label in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{labels})(?!\w)")
    for block in state.tokens:
        if block.type == "inline":
            block.children = [
                part for token in block.children or () for part in _marked(token, pattern, known)
            ]


def _marked(
    token: Token, pattern: re.Pattern[str], known: Mapping[str, Abbreviation]
) -> Sequence[Token]:
    if token.type != "text" or not pattern.search(token.content):
        return [token]
    parts: list[Token] = []
    end = 0
    for match in pattern.finditer(token.content):
        abbreviation = known[match[0]]
        abbreviation.used = True
        opening = Token("abbr_open", "abbr", 1, {"title": abbreviation.title})
        parts += [_text(token, token.content[end : match.start()]), opening]
        parts += [_text(token, match[0]), Token("abbr_close", "abbr", -1)]
        end = match.end()
    return [*parts, _text(token, token.content[end:])]


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)
