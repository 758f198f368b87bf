"""Looks for something once, and keeps what was found with the object that it was found in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Keeper(Protocol):
    """What keeps all that is found in it; both go together."""

    @property
    def kept(self) -> dict[Any, Any]:
        """Return what was found before, by what looked for it."""


_Of = TypeVar("_Of", bound=Keeper)
_More = ParamSpec("_More")
_Found = TypeVar("_Found")


def once(
    find: Callable[Concatenate[_Of, _More], _Found],
) -> Callable[Concatenate[_Of, _More], _Found]:
    """Let a function look for the same thing once in the same object.

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
