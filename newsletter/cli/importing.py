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
    confirm,
    gathered,
    json_option,
    plural,
    readable,
    settings_of,
    tell,
    write_json,
    yes_option,
)
from newsletter.cli.outputs import check_list, check_other, written
from newsletter.content import names_in_use
from newsletter.errors import UsageError
from newsletter.files import open_file
from newsletter.intake import Intake, Preview, import_list, open_intake
from newsletter.ledger import Import, staging
from newsletter.ledgers import ledger_of
from newsletter.model import Subscriber
from newsletter.settings import Settings

_SHOWN = 10  # rows of each kind that are shown
_STDIN = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command besides the list."""

    columns: tuple[str, ...]
    answers: tuple[str, ...]
    refused_file: Path | None
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
        raise UsageError("a list from stdin needs --yes: there is nothing left to answer with")
    settings = settings_of(ctx)
    if options.refused_file:
        check_other(options.refused_file, file)
        check_list(settings, options.refused_file)
    wishes = _wishes(settings, options)
    with _opened(file) as source, ExitStack() as stack:
        listed = open_people(source, "stdin" if file == _STDIN else readable(file), wishes=wishes)
        if listed.questions:
            _ask(listed, as_json=options.as_json)
            ctx.exit(1)
        ledger = ledger_of(settings)
        stack.callback(ledger.close)
        intake = stack.enter_context(open_intake(ledger, listed))
        taken = _offer(listed, intake, readable(file.name), options)
        is_left = taken is None and intake.preview.writes
        ctx.exit(1 if is_left or intake.preview.refused else 0)


def _offer(listed: People, intake: Intake, name: str, options: Options) -> Import | None:
    """Show what would be imported, ask, and import it; None if nothing is."""
    print_line = tell if options.as_json else click.echo
    for line in _described(listed, intake):
        print_line(line)
    if options.refused_file and intake.preview.refused:
        _write_refused(listed, intake, options.refused_file)
    taken = _take(intake, name, yes=options.yes)
    if options.as_json:
        _report(listed, intake, taken)
    return taken


def _wishes(settings: Settings, options: Options) -> ImportOptions:
    given = {}
    for answer in options.answers:
        id, equals, word = answer.rpartition("=")
        if not equals or not id:
            raise UsageError(f"--answer “{answer}”: expected ID=ANSWER, as the question shows it")
        given[id] = word
    # As in a CSV: a header with a comma in it is quoted.
    try:
        named = [name.strip() for row in csv.reader(options.columns) for name in row]
    except csv.Error as err:
        raise UsageError(f"--columns: {err}") from err
    return ImportOptions(
        mapping=settings.import_.columns,
        columns=tuple(name for name in named if name),
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


def _take(intake: Intake, name: str, *, yes: bool) -> Import | None:
    if not intake.preview.writes:
        tell("Nothing to write.")
        return None
    if not yes and not confirm("Write this?"):
        tell("Nothing was written.")
        return None
    taken = import_list(intake, name, dt.datetime.now(dt.UTC))
    tell(f"Written. “newsletter subscribers undo {taken.id}” takes it back.")
    return taken


def _write_refused(listed: People, intake: Intake, path: Path) -> None:
    headers = [column.header for column in listed.columns]
    address_at = next(c.place for c in listed.columns if c.role is Role.ADDRESS)
    with intake.read() as connection, written(path) as out:
        refusals = staging.list_refusals(connection)
        count = write_refused(refusals, headers, address_at=address_at, rows=open_rows(out))
    tell(f"{plural(count, 'refused row')} are in {path}." if count > 1 else f"It is in {path}.")


# --- what is shown ------------------------------------------------------------------------


def _ask(listed: People, *, as_json: bool) -> None:
    """Show what must be answered before anything is taken."""
    if as_json:
        write_json({"questions": [asdict(question) for question in listed.questions]})
        return
    for question in listed.questions:
        lines = f" (line {', '.join(map(str, question.lines))} ...)" if question.lines else ""
        click.secho(f"{question.text}{lines}", bold=True)
        for choice, meaning in question.choices.items():
            click.echo(f'    --answer "{question.id}={choice}"  {meaning}')
    tell("Nothing was written. Run the command again with an answer to each question.")


def _described(listed: People, intake: Intake) -> Iterator[str]:
    """Yield what would be imported, line by line; of each kind the first rows."""
    yield from (f"note: {note}" for note in listed.notes)
    yield from _columns(listed)
    if until := intake.preview.sent_until:
        yield f"comes from a ledger that had sent issues of dates up to {until}: to be noted"
    preview = intake.preview
    with intake.read() as connection:
        for line, person in staging.list_joins(connection, _SHOWN):
            standing = "" if person.standing == "active" else f" ({person.standing})"
            yield f"line {line}: join {person.address}{standing}"
        yield from _rest(preview.joined, "join")
        for difference in staging.list_differences(connection, _SHOWN):
            yield f"line {difference.line}: change {_difference(difference)}"
        yield from _rest(preview.changed + preview.left, "change")
        for refusal in staging.list_refusals(connection, _SHOWN):
            yield f"line {refusal.line}: refused {refusal.text or '(no address)'}: {refusal.reason}"
        yield from _rest(preview.refused, "are refused (--refused FILE has them all)")
    for line, repair in intake.repairs.first:
        yield f"line {line}: mended “{repair.before}” -> “{repair.after}”: {repair.text}"
    yield from _rest(intake.repairs.count, "were mended")
    yield from _sums(preview)


def _columns(listed: People) -> Iterator[str]:
    yield "slots: " + ", ".join(f"{{{{ {name} }}}}" for name in listed.slots)
    offered = [column.header.strip() for column in listed.columns if column.role is Role.OFFERED]
    if offered:
        yield f"left out: {', '.join(offered)} (--columns NAME keeps one)"
    for column in listed.columns:
        if column.role is Role.UNUSABLE:
            yield f"left out: “{column.header.strip()}”: {column.why}"
        elif column.role in (Role.STANDING, Role.CONSENT):
            because = f": {column.why}" if column.why else ""
            yield f"“{column.header.strip()}” says who may be mailed{because}"


def _rest(count: int, word: str) -> Iterator[str]:
    if count > _SHOWN:
        yield f"... and {count - _SHOWN:,} more that {word}"


def _sums(preview: Preview) -> Iterator[str]:
    yield (
        f"{preview.joined:,} join, {preview.changed + preview.left:,} change, "
        f"{preview.unchanged:,} unchanged, {preview.refused:,} refused."
    )
    for evidence, count in preview.mailed.items():
        why = evidence or "nothing in the list speaks against it"
        yield f"    {count:,} of those who join will be mailed: {why}"
    for (standing, evidence), count in preview.kept_away.items():
        yield f"    {count:,} of those who join will not be mailed, {standing}: {evidence}"
    if preview.left:
        yield f"    {preview.left:,} of those who change will not be mailed any more"


def _difference(difference: staging.Difference) -> str:
    old, new = _flat(difference.before), _flat(difference.after)
    parts = [
        f"{key}: {old.get(key) or '(empty)'} -> {new.get(key) or '(empty)'}"
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
    return f"{difference.after.address}: {'; '.join(parts)}"


def _flat(person: Subscriber) -> dict[str, str]:
    own = {"name": person.name, "language": person.language, "standing": person.standing.value}
    return {**person.attributes, **own}


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
                "left": preview.left,
                "sent_until": preview.sent_until or None,
                "repaired": intake.repairs.count,
                "joins": ({"line": line, "email": p.address} for line, p in joins),
                "changes": ({"line": d.line, "email": d.after.address} for d in changes),
                "unchanged": preview.unchanged,
                "refused": ({"line": r.line, "text": r.text, "reason": r.reason} for r in refusals),
            }
        )
