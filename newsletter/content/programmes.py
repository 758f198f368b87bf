"""Finds the programme in the Markdown of a meeting: the first table whose rows begin with times."""

import re
from collections.abc import Iterator

from newsletter.model.meeting import Session

_TIME = re.compile(r"\d{1,2}[.:]\d\d(?:\s*[-\N{EN DASH}]\s*\d{1,2}[.:]\d\d)?")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_BETWEEN = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")


def read_programme(body: str) -> tuple[Session, ...]:
    """Return the lines of the programme; it also stays where it stands in the body.

    Its columns are the time, what there is, and who: all further ones.
    """
    for rows in _tables(body):
        if rows and all(_TIME.fullmatch(row[0]) for row in rows):
            return tuple(
                Session(
                    start=row[0],
                    title=row[1] if len(row) > 1 else "",
                    who=", ".join(cell for cell in row[2:] if cell),
                )
                for row in rows
            )
    return ()


def _tables(body: str) -> Iterator[list[list[str]]]:
    """Yield the rows of each table, without its headings."""
    lines = body.split("\n")
    rows: list[list[str]] | None = None
    in_code = False
    for before, line in zip(["", *lines], [*lines, ""], strict=True):
        if _FENCE.match(line):
            in_code = not in_code
        if rows is not None:
            if "|" in line and not in_code:
                rows.append(_cells(line))
                continue
            yield rows
            rows = None
        if not in_code and "|" in before and "|" in line and _RULE.fullmatch(line.strip()):
            rows = []


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [" ".join(cell.replace("\\|", "|").split()) for cell in _BETWEEN.split(inner)]
