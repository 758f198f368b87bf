"""Shows findings: grouped and wrapped on a terminal, a line for each to programs that read them."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import click

from newsletter.checking import Cell, Comparison, Group, Silenced, compare, group
from newsletter.cli.telling import columns, in_words, tell, wrap_words
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model import Finding, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_SHOWN = 5  # places of one finding that are shown with their words
_MOST = 20  # further lines that are named
_SHORTEST = 20  # signs of the words of a place, on however narrow a terminal


def show_findings(findings: Sequence[Finding], *, err: bool = True, verbose: bool = False) -> None:
    """List findings: on a terminal as people read them, else one a line, for programs."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        lines = plain_lines(findings)
    else:
        lines = laid_out(findings, width=columns(), is_grouped=not verbose)
    for line in lines:
        click.echo(line, err=err)


def show_new(
    findings: Iterable[Finding], told: set[Finding], *, err: bool = True, verbose: bool = False
) -> None:
    """Show the findings that this command has not told yet, and note that it has."""
    new = [finding for finding in findings if finding not in told]
    show_findings(new, err=err, verbose=verbose)
    told.update(new)


def count_findings(findings: Iterable[Finding]) -> str:
    """Return how many errors, warnings and notes there are; "" if there are none."""
    found = [finding.severity for finding in findings]
    count = {severity: found.count(severity) for severity in Severity}
    words = (
        say_many("{n:,} error", "{n:,} errors", n=count[Severity.ERROR]),
        say_many("{n:,} warning", "{n:,} warnings", n=count[Severity.WARNING]),
        say_many("{n:,} note", "{n:,} notes", n=count[Severity.NOTE]),
    )
    told = [part for part in words if part.number]
    return say_list(told) if told else ""


def tell_silenced(silenced: Iterable[Silenced], *, verbose: bool = False) -> None:
    """Tell what the editor has silenced: each rule once, or each place."""
    if verbose:
        for one in silenced:
            place, id, why = one.finding.place, one.finding.id, one.reason
            tell(say("{place}: silenced [{id}]: {reason}", place=place, id=id, reason=why))
        return
    for (id, why), count in Counter((one.finding.id, one.reason) for one in silenced).items():
        tell(
            say_many(
                "silenced [{id}]: {reason}",
                "silenced [{id}] in {n} places: {reason}",
                n=count,
                id=id,
                reason=why,
            )
        )


def plain_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield “file:line: severity: text [id]”, and the hint; what repeats is said once."""
    alike: dict[Finding, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(replace(finding, line=None, counterpart=None), []).append(finding)
    for finding, *others in alike.values():
        yield f"{finding.place}: {finding.severity}: {in_words(finding.message)} [{finding.id}]"
        if finding.hint:
            yield f"    {in_words(finding.hint)}"
        if lines := sorted({other.line for other in others if other.line} - {finding.line}):
            yield f"    {in_words(_also_in(lines))}"


def laid_out(findings: Sequence[Finding], *, width: int, is_grouped: bool = True) -> Iterator[str]:
    """Yield findings file by file, then what differs between the languages, side by side."""
    if is_grouped:
        groups = group(f for f in findings if not f.counterpart)
    else:
        groups = [Group(findings=(finding,)) for finding in findings]
    labels = {severity: in_words(severity.words) for severity in Severity}
    margin = max((len(str(f.line or "")) for f in findings), default=0) + 2
    label = max((len(labels[f.severity]) for f in findings), default=0)
    for path in dict.fromkeys(one.first.path for one in groups):
        yield click.style(path, bold=True)
        for one in (one for one in groups if one.first.path == path):
            severity = one.first.severity
            head = click.style(f"{labels[severity]:{label}}", fg=_COLOURS[severity], bold=True)
            yield from _lines_of(one, head, margin=margin, indent=margin + label + 4, width=width)
    for comparison in compare(findings) if is_grouped else ():
        yield from _side_by_side(comparison, width)


# --- one finding --------------------------------------------------------------------------


def _lines_of(one: Group, head: str, *, margin: int, indent: int, width: int) -> Iterator[str]:
    """Yield a group's lines: what is wrong, how to mend it, and where else."""
    first = one.first
    text = [*wrap_words(in_words(first.message), width - indent)]
    name = f"[{first.id}]"
    if text and len(text[-1]) + len(name) + 1 <= width - indent:
        text[-1] += f" {click.style(name, dim=True)}"
    else:
        text.append(click.style(name, dim=True))
    yield f"{first.line or '':>{margin}}  {head}  {text[0]}"
    for line in text[1:]:
        yield " " * indent + line
    for number, line in enumerate(wrap_words(in_words(first.hint), width - indent - 2)):
        yield " " * (indent + (2 if number else 0)) + line
    others = list(one.others())
    for place, words in others[:_SHOWN]:
        told = _shorten(in_words(words), max(width - indent, _SHORTEST))
        yield f"{place or '':>{margin}}".ljust(indent) + told
    lines = sorted({*one.lines, *(place for place, _ in others[_SHOWN:] if place)} - {first.line})
    for line in wrap_words(in_words(_also_in(lines)), width - indent) if lines else ():
        yield " " * indent + line


def _shorten(words: str, most: int) -> str:
    """Return words in one line of a width, cut at its end."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _also_in(lines: Sequence[int]) -> Wording:
    told = ", ".join(map(str, lines[:_MOST]))
    if len(lines) > _MOST:
        return say("also in lines {lines} and {count:,} more", lines=told, count=len(lines) - _MOST)
    return say_many("also in line {lines}", "also in lines {lines}", n=len(lines), lines=told)


# --- two languages ------------------------------------------------------------------------


def _side_by_side(comparison: Comparison, width: int) -> Iterator[str]:
    """Yield the passages in which two languages differ, in two columns."""
    told = say("The original and the translation differ; one of them may be wrong:")
    ids = " ".join(f"[{id}]" for id in comparison.ids)
    half = (width - 2) // 2
    label = in_words(Severity.WARNING.words)
    first, *rest = wrap_words(f"{label}  {in_words(told)}", width)
    yield first.replace(label, click.style(label, fg=_COLOURS[Severity.WARNING], bold=True), 1)
    yield from rest
    yield "  " + click.style(f"{comparison.original:{half}}{comparison.translation}", bold=True)
    for row in comparison.rows:
        sides = [_column(row.original, half - 1), _column(row.translation, half)]
        for number in range(max(map(len, sides))):
            left, right = (next(islice(side, number, None), "") for side in sides)
            yield f"  {left:{half}}{right}".rstrip()
    for line in wrap_words(ids, width - 2):
        yield "  " + click.style(line, dim=True)


def _column(cells: Sequence[Cell], width: int) -> list[str]:
    """Return one side of a row: the lines, and what stands there or does not."""
    by_line: dict[int, list[str]] = {}
    for cell in cells:
        by_line.setdefault(cell.line, []).append(in_words(cell.words) or "–")
    return [
        f"{'' if number else line:>4}  {words}"
        for line, told in by_line.items()
        for number, words in enumerate(wrap_words(", ".join(told), width - 6))
    ]
