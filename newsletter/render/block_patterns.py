"""Begins a block of a newsletter's own: three files that work at once, to be changed."""

import os
from collections.abc import Iterable
from pathlib import Path

from newsletter.render.ownfiles import place_in, write_own

_PATTERN = Path(__file__).parent / "block_pattern"
_NAME = "NAME"  # what stands in the pattern for the name of the block
_LABELS = {"fi": "Hyvä tietää", "sv": "Bra att veta", "en": "Good to know"}


def begin_block(folder: Path, name: str, languages: Iterable[str]) -> list[Path]:
    """Write the declaration, the template and the styles of a block; return their paths.

    `languages` are those in which it gets words, to be translated where the program has none. Raise
    FileExistsError for a block that is there already, ConfigError where a link leads out of the
    newsletter's folder; both before anything is written.
    """
    templates, words = folder.parent, _words(languages)
    texts = {
        f"{folder.name}/{name}{path.suffix}": path.read_text(encoding="utf-8").replace(_NAME, name)
        for path in sorted(_PATTERN.iterdir())
    }
    paths = [place_in(templates, file) for file in texts]
    if taken := next((path for path in paths if os.path.lexists(path)), None):
        raise FileExistsError(str(taken))
    for file, text in texts.items():
        write_own(templates, file, text.replace("WORDS\n", words).encode())
    return paths


def _words(languages: Iterable[str]) -> str:
    """Return the tables of what the block itself says."""
    tables = (
        "# What the block says itself, in each language of the newsletter: block.words.label.\n"
    )
    for code in dict.fromkeys(languages):
        label = _LABELS.get(code.partition("-")[0], _LABELS["en"])
        tables += f'[words.{code}]\nlabel = "{label}"\n\n'
    return tables
