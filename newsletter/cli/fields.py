"""Shows fields with their names, such as those of a plan, in two columns."""

import sys
from collections.abc import Iterable, Sequence

import click

from newsletter.cli.telling import columns, in_words, wrap_words

Field = tuple[str, str]  # its name, or "" for one more line of the one before; what it holds

_NARROWEST = 10  # columns of the names


def show_fields(fields: Iterable[Field]) -> None:
    """Show fields in two columns; on a terminal, long ones are wrapped beside their names."""
    told = [(in_words(name), in_words(text)) for name, text in fields]
    indent = max((len(name) for name, _ in told), default=0)
    indent = max(indent, _NARROWEST) + 2
    for name, text in told:
        for number, line in enumerate(_lines(text, indent)):
            click.echo(f"{'' if number else name:{indent}}{line}".rstrip(), err=True)


def _lines(text: str, indent: int) -> Sequence[str]:
    if not sys.stderr.isatty():
        return [text]
    return wrap_words(text, columns() - indent) or [""]
