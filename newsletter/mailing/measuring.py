"""What the ledger knows of issues after they were sent: what providers said, and was counted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.ledger import Ledger, Send, hits, reports, sends
from newsletter.model import Figures, HitKind, State, Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about an issue that was sent or rehearsed."""

    send: Send
    figures: Figures
    as_of: dt.datetime | None  # when the provider reported them; None if it was not asked yet


def list_known(ledger: Ledger) -> list[Known]:
    """Return what is known about each sent or rehearsed issue, oldest first."""
    found = []
    with ledger.read() as connection:
        for send in sends.list_attempts(connection):
            counts = sends.count_states(connection, send.id)
            report = reports.newest_report(connection, send.id)
            figures = report.figures if report else Figures()
            figures = replace(figures, sent=counts.get(State.ACCEPTED, 0))
            if send.counting.is_ours:
                figures = _with_hits(figures, hits.count_hits(connection, send.id))
            found.append(Known(send=send, figures=figures, as_of=report.as_of if report else None))
    return found


def _with_hits(figures: Figures, seen: Mapping[tuple[HitKind, Visitor], int]) -> Figures:
    """Return figures with what the public service counted: times, as it is not known of whom."""
    opens = {visitor: seen.get((HitKind.OPENED, visitor), 0) for visitor in Visitor}
    return replace(
        figures,
        opens_total=sum(opens.values()),
        opens_human=opens[Visitor.HUMAN],
        opens_unknown=opens[Visitor.UNKNOWN],
        opens_machine=opens[Visitor.MACHINE],
        clicks_total=sum(seen.get((HitKind.CLICKED, visitor), 0) for visitor in Visitor),
    )
