"""Turns the rows of a list into entries, and gives the reason for each row that is refused."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from newsletter.addresses import check_address
from newsletter.audience.cells import (
    LONGEST_VALUE,
    clean_value,
    is_plain_name,
    is_plain_text,
    mend_address,
    mend_name,
    mend_text,
    no_language,
    repair,
    too_long,
    unguarded,
)
from newsletter.audience.entries import Entry, Mark, Repair, value_id
from newsletter.audience.evidence import Evidence
from newsletter.audience.sections import Section
from newsletter.audience.standings import MAY_BE_MAILED, NOT_AGREED, Kind, Verdict, canonical, judge
from newsletter.errors import AudienceError
from newsletter.language import Wording, language_of, say
from newsletter.model import Proof, Refusal, Standing
from newsletter.net import meant_domain

_REMEMBERED = 500  # values of a status column
_NAMES = frozenset({"name", "first_name", "last_name"})
# By what is kept: a quick check whether a cell can be kept as it is. A language never can.
_LOOKS_PLAIN: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(_NAMES, is_plain_name),
    "language": lambda _: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingColumn:
    """A column that says who may be mailed."""

    place: int
    kind: Kind
    header: str
    answers: Mapping[str, str]  # the answers of the editor
    codes: Set[str] = frozenset()  # letters that mean yes here, in lower case
    seen: dict[str, tuple[Verdict | None, str]] = field(default_factory=dict)
    first: dict[tuple[Verdict, str], str] = field(default_factory=dict)  # cells, by what they say
    judged: dict[str, str] = field(default_factory=dict)  # cells, and the first that says the same

    def canonical(self, cells: Sequence[str]) -> list[str]:
        """Return for each cell the first one with the same meaning, so that few need judging."""
        found = {cell: self._first(cell) for cell in set(cells)}
        return list(map(found.__getitem__, cells))

    def _first(self, cell: str) -> str:
        cell = cell if self.answers else canonical(self.kind, cell)
        if cell in self.judged:
            return self.judged[cell]
        verdict, evidence = self.read(cell)
        if verdict is None or len(self.first) >= _REMEMBERED:
            return cell
        first = self.first.setdefault((verdict, evidence), cell)
        if len(self.judged) < _REMEMBERED:
            self.judged[cell] = first
        return first

    def read(self, cell: str) -> tuple[Verdict | None, str]:
        """Return what a cell says, None if that is unknown, and the words that describe it."""
        known = self.seen.get(cell)
        if known is None:
            value = cell.strip()
            known = self._judge(value), self._evidence(value)
            if len(self.seen) < _REMEMBERED:
                self.seen[cell] = known
        return known

    def _judge(self, value: str) -> Verdict | None:
        answer = self.answers.get(value_id(self.header, value), "")
        if answer == "skip":
            return NOT_AGREED
        if answer:
            standing = Standing(answer)
            return MAY_BE_MAILED if standing is Standing.ACTIVE else Verdict(standing=standing)
        if value.casefold() in self.codes:
            return MAY_BE_MAILED
        found = judge(self.kind, self.header, value)
        if found is None and self.answers.get(f"column:{self.header.strip()}") == "left":
            return Verdict(standing=Standing.UNSUBSCRIBED)
        return found

    def _evidence(self, value: str) -> str:
        """Return header and value, without the parts that differ from row to row."""
        header = self.header.strip()
        is_word = value and len(value) <= 30 and not re.search(r"\d\d", value)
        return f"{header}={value.casefold()}" if is_word else header if value else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptColumn:
    """A column whose values are kept."""

    place: int
    name: str  # the name its values are stored under
    header: str
    seen: dict[str, tuple[str, Repair | None]] = field(default_factory=dict)

    def plain(self, cells: Sequence[str]) -> list[str | None]:
        """Return the value of each cell, None where there is something to report."""
        is_plain = _LOOKS_PLAIN.get(self.name, is_plain_text)
        found = {cell: cell if is_plain(cell) else self._plain(cell) for cell in set(cells)}
        return list(map(found.__getitem__, cells))

    def _plain(self, cell: str) -> str | None:
        try:
            value, mended = self.seen.get(cell) or self.read(cell)
        except AudienceError:
            return None
        return None if mended else value

    def read(self, cell: str) -> tuple[str, Repair | None]:
        """Return the value of a cell, and what was mended in it."""
        found = self._read(cell)
        if len(self.seen) < _REMEMBERED and len(cell) < 100:
            self.seen[cell] = found
        return found

    def _read(self, cell: str) -> tuple[str, Repair | None]:
        value = clean_value(cell)
        if len(value) > LONGEST_VALUE:
            raise AudienceError(too_long(self.header, value))
        mended, fault = mend_name(value) if self.name in _NAMES else mend_text(value)
        if self.name == "language" and mended:
            mended = _language(mended)
        return mended, repair(self.header, value, mended, fault) if fault else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the rows of a list are read."""

    header: Sequence[str]
    address: int  # index of its column
    kept: Sequence[KeptColumn]
    standings: Sequence[StandingColumn]
    departure: Standing | None  # everybody in the file has at least this standing
    departure_evidence: str  # the text that says so
    builds_name: bool  # built from first and last name
    evidence: Evidence = field(default_factory=Evidence)  # that people agreed
    is_own: bool  # our own export: everything in it was requested
    refuses: Wording | None = None  # the reason why none of these rows is taken
    domains: Mapping[str, str]  # misspelt domain -> "fix" or "skip"
    # by cells of standing
    heard: dict[tuple[str, ...], "RowStanding"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowStanding:
    """What a row says about whether somebody may be mailed."""

    standing: Standing | None = None
    evidence: str = ""
    refusal: Wording | None = None  # the reason it cannot be used


def read_row(plan: Plan, line: int, row: list[str]) -> Entry | Refusal:
    """Read one row; anybody who left is taken off the list even if the row is faulty otherwise."""
    width = len(plan.header)
    proof = None
    cells = row if len(row) == width else [*row, *[""] * (width - len(row))][:width]
    said = row_standing(plan, tuple([cells[column.place] for column in plan.standings]))
    try:
        repairs: list[Repair] = []
        address, name = _address(plan, cells[plan.address], repairs)
        try:
            if len(row) > width and "".join(row[width:]).strip():
                raise AudienceError(
                    say("{count} cells where the header has {width}", count=len(row), width=width)
                )
            if reason := plan.refuses or said.refusal:
                raise AudienceError(reason)
            values = {}
            if not is_bare(plan, said):
                values = _values(plan, cells, name, repairs)
                proof = _proof(plan, cells)
        except AudienceError:
            if not (said.standing and said.standing.is_left):
                raise
            values = {}
    except AudienceError as err:
        text = cells[plan.address].strip() or ", ".join(cell for cell in cells if cell.strip())
        return Refusal(line=line, text=text[:200], reason=err.words, cells=tuple(row))
    return Entry(
        line=line,
        address=address,
        values=values,
        standing=said.standing,
        evidence=said.evidence,
        repairs=tuple(repairs),
        proof=proof,
    )


def narrowed(plan: Plan, part: Section, answers: Mapping[str, str]) -> Plan:
    """Return how the rows of a part are read, given the editor's answers."""
    said: list[tuple[str, Wording]] = []
    if part.title:
        above = say("“{title}” above", title=part.title.text)
        said.append((answers.get(part.title.id, ""), above))
    said += [(answers.get(mark.question, ""), mark.words) for mark in Mark if part.marks & mark]
    for answer, why in said:
        if answer == "left":
            standing = (plan.departure or Standing.UNSUBSCRIBED).or_stricter(Standing.UNSUBSCRIBED)
            plan = replace(plan, departure=standing, departure_evidence=why, heard={})
        elif answer == "skip":
            refuses = say("left out as answered: {reason}", reason=why)
            plan = replace(plan, refuses=refuses, heard={})
    return plan


def is_bare(plan: Plan, said: RowStanding) -> bool:
    """Return whether only the address is kept of somebody."""
    return bool(said.standing and said.standing.is_left) and not plan.is_own


def row_standing(plan: Plan, heard: tuple[str, ...]) -> RowStanding:
    """Return what a row's cells of standing say about whether somebody may be mailed."""
    said = plan.heard.get(heard)
    if said is None:
        said = _judge_cells(plan, heard)
        if len(plan.heard) < _REMEMBERED:
            plan.heard[heard] = said
    return said


# --- who may be mailed --------------------------------------------------------------------


def _judge_cells(plan: Plan, heard: tuple[str, ...]) -> RowStanding:
    standing, evidence = plan.departure, plan.departure_evidence if plan.departure else ""
    refusal: Wording | None = None
    speaks_for: list[str] = []
    for column, cell in zip(plan.standings, heard, strict=True):
        verdict, said = column.read(cell)
        if verdict is None:
            refusal = refusal or _unknown(column, cell.strip())
        elif not verdict.agreed:
            header = column.header.strip()
            refusal = refusal or say("“{header}” does not say that they agreed", header=header)
        elif verdict.standing is None:
            if said and column.kind is not Kind.LEFT:
                speaks_for.append(said)
        elif standing is None or standing.or_stricter(verdict.standing) is not standing:
            standing, evidence = verdict.standing, said
    if standing is None:
        evidence = ", ".join(speaks_for)
    return RowStanding(standing=standing, evidence=evidence, refusal=refusal)


def _unknown(column: StandingColumn, value: str) -> Wording:
    shown, names = value[:40], ", ".join(Standing)
    if column.kind is not Kind.OWN:
        head = column.header.strip()
        return say("“{value}” in “{header}” is not known", value=shown, header=head)
    if not value:
        return say("the standing is empty; write one of {names}", names=names)
    return say("“{value}” is not a standing; write one of {names}", value=shown, names=names)


# --- what is kept -------------------------------------------------------------------------


def _address(plan: Plan, cell: str, repairs: list[Repair]) -> tuple[str, str]:
    """Return the address of a cell, and the name that stood before it."""
    address, name = _as_written(cell), ""
    if not address:
        mended = mend_address(unguarded(cell))
        address, name = mended.address, mended.name
        if mended.fault:
            header = plan.header[plan.address].strip()
            repairs.append(repair(header, cell, address, mended.fault))
    if plan.domains:
        local, _, domain = address.rpartition("@")
        answer = plan.domains.get(domain)
        if answer == "skip":
            raise AudienceError(say("“@{domain}” is misspelt", domain=domain))
        if answer == "fix":
            fixed = f"{local}@{meant_domain(domain)}"
            header = plan.header[plan.address].strip()
            repairs.append(repair(header, address, fixed, say("misspelt domain")))
            address = fixed
    return address, name


def _as_written(cell: str) -> str:
    """Return the address that a cell is, "" if something in it must be mended first."""
    if cell[:1] in ("'", "’"):  # a spreadsheet's mark of text, or our own guard
        return ""
    try:
        return check_address(cell)
    except AudienceError:
        return ""


def _values(plan: Plan, cells: Sequence[str], name: str, repairs: list[Repair]) -> dict[str, str]:
    values: dict[str, str] = {}
    for column in plan.kept:
        cell = cells[column.place]
        value, mended = column.seen.get(cell) or column.read(cell)
        values[column.name] = value
        if mended:
            repairs.append(mended)
    if plan.builds_name:
        both = (values.get("first_name", ""), values.get("last_name", ""))
        values["name"] = " ".join(part for part in both if part)
    if name and not values.get("name"):
        values["name"] = mend_name(clean_value(name))[0]
    return values


def _proof(plan: Plan, cells: Sequence[str]) -> Proof | None:
    told = plan.evidence.of_row(cells)
    if isinstance(told, str):
        raise AudienceError(told)
    return told


def _language(text: str) -> str:
    code = language_of(text)
    if code is None:
        raise AudienceError(no_language(text[:40]))
    return code
