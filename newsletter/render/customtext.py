"""Writes what is particular to a block of the newsletter's own in plain text: its lines."""

from collections.abc import Iterable
from html import escape

from newsletter.model import Custom, Sort, names_in_braces
from newsletter.net import ascii_link
from newsletter.render.plaintext import TextWriter


def write_first(writer: TextWriter, block: Custom, indent: str) -> None:
    """Write the lines above what a block holds, and each text that no line says."""
    _write(writer, block, (*_complete(block, block.declared.text.first), *_unsaid(block)), indent)


def write_last(writer: TextWriter, block: Custom, indent: str) -> None:
    """Write the lines below what a block holds, and each address that no line says."""
    _write(writer, block, _complete(block, block.declared.text.last), indent)
    for url in _left_out(block, "address").values():
        writer.paragraph(ascii_link(url), indent=indent + "   ", first=indent + "=> ")


def _write(writer: TextWriter, block: Custom, lines: Iterable[str], indent: str) -> None:
    values = {**block.words, **block.written}
    values |= {name: ascii_link(url) for name, url in block.given_as("address").items()}
    for line in lines:
        writer.paragraph(writer.inline(escape(line.format_map(values))), indent=indent)


def _complete(block: Custom, lines: Iterable[str]) -> list[str]:
    """Return the lines of which every value is given."""
    values = {**block.words, **block.written}
    return [line for line in lines if all(values[name] for name in names_in_braces(line))]


def _unsaid(block: Custom) -> list[str]:
    return [f"{{{name}}}" for name in _left_out(block, "text")]


def _left_out(block: Custom, sort: Sort) -> dict[str, str]:
    """Return the arguments of a sort that no complete line says, so that none is lost."""
    form = block.declared.text
    said = {
        name
        for line in _complete(block, (*form.first, *form.last))
        for name in names_in_braces(line)
    }
    return {name: value for name, value in block.given_as(sort).items() if name not in said}
