"""`newsletter subscribers pause` and `resume`: for people who ask the editor for it."""

import datetime as dt

import click

from newsletter import consent
from newsletter.cli.common import Ruled, UsageError, settings_of, tell
from newsletter.cli.typed_addresses import read_address
from newsletter.language import Wording, say
from newsletter.ledgers import ledger_of
from newsletter.model import MONTHS, By, Subscriber
from newsletter.register import find_person


@click.command("pause", cls=Ruled)
@click.argument("address")
@click.option(
    "--months",
    type=click.Choice([str(count) for count in MONTHS]),
    default="1",
    show_default=True,
    help="How long.",
)
@click.pass_context
def pause(ctx: click.Context, address: str, *, months: str) -> None:
    """Send somebody nothing for some months, at their wish; it ends by itself.

    Another pause takes its place, “resume” ends it. Nobody who left is brought back.

    \b
    Example:
      newsletter subscribers pause aino@example.org --months 3
    """
    settings, now = settings_of(ctx), dt.datetime.now(dt.UTC)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    person, _ = find_person(ledger, read_address(address).address)
    if not consent.pause(ledger, person.key, int(months), now, By.EDITOR):
        raise UsageError(_gets_none(person))
    person, _ = find_person(ledger, person.address)
    if person.paused_until is None:  # their mailbox takes no mail, and that lasts longer
        tell(say("{address} gets no mail until they resume.", address=person.address))
        return
    until = settings.local_time(person.paused_until)
    tell(say("{address} gets no mail until {when}.", address=person.address, when=until))


@click.command("resume", cls=Ruled)
@click.argument("address")
@click.pass_context
def resume(ctx: click.Context, address: str) -> None:
    """End somebody's pause, at their wish.

    \b
    Example:
      newsletter subscribers resume aino@example.org
    """
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    person, _ = find_person(ledger, read_address(address).address)
    if not consent.resume(ledger, person.key, dt.datetime.now(dt.UTC), By.EDITOR):
        raise UsageError(_gets_none(person))
    tell(say("{address} gets mail.", address=person.address))


def _gets_none(person: Subscriber) -> Wording:
    return say(
        "{address} is {standing} and gets no mail anyway",
        address=person.address,
        standing=person.standing.words,
    )
