"""Texts for the editor, which the ledger keeps so that they can be said in any language."""

from typing import Any

from sqlalchemy import Text, TypeDecorator
from sqlalchemy.engine import Dialect

from newsletter.language import as_stored, from_stored


class Told(TypeDecorator[str]):
    """The type of a column of texts for the editor."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write a text."""
        del dialect  # it is the same on all
        return None if value is None else as_stored(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Read a text."""
        del dialect
        return None if value is None else from_stored(value)
