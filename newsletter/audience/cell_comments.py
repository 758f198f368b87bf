"""Reads the comments that people attach to cells of a sheet, which openpyxl does not stream."""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.xml.functions import iterparse, localname

from newsletter.language import say

_LONGEST = 100  # characters shown of one comment
_MOST = 5  # comments shown
_KINDS = ("/comments", "/threadedComment")  # the first repeats the second where both exist


def comments_of(packed: ZipFile, sheet: str) -> tuple[str, ...]:
    """Return the first few comments of a sheet, such as “C3: left”, and how many more there are."""
    part = get_rels_path(sheet)  # type: ignore[no-untyped-call]
    if part not in packed.namelist():
        return ()
    parts: list[Any] = list(get_dependents(packed, part))
    for kind in _KINDS:
        targets = (related.Target for related in parts if related.Type.endswith(kind))
        found = [comment for target in targets for comment in _comments(packed, target)]
        if found:
            rest = len(found) - _MOST
            more = [say("{count} more", count=rest)] if rest > 0 else []
            return (*found[:_MOST], *more)
    return ()


def _comments(packed: ZipFile, part: str) -> Iterator[str]:
    with packed.open(part) as source:
        for _, element in iterparse(source):
            if localname(element) in ("comment", "threadedComment"):
                inner = (each for each in element.iter() if localname(each) in ("t", "text"))
                said = "".join(each.text or "" for each in inner)
                yield " ".join(f"{element.get('ref', '?')[:20]}: {said}".split())[:_LONGEST]
                element.clear()
