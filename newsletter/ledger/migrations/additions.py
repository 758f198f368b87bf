"""How migrations declare columns that always hold a value; constraints are named as in `tables`."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def given(kind: Any, *names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of one kind for a new table."""
    return [sa.Column(name, kind, nullable=False, **options) for name in names]


def add(table: str, kind: Any, *names: str, default: str) -> None:
    """Add columns to a table, one by one, and with defaults that stay.

    SQLite would otherwise rebuild the table, which it refuses while rows of others refer to it.
    """
    for name in names:
        [column] = given(kind, name, server_default=default)
        op.add_column(table, column)
