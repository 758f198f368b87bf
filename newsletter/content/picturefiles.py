"""Finds missing pictures of an issue, and those outside the newsletter's folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from newsletter.files import find_file
from newsletter.language import Wording, closest, say
from newsletter.model import Finding, Issue, rules, sources_in, walk

_MOST_WORDS = 20  # behind a file, or in its name
_QUOTES = "\"'“”„«»‘’ "


def find_missing_pictures(issue: Issue, folder: Path, root: Path) -> list[Finding]:
    """Return a finding for each picture that is not below the newsletter's folder.

    `folder` is that of the issues, and may itself be a link to elsewhere.
    """
    homes = (root.resolve(), folder.resolve())
    return [
        fault.at(line).in_file(issue.path)
        for source, line in _named(issue)
        if (fault := _fault(folder, homes, issue.id, source))
    ]


def _named(issue: Issue) -> Iterator[tuple[str, int]]:
    yield from issue.picture_sources
    for block in walk(issue.blocks):
        for source in sources_in(block):
            if source.lower().startswith("file:"):
                yield source, block.line


def _fault(folder: Path, homes: tuple[Path, ...], issue_id: str, source: str) -> Finding | None:
    """Return what is wrong with a picture; links are followed first."""
    try:
        path = find_file(folder, source)
        is_inside = _is_below(path, homes)
        if is_inside and path.is_file():
            return None
    except (OSError, ValueError, RuntimeError):  # a loop of links, or an invalid file name
        is_inside = True
    message = say("there is no picture “{source}”", source=source)
    if not is_inside or source.lower().startswith("file:"):
        message = say("the picture “{source}” lies outside the newsletter’s folder", source=source)
    return rules.IMAGE_MISSING.error(message, _hint(folder, homes, issue_id, source))


def _is_below(path: Path, homes: tuple[Path, ...]) -> bool:
    resolved = path.resolve()
    return any(resolved.is_relative_to(home) for home in homes)


def _hint(folder: Path, homes: tuple[Path, ...], issue_id: str, source: str) -> Wording:
    """Return the exact path to write, if the picture exists after all."""
    clean = source.strip(_QUOTES).replace("\\", "/").removeprefix("./")
    name = clean.rpartition("/")[2]
    for meant in (clean, clean.removeprefix(f"{folder.name}/"), f"{issue_id}/{name}", name):
        path = find_file(folder, meant) if name and not meant.startswith("/") else folder
        if meant != source and path.is_file() and _is_below(path, homes):
            return say("did you mean “{name}”?", name=meant)
    if re.match(r"[A-Za-z]+:|[~/\\]|\.\.", source):
        return say(
            "copy it to {folder}/{issue}/, and write {issue}/{name}",
            folder=folder.name,
            issue=issue_id,
            name=name,
        )
    if words := _words_behind(folder, clean):
        return say("write “{words}” on the next line, not behind the file", words=words)
    beside = (folder / clean).parent
    there = [path.name for path in beside.iterdir()] if beside.is_dir() else []
    if close := closest(name, there, likeness=0.7):
        meant = source.removesuffix(name) + close
        return say("did you mean “{name}”?", name=meant)
    return say("paths are looked for from {folder}/", folder=folder.name)


def _words_behind(folder: Path, source: str) -> str:
    """Return what an author wrote behind the name of a file that is there."""
    parts = source.split(" ")[:_MOST_WORDS]
    for count in range(len(parts) - 1, 0, -1):
        if find_file(folder, " ".join(parts[:count])).is_file():
            return " ".join(source.split(" ")[count:])
    return ""
