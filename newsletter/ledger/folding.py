"""Addresses that compare without case, Aino@ like aino@: no mail service tells them apart.

Only ASCII letters are folded. SQLite does it by the collation of the column; PostgreSQL compares
and indexes `lower(address COLLATE "C")`, which every server has.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, TypeDecorator, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

_COMPARED = {
    operators.eq,
    operators.ne,
    operators.lt,
    operators.le,
    operators.gt,
    operators.ge,
    operators.in_op,
    operators.not_in_op,
    operators.asc_op,
    operators.desc_op,
}


class folded(FunctionElement[str]):  # noqa: N801 - an SQL function
    """The form in which addresses are compared, sorted and indexed."""

    name = "folded"
    type = String()
    inherit_cache = True


@compiles(folded)
def _by_collation(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    (address,) = element.clauses
    return compiler.process(address, **options)


@compiles(folded, "postgresql")
def _by_function(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    (address,) = element.clauses
    return f'lower({compiler.process(address, **options)} COLLATE "C")'


class _Comparator(TypeDecorator.Comparator[str]):
    def operate(self, op: Any, *other: Any, **options: Any) -> ColumnElement[Any]:
        if op not in _COMPARED:
            return super().operate(op, *other, **options)
        compared: ColumnElement[Any] = op(folded(self.expr), *map(_folded, other), **options)
        return compared


class Address(TypeDecorator[str]):
    """The type of a column of addresses; `ORDER BY` must use its `asc()`."""

    impl = String
    cache_ok = True
    comparator_factory = _Comparator

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the type of the column itself."""
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String(collation="NOCASE") if is_sqlite else String())


def _folded(value: Any) -> Any:
    """Fold what an address is compared with: a word, a list of them, or another column."""
    if isinstance(value, str):
        return literal(fold(value), String())
    if isinstance(value, ColumnElement):
        return folded(value)
    return [fold(word) for word in value]


def fold(address: str) -> str:
    """Return an address in the form used for comparing."""
    return address.encode().lower().decode()
