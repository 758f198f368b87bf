"""`newsletter subscribers import`: imports a list, shown before it is written."""

import csv
import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import click

from newsletter.audience import ImportOptions, People, Role, open_people, open_rows, write_refused
from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    confirm,
    gathered,
    in_words,
    json_option,
    readable,
    settings_of,
    show,
    tell,
    write_json,
    yes_option,
)
from newsletter.cli.import_sums import sum_up, tell_difference
from newsletter.cli.outputs import check_list, check_other, written
from newsletter.cli.private_data import secret_of, suppress_listed
from newsletter.content import names_in_use
from newsletter.files import open_file
from newsletter.intake import (
    Intake,
    import_list,
    open_intake,
)
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Import, staging
from newsletter.ledgers import ledger_of
from newsletter.model import Basis, Refusal, Standing

_SHOWN = 10  # rows of each kind that are shown
_STDIN = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command besides the list."""

    columns: tuple[str, ...]
    evidence: tuple[str, ...]
    answers: tuple[str, ...]
    refused_file: Path | None
    suppressions: bool
    basis: str | None
    yes: bool
    as_json: bool


@click.command("import", cls=Ruled)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "--columns",
    multiple=True,
    metavar="NAMES",
    help="Columns to keep besides; commas between them.",
)
@click.option(
    "--evidence",
    multiple=True,
    metavar="HEADER",
    help="A column that shows who agreed, besides those that are known; repeatable.",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="ID=ANSWER",
    help="Answers a question; repeatable.",
)
@click.option(
    "--refused",
    "refused_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rows that are not taken, to be mended and imported again.",
)
@click.option(
    "--suppressions",
    is_flag=True,
    help="FILE has addresses that get no mail, or keyed hashes of them, one a line.",
)
@click.option(
    "--basis",
    type=click.Choice([Basis.ORGANISATION.value, Basis.MEMBERSHIP.value]),
    help="Why those may be mailed of whom the list shows no consent.",
)
@yes_option
@json_option
@click.pass_context
@gathered(Options)
def command(ctx: click.Context, file: Path, options: Options) -> None:
    """Take in a list: CSV or Excel, as spreadsheets and newsletter services write it.

    Who would join, change or be refused is shown before it is written, and who would be mailed on
    what evidence. Nobody who left is brought back. FILE may be -, for stdin.

    \b
    Example:
      newsletter subscribers import people.csv
      newsletter subscribers import people.csv --columns Rooli --refused refused.csv
    """
    if file == _STDIN and not options.yes:
        raise UsageError(say("a list from stdin needs --yes: there is nothing left to answer with"))
    settings = settings_of(ctx)
    if options.refused_file:
        check_other(options.refused_file, file)
        check_list(settings, options.refused_file)
    if options.suppressions:
        others = (options.columns, options.evidence, options.answers)
        if any(others) or options.refused_file or options.basis:
            raise UsageError(say("--suppressions takes no option besides --yes and --json"))
        suppress_listed(ctx, file, yes=options.yes, as_json=options.as_json)
        return
    wishes = _wishes(settings, options)
    with _opened(file) as source, ExitStack() as stack:
        listed = open_people(source, "stdin" if file == _STDIN else readable(file), wishes=wishes)
        if listed.questions:
            _ask(listed, as_json=options.as_json)
            ctx.exit(1)
        ledger = ledger_of(settings)
        stack.callback(ledger.close)
        intake = stack.enter_context(open_intake(ledger, listed, secret_of(settings)))
        taken = _offer(listed, intake, readable(file.name), options)
        is_left = taken is None and intake.preview.writes
        ctx.exit(1 if is_left or intake.preview.refused else 0)


def _offer(listed: People, intake: Intake, name: str, options: Options) -> Import | None:
    """Show what would be imported, ask, and import it; None if nothing is."""
    print_line = tell if options.as_json else show
    for line in _described(listed, intake, options):
        print_line(line)
    if options.refused_file and intake.preview.refused:
        _write_refused(listed, intake, options.refused_file)
    taken = _take(intake, name, options)
    if options.as_json:
        _report(listed, intake, taken)
    return taken


def _wishes(settings: Settings, options: Options) -> ImportOptions:
    given = {}
    for answer in options.answers:
        id, equals, word = answer.rpartition("=")
        if not equals or not id:
            raise UsageError(
                say(
                    "--answer “{answer}”: expected ID=ANSWER, as the question shows it",
                    answer=answer,
                )
            )
        given[id] = word
    # As in a CSV: a header with a comma in it is quoted.
    try:
        named = [name.strip() for row in csv.reader(options.columns) for name in row]
    except csv.Error as err:
        raise UsageError(
            say("--columns: this cannot be read as names with commas between them")
        ) from err
    return ImportOptions(
        mapping=settings.import_.columns,
        columns=tuple(name for name in named if name),
        evidence=tuple(map(str.strip, options.evidence)),
        today=dt.datetime.now(settings.zone).date(),
        used=tuple(sorted(names_in_use([settings.root / "issues", settings.root / "templates"]))),
        answers=given,
    )


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Open a list that can be read more than once; stdin is copied to an unnamed file first."""
    if file != _STDIN:
        with open_file(file) as source:
            yield source
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        yield kept


def _take(intake: Intake, name: str, options: Options) -> Import | None:
    if not intake.preview.writes:
        tell(say("Nothing to write."))
        return None
    if not options.yes and not confirm(say("Write this?")):
        tell(say("Nothing was written."))
        return None
    taken = import_list(intake, name, dt.datetime.now(dt.UTC), _basis_of(options))
    tell(say("Written. “newsletter subscribers undo {number}” takes it back.", number=taken.id))
    return taken


