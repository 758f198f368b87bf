"""Finds the colon-fenced directives of an issue and the line where each ends."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from newsletter.model import Finding, Severity

NAMES = ("box", "button", "columns", "divider", "image", "only", "quote")

_COLONS = re.compile(r"^ {0,3}:{3,}[ \t]*(?P<rest>.*?)[ \t]*:*$")
_CODE_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """`::: name arguments` and the line of its closing colons."""

    name: str
    arguments: str
    line: int  # of the opening colons, counted from 1
    end: int  # of the closing colons; the same line for a divider without any


@dataclass(frozen=True, slots=True)
class _Fence:
    line: int
    rest: str  # what follows the colons; empty for a closing line


def find_directives(text: str, path: str) -> tuple[Mapping[int, Directive], tuple[Finding, ...]]:
    """Return the directives by their first line, and what is wrong with them."""
    fences = list(_fences(text))
    # A divider needs no closing line but may have one, so `:::` right below it is ambiguous
    # inside another directive: first it is taken as the divider's, then as the other's.
    first = _match(fences, path, closing_dividers=True)
    return (
        first
        if not first[1]
        else min(
            (_match(fences, path, closing_dividers=False), first), key=lambda result: len(result[1])
        )
    )


def _fences(text: str) -> Iterator[_Fence]:
    """Yield the lines of colons that stand neither in code nor in a comment."""
    code = ""
    comment = False
    for number, line in enumerate(text.splitlines(), 1):
        if comment:
            comment = "-->" not in line
        elif code:
            closing = line.strip(" \t>")
            if closing.startswith(code) and not closing.strip(code[0]):
                code = ""
        elif fence := _CODE_FENCE.match(line):
            code = fence["fence"]
        elif colons := _COLONS.match(line):
            yield _Fence(number, colons["rest"])
        else:
            opened = line.rfind("<!--")
            comment = opened >= 0 and "-->" not in line[opened:]


def _match(
    fences: list[_Fence], path: str, *, closing_dividers: bool
) -> tuple[dict[int, Directive], tuple[Finding, ...]]:
    found: dict[int, Directive] = {}
    findings: list[Finding] = []
    open_fences: list[_Fence] = []
    divider_line = 0
    for fence in fences:
        name = fence.rest.partition(" ")[0]
        if name == "divider":
            divider_line = fence.line
            found[fence.line] = _directive(fence, end=fence.line)
        elif fence.rest:
            if name not in NAMES:
                findings.append(_unknown(name, path, fence.line))
            open_fences.append(fence)
        elif closing_dividers and divider_line == fence.line - 1:
            found[divider_line] = _directive(_Fence(divider_line, "divider"), end=fence.line)
        elif open_fences:
            opening = open_fences.pop()
            found[opening.line] = _directive(opening, end=fence.line)
        else:
            findings.append(_stray(path, fence.line))
    findings += [_unclosed(fence, path) for fence in open_fences]
    return found, tuple(findings)


def _directive(fence: _Fence, *, end: int) -> Directive:
    name, _, arguments = fence.rest.partition(" ")
    return Directive(name=name, arguments=arguments.strip(), line=fence.line, end=end)


def _unknown(name: str, path: str, line: int) -> Finding:
    close = get_close_matches(name, NAMES, n=1)
    hint = f"did you mean “{close[0]}”?" if close else f"known: {', '.join(NAMES)}"
    return Finding(
        id="directive-unknown",
        severity=Severity.ERROR,
        path=path,
        line=line,
        message=f"unknown directive “{name}”",
        hint=hint,
    )


def _unclosed(fence: _Fence, path: str) -> Finding:
    return Finding(
        id="directive-unclosed",
        severity=Severity.ERROR,
        path=path,
        line=fence.line,
        message=f"“::: {fence.rest}” is never closed",
        hint="end it with a line of three colons",
    )


def _stray(path: str, line: int) -> Finding:
    return Finding(
        id="directive-stray",
        severity=Severity.ERROR,
        path=path,
        line=line,
        message="this line of colons closes nothing",
        hint="remove it, or open a directive above it",
    )
