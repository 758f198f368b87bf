"""Resend: readers who are gone; it has no figures by tag."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from newsletter.model import Departure, Standing
from newsletter.providers.http import HttpProvider

_SUPPRESSIONS, _MOST_PAGES = 100, 2000  # rows in one answer; guards against an endless list
_DEPARTURES = {
    "bounce": Standing.BOUNCED,
    "complaint": Standing.COMPLAINED,
    "manual": Standing.UNSUBSCRIBED,
}


class ResendReports(HttpProvider):
    """Asks Resend what happened to the mail."""

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the team's suppressions, page by page; those since a day count."""
        del tag, until
        query: dict[str, Any] = {"limit": _SUPPRESSIONS}
        for _ in range(_MOST_PAGES):
            answer = self.request("GET", "/suppressions", params=query)
            rows = answer.rows("data")
            for row in rows:
                kind, at = _DEPARTURES.get(str(row.get("origin"))), str(row.get("created_at", ""))
                if kind and at >= since.isoformat():
                    yield Departure(str(row.get("email", "")), kind, at)
            if not rows or answer.fields.get("has_more") is not True:
                return
            query["after"] = str(rows[-1].get("id"))
