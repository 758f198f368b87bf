"""`newsletter surveys new`, `list` and `preview`: surveys as their files have them."""

import datetime as dt
from typing import Any

import click

from newsletter import files, ledgers, surveys
from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    has_errors,
    json_option,
    settings_of,
    tell,
    write_json,
)
from newsletter.cli.findings import show_findings
from newsletter.cli.survey_pattern import written_pattern
from newsletter.cli.survey_screens import show_outline, show_table
from newsletter.content import find_odd_names, survey_files, survey_ids
from newsletter.language import say
from newsletter.model import SurveyKind

_id = click.argument("survey", metavar="ID")
_KINDS = click.Choice([kind.value for kind in SurveyKind])


def read_files(settings: Settings, survey_id: str) -> survey_files.SurveyReading:
    """Read the files of a survey."""
    now = dt.datetime.now(settings.zone).replace(tzinfo=None)
    language = settings.newsletter.language
    name = survey_id.removesuffix(".md").removeprefix("surveys/")
    return survey_files.read_survey(settings.root / "surveys", name, language=language, now=now)


@click.command(cls=Ruled)
@_id
@click.option(
    "--kind",
    type=_KINDS,
    default="anonymous",
    show_default=True,
    help="Who can know whose answer it is; fixed once it is open.",
)
@click.pass_context
def new(ctx: click.Context, survey: str, *, kind: str) -> None:
    """Begin a survey, with a question of each sort to write over.

    \b
    Example:
      newsletter surveys new 2027
      newsletter surveys new seuraava-aihe --kind poll
    """
    settings = settings_of(ctx)
    if not survey_ids.is_id(survey):
        raise UsageError(
            say("“{id}” cannot name a survey: small letters a to z, digits and hyphens", id=survey)
        )
    name = f"surveys/{survey}.md"
    path = settings.root / name
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        raise UsageError(say("{file} is there already; nothing was written", file=name))
    files.replace_file(path, written_pattern(kind, settings.newsletter.language).encode())
    tell(say("Wrote {file}.", file=name))
    tell(say("“newsletter surveys preview {survey}” shows how it is read.", survey=survey))


@click.command("list", cls=Ruled)
@json_option
@click.pass_context
def list_command(ctx: click.Context, *, as_json: bool) -> None:
    """List surveys: those that are written, open and closed.

    The exit code is 1 where a file has a name that is not read.

    \b
    Example:
      newsletter surveys list
    """
    settings = settings_of(ctx)
    ledger = ledgers.ledger_of(settings)
    ctx.call_on_close(ledger.close)
    known = {state.opened.id: state for state in surveys.list_states(ledger)}
    ids = [
        *known,
        *(id for id in survey_files.find_surveys(settings.root / "surveys") if id not in known),
    ]
    rows = [_facts(settings, id, known.get(id)) for id in ids]
    odd = list(find_odd_names(settings.root, "surveys"))
    if as_json:
        write_json({"surveys": rows, "findings": [finding.as_data() for finding in odd]})
    elif rows:
        show_table(rows)
    else:
        tell(say("There is no survey yet; “newsletter surveys new” begins one."))
    if not as_json:
        show_findings(odd)
    ctx.exit(int(bool(odd)))


@click.command(cls=Ruled)
@_id
@json_option
@click.pass_context
def preview(ctx: click.Context, survey: str, *, as_json: bool) -> None:
    """Show a survey as it is read: each question, and when it is shown.

    It opens nothing. What is wrong is told with file and line; errors forbid opening (exit code 1).

    \b
    Example:
      newsletter surveys preview 2027
    """
    settings = settings_of(ctx)
    reading = read_files(settings, survey)
    if as_json:
        write_json(
            {
                "survey": reading.id,
                "findings": [finding.as_data() for finding in reading.findings],
                "asks": surveys.survey_as_data(reading.survey) if reading.survey else None,
            }
        )
    else:
        show_findings(reading.findings)
        if reading.survey:
            show_outline(reading.survey)
    ctx.exit(int(has_errors(reading.findings)))


def _facts(settings: Settings, survey_id: str, state: surveys.SurveyState | None) -> dict[str, Any]:
    """Return what is told of a survey."""
    if state is None:
        found = read_files(settings, survey_id).survey
        title, kind, stage = (
            ("", "", "broken")
            if found is None
            else (
                next(iter(found.titles.values())),
                found.kind.value,
                "written",
            )
        )
        closes = found.closes.isoformat() if found and found.closes else None
        return {
            "survey": survey_id,
            "title": title,
            "kind": kind,
            "state": stage,
            "answers": None,
            "closes": closes,
        }
    is_open = state.opened.is_open(dt.datetime.now(dt.UTC))
    closes_at = state.opened.ends_at
    return {
        "survey": survey_id,
        "title": next(iter(state.survey.titles.values())),
        "kind": state.opened.kind.value,
        "state": "open" if is_open else "closed",
        "answers": state.count,
        "closes": closes_at.astimezone(settings.zone).isoformat() if closes_at else None,
    }
