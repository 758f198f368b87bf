"""Matches the colon-fenced directives of an issue: which line opens one, and which closes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.language import Wording, nearest, say
from newsletter.model import Finding, Rule, rules

NAMES = (
    "box",
    "button",
    "columns",
    "divider",
    "event",
    "figure",
    "gallery",
    "image",
    "only",
    "person",
    "pull",
    "quote",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """`::: name arguments` and the line of its closing colons."""

    name: str
    arguments: str
    line: int  # of the opening colons, counted from 1
    end: int  # of the closing colons; the same line for a divider without any


@dataclass(frozen=True, slots=True)
class Colons:
    """A line that begins with three colons or more, as Markdown sees it."""

    line: int  # counted from 1
    rest: str  # what follows the colons; empty for a closing line
    nested: bool  # inside a list or a Markdown quote, where no directive is allowed


_Fault = tuple[Rule, int, Wording, Wording]  # what is broken, line, message and hint


def match_directives(
    lines: Sequence[Colons], path: str
) -> tuple[Mapping[int, Directive], tuple[Finding, ...]]:
    """Return the directives by their first line, and what is wrong with them."""
    fences = [line for line in lines if not line.nested]
    misplaced = [_misplaced(line) for line in lines if line.nested and line.rest]
    # A divider needs no closing line but may have one, so `:::` right below it is ambiguous inside
    # another directive: first it is taken to close the divider, then the other.
    found, faults = min(
        (_match(fences, closing_dividers=True), _match(fences, closing_dividers=False)),
        key=lambda result: len(result[1]),
    )
    return found, tuple(
        rule.error(message, hint, line=line).in_file(path)
        for rule, line, message, hint in (*misplaced, *faults)
    )


def _match(
    fences: list[Colons], *, closing_dividers: bool
) -> tuple[dict[int, Directive], list[_Fault]]:
    found: dict[int, Directive] = {}
    faults: list[_Fault] = []
    open_fences: list[Colons] = []
    divider_line = 0
    for fence in fences:
        name = fence.rest.partition(" ")[0]
        if name == "divider":
            divider_line = fence.line
            found[fence.line] = _directive(fence, end=fence.line)
        elif fence.rest:
            if name not in NAMES:
                message = say("unknown directive “{name}”", name=name)
                faults.append((rules.DIRECTIVE_UNKNOWN, fence.line, message, nearest(name, NAMES)))
            open_fences.append(fence)
        elif closing_dividers and divider_line == fence.line - 1:
            found[divider_line] = replace(found[divider_line], end=fence.line)
        elif open_fences:
            opening = open_fences.pop()
            found[opening.line] = _directive(opening, end=fence.line)
        else:
            message = say("this line of colons closes nothing")
            hint = say("remove it, or open a directive above it")
            faults.append((rules.DIRECTIVE_STRAY, fence.line, message, hint))
    for fence in open_fences:
        message = say("“::: {directive}” is never closed", directive=fence.rest)
        hint = say("end it with a line of three colons")
        faults.append((rules.DIRECTIVE_UNCLOSED, fence.line, message, hint))
    return found, faults


def _directive(fence: Colons, *, end: int) -> Directive:
    name, _, arguments = fence.rest.partition(" ")
    return Directive(name=name, arguments=arguments.strip(), line=fence.line, end=end)


def _misplaced(line: Colons) -> _Fault:
    message = say("“{name}” is inside a list or a Markdown quote", name=line.rest.partition(" ")[0])
    hint = say("begin its line at the left margin and leave an empty line above it")
    return rules.DIRECTIVE_PLACE, line.line, message, hint
