"""Opens a list of people: what its columns are, what must be asked, and its rows as a stream."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import BinaryIO

from newsletter.audience import questions
from newsletter.audience.columns import Layout, lay_out
from newsletter.audience.encodings import Encoding, find_encoding
from newsletter.audience.entries import (
    Column,
    Entry,
    ImportOptions,
    Question,
    Role,
    value_id,
)
from newsletter.audience.file_names import departure_of, may_list_leavers
from newsletter.audience.list_tables import Recognise, Table, read_text_table
from newsletter.audience.meanings import (
    SENT_UNTIL,
    address_places,
    is_own_export,
    kinds_of,
    known_columns,
    newest_day,
)
from newsletter.audience.row_blocks import Batch, read_batch
from newsletter.audience.rows import KeptColumn, Plan, StandingColumn, narrowed
from newsletter.audience.sections import walk
from newsletter.audience.standings import LONGEST_NOTE, Kind, standing_of_all
from newsletter.audience.survey import Survey, codes_of, look_through
from newsletter.errors import AudienceError
from newsletter.language import say, say_list
from newsletter.model import Refusal, Standing
from newsletter.net import meant_domain

_LINES_SHOWN = 3
_ROWS_SEARCHED = 100_000  # for the lines of questions
_BY_NAME = say("name of the file")
_EVERYBODY = ("left", "all")  # answers that say who left


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A list of people that has been surveyed; iterating over it yields its rows."""

    columns: tuple[Column, ...]
    questions: tuple[Question, ...]  # while any is open, no rows are yielded
    slots: tuple[str, ...]  # names that issues can use from now on
    notes: tuple[str, ...]  # notes about the file
    departure: Standing | None  # the whole file is of people who left
    sent_until: str  # day of the newest issue sent by the ledger it comes from, if the file says so
    rows: int  # rows with content, without the header
    table: Table
    plan: Plan
    wishes: ImportOptions

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return the headers of the columns that show who agreed."""
        return tuple(column.header for column in self.plan.evidence.columns)

    def __iter__(self) -> Iterator[Entry | Refusal]:
        """Yield each row as an entry or a refusal; raise AudienceError while a question is open."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[Batch]:
        """Yield the rows in batches; raise AudienceError while a question is open."""
        if self.questions:
            shown = self.questions[:5]
            asked = say_list((say_list((q.text, f" ({q.option})"), "") for q in shown), "; ")
            raise AudienceError(say("to be answered first: {questions}", questions=asked))
        answers = self.wishes.answers
        plans: dict[tuple[str, int], Plan] = {}  # by the title above the row, and marks
        stretches = walk(self.table, partial(known_columns, wishes=self.wishes))
        for section in chain.from_iterable(stretches):
            part = section.title.id if section.title else "", section.marks
            plan = plans.get(part)
            if plan is None:
                plan = plans[part] = narrowed(self.plan, section, answers)
            if not section.is_title or answers.get(part[0]) == "rows":
                yield read_batch(plan, section)


def open_people(file: BinaryIO, name: str, *, wishes: ImportOptions | None = None) -> People:
    """Survey a list; `file` can be read from its beginning more than once.

    Raise AudienceError, naming file and line, if it cannot be read as a list.
    """
    wishes = wishes or ImportOptions()
    questions.check_answers(wishes.answers)
    recognise = partial(known_columns, wishes=wishes)
    table, encoding = _open_table(file, name, recognise, wishes.answers)
    header = table.header
    survey = look_through(
        table, address_places(header, wishes), kinds_of(header, wishes), recognise
    )
    left = _departure((name, table.title), header, survey, wishes)
    if left.standing:  # whatever the notes in it say
        for find in survey.finds:
            find.leaving_values.clear()
    layout = lay_out(header, survey, wishes)
    asked = [*left.asked, *_of_parts(table, survey, wishes), *layout.questions]
    if len(table.sheets) > 1 and wishes.answers.get("sheet", "") not in map(str, table.sheets):
        asked.insert(0, questions.sheet_choice_question(table.sheets))
    asked += _typos(layout, survey, wishes)
    if encoding and not encoding.is_sure:
        asked.insert(0, questions.encoding_question(encoding, name))
    plan = _plan(layout, left, survey, wishes)
    return People(
        columns=tuple(column for _, column in sorted(layout.columns.items())),
        questions=_with_lines(table, plan, survey, asked),
        slots=_slots(layout),
        notes=(*table.notes, *left.notes),
        departure=left.standing,
        sent_until=_sent_until(layout, survey, name),
        rows=survey.rows,
        table=table,
        plan=plan,
        wishes=wishes,
    )


# --- the table ----------------------------------------------------------------------------


def _open_table(
    file: BinaryIO, name: str, recognise: Recognise, answers: Mapping[str, str]
) -> tuple[Table, Encoding | None]:
    """Return the table of a file, and the encoding of one that is text."""
    file.seek(0)
    if file.read(4) == b"PK\x03\x04":
        # Only a workbook needs the library, which takes longer to import than everything else.
        from newsletter.audience.workbooks import read_workbook  # noqa: PLC0415

        return read_workbook(file, name, recognise, answer=answers.get("sheet", "")), None
    encoding = find_encoding(file, name, answer=answers.get("encoding", ""))
    return read_text_table(file, name, encoding, recognise), encoding


# --- files of people who left -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Departure:
    """Whether a whole file is of people who left."""

    standing: Standing | None = None
    by: str = ""  # the text that says so
    notes: tuple[str, ...] = ()
    asked: tuple[Question, ...] = ()


