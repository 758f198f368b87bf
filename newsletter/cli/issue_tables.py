"""Tables of issues, whose subjects are as wide as the terminal leaves room for."""

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_UNLIMITED = 10_000  # columns, for a table without a limit
_HEADING = "Subject"


def print_table(make: Callable[[int], Table]) -> None:
    """Print a table, made for subjects of a width, to stdout."""
    console = Console()
    unlimited = console.options.update(width=_UNLIMITED)
    asked = console.measure(make(1), options=unlimited).maximum  # with hardly any of a subject
    console.print(make(max(len(_HEADING), console.width - asked + len(_HEADING))))


def shortened(subject: str, width: int) -> str:
    """Return a subject for a cell of a table."""
    short = subject if len(subject) <= width else subject[: width - 1].rstrip() + "…"
    return escape(short)  # rich reads brackets as styles