def _basis_of(options: Options) -> Basis:
    return Basis(options.basis) if options.basis else Basis.UNKNOWN


def _write_refused(listed: People, intake: Intake, path: Path) -> None:
    headers = [column.header for column in listed.columns]
    address_at = next(c.place for c in listed.columns if c.role is Role.ADDRESS)
    with intake.read() as connection, written(path) as out:
        told = staging.list_refusals(connection)
        refusals = (refusal._replace(reason=in_words(refusal.reason)) for refusal in told)
        count = write_refused(refusals, headers, address_at=address_at, rows=open_rows(out))
    tell(say_many("It is in {file}.", "{n:,} refused rows are in {file}.", n=count, file=str(path)))


# --- what is shown ------------------------------------------------------------------------


def _ask(listed: People, *, as_json: bool) -> None:
    """Show what must be answered before anything is taken."""
    if as_json:
        write_json({"questions": [asdict(question) for question in listed.questions]})
        return
    for question in listed.questions:
        text = in_words(question.text)
        if question.lines:
            lines = ", ".join(map(str, question.lines))
            text += f" ({in_words(say('line {lines} ...', lines=lines))})"
        click.secho(text, bold=True)
        for choice, meaning in question.choices.items():
            show(say_list([f'    --answer "{question.id}={choice}"  ', meaning], between=""))
    tell(say("Nothing was written. Run the command again with an answer to each question."))


def _described(listed: People, intake: Intake, options: Options) -> Iterator[Wording]:
    """Yield what would be imported, line by line; of each kind the first rows."""
    yield from (say("note: {text}", text=note) for note in listed.notes)
    yield from _columns(listed)
    if until := intake.preview.sent_until:
        yield say(
            "comes from a ledger that had sent issues of dates up to {until}: to be noted",
            until=until,
        )
    preview = intake.preview
    with intake.read() as connection:
        for line, person in staging.list_joins(connection, _SHOWN):
            joins = say("line {line}: join {address}", line=line, address=person.address)
            is_active = person.standing is Standing.ACTIVE
            yield joins if is_active else _in_brackets(joins, person.standing.words)
        if (more := preview.joined - _SHOWN) > 0:
            yield say("... and {n:,} more that join", n=more)
        for difference in staging.list_differences(connection, _SHOWN):
            yield tell_difference(difference)
        if (more := preview.changed + preview.left - _SHOWN) > 0:
            yield say("... and {n:,} more that change", n=more)
        for refusal in staging.list_refusals(connection, _SHOWN):
            yield _refused(refusal)
        if (more := preview.refused - _SHOWN) > 0:
            yield say("... and {n:,} more that are refused (--refused FILE has them all)", n=more)
    yield from _mended(intake)
    yield from sum_up(preview, _basis_of(options))


def _in_brackets(text: Wording, more: Wording) -> Wording:
    return say_list([text, " (", more, ")"], between="")


def _refused(refusal: Refusal) -> Wording:
    return say(
        "line {line}: refused {text}: {reason}",
        line=refusal.line,
        text=refusal.text or say("(no address)"),
        reason=refusal.reason,
    )


def _mended(intake: Intake) -> Iterator[Wording]:
    for line, repair in intake.repairs.first:
        yield say(
            "line {line}: mended “{before}” -> “{after}”: {text}",
            line=line,
            before=repair.before,
            after=repair.after,
            text=repair.text,
        )
    if (more := intake.repairs.count - _SHOWN) > 0:
        yield say("... and {n:,} more that were mended", n=more)


def _columns(listed: People) -> Iterator[Wording]:
    slots = ", ".join(f"{{{{ {name} }}}}" for name in listed.slots)
    yield say("slots: {slots}", slots=slots)
    offered = [column.header.strip() for column in listed.columns if column.role is Role.OFFERED]
    if offered:
        yield say("left out: {columns} (--columns NAME keeps one)", columns=", ".join(offered))
    for column in listed.columns:
        if column.role is Role.UNUSABLE:
            yield say("left out: “{column}”: {why}", column=column.header.strip(), why=column.why)
        elif column.role in (Role.STANDING, Role.CONSENT):
            told = say("“{column}” says who may be mailed", column=column.header.strip())
            yield say_list([told, column.why], between=": ") if column.why else told
    if listed.evidence:
        yield say(
            "evidence of consent, kept with each who has any: {columns} (--answer "
            "evidence:NAME=none keeps none of a column)",
            columns=", ".join(listed.evidence),
        )


def _report(listed: People, intake: Intake, taken: Import | None) -> None:
    """Write the report for machines; its lists are neither capped nor held in memory."""
    preview = intake.preview
    with intake.read() as connection:
        joins = staging.list_joins(connection)
        changes = staging.list_differences(connection)
        refusals = staging.list_refusals(connection)
        write_json(
            {
                "import": taken.id if taken else None,
                "columns": [asdict(column) for column in listed.columns],
                "slots": list(listed.slots),
                "notes": list(listed.notes),
                "mailed": [{"evidence": e, "count": n} for e, n in preview.mailed.items()],
                "not_mailed": [
                    {"standing": s, "evidence": e, "count": n}
                    for (s, e), n in preview.kept_away.items()
                ],
                "evidence": {
                    "columns": list(listed.evidence),
                    **preview.proven._asdict(),
                    "none": sum(preview.mailed.values()) - preview.proven.joining,
                },
                "left": preview.left,
                "sent_until": preview.sent_until or None,
                "repaired": intake.repairs.count,
                "joins": ({"line": line, "email": p.address} for line, p in joins),
                "changes": ({"line": d.line, "email": d.after.address} for d in changes),
                "unchanged": preview.unchanged,
                "refused": ({"line": r.line, "text": r.text, "reason": r.reason} for r in refusals),
            }
        )