def _departure(
    names: Sequence[str], header: Sequence[str], survey: Survey, wishes: ImportOptions
) -> _Departure:
    answer = wishes.answers.get("file", "")
    if answer == "rows":
        return _Departure()
    if left := _by_name(names, answer):
        return left
    for place, head in enumerate(header):
        if standing := standing_of_all(head):
            if survey.finds[place].gaps and answer not in _EVERYBODY:
                return _Departure(asked=(questions.empty_cell_question(head, standing),))
            note = say(
                "“{header}”: everybody in this file left ({standing})",
                header=head.strip(),
                standing=standing.words,
            )
            return _Departure(standing=standing, by=head.strip(), notes=(note,))
    return _Departure()


def _by_name(names: Sequence[str], answer: str) -> _Departure | None:
    """Return what the name of a file or of its sheet says; None if nothing."""
    if standing := next(filter(None, map(departure_of, names)), None):
        note = say(
            "its name says that everybody in the file left ({standing}); nobody becomes active (if "
            "its rows say who left: --answer file=rows)",
            standing=standing.words,
        )
        return _Departure(standing=standing, by=_BY_NAME, notes=(note,))
    leaving_values = next(filter(may_list_leavers, names), "")
    if leaving_values and answer not in _EVERYBODY:
        return _Departure(asked=(questions.leavers_file_question(leaving_values),))
    return _Departure(standing=Standing.UNSUBSCRIBED, by=_BY_NAME) if leaving_values else None


def _of_parts(table: Table, survey: Survey, wishes: ImportOptions) -> list[Question]:
    """Ask about titles inside the list, and about rows that are hidden or struck through."""
    found = [questions.title_question(titles) for titles in survey.parts.titles.values()]
    found += [questions.mark_question(m, lines) for m, lines in sorted(survey.parts.marked.items())]
    if table.struck_ranges:
        found.append(questions.strike_rule_question(table.struck_ranges))
    if table.comments:
        found.append(questions.comments_question(table.comments))
    found += map(questions.unread_sheet_question, filter(may_list_leavers, table.unread))
    return [q for q in found if wishes.answers.get(q.id) not in q.choices]


# --- how rows are read --------------------------------------------------------------------


def _plan(layout: Layout, left: _Departure, survey: Survey, wishes: ImportOptions) -> Plan:
    (address,) = layout.places(Role.ADDRESS)
    standings = [
        StandingColumn(
            place=place,
            kind=kind,
            header=layout.header[place],
            answers=wishes.answers,
            codes=codes_of(survey.finds[place], kind),
        )
        for place, kind in layout.kinds.items()
    ]
    return Plan(
        header=layout.header,
        address=address,
        kept=[
            KeptColumn(place=place, name=stored, header=layout.header[place].strip())
            for place, stored in layout.stored.items()
        ],
        standings=standings,
        departure=left.standing,
        departure_evidence=left.by,
        builds_name=layout.builds_name,
        evidence=layout.evidence,
        is_own=is_own_export(layout.header),
        domains={
            id.removeprefix("typo:"): answer
            for id, answer in wishes.answers.items()
            if id.startswith("typo:")
        },
    )


def _sent_until(layout: Layout, survey: Survey, name: str) -> str:
    """Return up to when the ledger behind an export had sent issues; all rows say the same."""
    found = [survey.finds[place].values for place in layout.places(Role.HISTORY)]
    try:
        return newest_day(value for values in found for value in sorted(values or ["?"]))
    except ValueError as err:
        raise AudienceError(
            say(
                "{file}: “{column}” holds “{value}”, which is not a day; write the one on which "
                "the newest issue was sent, such as 2026-11-15",
                file=name,
                column=SENT_UNTIL,
                value=str(err),
            )
        ) from err


def _slots(layout: Layout) -> tuple[str, ...]:
    names = [*layout.stored.values()]
    built = ["name"] if layout.builds_name else []
    return tuple(dict.fromkeys(["email", *built, *names]))


def _typos(layout: Layout, survey: Survey, wishes: ImportOptions) -> list[Question]:
    (address,) = layout.places(Role.ADDRESS)
    return [
        questions.domain_question(domain, meant_domain(domain))
        for domain in sorted(survey.finds[address].slips)
        if f"typo:{domain}" not in wishes.answers
    ]


def _with_lines(
    table: Table, plan: Plan, survey: Survey, asked: Sequence[Question]
) -> tuple[Question, ...]:
    """Return the questions, each with the first lines it is about."""
    leaving_values = {
        f"column:{head.strip()}": (place, find.leaving_values)
        for place, (head, find) in enumerate(zip(table.header, survey.finds, strict=True))
        if find.leaving_values
    }
    lines: dict[str, list[int]] = {
        q.id: [] for q in asked if q.id in leaving_values or q.id.startswith(("value:", "typo:"))
    }
    if lines:
        rows = (zip(block.lines, block.rows, strict=True) for block in table.blocks())
        for count, (line, cells) in enumerate(chain.from_iterable(rows)):
            for id in _ids_in(plan, leaving_values, cells) & lines.keys():
                lines[id].append(line)
            full = all(len(found) >= _LINES_SHOWN for found in lines.values())
            if full or count >= _ROWS_SEARCHED:
                break
    return tuple(
        replace(q, lines=tuple(lines[q.id][:_LINES_SHOWN])) if q.id in lines else q for q in asked
    )


def _ids_in(
    plan: Plan, leaving_values: Mapping[str, tuple[int, Set[str]]], cells: Sequence[str]
) -> set[str]:
    ids = {
        value_id(column.header, cells[column.place])
        for column in plan.standings
        if column.kind is not Kind.OWN and column.place < len(cells)
    }
    if plan.address < len(cells):
        ids.add(f"typo:{cells[plan.address].rpartition('@')[2].strip().lower()}")
    ids.update(
        id
        for id, (place, values) in leaving_values.items()
        if place < len(cells) and cells[place][:LONGEST_NOTE] in values
    )
    return ids
