"""Reads a file that begins with front matter and is no issue: its values, its body, its faults."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.content.issuefiles import read_text, stop
from newsletter.content.plainyaml import BrokenYamlError, read_yaml
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadedFile:
    """A file split in two."""

    name: str  # as the editor knows it, such as “meetings/teemapaiva.md”
    values: Mapping[str, Any]
    lines: Mapping[str, int]  # of each key, such as “seats.remote”
    body: str
    body_line: int  # on which the body begins
    findings: tuple[Finding, ...]  # where YAML reads something other than a person would

    def line_of(self, *keys: object) -> int:
        """Return the line of a key, or else of the one that it stands below."""
        path = [str(key) for key in keys]
        while path and ".".join(path) not in self.lines:
            path.pop()
        return self.lines.get(".".join(path), 1)


def read_headed(
    path: Path, rule: Rule, *, example: Wording, wordless: Collection[str]
) -> HeadedFile:
    """Read a file; raise FindingsError for one that cannot be split, by the rule that is given.

    `example` are the first lines that such a file may begin with, `wordless` keys whose values are
    not text.
    """
    name = f"{path.parent.name}/{path.name}"
    lines = read_text(path, name).split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        raise stop(rule, name, say("no front matter"), example, line=1)
    try:
        reading = read_yaml("\n".join(lines[1:end]), first=2, wordless=wordless)
    except BrokenYamlError as err:
        fault = err.fault
        raise stop(rule, name, fault.message, fault.hint, line=fault.line) from err
    faults = (rule.error(fault.message, fault.hint, line=fault.line) for fault in reading.faults)
    return HeadedFile(
        name=name,
        values=reading.values,
        lines=reading.lines,
        body="\n".join(lines[end + 1 :]).strip("\n"),
        body_line=next((n + 1 for n in range(end + 1, len(lines)) if lines[n].strip()), end + 2),
        findings=tuple(fault.in_file(name) for fault in faults),
    )
