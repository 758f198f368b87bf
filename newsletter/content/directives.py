"""Matches the colon-fenced directives of an issue: which line opens one, and which closes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.language import Wording, lookalike, nearest, say
from newsletter.model import BLOCK_NAME, NO_KINDS, Finding, Kinds, rules

NAMES = (
    "box",
    "button",
    "columns",
    "contribute",
    "divider",
    "event",
    "figure",
    "gallery",
    "image",
    "literal",
    "only",
    "person",
    "poll",
    "pull",
    "quote",
    "regions",
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


def match_directives(
    lines: Sequence[Colons], kinds: Kinds = NO_KINDS
) -> tuple[Mapping[int, Directive], list[Finding]]:
    """Return the directives by their first line, and what is wrong with them.

    `kinds` are those that the newsletter adds.
    """
    fences = [line for line in lines if not line.nested]
    misplaced = [_misplaced(line) for line in lines if line.nested and line.rest]
    # A divider needs no closing line but may have one, so `:::` right below it is ambiguous inside
    # another directive: first it is taken to close the divider, then the other.
    found, findings = min(
        (_match(fences, kinds, closing_dividers=closing) for closing in (True, False)),
        key=lambda result: len(result[1]),
    )
    return found, [*misplaced, *findings]


def _match(
    fences: list[Colons], kinds: Kinds, *, closing_dividers: bool
) -> tuple[dict[int, Directive], list[Finding]]:
    found: dict[int, Directive] = {}
    findings: list[Finding] = []
    open_fences: list[Colons] = []
    divider_line = 0
    for fence in fences:
        name = fence.rest.partition(" ")[0]
        if name == "divider":
            divider_line = fence.line
            found[fence.line] = _directive(fence, end=fence.line)
        elif fence.rest:
            if name not in NAMES and not (kinds.named(name) or name in kinds.unreadable):
                message, hint = say("unknown directive “{name}”", name=name), _meant(name, kinds)
                findings.append(rules.DIRECTIVE_UNKNOWN.error(message, hint, line=fence.line))
            open_fences.append(fence)
        elif closing_dividers and divider_line == fence.line - 1:
            found[divider_line] = replace(found[divider_line], end=fence.line)
        elif open_fences:
            opening = open_fences.pop()
            found[opening.line] = _directive(opening, end=fence.line)
        else:
            message = say("this line of colons closes nothing")
            hint = say("remove it, or open a directive above it")
            findings.append(rules.DIRECTIVE_STRAY.error(message, hint, line=fence.line))
    for fence in open_fences:
        message = say("“::: {directive}” is never closed", directive=fence.rest)
        hint = say("end it with a line of three colons")
        findings.append(rules.DIRECTIVE_UNCLOSED.error(message, hint, line=fence.line))
    return found, findings


def _meant(name: str, kinds: Kinds) -> Wording:
    """Return what an unknown name was meant to be, or how to make a block of it."""
    if name in kinds.undeclared:
        return say(
            "its template blocks/{name}.mjml lacks a declaration, blocks/{name}.toml", name=name
        )
    known = (*NAMES, *(kind.name for kind in kinds.own))
    if not BLOCK_NAME.fullmatch(name):
        return nearest(name, known)
    if meant := lookalike(name, known):
        return say(
            "{meant} A block of that name can be made by “newsletter templates new {name}”",
            meant=meant,
            name=name,
        )
    return say(
        "known: {names}; “newsletter templates new {name}” makes a block of your own",
        names=", ".join(known),
        name=name,
    )


def _directive(fence: Colons, *, end: int) -> Directive:
    name, _, arguments = fence.rest.partition(" ")
    return Directive(name=name, arguments=arguments.strip(), line=fence.line, end=end)


def _misplaced(line: Colons) -> Finding:
    message = say("“{name}” is inside a list or a Markdown quote", name=line.rest.partition(" ")[0])
    hint = say("begin its line at the left margin and leave an empty line above it")
    return rules.DIRECTIVE_PLACE.error(message, hint, line=line.line)
