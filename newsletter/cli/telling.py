"""Which language the terminal speaks, and how it says what catalogs translate."""

import os
import re
import tomllib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from newsletter.language.catalogs import say_in, spoken_language
from newsletter.masking import mask

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


def speak(language: str | None, folder: Path) -> None:
    """Speak a language from now on; by default the newsletter's own, then that of the system."""
    wanted = language or _language_of(folder) or _language_of_system()
    _spoken.set(spoken_language(wanted))


def spoken() -> str:
    """Return the language that the terminal speaks: a code such as "fi"."""
    return _spoken.get()


def in_words(words: str) -> str:
    """Return a text in the spoken language, without secrets."""
    return mask(say_in(_spoken.get(), words))


def tell(words: str = "", **style: Any) -> None:
    """Say something to the editor on stderr; only reports go to stdout."""
    click.secho(in_words(words), err=True, **style)


def _language_of(start: Path) -> str | None:
    """Return the language of the newsletter at or above a folder, if its settings can be read."""
    for folder in _upwards(start.resolve()):
        file = folder / "newsletter.toml"
        if file.is_file():
            try:
                table = tomllib.loads(file.read_text("utf-8-sig")).get("newsletter", {})
                return str(table["language"])
            except (OSError, ValueError, AttributeError, KeyError, TypeError):
                return None
    return None


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents


def _language_of_system() -> str:
    """Return the language of the environment, as POSIX orders its variables (XBD, 8.2)."""
    values = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in values if value), "en")
    return re.split(r"[_.@]", first)[0] or "en"
