"""What several commands do alike: settings, confirmation, findings, JSON."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from newsletter.config import Settings, load_settings
from newsletter.masking import mask, mask_values
from newsletter.model import Finding, Severity

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def settings_of(ctx: click.Context) -> Settings:
    """Load the settings of the newsletter the command works in."""
    folder: Path = ctx.obj or Path()
    return load_settings(folder)


def say(text: str = "", **style: Any) -> None:
    """Tell the editor something; reports alone go to stdout."""
    click.secho(mask(text), err=True, **style)


def write_json(value: Any) -> None:
    """Write a report for machines to stdout."""
    click.echo(json.dumps(mask_values(value), ensure_ascii=False, indent=2))


def confirm(question: str) -> bool:
    """Ask for the word “yes”; anything else, and no answer at all, is a no."""
    click.echo(f"{question} Type “yes” to go on: ", nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        say()
    return answer.strip().lower() == "yes"


def show_findings(findings: Iterable[Finding], *, write: Callable[..., None] = say) -> None:
    """List findings, each with its hint below; what holds for several lines is said once."""
    alike: dict[Finding, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(replace(finding, line=None), []).append(finding)
    for finding, *others in alike.values():
        colour = _COLOURS[finding.severity]
        label = click.style(finding.severity.value, fg=colour, bold=True)
        write(f"{finding.place}: {label}: {finding.message} [{finding.id}]")
        if finding.hint:
            write(f"    {finding.hint}")
        if lines := sorted({other.line for other in others if other.line} - {finding.line}):
            word = "line" if len(lines) == 1 else "lines"
            write(f"    also in {word} {', '.join(map(str, lines))}")


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding forbids sending."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def plural(count: int, word: str, many: str = "") -> str:
    """Return "1 message", "2 messages"."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"
