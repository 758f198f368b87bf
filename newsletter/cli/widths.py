"""How wide the flexible column of a table may be."""

from rich.console import Console
from rich.table import Table

_UNLIMITED = 10_000  # columns, for a table without a limit
_HEADING = "Subject"


def room_for_subject(console: Console, table: Table) -> int:
    """Return how many columns are left for subjects in a table with hardly any of them."""
    asked = console.measure(table, options=console.options.update(width=_UNLIMITED)).maximum
    return max(len(_HEADING), console.width - asked + len(_HEADING))
