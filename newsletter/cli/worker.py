"""`newsletter worker`: carries out planned sends, on this machine or on many."""

import time
from threading import Event

import click

from newsletter.cli.common import Ruled, settings_of, tell
from newsletter.cli.signals import signals
from newsletter.gateway import open_provider
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

    def progress(decided: int, remark: str) -> None:
        if remark:
            tell(f"{time.strftime('%H:%M:%S')} {remark}")
        elif decided:
            tell(f"{time.strftime('%H:%M:%S')} {decided:,} decided")

    with signals(stop), worker_of(settings, ledger, is_serving=True) as worker:
        tell(f"Working for {ledger.place} through {through}. Ctrl-C ends it.")
        serve_sends(
            settings,
            ledger,
            worker=worker,
            clock=clock_of(settings, stop),
            progress=progress,
            stop=stop,
            idle=idle,
        )
    tell("Ended; nothing was under way.")
