"""`newsletter worker`: carries out planned sends, on this machine or on many."""

import time
from threading import Event

import click

from newsletter.cli.common import Ruled, settings_of, tell
from newsletter.cli.signals import signals
from newsletter.gateway import open_provider
from newsletter.language import say, say_list
from newsletter.ledgers import ledger_of
from newsletter.mailing import clock_of, serve_sends, worker_of


@click.command(cls=Ruled)
@click.option(
    "--idle",
    type=click.FloatRange(0.05, 60),
    default=1.0,
    show_default=True,
    help="Seconds between two looks for work.",
)
@click.pass_context
def command(ctx: click.Context, idle: float) -> None:
    """Send batches of any send under way, until asked to stop.

    Any number of workers may share a PostgreSQL ledger; each batch is sent by one of them. What
    a worker that died had under way is taken over by another. Ctrl-C, SIGTERM and a closed
    terminal end a worker after its calls in flight.

    \b
    Example:
      newsletter worker
    """
    settings = settings_of(ctx)
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    with open_provider(settings) as provider:
        through = provider.name
    stop = Event()

    with signals(stop), worker_of(settings, ledger, is_serving=True) as worker:
        tell(
            say(
                "Working for {ledger} through {provider}. Ctrl-C ends it.",
                ledger=ledger.place,
                provider=through,
            )
        )
        serve_sends(
            settings,
            ledger,
            worker=worker,
            clock=clock_of(settings, stop),
            progress=_tell_progress,
            stop=stop,
            idle=idle,
        )
    tell(say("Ended; nothing was under way."))


def _tell_progress(decided: int, remark: str) -> None:
    told = remark or (say("{count:,} decided", count=decided) if decided else "")
    if told:
        tell(say_list([time.strftime("%H:%M:%S"), told], between=" "))
