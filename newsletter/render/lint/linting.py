"""Lints the templates of a look: what MJML and mail programs would drop in silence, by its line."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from newsletter.model import Finding, rules
from newsletter.render.chain import Look
from newsletter.render.lint.inventory import Shelf, TemplateFile, shelf_of, shipped_names
from newsletter.render.lint.leftovers import (
    lost_parts,
    missing_files,
    unused_classes,
    unused_file,
    unused_files,
    written_classes,
)
from newsletter.render.lint.marking import judge, told, too_many_tags
from newsletter.render.lint.statements import too_many_statements, unmatched_statements
from newsletter.render.lint.style_tables import FILE as STYLE
from newsletter.render.lint.style_tables import (
    Entry,
    entries_of,
    judge_entries,
    unknown_names,
)
from newsletter.render.lint.styling import judge_styles, judge_styles_within
from newsletter.render.lint.whereabouts import Parents, around, parents_in, units_of
from newsletter.render.template_faults import placed

Found = tuple[int, Finding]  # offset, and what is found there

_MOST = 200  # findings about one file: nobody reads more
_MOST_FAULTS = 2_000  # before the same ones count once


def lint_templates(look: Look) -> tuple[Finding, ...]:
    """Return what is wrong with the templates of a look; the package's own are not looked at."""
    shelf = shelf_of(look)
    if not any(files[0].is_own for files in shelf.values()):
        return ()
    found = _lint(tuple(shelf.items()))
    return tuple(placed(finding, look, str(file.path), finding.line) for file, finding in found)


@lru_cache(maxsize=4)
def _lint(
    items: tuple[tuple[str, tuple[TemplateFile, ...]], ...],
) -> tuple[tuple[TemplateFile, Finding], ...]:
    """Return what is wrong with each file; kept, as most files are as they were a moment ago."""
    shelf = dict(items)
    lint = _Lint(_judgeable(shelf))
    own = [file for files in shelf.values() for file in files if file.is_own]
    return tuple((file, finding) for file in own for finding in lint.findings_in(file)[:_MOST])


def _judgeable(shelf: Shelf) -> Shelf:
    """Return the templates, those empty that are too large or too deeply nested to be read."""
    return {
        name: tuple(
            replace(one, text="") if one.is_own and _excess_in(one) else one for one in files
        )
        for name, files in shelf.items()
    }


@lru_cache(maxsize=512)
def _excess_in(file: TemplateFile) -> Found | None:
    """Return what is too much about a template, and where; None if it can be judged."""
    plain = file.plain
    if found := next(too_many_statements(plain), None) or next(too_many_tags(plain), None):
        return found
    try:
        units_of(file)
    except RecursionError:  # a limit that is not known here
        return 0, rules.TEMPLATE.error(
            "this template is too deeply nested to be checked", "write it in a simpler way"
        )
    return None


class _Lint:
    """What is known of all files, to judge one."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._parents: Parents = parents_in(shelf)
        self._classes, self._begun = written_classes(shelf)
        self._shipped = shipped_names()
        self._unused = unused_files(shelf, self._shipped)

    def findings_in(self, file: TemplateFile) -> list[Finding]:
        """Return what is wrong with a file, line by line."""
        if excess := _excess_in(file):
            return [excess[1].at(file.plain.line_of(excess[0]))]
        faults = islice(self._faults(file), _MOST_FAULTS)
        found = [finding.at(file.plain.line_of(at)) for at, finding in faults]
        if file.name.endswith(STYLE):
            found += self._of_style(file)
        if file.name in self._unused:
            found.append(unused_file(file.name, self._shipped))
        return sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0)

    def _faults(self, file: TemplateFile) -> Iterator[Found]:
        yield from unmatched_statements(file.plain)
        yield from missing_files(file, self._shelf)
        if file.name.endswith(".css"):
            yield from judge_styles(file.plain.text)
            yield from unused_classes(file, self._classes, self._begun)
        elif file.name.endswith(".mjml"):
            yield from self._markup(file)
            yield from judge_styles_within(file.plain.text)
        yield from lost_parts(file, self._shelf)

    def _markup(self, file: TemplateFile) -> Iterator[Found]:
        line_of = file.plain.line_of
        for unit in units_of(file):
            for mismatch in unit.reading.mismatches:
                other = line_of(mismatch.other.start) if mismatch.other else None
                yield mismatch.tag.start, told(mismatch, other)
            parents = self._parents.get((file, unit.block), frozenset())
            for piece, one in unit.reading.pieces():
                yield from judge(piece, around(one, parents))

    def _of_style(self, file: TemplateFile) -> Iterator[Finding]:
        shipped: dict[str, Entry] = {}
        for one in reversed(self._shelf.get(STYLE, ())):
            if not one.is_own:
                shipped |= entries_of(one.text)
        others = (f.text for files in self._shelf.values() for f in files if f.name != STYLE)
        used = "\n".join(others)
        yield from unknown_names(file.text, shipped, used)
        yield from judge_entries(entries_of(file.text), shipped, used)
