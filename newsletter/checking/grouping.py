"""Groups findings as an editor reads them: what repeats is one finding with several places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.language import Wording
from newsletter.model import Counterpart, Finding

Section = tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one rule in one file that differ in nothing but their places and words."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """Return the finding that stands for all of them."""
        return self.findings[0]

    @property
    def lines(self) -> tuple[int, ...]:
        """Return the other lines on which the very same is found."""
        same = {f.line for f in self.findings if f.line and f.message == self.first.message}
        return tuple(sorted(same - {self.first.line}))

    def others(self) -> Iterator[tuple[int | None, str]]:
        """Yield the places with words of their own: the line, and the words."""
        names = self._differing()
        for finding in dict.fromkeys(f for f in self.findings if f.message != self.first.message):
            own = finding.message
            if len(names) == 1 and isinstance(finding.message, Wording):
                value = finding.message.values[names[0]]
                own = value if isinstance(value, str) else own
            yield finding.line, own

    def _differing(self) -> list[str]:
        """Return the names of the values in which the messages differ."""
        messages = [f.message for f in self.findings if isinstance(f.message, Wording)]
        names = {name: None for message in messages for name in message.values}
        return [name for name in names if len({m.values.get(name) for m in messages}) > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands on a line of one language, or that nothing does."""

    line: int
    words: str  # empty if it is lacking here


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A passage in two languages that do not say the same."""

    original: tuple[Cell, ...]
    translation: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All in which a translation and its original differ, passage by passage."""

    original: str  # the file's name
    translation: str
    ids: tuple[str, ...]  # of the rules
    rows: tuple[Row, ...]


def group(findings: Iterable[Finding]) -> list[Group]:
    """Return findings by file, rule and kind of words, each group where its first one stands."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_kind(finding), []).append(finding)
    return [Group(findings=tuple(alike)) for alike in groups.values()]


def compare(findings: Iterable[Finding]) -> list[Comparison]:
    """Return what findings tell of two languages, side by side; each pair of files once."""
    pairs: dict[tuple[str, str], list[tuple[Finding, Counterpart]]] = {}
    for finding in findings:
        if there := finding.counterpart:
            pair = finding.path, there.path
            pairs.setdefault(pair[::-1] if there.is_original else pair, []).append((finding, there))
    return [
        Comparison(
            original=original,
            translation=translation,
            ids=tuple(sorted({finding.id for finding, _ in found})),
            rows=tuple(_rows(found)),
        )
        for (original, translation), found in pairs.items()
    ]


def _kind(finding: Finding) -> object:
    """Return what findings of one group have in common.

    A hint may name what the message names, which differs from place to place, and nothing else.
    """
    told, hint = finding.message, finding.hint
    named = told.values if isinstance(told, Wording) else {}
    told_kind = (isinstance(told, Wording) and (told.template, told.plural)) or told
    hint_kind: object = hint
    if isinstance(hint, Wording) and hint.template:
        own = {(name, value) for name, value in hint.values.items() if named.get(name) != value}
        hint_kind = hint.template, frozenset(own)
    return finding.path, finding.severity, finding.id, told_kind, hint_kind


def _rows(found: list[tuple[Finding, Counterpart]]) -> Iterator[Row]:
    """Yield what differs, section by section; where there are no common ones, one by one."""
    sections: dict[object, list[tuple[Finding, Counterpart]]] = {}
    for number, (finding, there) in enumerate(found):
        sections.setdefault(there.section or number, []).append((finding, there))
    rows = map(_row, sections.values())
    yield from sorted(rows, key=lambda row: (row.original[0].line, row.translation[0].line))


def _row(found: list[tuple[Finding, Counterpart]]) -> Row:
    cells: dict[bool, list[Cell]] = {True: [], False: []}  # those of the original, and the others
    for finding, there in found:
        cells[there.is_original].append(Cell(line=there.line, words=there.words))
        if there.instead:
            own = Cell(line=finding.line or 1, words=there.instead)
            cells[not there.is_original].append(own)
    finding, there = found[0]
    if not cells[not there.is_original]:
        cells[not there.is_original] = [Cell(line=finding.line or 1, words="")]
    return Row(original=_in_order(cells[True]), translation=_in_order(cells[False]))


def _in_order(cells: list[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(dict.fromkeys(cells), key=lambda cell: cell.line))
