"""An issue that went out, as its figures are computed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.ledger import Send, figures
from newsletter.model import SendState, Span, final_at

_DAY = dt.timedelta(days=1)
_OVER = (SendState.DONE, SendState.CANCELLED)
_HALTED = (SendState.STOPPED, SendState.PAUSED)  # somebody may go on with it, or nobody ever


@dataclass(frozen=True, slots=True, kw_only=True)
class SentIssue:
    """A send whose figures are to be computed, with what that takes."""

    send: Send
    kept: Sequence[figures.KeptRow]
    begun: Mapping[int, dt.datetime]  # when this issue and those after it began
    now: dt.datetime

    @property
    def begun_at(self) -> dt.datetime:
        """Return when it was to begin."""
        return begun_at(self.send)

    @property
    def is_over(self) -> bool:
        """Return whether no more is to be expected: every delivery is decided, or it lies still."""
        is_left = self.send.state in _HALTED and self._is_window_over
        return is_left or self.send.state in _OVER

    @property
    def is_final(self) -> bool:
        """Return whether the window is over, and a day for what is told late.

        What was final stays so, though more copies go out later, as groups are told of once.
        """
        known = self.known(figures.OWN, Span.WINDOW)
        return bool(known and known.is_final) or (self.is_over and self._is_window_over)

    @property
    def _is_window_over(self) -> bool:
        return self.now >= final_at(self.begun_at, self.send.window_days)

    def end_of(self, span: Span) -> dt.datetime | None:
        """Return until when is counted; None: until now."""
        return self.begun_at + self.send.window_days * _DAY if span is Span.WINDOW else None

    def known(self, source: str, span: Span) -> figures.KeptRow | None:
        """Return what was counted of everybody when it was computed last, if it was."""
        return figures.row_of(self.kept, source, span)


def begun_at(send: Send) -> dt.datetime:
    """Return when a send was to begin: its window begins then."""
    return send.scheduled_at or send.planned_at
