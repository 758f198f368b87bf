"""Cells of CSV that no spreadsheet runs."""

import re

# A spreadsheet takes a cell that begins like this for a formula and runs it. A text that begins
# with the guard sign itself gets one more, so that reading removes exactly what writing added.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
