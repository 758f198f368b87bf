"""Computes something once, and keeps the result with the object it was computed from."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Keeper(Protocol):
    """An object that keeps what was computed from it, for as long as it lives."""

    @property
    def kept(self) -> dict[Any, Any]:
        """Return the earlier results, by the function that computed them."""


_Of = TypeVar("_Of", bound=Keeper)
_More = ParamSpec("_More")
_Found = TypeVar("_Found")


def once(
    find: Callable[Concatenate[_Of, _More], _Found],
) -> Callable[Concatenate[_Of, _More], _Found]:
    """Cache the result of a function with its first argument.

    A cache of the function's own would keep readers' data alive after their check.
    """

    @wraps(find)
    def found(of: _Of, /, *more: _More.args, **named: _More.kwargs) -> _Found:
        key = (find, *more, *named.items())
        if key not in of.kept:
            of.kept[key] = find(of, *more, **named)
        kept: _Found = of.kept[key]
        return kept

    return found
