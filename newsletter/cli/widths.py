"""How wide the one column of a table may be that gives way to the others."""

from rich.console import Console
from rich.table import Table

_ENDLESS = 10_000  # columns, for a table that nothing hems in
_HEADING = "Subject"


def room_for_subject(console: Console, table: Table) -> int:
    """Return how many columns are left for subjects; the table is the one with hardly any."""
    asked = console.measure(table, options=console.options.update(width=_ENDLESS)).maximum
    return max(len(_HEADING), console.width - asked + len(_HEADING))
