"""`newsletter worker`: does the work in the background, on this machine or on many."""

import datetime as dt
from collections.abc import Callable, Collection
from functools import partial
from threading import Event

import click

from newsletter.cli.common import Ruled, Settings, gathered, settings_of
from newsletter.cli.signals import signals
from newsletter.cli.watched import Watching, watch_options, watched
from newsletter.gateway import open_provider
from newsletter.jobs import Context, serve_jobs
from newsletter.language import Wording, say, say_list
from newsletter.ledger import Ledger
from newsletter.ledgers import ledger_of
from newsletter.mailing import clock_of, worker_of
from newsletter.model import QUEUES, SENDS, say_issue
from newsletter.observing import place, within

QUEUE_NAMES = [queue.name for queue in QUEUES]


@click.command(cls=Ruled)
@click.option(
    "--queues",
    type=click.Choice(QUEUE_NAMES),
    multiple=True,
    help="Only jobs of this queue; may be given several times.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="Jobs at once, besides one send.",
)
@watch_options
@click.pass_context
@gathered(Watching)
def command(
    ctx: click.Context, queues: tuple[str, ...], concurrency: int, options: Watching
) -> None:
    """Do background work: send what is due, ask for figures.

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
    greeting, stop = greeting_of(settings, ledger), Event()
    with signals(stop), watched(settings, ledger, options) as tell:
        tell(greeting)
        names = list(queues or QUEUE_NAMES)
        work(settings, ledger, tell, queues=names, concurrency=concurrency, stop=stop)
    tell(say("Ended; nothing was under way."))


def work(
    settings: Settings,
    ledger: Ledger,
    tell: Callable[[Wording], None],
    *,
    queues: Collection[str] = QUEUE_NAMES,
    concurrency: int = 4,
    stop: Event,
) -> None:
    """Do jobs until asked to stop, then finish what is under way."""
    is_sending = SENDS.name in queues
    with worker_of(settings, ledger, is_serving=is_sending) as worker, within(worker=worker.name):
        context = Context(
            settings=settings,
            ledger=ledger,
            worker=worker,
            clock=clock_of(settings, stop),
            progress=partial(_tell_progress, settings, tell),
            tell=partial(_tell_now, settings, tell),
            stop=stop,
        )
        serve_jobs(context, queues=queues, concurrency=concurrency)


def greeting_of(settings: Settings, ledger: Ledger) -> Wording:
    """Say for whom a worker works; raise ConfigError for a provider that it cannot use."""
    with open_provider(settings) as provider:
        return say(
            "Working for {ledger} through {provider}. Ctrl-C ends it.",
            ledger=ledger.place,
            provider=provider.name,
        )


def _tell_progress(
    settings: Settings, tell: Callable[[Wording], None], decided: int, remark: str
) -> None:
    told = remark or (say("{count:,} decided", count=decided) if decided else "")
    if told:
        _tell_now(settings, tell, told)


def _tell_now(settings: Settings, tell: Callable[[Wording], None], told: str) -> None:
    """Tell of something, with the time by the newsletter's clocks and the mail it is about."""
    at = f"{dt.datetime.now(settings.zone):%H:%M:%S}"
    about = place().issue
    tell(say_list([at, say_list([say_issue(about), told], ": ") if about else told], " "))
