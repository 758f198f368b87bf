"""Loads the pictures of an issue, and reports the line of one that is missing or unfit for mail."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsletter.errors import FindingsError
from newsletter.files import find_file, leads_out
from newsletter.model import Finding, Picture, rules
from newsletter.render.picture_files import DENSITY, PAGE_WIDTH, TooLargeError, load_picture


class _OutsideError(Exception):
    """A picture lies outside the newsletter's folder."""


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
        try:
            if file.exists() and leads_out(file, folder.parent):
                raise _OutsideError
            pictures[source] = load_picture(file, source, width=width, hosted=hosted)
        except Exception as err:  # decoders raise all kinds of errors for damaged files
            findings.append(_fault(source, err, width).at(line).in_file(path))
    if findings:
        raise FindingsError(tuple(findings))
    return pictures


def _fault(source: str, err: Exception, width: int) -> Finding:
    """Return what is wrong with a picture of an issue."""
    if isinstance(err, _OutsideError):
        return rules.IMAGE_MISSING.error(
            "“{source}” lies outside the newsletter's folder and is not mailed",
            "copy {name} into the folder issues/, and write its path from there",
            source=source,
            name=re.split(r"[/\\]", source)[-1],
        )
    if isinstance(err, FileNotFoundError):
        return rules.IMAGE_MISSING.error(
            "there is no picture “{source}”", "use a JPEG, PNG, GIF or WebP file", source=source
        )
    return format_fault(source, err, width)


def format_fault(source: str, err: Exception, width: int) -> Finding:
    """Return why a file cannot be made fit for mail, as a picture so many points wide."""
    if isinstance(err, TooLargeError):
        return rules.IMAGE_FORMAT.error(
            "“{source}” {fault}",
            "save it smaller: {width:,} pixels are wide enough here",
            source=source,
            fault=err.reason,
            width=DENSITY * width,
        )
    if source.lower().endswith((".svg", ".svgz")):
        return rules.IMAGE_FORMAT.error(
            "“{source}” is a drawing in SVG, which most mail programs do not show",
            "save it as a PNG, {width:,} pixels wide",
            source=source,
            width=DENSITY * width,
        )
    return rules.IMAGE_FORMAT.error(
        "“{source}” is not a picture", "use a JPEG, PNG, GIF or WebP file", source=source
    )
