"""`newsletter doctor`: what is wrong with the newsletter itself, with the cure for each."""

import datetime as dt
from dataclasses import asdict

import click

from newsletter.checkup import Diagnosis, Health, examine
from newsletter.cli.common import (
    Ruled,
    Rules,
    indented,
    json_option,
    settings_of,
    show,
    tell,
    write_json,
)
from newsletter.language import say, say_list, say_many

_SIGNS = {Health.GOOD: "+", Health.DOUBTFUL: "!", Health.BROKEN: "x", Health.SKIPPED: "-"}
_COLOURS = {Health.GOOD: "green", Health.DOUBTFUL: "yellow", Health.BROKEN: "red"}


@click.command(cls=Ruled, rules=Rules(one_of=(("--online", "--offline"),)))
@click.option("--online", is_flag=True, help="Ask the network, too; that is the default.")
@click.option("--offline", is_flag=True, help="Ask nothing of the network.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, online: bool, offline: bool, as_json: bool) -> None:
    """Prove that the newsletter can be sent, left and repaired.

    Settings, secrets, files and the ledger are examined, and at the same time, within 20 seconds,
    what is out there: whether the provider knows the key, what the DNS says of the sender's domain,
    the public service, the clock. Nothing is sent or changed. The exit code is 1 where somebody
    should look after something, 3 where it does not work.

    \b
    Example:
      newsletter doctor
      newsletter doctor --offline
    """
    del online  # which older scripts say
    found = list(examine(settings_of(ctx), online=not offline, now=dt.datetime.now(dt.UTC)))
    if as_json:
        write_json([asdict(diagnosis) for diagnosis in found])
    else:
        _show(found)
    ctx.exit(_exit_code(found))


def _show(found: list[Diagnosis]) -> None:
    for diagnosis in found:
        sign = click.style(_SIGNS[diagnosis.health], fg=_COLOURS.get(diagnosis.health), bold=True)
        show(say_list([f"{sign} ", diagnosis.part_in_words, ": ", diagnosis.message], between=""))
        if diagnosis.cure:
            show(indented(diagnosis.cure))
    sick = sum(d.health in (Health.DOUBTFUL, Health.BROKEN) for d in found)
    told = say_many("{n:,} thing to look after.", "{n:,} things to look after.", n=sick)
    tell(told if sick else say("All is well."))


def _exit_code(found: list[Diagnosis]) -> int:
    healths = {diagnosis.health for diagnosis in found}
    if Health.BROKEN in healths:
        return 3
    return 1 if Health.DOUBTFUL in healths else 0
