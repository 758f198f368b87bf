"""Finds the slots of an issue, such as {{ name }}, and replaces them with markers."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.model import Slot

# Any quotation mark of a family may end a quotation: word processors mix them up. Front matter
# doubles some of them, or escapes them with a backslash.
_FAMILIES = ('"“”„‟', "'‘’‚‛", "«»", "‹›")


def _slot(end_of_line: str) -> re.Pattern[str]:
    """Return a pattern for a slot in which lines may end at `end_of_line`, a pattern."""
    gap = rf"[ \t]*(?:{end_of_line}[ \t>]*)?"  # a quote's “>” begins each of its lines
    fallbacks = "|".join(
        rf"\\?[{marks}]{{1,2}}(?P<fallback{n}>(?:(?!\{{\{{|\}}\}})(?:[^{marks}\n]|{end_of_line}))*?)"
        rf"\\?[{marks}]{{1,2}}"
        for n, marks in enumerate(_FAMILIES)
    )
    return re.compile(
        rf"(?<!\\)\{{\{{{gap}(?P<name>[^\W\d]\w*){gap}(?:\|{gap}(?:{fallbacks}){gap})?\}}\}}"
    )


# A slot is a name and, optionally, a quoted fallback. Anything else in braces is text.
SLOT = _slot(r"(?!)")
_WRAPPED = _slot(r"\n(?!\s*\n)")  # by an editor that wraps lines
_GAP = re.compile(r"[ \t]+(?=[^\W\d_]|\{\{)")  # before a word: a line may as well end there
_STRUCTURE = re.compile(r"\s*(?:#|\||:::)")  # begins a line that cannot be split
MARKER = re.compile(r"zq[0-9a-f]{10}q\d+z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text in which markers replace slots."""

    text: str
    key: str  # prefix of every marker
    slots: tuple[Slot, ...]

    @property
    def sources(self) -> Mapping[str, str]:
        """Return what the author wrote for each marker."""
        return {slot.marker: slot.source for slot in self.slots}

    def restore(self, text: str) -> str:
        """Return a text with slots as the author wrote them."""
        return restore_slots(text, self.sources)


def mark_slots(text: str) -> Marked:
    """Replace each slot with letters and digits, which Markdown and HTML leave alone."""
    text = _unwrap(text)
    key = _unused_key(text)
    slots: list[Slot] = []
    line, counted = 1, 0

    def mark(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += text.count("\n", counted, match.start())
        counted = match.start()
        fallbacks = (match[f"fallback{n}"] for n in range(len(_FAMILIES)))
        slot = Slot(
            marker=f"{key}{len(slots)}z",
            name=match["name"].lower(),
            fallback=next((found for found in fallbacks if found is not None), None),
            source=match[0],
            line=line,
        )
        slots.append(slot)
        return slot.marker

    return Marked(text=SLOT.sub(mark, text), key=key, slots=tuple(slots))


def restore_slots(text: str, sources: Mapping[str, str]) -> str:
    """Restore what the author wrote: inside code a slot is only text."""
    return MARKER.sub(lambda m: sources.get(m[0], m[0]), text) if sources else text


def _unwrap(text: str) -> str:
    """Put each slot on one line, and move its line end before a nearby word.

    So all other lines keep their numbers. A slot without such a place stays as it is.
    """
    parts: list[str] = []
    end = 0
    for match in _WRAPPED.finditer(text):
        breaks = re.findall(r"\n[ \t>]*", match[0])
        if not breaks:
            continue
        slot = re.sub(r"[ \t]*\n[ \t>]*", " ", match[0])
        before, tail, below = _surroundings(text, match, end)
        gaps = [gap.span() for gap in _GAP.finditer(tail.partition("{{")[0] + "{{")]
        if len(gaps) >= len(breaks):
            parts += [before, slot]
            end = match.end()
            for (start, stop), line_end in zip(gaps, breaks, strict=False):
                parts += [text[end : match.end() + start], line_end]
                end = match.end() + stop
        elif not below.strip() and "{{" not in tail:
            parts += [before, slot, tail, "\n" * len(breaks)]
            end = match.end() + len(tail)
        elif (
            len(breaks) == 1
            and before.endswith(" ")
            and not _STRUCTURE.match(before.rpartition("\n")[2])
        ):
            parts += [before.rstrip(" "), breaks[0], slot]
            end = match.end()
    return "".join((*parts, text[end:]))


def _surroundings(text: str, match: re.Match[str], end: int) -> tuple[str, str, str]:
    """Return what is before a slot, after it on its line, and on the line below."""
    stop = text.find("\n", match.end())
    stop = len(text) if stop < 0 else stop
    last = text.find("\n", stop + 1)
    below = text[stop + 1 : len(text) if last < 0 else last]
    return text[end : match.start()], text[match.end() : stop], below


def _unused_key(text: str) -> str:
    """Return a key that does not occur in the text; always the same for the same text."""
    seed = text.encode("utf-8", "surrogatepass")
    while True:
        seed = hashlib.sha256(seed).digest()
        key = f"zq{seed.hex()[:10]}q"
        if key not in text:
            return key
