"""`newsletter surveys results`: what a survey tells, on a terminal, as a page, for an issue."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.cli.common import Ruled, Rules, gathered, json_option, settings_of, spoken
from newsletter.cli.result_files import ResultFiles, check_result_files, write_result_files
from newsletter.cli.result_source import Wanted, find_telling
from newsletter.cli.result_tables import print_results, write_result_json

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_RULES = Rules(needs={"--public": "--html"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultOptions:
    """What the editor wants to be told, and where it goes."""

    by: tuple[str, ...]
    where: str
    answers: Path | None
    invited: int | None
    before: Path | None
    html: Path | None
    public: bool
    markdown: Path | None
    csv_file: Path | None
    data: Path | None
    as_json: bool

    @property
    def files(self) -> ResultFiles:
        """Return what is written to files."""
        return ResultFiles(
            html=self.html,
            is_public=self.public,
            markdown=self.markdown,
            csv=self.csv_file,
            data=self.data,
        )


@click.command("results", cls=Ruled, rules=_RULES)
@click.argument("survey_id", metavar="ID")
@click.option("--by", multiple=True, metavar="QUESTION", help="Tell by what was answered to it.")
@click.option("--where", default="", metavar="SEGMENT", help="Tell of those it chooses, too.")
@click.option("--answers", type=_IN, metavar="FILE", help="Take the answers from a CSV.")
@click.option(
    "--invited", type=click.IntRange(1, 10_000_000), metavar="N", help="How many were asked."
)
@click.option("--before", type=_IN, metavar="FILE", help="Compare with results as JSON.")
@click.option("--html", type=_FILE, metavar="FILE", help="Write the results as one page.")
@click.option("--public", is_flag=True, help="Leave out of the page what people wrote.")
@click.option("--markdown", type=_FOLDER, metavar="DIR", help="Write Markdown and pictures.")
@click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="Write the results as CSV.")
@click.option("--data", type=_FOLDER, metavar="DIR", help="Write the answers for statistics.")
@json_option
@click.pass_context
@gathered(ResultOptions)
def results(ctx: click.Context, survey_id: str, options: ResultOptions) -> None:
    """Show what a survey that is closed tells.

    By groups small numbers are hidden. What was told once is told the same for ever.

    \b
    Example:
      newsletter surveys results 2027-kysely
      newsletter surveys results 2027-kysely --by tyonantaja --html results.html
      newsletter surveys results 2027-kysely --where "alue in (Lappi, Kainuu)"
      newsletter surveys results 2027-kysely --markdown issues/2027-06
      newsletter surveys results 2021-kysely --answers surveys/2021-kysely.csv --invited 630
    """
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    check_result_files(settings, options.files)
    wanted = Wanted(
        survey=survey_id,
        by=options.by,
        where=options.where,
        answers=options.answers,
        invited=options.invited,
        before=options.before,
    )
    found = find_telling(settings, wanted, now)
    write_result_files(settings, found, options.files, now)
    if options.as_json:
        write_result_json(found.telling)
    elif not options.files.is_any:
        print_results(found.telling, spoken())
