"""Merges two versions of a text that came from a common one, line by line.

A library would do (merge3), but its licence, the GPL, would bind all who pass this program on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

YOURS, BETWEEN, PACKAGE = "<<<<<<< yours", "=======", ">>>>>>> package"
MARKS_OF_CONFLICTS = "<<<<<<<, =======, >>>>>>>"  # as they are named to people

_START = rb"<{7} |\|{7} |>{7} "  # git's own marks, too
# In Markdown a line of equals signs makes a heading of the line above.
_MARK = re.compile(rb"(?m)^(?:" + _START + rb"|={7}\r?$)")
_MARK_IN_MARKDOWN = re.compile(rb"(?m)^(?:" + _START + rb")")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BOM = "\ufeff"  # some editors on Windows begin a file with it
# Pairs of equal lines that are still compared: a template has some thousands, and in two files of a
# hundred thousand empty lines the comparison would never end.
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Two versions in one."""

    text: str
    conflicts: tuple[int, ...]  # the lines at which they begin


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """Lines of the common text that a version has other lines for, or none."""

    start: int  # in the common text; where it equals `end`, lines were only added
    end: int
    first: int  # in the version
    last: int
    is_own: bool  # the version is yours


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Lines of the merged text: those of one version, or of both in conflict."""

    own: slice = field(default_factory=lambda: slice(0))
    package: slice = field(default_factory=lambda: slice(0))
    is_conflict: bool = False


def merge_texts(base: str, yours: str, package: str) -> Merged:
    """Merge two versions of a text; what cannot be decided stands between marks, both ways.

    Changes of neighbouring lines go together, as those of a list of colours do. The lines of yours
    stay as they are, to their ends; those of the package end as lines of yours do.
    """
    own, news = lines_of(yours), lines_of(package)
    return _written(_parts(_words(lines_of(base)), _words(own), _words(news)), own, news)


def mark_differences(yours: str, package: str) -> Merged:
    """Merge two texts of which nobody knows what they came from: each difference is a conflict."""
    parts = _differences(_words(lines_of(yours)), _words(lines_of(package)))
    return _written(parts, lines_of(yours), lines_of(package))


def are_comparable(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether comparing two texts line by line comes to an end in good time."""
    counts = Counter(new)
    return sum(counts[line] for line in old) <= _MOST_PAIRS


def first_mark(name: str, content: bytes) -> int | None:
    """Return the line of the first mark of a conflict in a template; None if there is none."""
    found = (_MARK_IN_MARKDOWN if name.endswith(".md") else _MARK).search(content)
    return content.count(b"\n", 0, found.start()) + 1 if found else None


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends, whatever these are."""
    return _LINE.findall(text)


def _written(parts: Iterable[_Part], own: Sequence[str], package: Sequence[str]) -> Merged:
    end = _usual_end(own) or _usual_end(package) or "\n"
    news = [line.rstrip("\r\n") + (end if line[-1] in "\r\n" else "") for line in package]
    merged: list[str] = []
    conflicts = []
    for part in parts:
        if part.is_conflict:
            conflicts.append(len(merged) + 1)
            sides = [YOURS, *own[part.own], BETWEEN, *news[part.package], PACKAGE]
            merged += [line if line.endswith(("\r", "\n")) else f"{line}{end}" for line in sides]
        else:
            merged += [*own[part.own], *news[part.package]]
    # What was the last line may be so no more.
    ended = [line if line[-1] in "\r\n" else f"{line}{end}" for line in merged[:-1]]
    return Merged(text="".join([*ended, *merged[-1:]]), conflicts=tuple(conflicts))


def _words(lines: Sequence[str]) -> list[str]:
    """Return lines as they are compared: how they end does not matter."""
    words = [line.rstrip("\r\n") for line in lines]
    return [words[0].removeprefix(_BOM), *words[1:]] if words else []


def _usual_end(lines: Sequence[str]) -> str:
    ends = Counter(line[len(line.rstrip("\r\n")) :] for line in lines)
    ends.pop("", None)
    return ends.most_common(1)[0][0] if ends else ""


def _parts(base: Sequence[str], own: Sequence[str], package: Sequence[str]) -> Iterator[_Part]:
    """Yield the parts of the merged text in order."""
    at = shift = package_shift = 0  # where we are in `base`, and how far off the others are
    for edits in _groups([*_edits(base, own, is_own=True), *_edits(base, package, is_own=False)]):
        start, end = edits[0].start, max(edit.end for edit in edits)
        yield _Part(own=slice(at + shift, start + shift))
        first, package_first = start + shift, start + package_shift
        for edit in edits:
            if edit.is_own:
                shift = edit.last - edit.end
            else:
                package_shift = edit.last - edit.end
        own_side = slice(first, end + shift)
        package_side = slice(package_first, end + package_shift)
        sides = {edit.is_own for edit in edits}
        if sides == {True}:
            yield _Part(own=own_side)
        elif sides == {False}:
            yield _Part(package=package_side)
        else:
            yield from _both(own, package, own_side, package_side)
        at = end
    yield _Part(own=slice(at + shift, len(own)))


def _differences(own: Sequence[str], package: Sequence[str]) -> Iterator[_Part]:
    at = 0
    for edit in _edits(own, package, is_own=False):
        yield _Part(own=slice(at, edit.start))
        sides = slice(edit.start, edit.end), slice(edit.first, edit.last)
        yield _Part(own=sides[0], package=sides[1], is_conflict=True)
        at = edit.end
    yield _Part(own=slice(at, len(own)))


def _groups(edits: list[_Edit]) -> Iterator[list[_Edit]]:
    """Yield edits that have to do with one another: those of the same lines, or at one place."""
    group: list[_Edit] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        is_alike = group and edit.start == edit.end == group[0].start == end
        if group and not (edit.start < end or is_alike):
            yield group
            group, end = [], 0
        group.append(edit)
        end = max(end, edit.end)
    if group:
        yield group


def _both(
    own: Sequence[str], package: Sequence[str], own_side: slice, package_side: slice
) -> Iterator[_Part]:
    """Yield what both versions changed; lines that are the same in both are no conflict."""
    ours, news = own[own_side], package[package_side]
    before = _alike(ours, news)
    after = _alike(ours[before:][::-1], news[before:][::-1])
    first, last = own_side.start + before, own_side.stop - after
    yield _Part(own=slice(own_side.start, first))
    inner = slice(package_side.start + before, package_side.stop - after)
    if first < last or inner.start < inner.stop:
        yield _Part(own=slice(first, last), package=inner, is_conflict=True)
    yield _Part(own=slice(last, own_side.stop))


def _alike(ours: Sequence[str], others: Sequence[str]) -> int:
    """Return how many lines at the beginning are the same."""
    pairs = enumerate(zip(ours, others, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(ours), len(others)))


def _edits(base: Sequence[str], version: Sequence[str], *, is_own: bool) -> Iterator[_Edit]:
    """Yield the differences of a version; one large one where finding them would take too long."""
    before = _alike(base, version)
    after = _alike(base[before:][::-1], version[before:][::-1])
    old, new = base[before : len(base) - after], version[before : len(version) - after]
    if are_comparable(old, new):
        codes = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    else:
        codes = [("replace", 0, len(old), 0, len(new))]
    for tag, start, end, first, last in codes:
        if tag != "equal":
            yield _Edit(
                start=start + before,
                end=end + before,
                first=first + before,
                last=last + before,
                is_own=is_own,
            )
