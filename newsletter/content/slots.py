"""Finds the slots of an issue, such as {{ name }}, and puts markers in their place."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.model import Slot

# A slot is a name and, at most, a quoted fallback. Whatever else stands in braces is text.
SLOT = re.compile(
    r"""(?<!\\)\{\{[ \t]*
        (?P<name>[^\W\d]\w*)[ \t]*
        (?:\|[ \t]*(?P<quote>["'“”])(?P<fallback>[^"'“”{}\n]*)["'“”][ \t]*)?
        \}\}""",
    re.VERBOSE,
)
_MARKER = re.compile(r"zq[0-9a-f]{10}q\d+z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text in which markers stand for slots."""

    text: str
    key: str  # beginning of every marker
    slots: tuple[Slot, ...]

    @property
    def sources(self) -> Mapping[str, str]:
        """Return what the author wrote for each marker."""
        return {slot.marker: slot.source for slot in self.slots}


def mark_slots(text: str) -> Marked:
    """Replace each slot with letters and digits, which Markdown and HTML leave alone."""
    key = _unused_key(text)
    slots: list[Slot] = []

    def mark(match: re.Match[str]) -> str:
        slot = Slot(
            marker=f"{key}{len(slots)}z",
            name=match["name"].lower(),
            fallback=match["fallback"],
            source=match[0],
            line=text.count("\n", 0, match.start()) + 1,
        )
        slots.append(slot)
        return slot.marker

    return Marked(text=SLOT.sub(mark, text), key=key, slots=tuple(slots))


def restore_slots(text: str, sources: Mapping[str, str]) -> str:
    """Put back what the author wrote: inside code a slot is only text."""
    return _MARKER.sub(lambda m: sources.get(m[0], m[0]), text) if sources else text


def _unused_key(text: str) -> str:
    """Return a key that occurs nowhere in the text; the same for the same text."""
    seed = text.encode("utf-8", "surrogatepass")
    while True:
        seed = hashlib.sha256(seed).digest()
        key = f"zq{seed.hex()[:10]}q"
        if key not in text:
            return key
