"""Sendgrid: figures, and readers who are gone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from newsletter.model import Departure, Figures, Standing
from newsletter.providers.http import HttpProvider, pages, told_in

_LONGEST_RANGE = dt.timedelta(days=395)  # categories are kept for about 13 months
_SUPPRESSIONS, _MOST_PAGES = 500, 200  # rows in one answer; guards against an endless list
_GLOBAL = "/v3/asm/suppressions/global"
_DEPARTURES = {  # SendGrid's suppression lists -> how a reader is gone
    "bounces": Standing.BOUNCED,
    "invalid_emails": Standing.BOUNCED,
    "unsubscribes": Standing.UNSUBSCRIBED,
    "spam_reports": Standing.COMPLAINED,
}
# Our figures and the fields of SendGrid's metrics; blocked mail may be accepted another day.
_FIGURES = {
    "sent": "requests",
    "delivered": "delivered",
    "bounced_hard": "bounces",
    "bounced_soft": "blocks",
    "opens_total": "opens",
    "opens_unique": "unique_opens",
    "clicks_total": "clicks",
    "clicks_unique": "unique_clicks",
    "unsubscribed": "unsubscribes",
    "complained": "spam_reports",
}


class SendgridReports(HttpProvider):
    """Asks SendGrid what happened to the mail."""

    tells = frozenset(_FIGURES)

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Query the days of a category, and sum them.

        Opens by machines are marked only in events, so those counted here stay unsorted.
        """
        first = since - dt.timedelta(days=1)  # of an account west of Greenwich
        query = {
            "start_date": first.isoformat(),
            "end_date": min(until, first + _LONGEST_RANGE).isoformat(),
            "categories": tag,
            "aggregated_by": "day",
        }
        days = self.request("GET", "/v3/categories/stats", params=query).rows()
        metrics = [each["metrics"] for day in days for each in day["stats"] if each["name"] == tag]
        if not metrics:
            return Figures()
        counts = {
            theirs: [each[theirs] for each in metrics if isinstance(each.get(theirs), int)]
            for theirs in _FIGURES.values()
        }
        summed = {theirs: sum(those) for theirs, those in counts.items() if those}
        return Figures(**told_in(summed, _FIGURES))

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the account's suppressions since a day, list by list."""
        del tag, until
        begin = int(dt.datetime.combine(since, dt.time(), dt.UTC).timestamp())
        return self._lists({"limit": _SUPPRESSIONS, "start_time": begin})

    def suppressed(self) -> Iterator[Departure]:
        """Query the account's suppressions, list by list."""
        return self._lists({"limit": _SUPPRESSIONS})

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Add to the list of those who left altogether, the only one that takes any."""
        addresses = [departure.address for departure in gone]
        self.request("POST", _GLOBAL, json={"recipient_emails": addresses})

    def unsuppress(self, address: str) -> None:
        """Take an address off all lists."""
        name = quote(address, safe="")
        self.delete(f"{_GLOBAL}/{name}")
        for each in ("bounces", "invalid_emails", "spam_reports"):
            self.delete(f"/v3/suppression/{each}/{name}")

    def _lists(self, query: Mapping[str, Any]) -> Iterator[Departure]:
        for name, kind in _DEPARTURES.items():
            for row in self._suppressed(f"/v3/suppression/{name}", query):
                yield Departure(str(row.get("email", "")), kind, str(row.get("created", "")))

    def _suppressed(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        def ask(offset: int) -> list[Any]:
            return self.request("GET", path, params={**query, "offset": offset}).rows()

        return pages(ask, _SUPPRESSIONS, _MOST_PAGES)
