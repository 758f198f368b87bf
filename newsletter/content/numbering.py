"""Numbered lists as authors mean them: a number that does not begin a list stays as written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.content.ordinals import is_ordinal

_MARKER = re.compile(r"(?P<number>\d{1,9})(?P<sign>[.)])(?:[ \t]+(?P<text>.*)|$)")


@dataclass(slots=True)
class _OpenList:
    """A numbered list that is being read, and the number of its last item."""

    level: int  # the level of its items among the tokens
    seen: int  # tokens examined
    number: int = 0

    def follow(self, tokens: Sequence[Token]) -> None:
        """Take note of the items that were read since."""
        for token in tokens[self.seen :]:
            if token.type == "list_item_open" and token.level == self.level:
                self.number = int(token.info)
        self.seen = len(tokens)


def numbering_plugin(md: MarkdownIt) -> None:
    """Let a number begin a list only if it is 1, or one more than the item before it.

    CommonMark takes any number and counts on from the first: it reads “9. joulukuuta” and below it
    “16. joulukuuta” as items 9 and 10. A number that dates or counts what follows is not an item at
    all.
    """
    interrupts = ["paragraph", "reference", "blockquote", "footnote_def"]
    md.block.ruler.at("list", _list, {"alt": interrupts})
    md.block.ruler.before("list", "list_end", _list_end, {"alt": ["list"]})
    md.core.ruler.push("numbered_lines", _break_lines)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    marker = _marker_at(state, start)
    if marker is None:
        return list_block(state, start, end, silent)
    if not _is_item(state, start, marker):
        return False
    if silent:
        return list_block(state, start, end, silent)
    lists = _open_lists(state)
    lists.append(_OpenList(state.level + 1, len(state.tokens)))
    is_list = list_block(state, start, end, silent)
    ended = lists.pop()
    if is_list:
        ended.follow(state.tokens)
        state.env["list_before"] = (state.level, ended.number)
    return is_list


def _list_end(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    """End a numbered list before a number that does not continue it."""
    marker = _marker_at(state, start)
    lists = _open_lists(state)
    if not silent or marker is None or not lists or lists[-1].level != state.level:
        return False
    lists[-1].follow(state.tokens)
    goes_on = int(marker["number"]) == lists[-1].number + 1
    return not goes_on or _is_dated(marker)


def _is_item(state: StateBlock, start: int, marker: re.Match[str]) -> bool:
    if _is_dated(marker):
        return False
    number = int(marker["number"])
    if number == 1:
        return True
    lists = _open_lists(state)
    for one in lists:
        one.follow(state.tokens)
    if any(one.number == number - 1 for one in lists):
        return state.sCount[start] < state.blkIndent  # within a paragraph: the item around it ends
    return state.env.get("list_before") == (state.level, number - 1)


def _is_dated(marker: re.Match[str]) -> bool:
    return marker["sign"] == "." and is_ordinal(marker["text"] or "")


def _marker_at(state: StateBlock, line: int) -> re.Match[str] | None:
    first = state.bMarks[line] + state.tShift[line]
    return _MARKER.fullmatch(state.src, first, state.eMarks[line])


def _open_lists(state: StateBlock) -> list[_OpenList]:
    lists: list[_OpenList] = state.env.setdefault("open_lists", [])
    return lists


def _break_lines(state: StateCore) -> None:
    """Keep the lines of a paragraph that begin with numbers apart: they were written as a list."""
    before: list[Token] = []
    for token in state.tokens:
        if token.type == "inline" and _begins_with_number(token, before):
            _break_before_numbers(token.children or [])
        before = [*before[-1:], token]


def _begins_with_number(inline: Token, before: Sequence[Token]) -> bool:
    is_item = bool(before) and before[0].type == "list_item_open" and bool(before[0].info)
    return is_item or _MARKER.match(inline.content) is not None


def _break_before_numbers(parts: Sequence[Token]) -> None:
    for part, following in pairwise(parts):
        is_broken = part.type == "softbreak" and following.type == "text"
        if is_broken and _MARKER.match(following.content.replace("\u00a0", " ")):
            part.type, part.tag = "hardbreak", "br"
