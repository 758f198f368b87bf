"""Reads the comments that people attach to cells of a sheet, which openpyxl does not stream."""

from typing import IO, Any
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path

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
        reader = _Reader()
        for target in (related.Target for related in parts if related.Type.endswith(kind)):
            with packed.open(target) as source:
                reader.read(source)
        if reader.count:
            more = reader.count - len(reader.found)
            return (*reader.found, *([f"{more} more"] if more else []))
    return ()


class _Reader:
    """Goes through the elements of a part that holds comments."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.count = 0
        self._text = ""
        self._is_text = False

    def read(self, source: IO[bytes]) -> None:
        """Read one part of the file."""
        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._take_text
        parser.ParseFile(source)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name in ("comment", "threadedComment"):
            self._text = f"{attributes.get('ref', '?')[:20]}: "
        self._is_text = name in ("t", "text")

    def _take_text(self, text: str) -> None:
        if self._is_text and len(self._text) < _LONGEST:
            self._text += text

    def _end(self, tag: str) -> None:
        self._is_text = False
        if tag.rpartition(" ")[2] in ("comment", "threadedComment"):
            self.count += 1
            if len(self.found) < _MOST:
                self.found.append(" ".join(self._text.split())[:_LONGEST])
