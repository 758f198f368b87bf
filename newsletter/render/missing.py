"""What templates get for a name that there is not: an error that knows where it was sought."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.utils import missing

_MOST = 30  # names that fit into a hint


class MissingError(UndefinedError):
    """A template asks for what there is not."""

    def __init__(self, message: str | None, *, owner: Any, name: Any) -> None:
        super().__init__(message)
        self.name = str(name)
        self.known = () if owner is missing else _names_of(owner)  # names where it was sought


class Missing(StrictUndefined):
    """Stands for what there is not; whatever a template does with it raises MissingError."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Callable[..., Any] = UndefinedError,
    ) -> None:
        if exc is UndefinedError:  # not what the sandbox forbids
            exc = partial(MissingError, owner=obj, name=name)
        super().__init__(hint, obj, name, exc)  # type: ignore[arg-type]  # only called


def _names_of(owner: Any) -> tuple[str, ...]:
    """Return the names that a template may use of a table, a style or a part of an issue."""
    if isinstance(owner, Mapping):
        names = [name for name in owner if isinstance(name, str)]
    elif isinstance(owner, SimpleNamespace):
        names = [*vars(owner)]
    elif is_dataclass(owner):
        names = [name for name in dir(owner) if not name.startswith("_")]
    else:
        return ()
    return tuple(sorted(names)[:_MOST])
