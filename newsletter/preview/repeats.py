"""Finds what an issue repeats from an earlier one: sentences, short blocks and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checking.instruments import html_of, links_of, visible
from newsletter.model import FRONT_TEXTS, Issue, walk

_LONG = 8  # words of a sentence that nobody writes twice by chance
_BLOCK = 3  # words of a whole block
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Something that is in both issues."""

    kind: str  # "text" or "link"
    text: str  # the words, or the address
    line: int  # in this issue
    earlier_line: int


def find_repeats(issue: Issue, earlier: Issue, *, links: bool = True) -> list[Repeat]:
    """Return what two issues have in common, in order of line, each thing once."""
    found = _common(_passages(issue), _passages(earlier), "text")
    if links:
        found += _common(_links(issue), _links(earlier), "link")
    return sorted(found, key=lambda repeat: repeat.line)


def _common(
    these: Iterator[tuple[str, str, int]], those: Iterator[tuple[str, str, int]], kind: str
) -> list[Repeat]:
    known: dict[str, int] = {}
    for key, _, line in those:
        known.setdefault(key, line)
    found: dict[str, Repeat] = {}
    for key, text, line in these:
        if key in known and key not in found:
            found[key] = Repeat(kind=kind, text=text, line=line, earlier_line=known[key])
    return list(found.values())


def _passages(issue: Issue) -> Iterator[tuple[str, str, int]]:
    """Yield what is compared: its key, its words, its line."""
    for name in FRONT_TEXTS:
        if text := _readable(issue, getattr(issue, name)):
            yield _key(text), text, issue.lines.get(name, 1)
    for block in walk(issue.blocks):
        for words in (line for html in html_of(block) for line in visible(html).split("\n")):
            text = _readable(issue, words)
            sentences = [s for s in _SENTENCE.split(text) if len(s.split()) >= _LONG]
            is_greeting = words != text  # it addresses the reader by name, every time
            whole = [text] if len(text.split()) >= _BLOCK and not is_greeting else []
            for passage in sentences or whole:
                yield _key(passage), passage, block.line


def _links(issue: Issue) -> Iterator[tuple[str, str, int]]:
    for block in walk(issue.blocks):
        for address, _ in links_of(block):
            if not address.startswith("#"):
                yield address, _readable(issue, address), block.line


def _readable(issue: Issue, text: str) -> str:
    """Return a text with the fallbacks of its slots, as many readers see it."""
    for slot in issue.slots:
        text = text.replace(slot.marker, slot.fallback or "")
    return text


def _key(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text).casefold().split())
