"""Mailjet: figures, and readers who are gone."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.model import Departure, Figures, Return, ReturnKind, Standing
from newsletter.providers.http import HttpProvider, pages, told_in
from newsletter.providers.reports.visit_rows import visit_in

_BEGINNING = re.compile(r"-[0-9a-f]{8}$")  # of a send's references
_PAGE, _MOST_PAGES = 1000, 1000  # messages in one answer; guards against an endless list
_DEPARTURES = {
    "hardbounced": Standing.BOUNCED,
    "spam": Standing.COMPLAINED,
    "unsub": Standing.UNSUBSCRIBED,
}
# Of clicks: whose copy a message was is known here, and a program has but a number there.
_NAMES = {"at": "ClickedAt", "message_id": "MessageID", "url": "Url"}
_LIFETIME = {"CounterSource": "Campaign", "CounterTiming": "Message"}
_LIFETIME["CounterResolution"] = "Lifetime"
# Our figures and the counters of a campaign: those of messages count each message once.
_FIGURES = {
    "delivered": "MessageSentCount",
    "bounced_hard": "MessageHardBouncedCount",
    "bounced_soft": "MessageSoftBouncedCount",
    "opens_total": "EventOpenedCount",
    "opens_unique": "MessageOpenedCount",
    "clicks_total": "EventClickedCount",
    "clicks_unique": "MessageClickedCount",
    "unsubscribed": "MessageUnsubscribedCount",
    "complained": "MessageSpamCount",
}


class MailjetReports(HttpProvider):
    """Asks Mailjet what happened to the mail."""

    tells = frozenset(_FIGURES)
    counts_days = False

    @classmethod
    def counts_by(cls, tag: str, send: str) -> str:
        """Return the name of a send's campaign."""
        return f"{tag}-{send}"

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the messages of a campaign, page by page; a status says who is gone."""
        del since, until
        campaigns = self._campaigns(tag)
        if not campaigns:
            return
        query = {"Campaign": str(campaigns[0].get("ID")), "ShowContactAlt": "true"}

        def ask(offset: int) -> list[Any]:
            part = {"Limit": str(_PAGE), "Offset": str(offset)}
            return self._data("/v3/REST/message", {**query, **part})

        for message in pages(ask, _PAGE, _MOST_PAGES):
            if kind := _DEPARTURES.get(str(message.get("Status"))):
                # Its ArrivedAt is when the message came, which is before its reader left.
                yield Departure(str(message.get("ContactAlt") or ""), kind, "")

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Query the counters of a campaign, which is one send whatever the days."""
        del since, until
        campaigns = self._campaigns(tag)
        if not campaigns:
            return Figures()
        query = {**_LIFETIME, "SourceID": str(campaigns[0].get("ID"))}
        counters = self._data("/v3/REST/statcounters", query)
        return Figures(**told_in(counters[0], _FIGURES)) if counters else Figures()

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Query the clicks of a campaign; of opens it lists the first of each copy alone."""
        del since, until
        campaigns = self._campaigns(tag)
        if not campaigns:
            return
        query = {"CampaignID": str(campaigns[0].get("ID"))}

        def ask(offset: int) -> list[Any]:
            part = {"Limit": str(_PAGE), "Offset": str(offset)}
            return self._data("/v3/REST/clickstatistics", {**query, **part})

        for row in pages(ask, _PAGE, _MOST_PAGES):
            yield visit_in(row, ReturnKind.CLICKED, self.name, _NAMES)

    def _campaigns(self, name: str) -> list[dict[str, Any]]:
        """Query a campaign; old sends share one that has only their tag as its name."""
        names = dict.fromkeys((name, _BEGINNING.sub("", name)))
        found = (self._data("/v3/REST/campaign", {"CustomCampaign": each}) for each in names)
        return next(filter(None, found), [])

    def _data(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        return self.request("GET", path, params=query).rows("Data")
