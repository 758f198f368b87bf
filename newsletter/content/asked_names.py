"""Finds the attributes of readers that issues use: slots, segments and conditions."""

import re
from collections.abc import Iterable
from pathlib import Path

from newsletter.content.slots import mark_slots
from newsletter.files import read_words

# `::: only region=Lappi`, and `segment: region=Lappi` in the front matter.
_CONDITION = re.compile(
    r"""^(?:[ \t>]*:{3,}[ \t]*only|segment:)[ \t]*["']?([^\W\d]\w*)[ \t]*=""", re.M
)


def names_in_use(folders: Iterable[Path]) -> frozenset[str]:
    """Return the attributes that the Markdown files in some folders use."""
    return frozenset(
        name.lower()
        for folder in folders
        for path in sorted(folder.glob("*.md"))
        if path.is_file()
        for name in _names_in(read_words(path))
    )


def _names_in(text: str) -> Iterable[str]:
    yield from (slot.name for slot in mark_slots(text).slots)
    yield from (match[1] for match in _CONDITION.finditer(text))
