"""Where in the templates the parts of a page were written."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A line of a template."""

    path: str  # relative to the newsletter's folder; only a name if it lies elsewhere
    line: int  # counted from 1
    is_packaged: bool = False  # it belongs to the program, and cannot be changed where it is

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleOrigin:
    """A declaration of a style sheet."""

    selector: str
    name: str  # of the property, in small letters
    value: str
    origin: Origin
    elements: frozenset[int] = frozenset()  # those it is for, as numbered in the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The origins of a page's parts."""

    # Of each element of the body, in document order; those of the author's words have that of the
    # block they stand in.
    elements: Sequence[Origin | None] = ()
    page: Origin | None = None  # where it begins, for what stands in its head
    styles: Sequence[StyleOrigin] = ()  # in the order they apply in: for elements, then the page's
