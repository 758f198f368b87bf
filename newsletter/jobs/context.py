"""What a job is handed: the newsletter, its ledger, and who does the work."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from newsletter.delivery import Clock, Progress, Worker
from newsletter.language import Wording
from newsletter.ledger import Ledger
from newsletter.observing import Troubled, observe
from newsletter.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that jobs work with; many threads share it."""

    settings: Settings
    ledger: Ledger
    worker: Worker
    clock: Clock
    progress: Progress  # how a send gets on
    tell: Callable[[Wording], None]  # what else is worth telling
    stop: Event  # set when the process is asked to end

    def report(self, err: Exception, words: Wording) -> None:
        """Tell of what keeps the engine from its work, in words and to those who watch."""
        self.tell(words)
        observe(Troubled(fault=type(err).__name__, reason=words))
