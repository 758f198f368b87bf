"""A list that was imported, and what taking it back would do."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A list that was imported."""

    id: int
    name: str  # name of its file
    taken_at: dt.datetime
    joined: int
    changed: int
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCounts:
    """What taking an import back would do, in numbers."""

    leave: int  # joined by it, and are removed
    left: int  # of those removed, not to be mailed: once forgotten, a later list may mail them
    restored: int  # get their old values back
    mailed_again: int  # of those restored, may then be mailed again
    stay: int  # changed since, and stay as they are
    under_way: int  # in a call that is not answered yet: until then nothing can be taken back
