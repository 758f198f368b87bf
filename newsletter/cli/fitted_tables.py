"""Tables that fit a terminal of any width: what is least needed gives way, words are cut."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_GAP = 2  # signs between two columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column whose heading and cells can be drawn in any width between two."""

    draw: Callable[[int], Sequence[str]]  # the heading first
    least: int
    most: int
    is_number: bool = False


def fixed(heading: str, cells: Sequence[str], *, is_number: bool = True) -> Column:
    """Return a column that is as wide as its longest cell."""
    lines = [heading, *cells]
    width = max(map(cell_len, lines))
    return Column(draw=lambda _: lines, least=width, most=width, is_number=is_number)


def cut(heading: str, cells: Sequence[str], least: int, most: int) -> Column:
    """Return a column of words that are cut where there is no room for them."""
    lines = [heading, *cells]
    longest = max(map(cell_len, lines))
    return Column(
        draw=lambda width: [_shortened(line, width) for line in lines],
        least=min(least, longest),
        most=min(most, longest),
    )


def folded(heading: str, cells: Sequence[str], least: int, most: int) -> Column:
    """Return a column of words that go on in another line where there is no room for them."""
    lines = [heading, *cells]
    longest = max(map(cell_len, lines))
    word = max(cell_len(word) for line in lines for word in line.split(" "))
    return Column(
        draw=lambda width: ["\n".join(wrap(line, width)) for line in lines],
        least=min(max(least, word), longest),
        most=min(most, longest),
    )


def print_fitted(console: Console, columns: Mapping[str, Column], wanted: Sequence[str]) -> None:
    """Print a table with the columns that fit, by their names in the order of need.

    The first one is always there. What room is left goes to those that can be wider, in that order.
    """
    first, *others = wanted
    widths = {first: min(columns[first].least, console.width)}
    room = console.width - widths[first]
    for name in others:
        if 0 < columns[name].least <= room - _GAP:
            widths[name] = columns[name].least
            room -= columns[name].least + _GAP
    for name, width in widths.items():
        widths[name] = max(width, min(width + room, columns[name].most))
        room -= widths[name] - width
    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    drawn = []
    for name, column in columns.items():
        if name in widths:
            table.add_column(
                width=widths[name], justify="right" if column.is_number else "left", no_wrap=True
            )
            drawn.append(column.draw(widths[name]))
    for number, cells in enumerate(zip(*drawn, strict=True)):
        table.add_row(*map(escape, cells), style="" if number else "bold")
    console.print(table)


def _shortened(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…"
