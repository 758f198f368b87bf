"""`newsletter subscribers export`: people as CSV, or all that is held on one of them."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from newsletter.audience import open_rows, write_people
from newsletter.cli import private_data
from newsletter.cli.common import Ruled, Rules, UsageError, gathered, settings_of, tell
from newsletter.cli.outputs import STDOUT, check_list, written
from newsletter.cli.segment_typed import segment_option
from newsletter.language import say, say_many
from newsletter.ledger import Ledger, origins, people
from newsletter.ledgers import ledger_of
from newsletter.model import Segment
from newsletter.plans import check_segment

_FEWEST = 5  # members of a segment by which people may be written into a file
_RULES = Rules(needs={"--out": "--person"}, one_of=(("--person", "--segment"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Whom to write into which file."""

    file: Path
    excel: bool
    segment: Segment | None
    person: str | None
    folder: Path | None


@click.command(cls=Ruled, rules=_RULES)
@click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default=STDOUT
)
@click.option("--excel", is_flag=True, help="As Excel reads it by a double click, in Finland too.")
@segment_option
@click.option("--person", metavar="ADDRESS", help="All that is held on one person, into --out.")
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for --person.",
)
@click.pass_context
@gathered(Export)
def export(ctx: click.Context, options: Export) -> None:
    """Write subscribers as CSV, to FILE or stdout (-); or all that is held on one person.

    FILE is named .csv, .tsv or .txt. An older export is replaced, when the new one is whole;
    nothing else is.

    No cell is a formula to a spreadsheet: what begins like one has a ' in front, which an import
    takes away again.

    \b
    Example:
      newsletter subscribers export people.csv
      newsletter subscribers export people.csv --excel
      newsletter subscribers export lappi.csv --segment region=Lappi
      newsletter subscribers export --person aino@example.org --out aino
    """
    file, settings = options.file, settings_of(ctx)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    if options.person:
        if options.folder is None:
            raise UsageError(say("--person needs --out, a folder for what is held"))
        private_data.write_dossier(ledger, options.person, options.folder)
        return
    check_list(settings, file)
    if options.segment:
        _refuse_few(ledger, options.segment, settings.zone)
    _write(options, ledger, settings.zone)


def _write(options: Export, ledger: Ledger, zone: ZoneInfo) -> None:
    file = options.file
    with ledger.read() as connection, written(file) as out:
        names = people.attribute_names(connection)
        rows = people.list_subscribers(connection, segment=options.segment, zone=zone)
        until = origins.sent_until(connection)
        cells = open_rows(out, for_excel=options.excel)
        count = write_people(rows, names, cells, sent_until=until)
    if file != STDOUT:
        tell(
            say_many(
                "Wrote {n:,} subscriber to {file}.",
                "Wrote {n:,} subscribers to {file}.",
                n=count,
                file=str(file),
            )
        )


def _refuse_few(ledger: Ledger, segment: Segment, zone: ZoneInfo) -> None:
    """Raise UsageError for a segment that asks for nothing known, or has too few members.

    A file of a handful of people who are chosen by what is known of them tells that of each.
    """
    check_segment(ledger, segment)
    with ledger.read() as connection:
        members = people.count_members(connection, segment, zone)
    if members < _FEWEST:
        raise UsageError(
            say(
                "{segment} has fewer than {fewest} members, and a file of them would tell what is "
                "known of each; choose a larger group",
                segment=str(segment),
                fewest=_FEWEST,
            )
        )
