"""Begins a block of a newsletter's own: three files that work at once, to be changed."""

from collections.abc import Iterable
from pathlib import Path

from newsletter.files import read_words

_PATTERN = Path(__file__).parent / "block_pattern"
_NAME = "NAME"  # what stands in the pattern for the name of the block
_LABELS = {"fi": "Hyvä tietää", "sv": "Bra att veta", "en": "Good to know"}


def begin_block(folder: Path, name: str, languages: Iterable[str]) -> list[Path]:
    """Write the declaration, the template and the styles of a block; return their paths.

    `languages` are those in which it gets words, to be translated where the program has none. Raise
    FileExistsError, before anything is written, for a block that is there already.
    """
    texts = {
        folder / f"{name}{path.suffix}": read_words(path).replace(_NAME, name)
        for path in sorted(_PATTERN.iterdir())
    }
    if taken := next((path for path in texts if path.exists()), None):
        raise FileExistsError(str(taken))
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text.replace("WORDS\n", _words(languages)), encoding="utf-8")
    return list(texts)


def _words(languages: Iterable[str]) -> str:
    """Return the tables of what the block itself says."""
    tables = (
        "# What the block says itself, in each language of the newsletter: block.words.label.\n"
    )
    for code in dict.fromkeys(languages):
        label = _LABELS.get(code.partition("-")[0], _LABELS["en"])
        tables += f'[words.{code}]\nlabel = "{label}"\n\n'
    return tables
