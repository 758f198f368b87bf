"""Which language the terminal speaks, and how it says what catalogs translate."""

import os
import re
import shutil
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from newsletter.cli.system_language import language_of_system
from newsletter.files import find_above, read_file
from newsletter.language import SPOKEN, Wording, find_translation, language_of, say_in, say_list
from newsletter.masking import mask

_WIDEST = 100  # signs in a line, on however wide a terminal
_NARROWEST = 20
_HELD = "\ue000"  # in the place of a space at which no line may end; no text has it
_TOGETHER = re.compile(
    r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|(?<=\d) (?=(?:%|€|px|[kKMG]?B|kt|Mt|s|min|h)(?!\w))"
)

_spoken = "en"  # by the whole process: servers and workers tell from threads of their own
_MOST = 1_000_000  # bytes of settings; what is larger is refused, in whatever language
_LONGEST = 500  # characters of a line: the parser takes the square of its dotted names in time
# The language in settings that are broken elsewhere, so that their faults are told in it.
_SET = re.compile(r"""^[ \t]*language[ \t]*=[ \t]*["']([\w-]+)["']""", re.MULTILINE)


def speak(language: str | None, folder: Path) -> None:
    """Speak a language from now on; by default the newsletter's own, then that of the system."""
    global _spoken  # noqa: PLW0603 - one terminal speaks one language
    wanted = (language, os.environ.get("NEWSLETTER_LANG"), _set_in(folder), language_of_system())
    _spoken = next(filter(None, map(as_spoken, wanted)), "en")


def as_spoken(language: str | None) -> str | None:
    """Return the code of a language that the terminal can speak; None for any other."""
    code = language_of(language or "")
    return code if code in SPOKEN else None


def spoken() -> str:
    """Return the language that the terminal speaks: a code such as "fi"."""
    return _spoken


def in_words(words: str) -> str:
    """Return a text in the spoken language, without secrets."""
    return mask(say_in(_spoken, words))


def look_up(text: str) -> str:
    """Return a text of a help in the spoken language; as it is if there is no translation."""
    return find_translation(_spoken, text) or text


def indented(words: str) -> Wording:
    """Return a text that stands below another."""
    return say_list(["    ", words], between="")


def show(words: Wording) -> None:
    """Say something on stdout: a line of a report."""
    click.echo(fitted(in_words(words), err=False))


def tell(words: Wording | None = None, **style: Any) -> None:
    """Say something, or an empty line, to the editor on stderr; only reports go to stdout."""
    told = fitted(in_words(words)) if words else ""
    click.echo(click.style(told, **style) if style else told, err=True)


def fitted(text: str, *, err: bool = True) -> str:
    """Return a text with its long lines wrapped at the width of the terminal, if it is one."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return text
    width = columns()
    return "\n".join(
        line
        if len(line) <= width
        else "\n".join(wrap_words(line, width, " " * (len(line) - len(line.lstrip()))))
        for line in text.splitlines()
    )


def columns() -> int:
    """Return how many signs a line on the terminal may have.

    The last column stays free, as some terminals break a line that fills it.
    """
    return min(shutil.get_terminal_size().columns - 1, _WIDEST)


def wrap_words(text: str, width: int, indent: str = "") -> list[str]:
    """Return a text in lines of a width.

    An address longer than that stays whole, to be copied, and so do slots and numbers with a unit.
    """
    held = _TOGETHER.sub(lambda words: words[0].replace(" ", _HELD), text)
    lines = wrap(
        held,
        max(width, _NARROWEST),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_HELD, " ") for line in lines]


def _set_in(start: Path) -> str | None:
    """Return the language of the newsletter at or above a folder, even of a faulty one."""
    with suppress(OSError, ValueError, RuntimeError):  # a link may lead back to itself
        if file := find_above(start, "newsletter.toml"):
            return _language_in(read_file(file, at_most=_MOST).decode("utf-8-sig", "replace"))
    return None


def _language_in(text: str) -> str | None:
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        if all(len(line) <= _LONGEST for line in text.split("\n")):
            return str(tomllib.loads(text)["newsletter"]["language"])
    found = _SET.search(text)
    return found[1] if found else None
