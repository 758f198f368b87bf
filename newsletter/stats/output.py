"""Writes figures as JSON, CSV and a small trend."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.formulas import harmless
from newsletter.model import Figures
from newsletter.stats.shares import open_rate

_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFigures:
    """The figures of one issue, and their source."""

    issue: str
    date: dt.date
    subject: str
    figures: Figures
    as_of: dt.datetime | None  # when the provider reported them; None if it has not
    is_counted: bool = False  # by the public service; the provider reports the rest
    is_rehearsal: bool = False  # it went to the local outbox: no reader was mailed


def as_json(issues: Sequence[IssueFigures]) -> list[dict[str, Any]]:
    """Return one object per issue; what is not known is None."""
    return [_object(row) for row in issues]


def as_csv(issues: Sequence[IssueFigures]) -> str:
    """Return one line per issue under a header; what is not known is empty."""
    rows = [_flat(item) for item in as_json(issues)]
    names = list(rows[0]) if rows else list(_flat(_object(_EMPTY)))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "subject": harmless(row["subject"])} for row in rows)
    return out.getvalue()


def trend(rates: Sequence[float | None]) -> list[str]:
    """Return a bar for each rate, drawn on one scale from 0; empty if nothing is known."""
    top = max((rate for rate in rates if rate is not None), default=0) or 1
    return ["" if r is None else _BARS[round(r / top * (len(_BARS) - 1))] for r in rates]


def _object(row: IssueFigures) -> dict[str, Any]:
    figures, rate = row.figures, open_rate(row.figures)
    return {
        "issue": row.issue,
        "date": row.date.isoformat(),
        "subject": row.subject,
        "sent": figures.sent,
        "delivered": figures.delivered,
        "bounced": {"hard": figures.bounced_hard, "soft": figures.bounced_soft},
        "opens": {
            "total": figures.opens_total,
            "unique": figures.opens_unique,
            "human": figures.opens_human,
            "unknown": figures.opens_unknown,
            "machine": figures.opens_machine,
        },
        "open_rate": {
            "low": _rounded(rate.low),
            "high": _rounded(rate.high),
            "interval": [_rounded(bound) for bound in rate.interval or (None, None)],
        },
        "clicks": {
            "total": figures.clicks_total,
            "unique": figures.clicks_unique,
            "links": None,
        },
        "unsubscribed": figures.unsubscribed,
        "complained": figures.complained,
        "source": "tracking" if row.is_counted else "provider" if row.as_of else "none",
        "as_of": row.as_of.isoformat(timespec="seconds") if row.as_of else None,
        **({"rehearsal": True} if row.is_rehearsal else {}),
    }


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in item.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{inner}": v for inner, v in value.items() if inner != "links"}
        else:
            flat[key] = value
    low, high = flat.pop("open_rate_interval")
    is_rehearsal = flat.pop("rehearsal", None)
    bounds = {"open_rate_interval_low": low, "open_rate_interval_high": high}
    return {**flat, **bounds, "rehearsal": is_rehearsal}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


_EMPTY = IssueFigures(issue="", date=dt.date.min, subject="", figures=Figures(), as_of=None)
