"""Lays blocks out in rows and cells, and tells how wide the pictures in them are shown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.model import (
    Block,
    Box,
    Columns,
    Custom,
    Figure,
    Gallery,
    Heading,
    Image,
    Issue,
    Only,
    Person,
    Prose,
    Quote,
    sources_in,
)
from newsletter.render.picture_files import PAGE_WIDTH

_PORTRAIT = 96  # points
_PHONE = 360  # points: what stands side by side is as wide there as the screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the page: one cell, or several side by side; a boxed row is tinted."""

    cells: tuple[tuple[Block, ...], ...]  # the blocks of each
    boxed: bool = False  # whether it is tinted
    variant: str = ""  # of the box or the columns
    own: Custom | None = None  # a block of the newsletter's own that writes the whole row itself


def before_sections(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Split what comes before the first section from the sections."""
    first = next((n for n, block in enumerate(blocks) if _is_section(block)), 0)
    return blocks[:first], blocks[first:]


def rows_of(blocks: Sequence[Block], mark: Callable[[int], str]) -> list[Row]:
    """Lay blocks out in rows; `mark` makes the line marks within joined paragraphs."""
    rows: list[Row] = []
    cell: list[Block] = []

    def close() -> None:
        if cell:
            rows.append(Row(cells=(_merge_prose(cell, mark),)))
            cell.clear()

    for block in blocks:
        if isinstance(block, Columns):
            close()
            cells = tuple(_merge_prose(c, mark) for c in block.cells)
            rows.append(Row(cells=cells, variant=block.variant))
        elif isinstance(block, Box):
            close()
            cells = (_merge_prose(block.blocks, mark),)
            rows.append(Row(cells=cells, boxed=True, variant=block.variant))
        elif isinstance(block, Custom) and block.declared.has_row:
            close()
            cells = (_merge_prose(block.blocks, mark),)
            rows.append(Row(cells=cells, boxed=True, variant=block.variant, own=block))
        else:
            if _is_section(block):
                close()
            cell.append(block)
    close()
    return rows


def _merge_prose(blocks: Sequence[Block], mark: Callable[[int], str]) -> tuple[Block, ...]:
    """Join neighbouring prose: one MJML element for many paragraphs, each with its mark."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if isinstance(block, Prose) and isinstance(last, Prose):
            html = f"{last.html}\n{mark(block.line)}{block.html}"
            merged[-1] = Prose(line=last.line, html=html)
        else:
            merged.append(block)
    return tuple(merged)


def begins_section(row: Row) -> bool:
    """Return whether a row begins with the heading of a section."""
    first = row.cells[0][0] if row.cells[0] else None
    return first is not None and _is_section(first)


def _is_section(block: Block) -> bool:
    return isinstance(block, Heading) and block.begins_section


def picture_widths(issue: Issue) -> dict[str, int]:
    """Return the widest place, in points, in which each picture of an issue is shown."""
    widths: dict[str, int] = {}
    for source, width in _places(issue.blocks, PAGE_WIDTH):
        widths[source] = max(min(width, PAGE_WIDTH), widths.get(source, 0))
    return widths


def _places(blocks: Sequence[Block], room: int) -> Iterator[tuple[str, int]]:
    """Yield each picture with the width of its place."""
    for block in blocks:
        match block:
            case Figure(image=image):
                yield image.source, room
            case Person(portrait=Image(source=source)):
                yield source, _PORTRAIT
            case Gallery(images=images):
                yield from ((image.source, min(room, _PHONE)) for image in images)
            case Columns(cells=cells):
                inner = max(_PHONE, room // len(cells))
                yield from (place for cell in cells for place in _places(cell, inner))
            case Custom():
                yield from ((image.source, width) for image, width in block.pictures)
                yield from _places(block.blocks, room)
            case Quote(blocks=blocks) | Box(blocks=blocks) | Only(blocks=blocks):
                yield from _places(blocks, room)
            case _:
                yield from ((source, room) for source in sources_in(block))
