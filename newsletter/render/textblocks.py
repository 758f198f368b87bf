"""Writes the blocks of an issue as plain text."""

from collections.abc import Iterable, Sequence
from functools import singledispatchmethod
from html import escape

from newsletter.model import (
    Block,
    Box,
    Button,
    Columns,
    Custom,
    Divider,
    Figure,
    Gallery,
    Heading,
    Image,
    Occasion,
    Only,
    Person,
    Poll,
    Prose,
    Pull,
    Quote,
    Sort,
    Table,
    names_in_braces,
)
from newsletter.net import ascii_link
from newsletter.render.notes import place_notes
from newsletter.render.occasions import format_closing, format_deadline, format_when
from newsletter.render.plaintext import BREAK, TextWriter


def write_blocks(
    writer: TextWriter, blocks: Sequence[Block], indent: str = "", *, language: str
) -> None:
    """Write blocks in reading order."""
    for block in blocks:
        writer.gap()
        _BlockWriter(writer, language).write(block, indent)
    writer.gap()


class _BlockWriter:
    """Writes blocks one after the other to a text writer."""

    def __init__(self, writer: TextWriter, language: str) -> None:
        self.writer = writer
        self.language = language

    @singledispatchmethod
    def write(self, block: Block, indent: str) -> None:
        """Write a block by the method below that takes its kind."""
        del indent
        raise TypeError(f"no method writes the text of a {block.kind}")

    def _inner(self, blocks: Sequence[Block], indent: str) -> None:
        write_blocks(self.writer, blocks, indent, language=self.language)

    @write.register
    def _prose(self, block: Prose, indent: str) -> None:
        self.writer.html(block.html, indent)

    @write.register
    def _heading(self, block: Heading, indent: str) -> None:
        self.writer.heading(self.writer.title(block.html), block.level, indent)

    @write.register
    def _button(self, block: Button, indent: str) -> None:
        label = self.writer.inline(block.html).replace(BREAK, " ")
        self._press(label, block.url, indent)

    def _press(self, label: str, url: str, indent: str) -> None:
        is_within = url.startswith("#")
        label = self.writer.note(label, url) if is_within else label
        self.writer.paragraph(label, indent=indent + "   ", first=indent + "=> ")
        if is_within:
            return
        self.writer.lines.append(f"{indent}   {ascii_link(url)}")

    @write.register
    def _image(self, block: Image, indent: str) -> None:
        writer = self.writer
        text = f"[{writer.words.picture}: {block.alt}]"
        writer.paragraph(writer.note(text, block.link) if block.alt else "", indent=indent)

    @write.register
    def _figure(self, block: Figure, indent: str) -> None:
        self._image(block.image, indent)
        self.writer.paragraph(self.writer.inline(block.html), indent=indent)

    @write.register
    def _gallery(self, block: Gallery, indent: str) -> None:
        for image in block.images:
            self._image(image, indent)

    @write.register
    def _person(self, block: Person, indent: str) -> None:
        for html in filter(None, (block.name, block.role, block.contact)):
            self.writer.paragraph(self.writer.inline(html), indent=indent)

    @write.register
    def _event(self, block: Occasion, indent: str) -> None:
        writer = self.writer
        writer.heading(writer.inline(escape(block.title)), block.level, indent)
        writer.paragraph(format_when(block, language=self.language), indent=indent)
        writer.paragraph(writer.inline(escape(block.place)), indent=indent)
        if block.html:
            writer.gap()
            writer.html(block.html, indent)
            writer.gap()
        if block.url:
            self._press(writer.words.register, block.url, indent)
        if block.online:
            self._press(writer.words.from_afar, block.online, indent)
        writer.paragraph(format_deadline(block, language=self.language), indent=indent)

    @write.register
    def _poll(self, block: Poll, indent: str) -> None:
        writer = self.writer
        writer.heading(writer.inline(escape(block.title)), block.level, indent)
        if block.html:
            writer.html(block.html, indent)
        for choice in block.choices:
            writer.gap()
            self._press(writer.inline(choice.html), choice.url, indent)
        writer.gap()
        writer.paragraph(writer.words.poll_counts, indent=indent)
        writer.paragraph(format_closing(block, language=self.language), indent=indent)

    @write.register
    def _divider(self, _: Divider, indent: str) -> None:
        self.writer.lines.append(indent + "* * *")

    @write.register
    def _quote(self, block: Quote, indent: str) -> None:
        self._inner(block.blocks, indent + "> ")
        if block.attribution:
            by = f"— {self.writer.inline(block.attribution)}"
            self.writer.paragraph(by, indent=indent + "> ")

    @write.register
    def _pull(self, block: Pull, indent: str) -> None:
        self.writer.paragraph(self.writer.inline(block.html), indent=indent + "        ")

    @write.register
    def _box(self, block: Box | Only, indent: str) -> None:
        line = indent + "-" * (self.writer.width - len(indent))
        self.writer.lines.append(line)
        self._inner(block.blocks, indent)
        self.writer.lines.append(line)

    @write.register
    def _custom(self, block: Custom, indent: str) -> None:
        form, inner = block.declared.text, indent
        line = indent + "-" * (self.writer.width - len(indent))
        if form.around == "quote":
            inner += "> "
        if form.around == "lines":
            self.writer.lines.append(line)
        _write_first(self.writer, block, inner)
        self._held(block, inner)
        _write_last(self.writer, block, inner)
        if form.around == "lines":
            self.writer.lines.append(line)

    def _held(self, block: Custom, indent: str) -> None:
        """Write what stands between the colons of a block of the newsletter's own."""
        if block.image:
            self._image(block.image, indent)
        if block.declared.holds == "line":
            self.writer.paragraph(self.writer.inline(block.html), indent=indent)
        elif block.html:
            self.writer.gap()
            self.writer.html(block.html, indent)
            self.writer.gap()
        if block.blocks:
            self._inner(block.blocks, indent)

    @write.register
    def _columns(self, block: Columns, indent: str) -> None:
        for cell in block.cells:
            self._inner(cell, indent)

    @write.register
    def _table(self, block: Table, indent: str) -> None:
        rows = [
            [place_notes(self.writer.inline(cell).replace(BREAK, " ")) for cell in r]
            for r in (block.head, *block.rows)
        ]
        self.writer.table(rows, block.align, indent)


# --- what is particular to a block of the newsletter's own: its lines ------------------------


def _write_first(writer: TextWriter, block: Custom, indent: str) -> None:
    """Write the lines above what a block holds, and each text that no line says."""
    _write_lines(
        writer, block, (*_complete(block, block.declared.text.first), *_unsaid(block)), indent
    )


def _write_last(writer: TextWriter, block: Custom, indent: str) -> None:
    """Write the lines below what a block holds, and each address that no line says."""
    _write_lines(writer, block, _complete(block, block.declared.text.last), indent)
    for url in _left_out(block, "address").values():
        writer.paragraph(ascii_link(url), indent=indent + "   ", first=indent + "=> ")


def _write_lines(writer: TextWriter, block: Custom, lines: Iterable[str], indent: str) -> None:
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
