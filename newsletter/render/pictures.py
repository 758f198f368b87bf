"""Loads the pictures of an issue, and reports the line of one that is missing or unfit for mail."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsletter.errors import FindingsError
from newsletter.files import find_file
from newsletter.language import say
from newsletter.model import Finding, Picture, rules
from newsletter.render.picture_files import DENSITY, PAGE_WIDTH, TooLargeError, load_picture


def load_pictures(
    sources: Iterable[tuple[str, int]],
    folder: Path,
    path: str,
    *,
    widths: Mapping[str, int] | None = None,
    hosted: bool = False,
) -> dict[str, Picture]:
    """Load pictures, given as (source, line), beside an issue; raise FindingsError for bad ones.

    `widths` has the widest place in which each is shown. Hosted pictures come in two densities.
    """
    pictures: dict[str, Picture] = {}
    findings = []
    for source, line in sources:
        width = (widths or {}).get(source, PAGE_WIDTH)
        file = find_file(folder, source)
        if _is_outside(file, folder.parent):
            findings.append(_outside(source, path, line))
            continue
        try:
            pictures[source] = load_picture(file, source, width=width, hosted=hosted)
        except TooLargeError as err:
            findings.append(_too_large(source, path, line, err, width))
        except Exception as err:  # decoders raise all kinds of errors for damaged files
            findings.append(_unreadable(source, path, line, err))
    if findings:
        raise FindingsError(tuple(findings))
    return pictures


def _is_outside(file: Path, root: Path) -> bool:
    """Return whether a file is outside the newsletter's folder, links followed."""
    try:
        return file.exists() and not file.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a loop of links: no file, as reading it will report
        return False


def _outside(source: str, path: str, line: int) -> Finding:
    name = re.split(r"[/\\]", source)[-1]
    return rules.IMAGE_MISSING.error(
        path,
        line=line,
        message=say(
            "“{source}” lies outside the newsletter's folder and is not mailed", source=source
        ),
        hint=say("copy {name} into the folder issues/, and write its path from there", name=name),
    )


def _too_large(source: str, path: str, line: int, err: TooLargeError, width: int) -> Finding:
    return rules.IMAGE_FORMAT.error(
        path,
        line=line,
        message=say("“{source}” {fault}", source=source, fault=err.reason),
        hint=say("save it smaller: {width:,} pixels are wide enough here", width=DENSITY * width),
    )


def _unreadable(source: str, path: str, line: int, err: Exception) -> Finding:
    hint = say("use a JPEG, PNG, GIF or WebP file")
    if isinstance(err, FileNotFoundError):
        message = say("there is no picture “{source}”", source=source)
        return rules.IMAGE_MISSING.error(path, message, hint=hint, line=line)
    message = say("“{source}” is not a picture", source=source)
    return rules.IMAGE_FORMAT.error(path, message, hint=hint, line=line)
