"""Brevo: figures, and readers who are gone."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from newsletter.model import Departure, Figures, Return, ReturnKind, Standing
from newsletter.providers.http import HttpProvider, pages, told_in
from newsletter.providers.reports.visit_rows import visit_in

_LONGEST_RANGE = dt.timedelta(days=89)  # a report covers at most 90 days
_MOST_PAGES = 400  # pages of a list; guards against an endless one
_PAGE = 5000  # events in one answer, at most; of all calls about mail it takes 300 an hour
# What Brevo calls an event -> how a reader is gone.
_DEPARTURES = {
    "hardBounces": Standing.BOUNCED,
    "invalid": Standing.BOUNCED,
    "unsubscribed": Standing.UNSUBSCRIBED,
    "spam": Standing.COMPLAINED,
}
# What Brevo calls an open or a click, and whether a proxy made it: Apple's, and such like.
_VISITS = {
    "opened": (ReturnKind.OPENED, False),
    "loadedByProxy": (ReturnKind.OPENED, True),
    "clicks": (ReturnKind.CLICKED, None),
}
_NAMES = {
    "at": "date",
    "address": "email",
    "message_id": "messageId",
    "tag": "tag",
    "url": "link",
    "network": "ip",
}
_CONTACTS, _BLOCKED = "/smtp/blockedContacts", 100  # rows in one answer
_BLOCKED_BY = {  # why Brevo sends nothing to somebody -> how a reader is gone
    "unsubscribedViaMA": Standing.UNSUBSCRIBED,
    "unsubscribedViaEmail": Standing.UNSUBSCRIBED,
    "unsubscribedViaApi": Standing.UNSUBSCRIBED,
    "contactFlaggedAsSpam": Standing.COMPLAINED,
    "hardBounce": Standing.BOUNCED,
}
# Our figures and the fields of Brevo's aggregated report.
_FIGURES = {
    "delivered": "delivered",
    "bounced_hard": "hardBounces",
    "bounced_soft": "softBounces",
    "opens_total": "opens",
    "opens_unique": "uniqueOpens",
    "clicks_total": "clicks",
    "clicks_unique": "uniqueClicks",
    "unsubscribed": "unsubscribed",
    "complained": "spamReports",
}


class BrevoReports(HttpProvider):
    """Asks Brevo what happened to the mail."""

    tells = frozenset(_FIGURES)

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Query the aggregated report of a tag.

        Whether `opens` counts those made by proxies is not documented, so they stay unsorted.
        """
        query = {
            "tag": tag,
            **_days(since, until),
        }
        path = "/smtp/statistics/aggregatedReport"
        said = self.request("GET", path, params=query).fields
        return Figures(**told_in(said, _FIGURES))

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Query the events of a tag, kind by kind."""
        for theirs, (ours, is_machine) in _VISITS.items():
            for row in self._events(tag, theirs, since, until):
                yield visit_in(row, ours, self.name, _NAMES, is_machine=is_machine)

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the events of a tag, kind by kind."""
        for theirs, ours in _DEPARTURES.items():
            for event in self._events(tag, theirs, since, until):
                yield Departure(str(event.get("email", "")), ours, str(event.get("date", "")))

    def suppressed(self) -> Iterator[Departure]:
        """Query the blocked contacts; they can be lifted here, but not added to."""

        def ask(offset: int) -> list[Any]:
            query = {"limit": _BLOCKED, "offset": offset, "sort": "asc"}
            return self.request("GET", _CONTACTS, params=query).rows("contacts")

        for row in pages(ask, _BLOCKED, _MOST_PAGES):
            kind = _BLOCKED_BY.get(str(row["reason"].get("code")), Standing.BOUNCED)
            yield Departure(str(row.get("email", "")), kind, str(row.get("blockedAt", "")))

    def unsuppress(self, address: str) -> None:
        """Unblock a contact."""
        self.delete(f"{_CONTACTS}/{quote(address, safe='')}")

    def _events(
        self, tag: str, kind: str, since: dt.date, until: dt.date
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the events of a tag and kind, page by page."""
        query: dict[str, Any] = {
            "tags": tag,
            "event": kind,
            **_days(since, until),
            "limit": _PAGE,
        }

        def ask(offset: int) -> list[Any]:
            asked = {**query, "offset": offset}
            return self.request("GET", "/smtp/statistics/events", params=asked).rows("events")

        return pages(ask, _PAGE, _MOST_PAGES)


def _days(since: dt.date, until: dt.date) -> dict[str, str]:
    """Return the days to ask about; those of an account west of Greenwich begin a day before."""
    first = since - dt.timedelta(days=1)
    last = min(until, first + _LONGEST_RANGE)
    return {"startDate": first.isoformat(), "endDate": last.isoformat()}
