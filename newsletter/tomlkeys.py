"""Finds the line of a key in a TOML file: its parsers keep no positions."""

import re
from collections.abc import Sequence

_PART = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"\s*\[(\[)?\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")


def line_of_key(text: str, keys: Sequence[str]) -> int | None:
    """Return the line of a key, else of the table it stands in; None where there is neither."""
    wanted, table, found = list(keys), list[str](), None
    seen: dict[str, int] = {}  # [[name]] -> how many of them there were
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1]:
                name = ".".join(table)
                seen[name] = seen.get(name, -1) + 1
                table.append(str(seen[name]))
            if table == wanted[: len(table)]:
                found = number
        elif key := _KEY.match(line):
            path = [*table, *_parts(key[1])]
            if path == wanted:
                return number
            if path == wanted[: len(path)]:  # a table in braces holds the rest
                found = number
    return found


def _parts(dotted: str) -> list[str]:
    """Return the names of a dotted key; what stands in quotes is one name."""
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]
