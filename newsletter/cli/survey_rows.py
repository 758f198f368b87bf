"""`newsletter surveys export`: answers row by row."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import click

from newsletter import formulas, ledgers, surveys
from newsletter.cli.common import Ruled, UsageError, json_option, settings_of, write_json
from newsletter.cli.outputs import STDOUT, check_list, written
from newsletter.language import say
from newsletter.ledger import Ledger
from newsletter.model import SurveyKind


@click.command(cls=Ruled)
@click.argument("survey", metavar="ID")
@click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default="-"
)
@json_option
@click.pass_context
def export(ctx: click.Context, survey: str, file: Path, *, as_json: bool) -> None:
    """Write the answers to a survey, one row for each, as CSV for spreadsheets.

    Those with names may be written at any time, others once the survey is closed and five answered;
    they come in random order. Columns are named by ids.

    \b
    Example:
      newsletter surveys export 2027 vastaukset.csv
      newsletter surveys export 2027 --json
    """
    settings = settings_of(ctx)
    ledger = ledgers.ledger_of(settings)
    ctx.call_on_close(ledger.close)
    state = surveys.find_state(ledger, survey)
    if state is None:
        raise UsageError(say("“{survey}” was never opened", survey=survey))
    names, rows = _rows(ledger, state)
    if as_json:
        write_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    check_list(settings, file)
    with written(file) as out:
        if file != STDOUT:
            out.write("\ufeff")  # by which spreadsheets know UTF-8
        table = csv.writer(out, delimiter=";", lineterminator="\r\n")
        table.writerow([formulas.harmless(name) for name in names])
        for row in rows:
            table.writerow(["" if cell is None else formulas.harmless(str(cell)) for cell in row])


def _rows(ledger: Ledger, state: surveys.SurveyState) -> tuple[list[str], list[list[Any]]]:
    columns = surveys.columns_of(state.survey)
    if state.opened.kind is not SurveyKind.NAMED:
        answers = surveys.list_answers(ledger, state.opened.id, now=dt.datetime.now(dt.UTC))
        return columns, [surveys.row_of(state.survey, one) for one in answers]
    named = surveys.list_named(ledger, state.opened.id)
    return ["address", "name", "day", *columns], [
        [one.address, one.name, one.day, *surveys.row_of(state.survey, one.answers)]
        for one in named
    ]
