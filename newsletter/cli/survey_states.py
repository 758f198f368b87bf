"""`newsletter surveys open` and `close`: from when to when a survey takes answers."""

import datetime as dt

import click

from newsletter import files, ledgers, surveys
from newsletter.cli.common import (
    ConfigError,
    Ruled,
    Settings,
    UsageError,
    has_errors,
    insist,
    settings_of,
    tell,
    yes_option,
)
from newsletter.cli.findings import show_findings
from newsletter.cli.survey_reading import read_files
from newsletter.content.survey_files import SurveyReading, name_everything
from newsletter.language import say, say_many
from newsletter.ledger import Ledger
from newsletter.model import Survey, SurveyKind
from newsletter.settings import find_secret

_id = click.argument("survey", metavar="ID")


@click.command("open", cls=Ruled)
@_id
@click.option(
    "--note",
    default="",
    metavar="TEXT",
    help="Why something changes of one that is open; the results show it.",
)
@yes_option
@click.pass_context
def open_command(ctx: click.Context, survey: str, *, note: str, yes: bool) -> None:
    """Take answers to a survey, or mend one that is open.

    Opening writes ids into its files, and freezes it: its kind, its questions and what may be
    answered stay as they are. Words, the day and further answers may change with a --note; for
    anything else copy the file under another name.

    \b
    Example:
      newsletter surveys open 2027
      newsletter surveys open 2027 --note "Lisättiin vastaus: Vantaa"
    """
    settings = settings_of(ctx)
    reading = read_files(settings, survey)
    show_findings(reading.findings)
    if reading.survey is None:
        tell(say("Nothing was opened."))
        ctx.exit(1)
    ledger = _ledger(ctx, settings)
    _secret(settings)  # before anybody answers: their answers are sealed with it
    revision = surveys.compare_with_open(ledger, reading.survey)
    if revision.is_new and not yes:
        _tell_kind(reading.survey)
        insist(say("Open “{survey}”?", survey=reading.id))
    found = _with_ids(settings, reading)
    now = dt.datetime.now(dt.UTC)
    surveys.open_survey(ledger, found, zone=settings.zone, now=now, note=" ".join(note.split()))
    if revision.is_new:
        tell(say("“{survey}” is open.", survey=reading.id))
    else:
        for change in revision.changes:
            tell(change)
        tell(say("“{survey}” is open as its files are now.", survey=reading.id))


@click.command(cls=Ruled)
@_id
@yes_option
@click.pass_context
def close(ctx: click.Context, survey: str, *, yes: bool) -> None:
    """Take no more answers to a survey, so that its results can be read.

    It closes by itself on the day that its file names, while “newsletter worker” or “newsletter
    serve” runs. A survey that is closed stays so.

    \b
    Example:
      newsletter surveys close 2027
    """
    settings = settings_of(ctx)
    ledger = _ledger(ctx, settings)
    state = surveys.find_state(ledger, survey)
    if state is None:
        raise UsageError(say("“{survey}” was never opened", survey=survey))
    if state.opened.closed_at:
        tell(say("“{survey}” is closed already.", survey=survey))
        return
    if not yes:
        tell(say_many("{n} has answered.", "{n} have answered.", n=state.count))
        if state.count < surveys.FEWEST:
            tell(say("Nobody reads fewer than {fewest} answers.", fewest=surveys.FEWEST))
        insist(say("Close “{survey}”?", survey=survey))
    now = dt.datetime.now(dt.UTC)
    count = surveys.close_survey(ledger, survey, secret=_secret(settings), now=now)
    tell(
        say_many(
            "“{survey}” is closed; {n} answered.",
            "“{survey}” is closed; {n} answered.",
            n=count,
            survey=survey,
        )
    )


def _with_ids(settings: Settings, reading: SurveyReading) -> Survey:
    """Write the ids into the files of a survey, and return it as they are then."""
    for path, text in name_everything(reading):
        files.replace_file(path, text.encode())
        tell(say("Wrote ids into {file}.", file=str(path)))
    again = read_files(settings, reading.id)
    if again.survey is None or has_errors(again.findings):
        raise UsageError(say("the files of “{survey}” changed meanwhile", survey=reading.id))
    return again.survey


def _tell_kind(survey: Survey) -> None:
    if survey.is_open_to_all:
        tell(say("Anybody who has the link may answer, and more than once."))
    match survey.kind:
        case SurveyKind.ANONYMOUS:
            tell(say("Nobody will know whose answer it is, and no answer can be changed."))
        case SurveyKind.NAMED:
            tell(say("You will see who answered what."))
        case SurveyKind.POLL:
            tell(say("Votes can be changed until it closes; then nobody knows whose they are."))


def _ledger(ctx: click.Context, settings: Settings) -> Ledger:
    ledger = ledgers.ledger_of(settings)
    ctx.call_on_close(ledger.close)
    return ledger


def _secret(settings: Settings) -> str:
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    if not secret:
        raise ConfigError(
            say(
                "answers are sealed with NEWSLETTER_SECRET, which is empty; "
                "“newsletter setup” makes it"
            )
        )
    return secret.reveal()
