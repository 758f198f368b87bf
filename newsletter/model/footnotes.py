"""Numbers footnotes for those who read them: each variant numbers its own from 1."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from newsletter.model.blocks import Block, Footnotes, Prose

_REFERENCE = re.compile(r'<sup class="footnote"><a href="#fn(\d+)">\(\1\)</a></sup>')


def number_footnotes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks with footnotes numbered in order, without those nobody refers to."""
    notes = {n: html for block in blocks if isinstance(block, Footnotes) for n, html in block.notes}
    if not notes:
        return blocks
    numbers = _numbers([b for b in blocks if not isinstance(b, Footnotes)], notes)

    def renumber(html: str) -> str:
        return _REFERENCE.sub(lambda match: refer(numbers.get(int(match[1]), int(match[1]))), html)

    numbered: list[Block] = []
    for block in blocks:
        if not isinstance(block, Footnotes):
            numbered.append(_changed(block, renumber))
        elif numbers:
            seen = tuple((numbers[n], renumber(notes[n])) for n in numbers)
            numbered.append(Prose(line=block.line, html=replace(block, notes=seen).html))
    return tuple(numbered)


def refer(number: int) -> str:
    """Return the HTML of a reference to a footnote."""
    return f'<sup class="footnote"><a href="#fn{number}">({number})</a></sup>'


def _numbers(blocks: list[Block], notes: dict[int, str]) -> dict[int, int]:
    """Return the new number of each footnote that is referred to, in reading order."""
    numbers: dict[int, int] = {}
    for text in _texts(tuple(blocks)):
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


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


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
