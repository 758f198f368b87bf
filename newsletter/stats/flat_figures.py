"""Figures in a line an issue: `stats --csv`, whose names are kept for ever."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.formulas import harmless
from newsletter.language import Wording
from newsletter.model import Counts, Delivered, IssueFigures, Span
from newsletter.stats.contract import as_json


def as_csv(issues: Sequence[IssueFigures]) -> str:
    """Return a line for each issue under a header; what is not known is empty."""
    out = io.StringIO()
    rows = [_flat(item) for item in as_json(issues)]
    writer = csv.DictWriter(
        out, list(rows[0] if rows else _flat(*as_json([_EMPTY]))), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in row.items()} for row in rows)
    return out.getvalue()


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an issue: the oldest first, as they have always been."""
    return {
        **{name: item[name] for name in ("issue", "date", "subject", "sent", "delivered")},
        **_columns("bounced", item["bounced"]),
        **_columns("opens", item["opens"], "total", "unique", "human", "unknown", "machine"),
        **_columns("open_rate", item["open_rate"], "low", "high"),
        **_columns("clicks", item["clicks"], "total", "unique"),
        **{name: item[name] for name in ("unsubscribed", "complained", "source", "as_of")},
        "open_rate_interval_low": item["open_rate"]["interval"][0],
        "open_rate_interval_high": item["open_rate"]["interval"][1],
        **{name: item[name] for name in ("replied", "counted_by", "n", "window_days", "final")},
        **_columns("openers", item["openers"], "human", "unknown", "machine", "hidden"),
        **_columns("clickers", item["clickers"], "human", "unknown", "machine"),
        "open_rate_most": (item["open_rate"]["most"] or {}).get("share"),
        "half_after": item["half_after"],
        "rules": " ".join(item["rules"]),
        "why": item["why"],
        "hidden_because": item["hidden_because"],
        "rehearsal": item.get("rehearsal"),
    }


def _columns(prefix: str, values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {f"{prefix}_{name}": values[name] for name in names or values}


def _harmless(cell: Any) -> Any:
    return harmless(cell) if isinstance(cell, str) else cell


_NOTHING = Counts(source=None, span=Span.WINDOW, as_of=None)
_EMPTY = IssueFigures(
    issue="",
    date=dt.date.min,
    subject="",
    language="",
    is_rehearsal=False,
    sent_at=dt.datetime.min.replace(tzinfo=dt.UTC),
    delivered=Delivered(sent=0),
    delivered_whole=Delivered(sent=0),
    window_days=0,
    shown=_NOTHING,
    whole=_NOTHING,
    why=Wording(),
)
