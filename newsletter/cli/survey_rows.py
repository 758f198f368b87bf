"""`newsletter surveys export`: answers row by row."""

import datetime as dt
from pathlib import Path

import click

from newsletter import ledgers, surveys
from newsletter.cli.common import Ruled, UsageError, json_option, settings_of, write_json
from newsletter.cli.outputs import STDOUT, check_list, check_page, write_page, written
from newsletter.language import say
from newsletter.ledger import Ledger
from newsletter.model import SurveyKind
from newsletter.survey_report import CODEBOOK, WHO, answer_rows, codebook_as_csv, rows_as_csv

_HEADS = ";".join(CODEBOOK).encode()  # of a codebook that this program wrote
_MARK = "\ufeff"  # by which spreadsheets know UTF-8


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
    they come in random order. Columns are named by ids and hold codes; a codebook beside the file
    says what they mean.

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
    language = settings.newsletter.language
    if as_json:
        write_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    heads = rows_as_csv(names, []).removeprefix(_MARK).encode()
    check_list(settings, file, heads=heads)
    codes = file.with_name(f"{file.stem}-codebook.csv")
    if file.suffix:
        check_page(settings, codes, ".csv", _HEADS)
    with written(file) as out:
        table = rows_as_csv(names, rows)
        out.write(table.removeprefix(_MARK) if file == STDOUT else table)
    if file.suffix:
        write_page(codes, codebook_as_csv(state.survey, language).encode(), is_private=True)


def _rows(ledger: Ledger, state: surveys.SurveyState) -> tuple[list[str], list[list[int | str]]]:
    """Return the names of columns and the rows, with who it was where that is known."""
    survey, asked = state.survey, surveys.asked_in(state.survey)
    if state.opened.kind is not SurveyKind.NAMED:
        answers = surveys.list_answers(ledger, state.opened.id, now=dt.datetime.now(dt.UTC))
        return answer_rows(survey, answers, asked=asked)
    named = surveys.list_named(ledger, state.opened.id)
    names, rows = answer_rows(survey, [one.answers for one in named], asked=asked)
    return [*WHO, *names], [
        [one.address, one.name, one.day, *row] for one, row in zip(named, rows, strict=True)
    ]
