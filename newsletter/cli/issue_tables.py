"""Tables of issues, whose subjects are as wide as the terminal leaves room for."""

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsletter.cli.telling import in_words
from newsletter.language import say

_UNLIMITED = 10_000  # columns, for a table without a limit
SUBJECT = say("Subject")  # the heading of the column that is as wide as there is room


def print_table(make: Callable[[int], Table]) -> None:
    """Print a table, made for subjects of a width, to stdout."""
    console = Console()
    unlimited = console.options.update(width=_UNLIMITED)
    asked = console.measure(make(1), options=unlimited).maximum  # with hardly any of a subject
    heading = len(in_words(SUBJECT))
    console.print(make(max(heading, console.width - asked + heading)))


def shortened(subject: str, width: int) -> str:
    """Return a subject for a cell of a table."""
    short = subject if len(subject) <= width else subject[: width - 1].rstrip() + "…"
    return escape(short)  # rich reads brackets as styles
