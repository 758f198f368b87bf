"""Numbers footnotes for those who read them: each variant numbers its own from 1."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from newsletter.model.blocks import Block, Footnotes, Prose

WAY_BACK = "back"  # the class of links from a footnote to its reference
_REFERENCE = re.compile(r'<sup class="footnote"><a href="#fn(\d+)">\(\1\)</a></sup>')


def number_footnotes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks with footnotes numbered in order, without those nobody refers to."""
    notes = {n: html for block in blocks if isinstance(block, Footnotes) for n, html in block.notes}
    if not notes:
        return blocks
    numbers = _numbers([b for b in blocks if not isinstance(b, Footnotes)], notes)

    referred: set[int] = set()

    def renumber(html: str) -> str:
        return _REFERENCE.sub(refer_anew, html)

    def refer_anew(match: re.Match[str]) -> str:
        number = numbers.get(int(match[1]), int(match[1]))
        is_first = number not in referred
        referred.add(number)
        return refer(number, is_first=is_first)

    numbered: list[Block] = []
    for block in blocks:
        if not isinstance(block, Footnotes):
            numbered.append(_changed(block, renumber))
        elif numbers:
            texts = [(numbers[n], renumber(notes[n])) for n in numbers]
            seen = tuple((number, _with_way_back(html, number)) for number, html in texts)
            numbered.append(Prose(line=block.line, html=replace(block, notes=seen).html))
    return tuple(numbered)


def refer(number: int, *, is_first: bool = False) -> str:
    """Return the HTML of a reference to a footnote; the way back leads to the first one."""
    place = f' id="fnref{number}" name="fnref{number}"' if is_first else ""
    return f'<sup class="footnote"><a href="#fn{number}"{place}>({number})</a></sup>'


def _with_way_back(html: str, number: int) -> str:
    """Return a footnote that ends in a link to its reference; U+FE0E keeps the arrow a letter."""
    link = f'<a class="{WAY_BACK}" href="#fnref{number}">↩\ufe0e</a>'
    if html.endswith("</p>"):
        return f"{html.removesuffix('</p>')}&nbsp;{link}</p>"
    return f"{html}<p>{link}</p>"


def _numbers(blocks: list[Block], notes: dict[int, str]) -> dict[int, int]:
    """Return the new number of each footnote that is referred to, in reading order."""
    numbers: dict[int, int] = {}
    for text in texts_in(tuple(blocks)):
        for match in _REFERENCE.finditer(text):
            if (number := int(match[1])) in notes:
                numbers.setdefault(number, len(numbers) + 1)
    for number in (waiting := list(numbers)):  # a footnote may refer to others
        for match in _REFERENCE.finditer(notes[number]):
            inner = int(match[1])
            if inner in notes and inner not in numbers:
                numbers[inner] = len(numbers) + 1
                waiting.append(inner)
    return numbers


def texts_in(value: Any, *, but: type[Block] | None = None) -> Iterator[str]:
    """Yield every text in blocks, or in a part of them, in reading order, but those of one kind."""
    if but and isinstance(value, but):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part, but=but)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name), but=but)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """Return a block, or a part of one, with a change applied to all its texts."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        return replace(value, **{n: _changed(getattr(value, n), change) for n in names})
    return value
