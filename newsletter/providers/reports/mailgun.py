"""Mailgun: figures, and readers who are gone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from newsletter.errors import Verdict
from newsletter.model import Departure, Figures, Return, Standing
from newsletter.providers.http import Answer, HttpProvider, told_in
from newsletter.providers.webhooks.mailgun import read_event

_PAGE = 300  # events in one answer, at most
_MOST_PAGES = 100  # a batch has four; guards against an endless list
_MOST_OF_VISITS = 1000  # pages of opens, or of clicks
_DEPARTURES = {  # Mailgun's name of an event, or its reason -> how a reader is gone
    "failed": Standing.BOUNCED,
    "unsubscribed": Standing.UNSUBSCRIBED,
    "complained": Standing.COMPLAINED,
    "suppress-unsubscribe": Standing.UNSUBSCRIBED,
    "suppress-complaint": Standing.COMPLAINED,
}
_ROWS = 1000  # of a list of suppressions in one answer
_LISTS = {
    "bounces": Standing.BOUNCED,
    "complaints": Standing.COMPLAINED,
    "unsubscribes": Standing.UNSUBSCRIBED,
}
# Machines that fetch whether a mail is read or not, so that nobody sees whether it was.
_HIDING = ("apple", "gmail")
_NOBODY = ("", "none")  # in place of a machine
# Our figures and Mailgun's metrics. Hard and soft bounces are counted once per message; the counts
# of failures would include every attempt, and addresses it did not mail at all.
_FIGURES = {
    "delivered": "delivered_count",
    "bounced_hard": "hard_bounces_count",
    "bounced_soft": "soft_bounces_count",
    "opens_total": "opened_count",
    "opens_unique": "unique_opened_count",
    "clicks_total": "clicked_count",
    "clicks_unique": "unique_clicked_count",
    "unsubscribed": "unsubscribed_count",
    "complained": "complained_count",
}
_BY_BOT = ("opens_unknown", "opens_machine", "opens_hidden", "clicks_unknown", "clicks_machine")


class MailgunReports(HttpProvider):
    """Asks Mailgun what happened to the mail."""

    tells = frozenset({*_FIGURES, *_BY_BOT})

    _path: str  # of the domain, set by the sending class

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query the events of a tag; a failure counts if it is permanent, by its reason."""
        del until
        for kind in ("failed", "unsubscribed", "complained"):
            for event in self._events(tag, kind, since):
                passing = kind == "failed" and event.get("severity") != "permanent"
                ours = _DEPARTURES.get(str(event.get("reason"))) or _DEPARTURES[kind]
                if not passing:
                    yield Departure(event["recipient"], ours, str(event.get("timestamp", "")))

    def suppressed(self) -> Iterator[Departure]:
        """Query the domain's three lists."""
        for name, kind in _LISTS.items():
            answer = self.request("GET", f"{self._path}/{name}", params={"limit": _ROWS})
            for row in self._pages(answer):
                yield Departure(str(row.get("address", "")), kind, str(row.get("created_at", "")))

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Add to the lists of those who complained, and of those who left."""
        complaints = [d.address for d in gone if d.kind is Standing.COMPLAINED]
        others = [d.address for d in gone if d.kind is not Standing.COMPLAINED]
        if complaints:
            rows: list[dict[str, Any]] = [{"address": address} for address in complaints]
            self.request("POST", f"{self._path}/complaints", json=rows)
        if others:
            rows = [{"address": address, "tags": ["*"]} for address in others]
            self.request("POST", f"{self._path}/unsubscribes", json=rows)

    def unsuppress(self, address: str) -> None:
        """Take an address off all three lists."""
        for name in _LISTS:
            self.delete(f"{self._path}/{name}/{quote(address, safe='')}")

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Query the events of a tag; it keeps them 2 to 30 days, as the account has it."""
        del until
        for kind in ("opened", "clicked"):
            for event in self._events(tag, kind, since, most=_MOST_OF_VISITS):
                yield from read_event(event)

    def _pages(self, answer: Answer, most: int = _MOST_PAGES) -> Iterator[Any]:
        """Yield the rows of an answer and of those that follow, until one is empty."""
        for _ in range(most):
            items, following = answer.rows("items"), answer.fields["paging"]["next"]
            if not items:
                return
            yield from items
            if not str(following).startswith(f"{self._root}/"):  # the key goes to no other host
                break
            answer = self.request("GET", following)
        raise self.unreadable(Verdict.RETRY)

    def _events(
        self, tag: str, kind: str, since: dt.date, *, most: int = _MOST_PAGES
    ) -> Iterator[Any]:
        """Yield the events of a tag and kind, page by page until one is empty."""
        query: dict[str, Any] = {
            "tags": tag,
            "event": kind,
            "begin": int(_midnight(since).timestamp()),
            "ascending": "yes",
            "limit": _PAGE,
        }
        yield from self._pages(self.request("GET", f"{self._path}/events", params=query), most)

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Query the metrics of a tag, and how many opens and clicks came from which bot.

        Those that no bot made stay unknown: what Mailgun does not recognise need not be a person.
        A copy that was opened by both is one of these. Uniques are told apart within seven days:
        who comes back later counts anew.
        """
        chosen = {"attribute": "tag", "comparator": "=", "values": [{"label": tag, "value": tag}]}
        query = {
            "start": format_datetime(_midnight(since)),
            "end": format_datetime(_midnight(until) + dt.timedelta(hours=24, seconds=-1)),
            "resolution": "day",
            "dimensions": ["bot"],
            "metrics": [*_FIGURES.values()],
            "filter": {"AND": [chosen]},
            "include_aggregates": True,
        }
        said = self.request("POST", "/v1/analytics/metrics", json=query).fields
        counts = said["aggregates"]["metrics"]
        if said["items"] == [] and not any(counts.values()):
            return Figures()
        bots = [(str(row["dimensions"][0]["value"]), row["metrics"]) for row in said["items"]]
        opens, clicks = (
            {bot.lower(): its.get(name) for bot, its in bots} for name in (_OPENS, _CLICKS)
        )
        return Figures(
            **told_in(counts, _FIGURES),
            **_classes("opens", counts.get(_OPENS), opens),
            **_classes("clicks", counts.get(_CLICKS), clicks),
        )


_OPENS, _CLICKS = "unique_opened_count", "unique_clicked_count"


def _classes(name: str, total: Any, by_bot: Mapping[str, Any]) -> dict[str, int | None]:
    """Return how many copies machines alone opened, or followed a link of, and how many others."""
    known = {bot: count for bot, count in by_bot.items() if type(count) is int}
    if type(total) is not int or not known:
        return {}
    unknown = min(total, sum(known.get(bot, 0) for bot in _NOBODY))
    classes: dict[str, int | None] = {
        f"{name}_unknown": unknown,
        f"{name}_machine": total - unknown,
    }
    if name == "opens":
        hidden = sum(known.get(bot, 0) for bot in _HIDING)
        classes["opens_hidden"] = min(hidden, total - unknown)
    return classes


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
