"""How texts compare without case: Aino@ like aino@, and Åland like åland where segments ask.

Of addresses only ASCII letters are folded: no mail service tells them apart. SQLite does it by the
collation of the column; PostgreSQL compares and indexes `lower(address COLLATE "C")`, which every
server has.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, TypeDecorator, func, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

_LAST_CHARACTER = 0x1FFFF  # none behind it has another case
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


class casefolded(FunctionElement[str]):  # noqa: N801 - an SQL function
    """A text without the case of its letters, as Python folds it, to be compared with some texts.

    A server folds ASCII alone for sure, so of the letters beyond it those are replaced that can
    have become a part of these texts; the others cannot be in one that equals them.
    """

    name = "casefolded"
    type = String()
    inherit_cache = True

    def __init__(self, text: ColumnElement[str], wanted: Iterable[str]) -> None:
        there = "\n".join(sorted(wanted))
        folds = {letter: folded for letter, folded in _folds().items() if folded in there}
        single = {letter: folded for letter, folded in folds.items() if len(folded) == 1}
        lower = func.lower(text.collate("C"))
        replaced: ColumnElement[str] = func.translate(
            lower, "".join(single), "".join(single.values()), type_=String()
        )
        for letter in sorted(folds.keys() - single):
            replaced = func.replace(replaced, letter, folds[letter])
        super().__init__(text, replaced)


@compiles(casefolded)
def _by_python(element: casefolded, compiler: SQLCompiler, **options: Any) -> str:
    text, _ = element.clauses
    return f"casefold({compiler.process(text, **options)})"


@compiles(casefolded, "postgresql")
def _by_replacing(element: casefolded, compiler: SQLCompiler, **options: Any) -> str:
    _, replaced = element.clauses
    return compiler.process(replaced, **options)


@cache
def _folds() -> Mapping[str, str]:
    """Return all letters beyond ASCII that case folding changes."""
    every = map(chr, range(0x80, _LAST_CHARACTER))
    return {letter: folded for letter in every if (folded := letter.casefold()) != letter}


def teach_case(connection: sqlite3.Connection, _record: Any) -> None:
    """Let a connection of SQLite fold texts as Python does."""
    connection.create_function("casefold", 1, str.casefold, deterministic=True)


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
