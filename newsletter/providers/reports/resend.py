"""Resend: readers who are gone; it has no figures by tag."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

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
        """Return the team's suppressions since a day."""
        del tag, until
        return (gone for gone in self.suppressed() if gone.at >= since.isoformat())

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Add to the team's suppressions."""
        addresses = [departure.address for departure in gone]
        self.request("POST", "/suppressions/batch/add", json={"emails": addresses})

    def unsuppress(self, address: str) -> None:
        """Take an address off."""
        self.delete(f"/suppressions/{quote(address, safe='')}")

    def suppressed(self) -> Iterator[Departure]:
        """Query the team's suppressions, page by page."""
        query: dict[str, Any] = {"limit": _SUPPRESSIONS}
        for _ in range(_MOST_PAGES):
            answer = self.request("GET", "/suppressions", params=query)
            rows = answer.rows("data")
            for row in rows:
                kind, at = _DEPARTURES.get(str(row.get("origin"))), str(row.get("created_at", ""))
                if kind:
                    yield Departure(str(row.get("email", "")), kind, at)
            if not rows or answer.fields.get("has_more") is not True:
                return
            query["after"] = str(rows[-1].get("id"))
