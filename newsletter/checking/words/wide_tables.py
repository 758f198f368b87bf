"""Checks that tables can be read on a phone, and with a screen reader."""

from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, visible
from newsletter.model import Finding, Rule, Table, walk

_WIDEST = 6  # columns; with more, each has less than 60 points on a phone


TABLE_WIDTH = Rule(id="table-width", summary="Tables fit a phone")
TABLE_HEADER = Rule(
    id="table-header",
    summary="Each column of a table says what it holds",
    source="WCAG 2.2, 1.3.1",
)


@checks(TABLE_WIDTH, TABLE_HEADER)
def check_tables(draft: Draft) -> Iterator[Finding]:
    """Tables are narrow enough for a phone, and their columns have names."""
    for block in walk(draft.issue.blocks):
        if not isinstance(block, Table):
            continue
        if len(block.head) > _WIDEST:
            yield TABLE_WIDTH.warning(
                "a table of {columns} columns does not fit a phone",
                "leave columns out, turn it around, or make two of it",
                line=block.line,
                columns=len(block.head),
            )
        # The first column may hold the names of the rows.
        nameless = [n for n, cell in enumerate(block.head, 1) if n > 1 and not visible(cell)]
        if nameless:
            yield TABLE_HEADER.warning(
                "column {number} of the table has no name; who hears it is lost there",
                "write a word into the first row of the table",
                line=block.line,
                number=nameless[0],
            )
