"""Does the work of a job once, as a worker of its own does."""

from collections.abc import Callable
from threading import Event

from newsletter.jobs import Context
from newsletter.ledger import Ledger
from newsletter.mailing import clock_of, worker_of
from newsletter.settings import Settings


def work_once(does: Callable[[Context], None], settings: Settings, ledger: Ledger) -> None:
    """Do the work of a job once, as a worker of its own that tells nothing."""
    stop = Event()
    with worker_of(settings, ledger, is_serving=True) as worker:
        context = Context(
            settings=settings,
            ledger=ledger,
            worker=worker,
            clock=clock_of(settings, stop),
            progress=lambda _decided, _remark: None,
            tell=lambda _words: None,
            stop=stop,
        )
        does(context)
