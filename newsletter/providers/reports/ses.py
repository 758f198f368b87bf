"""Amazon SES: readers who are gone; it has no figures by tag."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from newsletter.model import Departure, Standing
from newsletter.providers.http import HttpProvider

_SUPPRESSED = "/v2/email/suppression/addresses"
_PAGE, _MOST_PAGES = 1000, 200  # rows in one answer; guards against an endless list
_DEPARTURES = {"BOUNCE": Standing.BOUNCED, "COMPLAINT": Standing.COMPLAINED}


class SesReports(HttpProvider):
    """Asks SES what happened to the mail."""

    # Set by the sending class: how a request is made, and what signs it.
    _request: Any
    _signer: Any

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Query to whom the account no longer sends since a day; SES does not know who left."""
        del tag, until
        return self._listed({"StartDate": f"{since.isoformat()}T00:00:00Z"})

    def suppressed(self) -> Iterator[Departure]:
        """Query everybody to whom the account no longer sends."""
        return self._listed({})

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Add to the account's list, one by one; it knows no other reason for those who left."""
        for departure in gone:
            row = {"EmailAddress": departure.address, "Reason": "COMPLAINT"}
            data, kind = json.dumps(row).encode(), "application/json"
            headers = self._signed("PUT", _SUPPRESSED, data=data, kind=kind)
            self.request("PUT", _SUPPRESSED, data=data, headers=headers)

    def unsuppress(self, address: str) -> None:
        """Take an address off the account's list."""
        path = f"{_SUPPRESSED}/{quote(address, safe='')}"
        self.delete(path, headers=self._signed("DELETE", path))

    def _listed(self, since: Mapping[str, str]) -> Iterator[Departure]:
        query = {**since, "PageSize": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            path = f"{_SUPPRESSED}?{urlencode(query, quote_via=quote, safe='-_.~')}"
            answer = self.request("GET", path, headers=self._signed("GET", path))
            for row in answer.rows("SuppressedDestinationSummaries"):
                if kind := _DEPARTURES.get(str(row.get("Reason"))):
                    at = str(row.get("LastUpdateTime", ""))
                    yield Departure(str(row.get("EmailAddress", "")), kind, at)
            if not (token := answer.fields.get("NextToken")):
                return
            query["NextToken"] = str(token)

    def _signed(
        self, method: str, path: str, *, data: bytes = b"", kind: str = ""
    ) -> dict[str, str]:
        """Return the headers that sign exactly this request (Signature Version 4)."""
        headers = {"Content-Type": kind} if kind else {}
        url = f"{self._root}{path}"
        request = self._request(method=method, url=url, data=data, headers=headers)
        self._signer.add_auth(request)
        return dict(request.headers.items())
