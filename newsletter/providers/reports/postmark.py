"""Postmark: figures, and readers who are gone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from newsletter.errors import Verdict
from newsletter.language import say
from newsletter.model import Departure, Figures, Return, ReturnKind, Standing
from newsletter.providers.http import HttpProvider
from newsletter.providers.reports.visit_rows import visit_in

_PAGE, _LAST = 500, 10_000  # clicks in one answer; no more than so many are listed
_NAMES = {
    "at": "ReceivedAt",
    "address": "Recipient",
    "message_id": "MessageID",
    "tag": "Tag",
    "url": "OriginalLink",
    "agent": "UserAgent",
}
_DEPARTURES = {  # why Postmark no longer sends to somebody -> how a reader is gone
    "HardBounce": Standing.BOUNCED,
    "SpamComplaint": Standing.COMPLAINED,
    "ManualSuppression": Standing.UNSUBSCRIBED,
}
# Our figures and Postmark's, with the field that is 0 if they were not counted at all.
_FIGURES = {
    "sent": ("Sent", ""),
    "opens_total": ("Opens", "WithOpenTracking"),
    "opens_unique": ("UniqueOpens", "WithOpenTracking"),
    "clicks_total": ("TotalClicks", "WithLinkTracking"),
    "complained": ("SpamComplaints", ""),
}


class PostmarkReports(HttpProvider):
    """Asks Postmark what happened to the mail."""

    tells = frozenset({*_FIGURES, "delivered"})

    _stream: str  # set by the sending class

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Query the overview of a tag.

        It does not count deliveries, so they are what was sent less what bounced, hard or soft. Its
        UniqueLinksClicked counts links and not people, so unique clicks stay unknown.
        """
        days = {"fromdate": str(since - dt.timedelta(days=1)), "todate": str(until)}  # New York's
        query = {"tag": tag, "messagestream": self._stream, **days}
        said = self.request("GET", "/stats/outbound", params=query).fields
        told = {theirs: n for theirs, n in said.items() if type(n) is int and n >= 0}
        known = {
            ours: told.get(theirs)
            for ours, (theirs, tracked) in _FIGURES.items()
            if told.get(tracked) != 0
        }
        if "Sent" not in told or "Bounced" not in told:
            raise self.unreadable(Verdict.RETRY)
        return Figures(**known, delivered=told["Sent"] - told["Bounced"])

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Query the clicks of a tag, kept 45 days; of opens it lists the first of each copy alone.

        Of a list that goes on after the last one that it shows nothing is known.
        """
        del since, until
        query = {"tag": tag, "count": _PAGE}
        for offset in range(0, _LAST, _PAGE):
            answer = self.request(
                "GET", "/messages/outbound/clicks", params={**query, "offset": offset}
            )
            total, rows = int(answer.fields["TotalCount"]), answer.rows("Clicks")
            if total > _LAST:
                raise self.error(say("lists no more than {most:,}", most=_LAST), Verdict.REJECT)
            for row in rows:
                network = str((row.get("Geo") or {}).get("IP") or "")
                told = visit_in(row, ReturnKind.CLICKED, self.name, _NAMES)
                yield replace(told, network=network)
            if offset + len(rows) >= total or not rows:
                return

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the suppressions of the stream, whatever mail they arose from."""
        del tag
        day = dt.timedelta(days=1)
        return self._dump({"fromdate": str(since - day), "todate": str(until + day)})  # New York's

    def suppressed(self) -> Iterator[Departure]:
        """Query all suppressions of the stream."""
        return self._dump({})

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Add to the suppressions of the stream; notices go by another one."""
        rows = [{"EmailAddress": departure.address} for departure in gone]
        self.request("POST", self._suppressions(), json={"Suppressions": rows})

    def unsuppress(self, address: str) -> None:
        """Take an address off; Postmark keeps those who complained, and says so in a 200."""
        rows = [{"EmailAddress": address}]
        self.request("POST", self._suppressions("/delete"), json={"Suppressions": rows})

    def _suppressions(self, what: str = "") -> str:
        return f"/message-streams/{quote(self._stream, safe='')}/suppressions{what}"

    def _dump(self, query: Mapping[str, str]) -> Iterator[Departure]:
        path = self._suppressions("/dump")
        for each in self.request("GET", path, params=query).rows("Suppressions"):
            if kind := _DEPARTURES.get(str(each.get("SuppressionReason"))):
                at = str(each.get("CreatedAt", ""))
                yield Departure(str(each.get("EmailAddress", "")), kind, at)
