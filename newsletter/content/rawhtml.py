"""Reads raw HTML as CommonMark does, but leaves what is not an HTML tag, as in x<y>z, as text."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token

from newsletter.markup.elements import is_element, is_tag

_INTERRUPTS = ["paragraph", "reference", "blockquote"]  # as in CommonMark
# HTML that continues over empty lines until its own end: comments, scripts and the like.
_ENDS_BY_ITSELF = re.compile(r"<(?:!|(?:script|pre|style|textarea)\b)", re.IGNORECASE)
# What is meant for programs and is not a comment: no mail program shows a word of it.
_DECLARATION = re.compile(r"<(?=\?|!(?!--))")
_TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9:-]*)[^<>]*>?")


def raw_html_plugin(md: MarkdownIt) -> None:
    """Parse raw HTML whose tags are those of HTML."""
    md.block.ruler.at("html_block", _html_block, {"alt": _INTERRUPTS})
    md.inline.ruler.at("html_inline", _html_inline)
    if "inline" in md.core.ruler.get_active_rules():
        md.core.ruler.after("inline", "no_tags", _show_what_is_no_tag)


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse a block of HTML, which a line of colons ends as an empty line does."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    first = _TAG.match(line)
    if _DECLARATION.match(line) or (first and not _may_be_tag(first)):
        return False
    if not silent and line.startswith("<") and not _ENDS_BY_ITSELF.match(line):
        end = _first_colons(state, start, end)
    return html_block(state, start, end, silent)


def _html_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Parse inline HTML, but no declarations: their words would be lost."""
    return _DECLARATION.match(state.src, state.pos) is None and html_inline(state, silent)


def _first_colons(state: StateBlock, start: int, end: int) -> int:
    """Return the line of colons that ends raw HTML before an empty line does, else `end`."""
    for line in range(start + 1, end):
        if state.isEmpty(line):
            break
        if state.src.startswith(":::", state.bMarks[line]):
            return line
    return end


def _may_be_tag(match: re.Match[str]) -> bool:
    """Return whether what begins like a tag may be one; a quoted value may contain its end."""
    whole = match[0]
    is_part = not whole.endswith(">") or whole.count('"') % 2 or whole.count("'") % 2
    return is_element(match["name"]) if is_part else is_tag(whole)


def _show_what_is_no_tag(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block":
            token.content = _DECLARATION.sub("&lt;", _TAG.sub(_shown, token.content))
        elif token.type == "inline" and token.children:
            for child in _non_tags(token.children):
                child.type = "text"


def _shown(match: re.Match[str]) -> str:
    return match[0] if _may_be_tag(match) else f"&lt;{match[0][1:]}"


def _non_tags(children: Sequence[Token]) -> Iterator[Token]:
    """Yield what is in a line of text and is not a tag.

    A single letter right after another, which nothing closes, is not one either: A<B>C compares.
    """
    closed: set[str] = set()
    for before, child in reversed([*zip([None, *children], children, strict=False)]):
        match = _TAG.match(child.content) if child.type == "html_inline" else None
        if match is None:
            continue
        name = match["name"].lower()
        is_behind = before is not None and before.content[-1:].isalnum()
        is_lone = is_behind and child.content == f"<{match['name']}>" and len(name) == 1
        if child.content.startswith("</"):
            closed.add(name)
        elif is_lone and name not in closed:
            yield child
            continue
        if not is_tag(child.content):
            yield child
