"""Puts short sections side by side, in pairs, and says why one of them stands alone."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from newsletter.language import Wording, say
from newsletter.model import Button, Finding, Heading, Prose, rules
from newsletter.render.layout import Row, begins_section

_SHORT = 700  # characters of a section's HTML that fit half a page
_TAG = re.compile(r"<[^>]*>")


class Pairs:
    """Pairs the rows of a page, and remembers which of them it was asked about."""

    __slots__ = ("_asked",)

    def __init__(self) -> None:
        self._asked: list[Sequence[Row]] = []

    def __call__(self, rows: Sequence[Row]) -> list[Row]:
        """Return rows in which consecutive short sections stand side by side."""
        self._asked.append(rows)
        return _paired(rows)

    def findings(self, path: str) -> Iterator[Finding]:
        """Yield for each short section that stands alone what its neighbour is just short of."""
        for rows in self._asked:
            alone = {id(row) for row in _paired(rows)}
            for number, row in enumerate(rows):
                if id(row) in alone and _is_short(row):
                    beside = (*rows[number + 1 : number + 2], *rows[max(0, number - 1) : number])
                    reasons = filter(None, map(_near_miss, beside))
                    yield from (_alone(row, reason).in_file(path) for reason in [*reasons][:1])


def _paired(rows: Sequence[Row]) -> list[Row]:
    out: list[Row] = []
    for number, row in enumerate(rows):
        whole = _is_short(row) and (number + 1 == len(rows) or begins_section(rows[number + 1]))
        last = out[-1] if out else None
        if whole and last and number and _is_short(rows[number - 1]) and last is rows[number - 1]:
            out[-1] = Row(cells=(*last.cells, *row.cells))
        else:
            out.append(row)
    return out


def _is_short(row: Row) -> bool:
    """Return whether a row is a section of little more than a heading and some words."""
    return _is_plain_section(row) and _length_of(row) <= _SHORT and not _wide_kinds(row)


def _near_miss(row: Row) -> Wording | None:
    """Return why a section is not short, if it nearly is."""
    if not _is_plain_section(row) or _length_of(row) > 1.5 * _SHORT:
        return None
    title = _title_of(row)
    if kinds := _wide_kinds(row):
        return say("“{heading}” holds a block “{kind}”", heading=title, kind=kinds[0])
    if (length := _length_of(row)) > _SHORT:
        return say(
            "“{heading}” has {n} characters with its links, and {most} fit",
            heading=title,
            n=length,
            most=_SHORT,
        )
    return None


def _is_plain_section(row: Row) -> bool:
    return not row.boxed and len(row.cells) == 1 and begins_section(row)


def _length_of(row: Row) -> int:
    return sum(len(getattr(block, "html", "")) for block in row.cells[0])


def _wide_kinds(row: Row) -> list[str]:
    """Return the kinds of blocks that need the whole width."""
    return [b.kind for b in row.cells[0] if not isinstance(b, Heading | Prose | Button)]


def _title_of(row: Row) -> str:
    return unescape(_TAG.sub("", getattr(row.cells[0][0], "html", "")))


def _alone(row: Row, reason: Wording) -> Finding:
    return rules.SECTION_ALONE.note(
        "“{heading}” stands alone in its row: {reason}",
        "short sections that follow one another stand side by side",
        line=row.cells[0][0].line,
        heading=_title_of(row),
        reason=reason,
    )
