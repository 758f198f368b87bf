"""Knows what in an issue are words that somebody sent in, escaped so that they show as typed."""

import re

# As `contributions accept` writes it behind the heading of each passage; nobody can send one in.
_MARKER = re.compile(r"<!-- contribution [\w-]+ -->")
_OWN = re.compile(r"#{1,6} |:::")  # begins what is the editor's again
_ESCAPED = re.compile(r"\\[^\w\s]")


def contributed_lines(source: str) -> dict[int, bool]:
    """Return the lines of an issue with words of others, and whether signs there are escaped.

    They begin at the heading before the marker, and go on to the next heading or directive. Signs
    count as escaped in a whole paragraph, as findings name its first line.
    """
    lines = source.split("\n")
    found: dict[int, bool] = {}
    for at, line in enumerate(lines):
        if _MARKER.fullmatch(line.strip()):
            end = next((n for n in range(at + 1, len(lines)) if _ends(lines[n])), len(lines))
            for paragraph in _paragraphs(lines, _heading_before(lines, at), end):
                is_escaped = at in paragraph or any(_ESCAPED.search(lines[n]) for n in paragraph)
                found |= {n + 1: is_escaped for n in paragraph}
    return found


def _ends(line: str) -> bool:
    return bool(_OWN.match(line) or _MARKER.fullmatch(line.strip()))


def _heading_before(lines: list[str], at: int) -> int:
    above = next((n for n in range(at - 1, -1, -1) if lines[n].strip()), at)
    return above if lines[above].startswith("#") else at


def _paragraphs(lines: list[str], start: int, end: int) -> list[list[int]]:
    paragraphs: list[list[int]] = [[]]
    for n in range(start, end):
        if lines[n].strip():
            paragraphs[-1].append(n)
        else:
            paragraphs.append([])
    return paragraphs
