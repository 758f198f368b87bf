"""What several commands share: options, settings, JSON; they ask here for the settings, too."""

import codecs
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from newsletter.cli.answers import Declined, confirm, insist
from newsletter.cli.inputs import as_issue_id, as_language, as_local_time, as_seconds, as_share
from newsletter.cli.options import Ruled, RuledGroup, Rules, gathered, readable
from newsletter.cli.telling import in_words, indented, show, spoken, tell
from newsletter.errors import ConfigError, NewsletterError, UsageError, line_at_fault
from newsletter.masking import mask_values
from newsletter.model import Finding, Severity
from newsletter.settings import Settings, load_settings

__all__ = [
    "ConfigError",
    "Declined",
    "NewsletterError",
    "Ruled",
    "RuledGroup",
    "Rules",
    "Settings",
    "UsageError",
    "as_issue_id",
    "as_language",
    "as_local_time",
    "as_seconds",
    "as_share",
    "confirm",
    "gathered",
    "has_errors",
    "in_words",
    "indented",
    "insist",
    "json_option",
    "line_at_fault",
    "readable",
    "settings_of",
    "show",
    "spoken",
    "tell",
    "write_json",
    "write_lines",
    "write_pieces",
    "yes_option",
]

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")

_AT_ONCE = 1000  # pieces that are written together


def settings_of(_ctx: click.Context) -> Settings:
    """Load the settings of the newsletter in which the command runs."""
    return load_settings(Path())


def write_json(value: Any) -> None:
    """Write a report for machines to stdout; an iterator in it becomes a list, streamed."""
    write_pieces(_json_pieces(value))


def _is_limited() -> bool:
    """Return whether stdout cannot write every sign, which JSON then escapes."""
    return codecs.lookup(sys.stdout.encoding or "ascii").name != "utf-8"


def write_lines(lines: Iterable[str]) -> int:
    """Write lines to stdout as they come; return how many."""
    count = 0

    def counted() -> Iterator[str]:
        nonlocal count
        for line in lines:
            count += 1
            yield f"{line}\n"

    write_pieces(counted())
    return count


def write_pieces(pieces: Iterable[str]) -> None:
    """Write to stdout in chunks: a list may have a million pieces."""
    waiting = iter(pieces)
    while some := "".join(islice(waiting, _AT_ONCE)):
        sys.stdout.write(some)
    sys.stdout.flush()


def _json_pieces(value: Any) -> Iterator[str]:
    if isinstance(value, Iterator):
        yield from _json_list(value, "")
    elif isinstance(value, dict) and any(isinstance(v, Iterator) for v in value.values()):
        begin = "{"
        for key, inner in value.items():
            yield f"{begin}\n  {json.dumps(key)}: "
            begin = ","
            if isinstance(inner, Iterator):
                yield from _json_list(inner, "  ")
            else:
                text = json.dumps(mask_values(inner), ensure_ascii=_is_limited(), indent=2)
                yield text.replace("\n", "\n  ")
        yield "\n}"
    else:
        yield json.dumps(mask_values(value), ensure_ascii=_is_limited(), indent=2)
    yield "\n"


def _json_list(items: Iterator[Any], margin: str) -> Iterator[str]:
    """Yield a JSON list of any length, each item on its own line."""
    begin = "["
    for item in items:
        yield f"{begin}\n{margin}  {json.dumps(mask_values(item), ensure_ascii=_is_limited())}"
        begin = ","
    yield "[]" if begin == "[" else f"\n{margin}]"


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding forbids sending."""
    return any(finding.severity is Severity.ERROR for finding in findings)
