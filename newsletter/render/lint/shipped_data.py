"""Reads the tables that come with the program: what MJML and CSS know."""

from pathlib import Path

from newsletter.files import read_words

_FOLDER = Path(__file__).parents[2] / "data"


def read_data(name: str) -> str:
    """Return the text of a table."""
    return read_words(_FOLDER / name)
